package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

class PluginStoreTest {
    @TempDir private Path home;
    private Path plugins = Path.of("unset");
    private Path incoming = Path.of("unset");

    @BeforeEach
    void makeFolders() throws IOException {
        plugins = home.resolve("plugins");
        incoming = Files.createDirectory(home.resolve("incoming"));
    }

    private PluginPackage outage(String version) {
        return new TestPlugin("outage", version)
                .on("server", "storage", "mobile")
                .file("migrations/V1__init.sql", "create table x (id int);")
                .packageIn(incoming);
    }

    @Test
    void keepsThePackageAndItsContentByNameVersionAndFingerprint() throws IOException {
        PluginPackage checked = outage("1.0.0");

        InstalledPackage installed = new PluginStore(plugins).put(checked);

        Path folder =
                plugins.resolve("outage").resolve("1.0.0-" + checked.sha256().substring(0, 12));
        assertThat(installed)
                .isEqualTo(
                        new InstalledPackage(
                                checked.manifest(),
                                checked.sha256(),
                                folder.resolve("content"),
                                folder.resolve("package.zip")));
        assertThat(filesBelow(folder))
                .containsExactly(
                        "content/lib/plugin.jar",
                        "content/migrations/V1__init.sql",
                        "content/plugin_package.json",
                        "content/web/mobile/view.js",
                        "package.zip");
        assertThat(installed.zip()).hasSameBinaryContentAs(checked.zip());
        assertThat(Files.readString(installed.content().resolve("migrations/V1__init.sql")))
                .isEqualTo("create table x (id int);");
        assertThat(plugins.resolve(".staging")).isEmptyDirectory();
    }

    @Test
    void findsWhatWasStoredAlsoAfterARestart() {
        PluginPackage checked = outage("1.0.0");
        InstalledPackage installed = new PluginStore(plugins).put(checked);

        assertThat(new PluginStore(plugins).find("outage", "1.0.0", checked.sha256()))
                .contains(installed);
    }

    @Test
    void findsNothingUnderAnotherFingerprintNameOrVersion() {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        store.put(checked);

        assertThat(store.find("outage", "1.0.0", "0".repeat(64))).isEmpty();
        assertThat(store.find("outage", "1.0.1", checked.sha256())).isEmpty();
        assertThat(store.find("other", "1.0.0", checked.sha256())).isEmpty();
    }

    @Test
    void refusesToLookOutsideOfItsFolder() {
        PluginStore store = new PluginStore(plugins);

        assertThatThrownBy(() -> store.find("../incoming", "1.0.0", "0".repeat(64)))
                .hasMessage(
                        "there is no package of name '../incoming', version '1.0.0' and fingerprint '%s'; ask with the values of the catalogue"
                                .formatted("0".repeat(64)));
        assertThatThrownBy(() -> store.remove("outage", "../../incoming", "0".repeat(64)))
                .isInstanceOf(PeekException.class);
    }

    @Test
    void storingTwiceChangesNothing() {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        InstalledPackage first = store.put(checked);

        assertThat(store.put(checked)).isEqualTo(first);
    }

    @Test
    void opensTheZipForOtherServices() throws IOException {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        store.put(checked);

        try (InputStream zip = store.open("outage", "1.0.0", checked.sha256())) {
            assertThat(zip.readAllBytes()).isEqualTo(Files.readAllBytes(checked.zip()));
        }
        assertThatThrownBy(() -> store.open("outage", "2.0.0", checked.sha256()))
                .hasMessage(
                        "plugin 'outage' 2.0.0 with fingerprint %s is not in the store; install it first"
                                .formatted(checked.sha256().substring(0, 12)))
                .extracting(problem -> ((PeekException) problem).code())
                .isEqualTo(ErrorCode.NOT_OFFERED);
    }

