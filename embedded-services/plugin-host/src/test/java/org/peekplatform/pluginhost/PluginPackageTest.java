package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;

class PluginPackageTest {
    private static final String MANIFEST =
            """
            {
              "plugin": { "name": "power_out", "title": "Outages", "version": "1.2.3-rc.1", "creator": "Us", "website": "https://example.org/x" },
              "requiresServices": ["desktop", "server", "storage", "client", "agent", "worker", "admin", "mobile"],
              "requires": { "platform": ">=0.1.0 <1.0.0", "plugins": { "user": "^1.2.0", "device": "*" } },
              "server": { "entryHook": "test.plugin.Recorder" },
              "storage": { "reloadableTables": ["reading", "reading_day"] },
              "client": { "entryHook": "test.plugin.Recorder" },
              "agent": { "entryHook": "test.plugin.Recorder" },
              "worker": { "entryHook": "test.plugin.Recorder" },
              "admin": { "entryHook": "test.plugin.Recorder", "module": "web/admin/a.js", "element": "power-out-admin", "homeLinkText": "Settings" },
              "mobile": { "module": "web/mobile/m.js", "element": "power-out-board", "showHomeLink": false, "icon": "web/assets/i.svg" },
              "desktop": { "entryHook": "test.plugin.Recorder", "module": "web/mobile/m.js", "element": "power-out-board", "viewText": "Outages (web)", "icon": "web/assets/i.png" }
            }
            """;

    @TempDir private Path home;

    private RawZip full() {
        return new RawZip()
                .add(ManifestReader.FILE, MANIFEST)
                .add("lib/a.jar", Compiled.jar(TestPlugin.RECORDER))
                .add("lib/", "")
                .add("migrations/V1__init.sql", "create table x (id int);")
                .add("migrations/V1.1__more.sql", "create table y (id int);")
                .add("migrations/h2/V2__function.sql", "select 1;")
                .add("migrations/postgresql/V2__function.sql", "select 1;")
                .add("web/admin/a.js", "")
                .add("web/mobile/m.js", "")
                .add("web/assets/i.svg", "")
                .add("web/assets/i.png", "")
                .add("docs/admin/caf\u00e9.md", "")
                .add("LICENSE.txt", "")
                .add("NOTICE", "");
    }

    private PluginPackage read(byte[] bytes) throws IOException {
        return PluginPackage.read(Files.write(home.resolve("p.zip"), bytes));
    }

    @Test
    void readsEveryKeyOfTheManifest() throws IOException {
        assertThat(read(full().bytes()).manifest())
                .isEqualTo(
                        new PluginManifest(
                                new PluginManifest.Plugin(
                                        "power_out",
                                        "Outages",
                                        "1.2.3-rc.1",
                                        "Us",
                                        "https://example.org/x"),
                                List.of(
                                        ServiceKind.SERVER,
                                        ServiceKind.STORAGE,
                                        ServiceKind.CLIENT,
                                        ServiceKind.AGENT,
                                        ServiceKind.WORKER,
                                        ServiceKind.ADMIN,
                                        ServiceKind.MOBILE,
                                        ServiceKind.DESKTOP),
                                new PluginManifest.Requires(
                                        ">=0.1.0 <1.0.0", Map.of("user", "^1.2.0", "device", "*")),
                                new PluginManifest.Server("test.plugin.Recorder"),
                                new PluginManifest.Storage(List.of("reading", "reading_day")),
                                new PluginManifest.Client("test.plugin.Recorder"),
                                new PluginManifest.Agent("test.plugin.Recorder"),
                                new PluginManifest.Worker("test.plugin.Recorder"),
                                new PluginManifest.Admin(
                                        "test.plugin.Recorder",
                                        "web/admin/a.js",
                                        "power-out-admin",
                                        true,
                                        "Settings",
                                        null),
                                new PluginManifest.Mobile(
                                        "web/mobile/m.js",
                                        "power-out-board",
                                        false,
                                        "Outages",
                                        "web/assets/i.svg"),
                                new PluginManifest.Desktop(
                                        "test.plugin.Recorder",
                                        "web/mobile/m.js",
                                        "power-out-board",
                                        "Outages (web)",
                                        true,
                                        "Outages",
                                        "web/assets/i.png")));
    }

    @Test
    void aPackageIsKnownByTheFingerprintOfItsFile() throws Exception {
        byte[] bytes = full().bytes();

        assertThat(read(bytes).sha256())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    @Test
    void readsWhatJavaItselfPacks() {
        PluginManifest manifest =
                new TestPlugin("outage", "1.0.0").on("server", "mobile").packageIn(home).manifest();

        assertThat(manifest.info()).isEqualTo(new PluginInfo("outage", "1.0.0", "The outage"));
        assertThat(manifest.entryHook(ServiceKind.SERVER)).contains("test.plugin.Recorder");
        assertThat(manifest.entryHook(ServiceKind.MOBILE)).isEqualTo(Optional.empty());
    }

    @Test
    void acceptsAManifestWithAByteOrderMark() throws IOException {
        RawZip zip =
                full().remove(ManifestReader.FILE).add(ManifestReader.FILE, "\ufeff" + MANIFEST);

        assertThat(read(zip.bytes()).manifest().version()).isEqualTo("1.2.3-rc.1");
    }

    /// Empty entries, folders and comments are what honest tools write; an archive comment is left
    /// by `git archive`.
    @Test
    void acceptsAnArchiveComment() throws IOException {
        byte[] bytes = full().append("made by git".getBytes(StandardCharsets.UTF_8)).bytes();
        bytes[bytes.length - 13] = 11;

        assertThat(read(bytes).manifest().name()).isEqualTo("power_out");
    }
}
