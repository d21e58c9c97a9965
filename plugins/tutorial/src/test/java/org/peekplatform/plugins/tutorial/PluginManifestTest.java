package org.peekplatform.plugins.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.PeekPlugin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PluginManifestTest {
    private final JsonNode manifest =
            new JsonMapper().readTree(Path.of("src/main/plugin/plugin_package.json").toFile());

    @Test
    void everyEntryHookIsAPartThatTheHostCanMake() throws Exception {
        for (String service : List.of("server", "client", "agent", "worker", "admin", "desktop")) {
            Class<?> hook = Class.forName(manifest.at("/" + service + "/entryHook").asString());
            assertThat(hook.getConstructor().newInstance()).isInstanceOf(PeekPlugin.class);
        }
    }

    @Test
    void everySectionIsOfAServiceThatIsAskedFor() {
        List<String> required =
                manifest.get("requiresServices").valueStream().map(JsonNode::asString).toList();
        assertThat(required)
                .containsExactlyInAnyOrder(
                        "server", "storage", "client", "agent", "worker", "admin", "mobile",
                        "desktop");
        assertThat(manifest.propertyNames())
                .filteredOn(
                        name -> !List.of("plugin", "requires", "requiresServices").contains(name))
                .isSubsetOf(required);
    }
}
