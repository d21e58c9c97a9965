package org.peekplatform.plugins.tutorial;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks at the package that the build has made.
class PluginZipIT {
    private final String path = requireNonNull(System.getProperty("plugin.zip"), "plugin.zip");

    @Test
    void thePackageHasWhatTheManifestNamesAndNothingOfThePlatform() throws IOException {
        try (ZipFile zip = new ZipFile(path)) {
            JsonNode manifest =
                    new JsonMapper()
                            .readTree(
                                    zip.getInputStream(
                                            requireNonNull(zip.getEntry("plugin_package.json"))));
            assertThat(manifest.at("/plugin/version").asString())
                    .isEqualTo(System.getProperty("plugin.version"));

            List<String> entries =
                    new ArrayList<>(
                            zip.stream()
                                    .filter(entry -> !entry.isDirectory())
                                    .map(entry -> entry.getName())
                                    .toList());
            assertThat(entries)
                    .contains(
                            "migrations/V1__string_int.sql",
                            "docs/admin/tutorial.md",
                            "docs/dev/tutorial.md",
                            "docs/user/tutorial.md",
                            manifest.at("/admin/module").asString(),
                            manifest.at("/admin/icon").asString(),
                            manifest.at("/mobile/module").asString(),
                            manifest.at("/mobile/icon").asString(),
                            manifest.at("/desktop/icon").asString());
            assertThat(entries)
                    .allMatch(name ->
                            name.matches("plugin_package\\.json|(lib|migrations|web|docs)/.*"));
            assertThat(entries)
                    .filteredOn(name -> name.startsWith("lib/"))
                    .map(name -> name.replaceFirst("-[0-9].*", ""))
                    .containsExactlyInAnyOrder(
                            "lib/peek-plugin-tutorial",
                            "lib/commons-codec",
                            "lib/commons-csv",
                            "lib/commons-io");
        }
    }
}