    @Test
    void removesOneVersionAndKeepsTheOther() throws IOException {
        PluginStore store = new PluginStore(plugins);
        PluginPackage one = outage("1.0.0");
        PluginPackage two = outage("2.0.0");
        store.put(one);
        store.put(two);

        store.remove("outage", "1.0.0", one.sha256());

        assertThat(store.find("outage", "1.0.0", one.sha256())).isEmpty();
        assertThat(store.find("outage", "2.0.0", two.sha256())).isPresent();

        store.remove("outage", "2.0.0", two.sha256());
        store.remove("outage", "2.0.0", two.sha256());

        assertThat(filesBelow(plugins)).isEmpty();
        assertThat(plugins.resolve("outage")).doesNotExist();
        assertThat(plugins.resolve(".staging")).isEmptyDirectory();
    }

    @Test
    void restoresUnpackedFilesThatWereChangedRemovedOrAdded() throws IOException {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        InstalledPackage installed = store.put(checked);
        byte[] jar = Files.readAllBytes(installed.content().resolve("lib/plugin.jar"));
        byte[] changed = jar.clone();
        changed[jar.length / 2] ^= 1;
        Files.write(installed.content().resolve("lib/plugin.jar"), changed);
        Files.delete(installed.content().resolve("web/mobile/view.js"));
        Files.write(installed.content().resolve("lib/foreign.jar"), jar);

        assertThat(store.find("outage", "1.0.0", checked.sha256())).contains(installed);

        assertThat(filesBelow(installed.content()))
                .containsExactly(
                        "lib/plugin.jar",
                        "migrations/V1__init.sql",
                        "plugin_package.json",
                        "web/mobile/view.js");
        assertThat(Files.readAllBytes(installed.content().resolve("lib/plugin.jar")))
                .isEqualTo(jar);
    }

    /// A jar beside the plugin's own would be loaded like one of them.
    @Test
    void removesAFileThatWasAddedToAnOtherwiseWholePackage() throws IOException {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        Path foreign = store.put(checked).content().resolve("lib/foreign.jar");
        Files.write(foreign, new byte[] {1});

        assertThat(store.find("outage", "1.0.0", checked.sha256())).isPresent();

        assertThat(foreign).doesNotExist();
    }

    @Test
    void refusesADamagedPackageUntilItIsStoredAgain() throws IOException {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        InstalledPackage installed = store.put(checked);
        Files.write(installed.zip(), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> store.find("outage", "1.0.0", checked.sha256()))
                .hasMessage(
                        "the stored package of plugin 'outage' 1.0.0 is damaged; install it again");

        store.put(checked);

        assertThat(store.find("outage", "1.0.0", checked.sha256())).contains(installed);
    }

    @Test
    void refusesAFileThatChangedSinceItWasChecked() throws IOException {
        PluginStore store = new PluginStore(plugins);
        PluginPackage checked = outage("1.0.0");
        Files.write(checked.zip(), new TestPlugin("outage", "1.0.0").bytes());

        assertThatThrownBy(() -> store.put(checked))
                .hasMessage(
                        "outage-1.0.0.zip has changed since it was checked; start the installation again");

        assertThat(filesBelow(plugins)).isEmpty();
    }

    @Test
    void cleansUpAtStartWhatACrashLeftButNotWhatAnotherProcessIsDoing() throws IOException {
        Path staging = Files.createDirectories(plugins.resolve(".staging"));
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        long started = parent.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
        Path atWork =
                Files.createDirectories(
                        staging.resolve(parent.pid() + "-" + started + "-x").resolve("content"));
        Path sameId =
                Files.createDirectories(
                        staging.resolve(parent.pid() + "-" + (started - 1000) + "-x/content"));
        Path dead = Files.createDirectories(staging.resolve("999999999-1-x/content/lib"));
        Files.write(dead.resolve("half.jar"), new byte[] {1});
        Path strange = Files.createDirectories(staging.resolve("strange"));

        assertThat(new PluginStore(plugins)).isNotNull();

        assertThat(atWork).exists();
        assertThat(sameId).doesNotExist();
        assertThat(dead).doesNotExist();
        assertThat(strange).doesNotExist();
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
