package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Every wrong package is refused with its own sentence, and leaves nothing behind.
class HostilePackagesTest {
    private static final int KB = 1024;

    /// Small enough that a test can pass each limit at once.
    private static final Limits SMALL = new Limits(300 * KB, 200 * KB, 20, 10, 8 * KB, 4 * KB, 80);

    private static final String REFUSED = "outage.zip: ";

    /// What is sent, and the whole sentence that answers it.
    record Case(String title, byte[] zip, String message) {
        @Override
        public String toString() {
            return title;
        }
    }

    @TempDir private Path home;
    private Path scratch = Path.of("unset");
    private Path plugins = Path.of("unset");

    @BeforeEach
    void makeFolders() throws IOException {
        scratch = Files.createDirectory(home.resolve("scratch"));
        plugins = home.resolve("plugins");
    }

    @ParameterizedTest
    @MethodSource({"archives", "names", "contents", "manifests"})
    void refusesWithASentenceAndLeavesNothingBehind(Case one) throws IOException {
        Path zip = Files.write(home.resolve("outage.zip"), one.zip());
        PluginStore store = new PluginStore(plugins);

        assertThatThrownBy(() -> store.put(PluginPackage.read(zip, SMALL, scratch)))
                .isInstanceOf(PeekException.class)
                .hasMessage(REFUSED + one.message())
                .extracting(problem -> ((PeekException) problem).code())
                .isEqualTo(ErrorCode.BAD_REQUEST);

        assertThat(filesBelow(scratch)).isEmpty();
        assertThat(filesBelow(plugins)).isEmpty();
        assertThat(filesBelow(home)).containsExactly("outage.zip");
    }

    @Test
    void theArchiveAllCasesAreMadeFromIsAccepted() throws IOException {
        Path zip = Files.write(home.resolve("outage.zip"), good().bytes());

        assertThat(PluginPackage.read(zip, SMALL, scratch).manifest().name()).isEqualTo("outage");
    }

    @Test
    void refusesAFileThatIsNotThereAndAFolder() {
        assertThatThrownBy(() -> PluginPackage.read(home.resolve("gone.zip")))
                .hasMessage("gone.zip: there is no such file; check the path");
        assertThatThrownBy(() -> PluginPackage.read(scratch))
                .hasMessage("scratch: it is not a file; pack the plugin as a zip");
    }

    /// Cut anywhere, or with any byte changed, a package is refused in an orderly way or, where the
    /// byte means nothing, read as the same plugin.
    @Test
    void survivesEveryCutAndRandomChanges() throws IOException {
        byte[] good = good().bytes();
        Path zip = home.resolve("outage.zip");
        Random random = new Random(42);
        for (int i = 0; i < 400; i++) {
            byte[] bad =
                    i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            if (i % 2 == 1) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(zip, bad);
            @Nullable Throwable problem = null;
            try {
                assertThat(PluginPackage.read(zip, SMALL, scratch).manifest().name())
                        .isEqualTo("outage");
            } catch (PeekException refused) {
                problem = refused;
            }
            if (i % 2 == 0) {
                assertThat(problem).as("cut to %d bytes", bad.length).isNotNull();
            }
        }
        assertThat(filesBelow(scratch)).isEmpty();
    }

    private static RawZip good() {
        return new RawZip()
                .add(ManifestReader.FILE, manifest())
                .add("lib/outage.jar", Compiled.jar(TestPlugin.RECORDER))
                .add("web/mobile/outage.js", "// a view")
                .add("web/assets/icon.png", "not looked into");
    }

    private static String manifest() {
        return """
        {
          "plugin": { "name": "outage", "title": "Outages", "version": "1.0.0" },
          "requiresServices": ["server", "mobile"],
          "requires": { "platform": "^0.1.0", "plugins": { "user": "^1.0.0" } },
          "server": { "entryHook": "test.plugin.Recorder" },
          "mobile": { "module": "web/mobile/outage.js", "element": "outage-board", "icon": "web/assets/icon.png" }
        }
        """;
    }

    private static Case of(String title, RawZip zip, String message) {
        return new Case(title, zip.bytes(), message);
    }

    private static Case manifest(String title, String from, String to, String message) {
        assertThat(manifest()).contains(from);
        return of(
                title,
                good().remove(ManifestReader.FILE)
                        .add(ManifestReader.FILE, manifest().replace(from, to)),
                "plugin_package.json" + message);
    }

    static Stream<Case> archives() {
        byte[] good = good().bytes();
        byte[] twoEnds = good().append(new byte[] {1, 2, 3}).bytes();
        byte[] zip64 = good.clone();
        Arrays.fill(zip64, zip64.length - 14, zip64.length - 10, (byte) 0xff);
        byte[] parts = good.clone();
        parts[parts.length - 18] = 1;
        byte[] noise = new byte[200 * KB];
        new Random(1).nextBytes(noise);
        byte[] jarData = Compiled.jar(TestPlugin.RECORDER);
        return Stream.of(
                new Case(
                        "text, not a zip",
                        "hello, this is no zip".getBytes(StandardCharsets.UTF_8),
                        "it is not a zip archive; pack the plugin as a zip"),
                new Case(
                        "three bytes",
                        new byte[] {'P', 'K', 3},
                        "it is not a zip archive; pack the plugin as a zip"),
                new Case("empty file", new byte[0], "the file is empty; copy or build it again"),
                of(
                        "archive without entries",
                        new RawZip(),
                        "the archive has no entries; build the package again"),
                new Case(
                        "truncated",
                        Arrays.copyOf(good, good.length - 40),
                        "the end of the archive is missing, so it was cut off or something was appended; copy or build it again"),
                new Case(
                        "something appended",
                        twoEnds,
                        "the end of the archive is missing, so it was cut off or something was appended; copy or build it again"),
                of(
                        "something in front",
                        good().prepend(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}),
                        "the archive is damaged: its table of contents is not where it should be; copy or build it again"),
                new Case(
                        "Zip64",
                        zip64,
                        "it is in the Zip64 format, which a package of at most 307200 bytes does not need; pack it without"),
                new Case(
                        "one of several parts",
                        parts,
                        "it is one of several parts; pack the plugin as a single zip"),
                of(
                        "fewer entries than claimed",
                        good().miscount(1),
                        "the archive is damaged: its table of contents is not readable; copy or build it again"),
                of(
                        "more entries than claimed",
                        good().miscount(-1),
                        "the archive is damaged: its table of contents holds more than its entries; copy or build it again"),
                of(
                        "an entry that the table of contents does not list",
                        good().hide(new RawZip().add("lib/hidden.jar", "x").bytes()),
                        "it holds 129 bytes that belong to no entry; build the package again"),
                of(
                        "entries on the same bytes",
                        good().add(RawZip.entry(ManifestReader.FILE, manifest()).withHeaderAt(0)),
                        "entry 'plugin_package.json' shares its bytes with another; build the package again"),
                of(
                        "entry beyond the end",
                        good().add(RawZip.entry("docs/a.md", "x").withHeaderAt(7_000_000)),
                        "the archive is damaged: entry 'docs/a.md' lies outside of the archive; copy or build it again"),
                of(
                        "entry where there is none",
                        good().add(RawZip.entry("docs/a.md", "x").withHeaderAt(5)),
                        "the archive is damaged: entry 'docs/a.md' is not where the table of contents says; copy or build it again"),
                of(
                        "other name in front of the data",
                        good().change(
                                        "lib/outage.jar",
                                        one -> one.withLocalName("lib/outrage.jar")),
                        "the table of contents and the header of entry 'lib/outage.jar' contradict each other; build the package again"),
                of(
                        "other size in front of the data",
                        good().change("lib/outage.jar", one -> one.withLocalSize(12)),
                        "the table of contents and the header of entry 'lib/outage.jar' contradict each other; build the package again"),
                of(
                        "encrypted",
                        good().change("lib/outage.jar", one -> one.withFlags(1)),
                        "entry 'lib/outage.jar' is encrypted; pack it without a password"),
                of(
                        "encrypted with AES",
                        good().change("lib/outage.jar", one -> one.withMethod(99)),
                        "entry 'lib/outage.jar' is encrypted; pack it without a password"),
                of(
                        "unknown compression",
                        good().change("lib/outage.jar", one -> one.withMethod(14)),
                        "entry 'lib/outage.jar' is compressed by method 14, which is not supported; use deflate"),
                of(
                        "wrong checksum",
                        good().change("web/mobile/outage.js", one -> one.withCrc(1)),
                        "the archive is damaged: the content of entry 'web/mobile/outage.js' does not match its checksum or length; copy or build it again"),
                of(
                        "shorter than claimed",
                        good().change("web/mobile/outage.js", one -> one.withSize(500)),
                        "the archive is damaged: the content of entry 'web/mobile/outage.js' does not match its checksum or length; copy or build it again"),
                of(
                        "larger than claimed",
                        good().change("web/mobile/outage.js", one -> one.withSize(5)),
                        "entry 'web/mobile/outage.js' is larger than the 5 bytes it claims; build the package again"),
                of(
                        "not deflated though it says so",
                        good().add(
                                        new RawZip.Entry(
                                                "docs/a.md".getBytes(StandardCharsets.UTF_8),
                                                "docs/a.md".getBytes(StandardCharsets.UTF_8),
                                                20,
                                                0,
                                                8,
                                                0,
                                                0,
                                                4,
                                                9,
                                                9,
                                                0,
                                                new byte[] {-1, -1, -1, -1},
                                                null)),
                        "the archive is damaged: entry 'docs/a.md' cannot be unpacked; copy or build it again"),
                of(
                        "compression bomb",
                        good().add("docs/bomb.txt", new byte[100 * KB]),
                        "entry 'docs/bomb.txt' unpacks to more than 10 times its size, as compression bombs do; leave it out or store it uncompressed"),
                of(
                        "compression bomb that claims to be small",
                        good().add(RawZip.entry("docs/bomb.txt", new byte[100 * KB]).withSize(10)),
                        "entry 'docs/bomb.txt' is larger than the 10 bytes it claims; build the package again"),
                of(
                        "too large unpacked",
                        good().add("docs/a.bin", Arrays.copyOf(noise, 101 * KB))
                                .add("docs/b.bin", Arrays.copyOf(noise, 101 * KB)),
                        "its entries unpack to more than 204800 bytes, the limit of a package; leave out what the plugin does not need"),
                of(
                        "too large packed",
                        good().add("docs/a.bin", noise).add("docs/b.bin", noise),
                        "the file has %d bytes, a package may have 307200 bytes; leave out what the plugin does not need"
                                .formatted(
                                        good().add("docs/a.bin", noise)
                                                .add("docs/b.bin", noise)
                                                .bytes()
                                                .length)),
                of(
                        "too many entries",
                        many(good(), 17),
                        "it has 21 entries, a package may have 20; pack many small files into a jar or leave them out"),
                of(
                        "symbolic link",
                        good().add(RawZip.entry("docs/link", "/etc/passwd").withUnixMode(0120777)),
                        "entry 'docs/link' is a link; put the file itself in its place"),
                of(
                        "device",
                        good().add(RawZip.entry("docs/null", "").withUnixMode(0020666)),
                        "entry 'docs/null' is a device or another special file (type 2, made by 3); leave it out"),
                of(
                        "file that claims to be a folder",
                        good().add(RawZip.entry("docs/a", "text").withUnixMode(0040755)),
                        "the archive is damaged: entry 'docs/a' is a file and a folder at once; copy or build it again"),
                of(
                        "folder with content",
                        good().add("docs/", "text"),
                        "the archive is damaged: entry 'docs/' is a folder with content; copy or build it again"),
                of(
                        "jar with other content",
                        good().add(
                                        "lib/text.jar",
                                        "this is no jar, but it has a few bytes of text"),
                        "'lib/text.jar' is not a jar; build it again or leave it out"),
                of(
                        "jar cut off",
                        good().add("lib/cut.jar", Arrays.copyOf(jarData, jarData.length - 30)),
                        "'lib/cut.jar' is not a jar; build it again or leave it out"));
    }

    private static RawZip many(RawZip zip, int count) {
        for (int i = 0; i < count; i++) {
            zip.add("docs/" + i + ".md", "x");
        }
        return zip;
    }

    private static Case name(String title, String name, String message) {
        return of(title, good().add(name, "x"), message);
    }

    static Stream<Case> names() {
        return Stream.of(
                name(
                        "parent folder",
                        "../evil.sh",
                        "entry '../evil.sh' points out of the archive with '..'; pack it with a path within the package"),
                name(
                        "parent folder in the middle",
                        "docs/../../evil.sh",
                        "entry 'docs/../../evil.sh' points out of the archive with '..'; pack it with a path within the package"),
                name(
                        "absolute path",
                        "/etc/cron.d/evil",
                        "entry '/etc/cron.d/evil' has an absolute path; pack it with a path within the package"),
                name(
                        "drive letter",
                        "C:evil.exe",
                        "entry 'C:evil.exe' has an absolute path; pack it with a path within the package"),
                name(
                        "backslash",
                        "docs\\..\\..\\evil.exe",
                        "entry 'docs\\..\\..\\evil.exe' has a backslash in its name; pack with forward slashes"),
                name(
                        "NUL",
                        "docs/a.md\0.png",
                        "entry 'docs/a.md\\u0000.png' has a NUL in its name; rename it"),
                name(
                        "control characters",
                        "docs/\u001b[2J.md",
                        "entry 'docs/\\u001b[2J.md' has control characters in its name; rename it"),
                name(
                        "direction of writing turned round",
                        "docs/\u202egnp.js",
                        "entry 'docs/\\u202egnp.js' has control characters in its name; rename it"),
                name(
                        "empty step",
                        "docs//a.md",
                        "entry 'docs//a.md' has an empty step or '.' in its path; pack it with a plain path"),
                name(
                        "step to itself",
                        "docs/./a.md",
                        "entry 'docs/./a.md' has an empty step or '.' in its path; pack it with a plain path"),
                name("no name", "", "an entry has no name; build the package again"),
                name(
                        "device of Windows",
                        "docs/nul.md",
                        "entry 'docs/nul.md' has a name that Windows does not allow; rename it"),
                name(
                        "stream of Windows",
                        "docs/a.md:evil",
                        "entry 'docs/a.md:evil' has a name that Windows does not allow; rename it"),
                name(
                        "dot at the end",
                        "docs/a.md.",
                        "entry 'docs/a.md.' has a name that Windows does not allow; rename it"),
                name(
                        "long path",
                        "docs/" + "a/".repeat(39) + "a",
                        "the path of entry 'docs/%s' has 84 characters; shorten it to 80"
                                .formatted("a/".repeat(39) + "a")),
                name(
                        "twice",
                        "lib/outage.jar",
                        "entry 'lib/outage.jar' is in the archive twice; remove one of them"),
                name(
                        "other case",
                        "lib/Outage.jar",
                        "entries 'lib/outage.jar' and 'lib/Outage.jar' are the same on systems that ignore case or the form of letters; rename one of them"),
                name(
                        "folder in other case",
                        "Web/assets/logo.png",
                        "entries 'web/' and 'Web/' are the same on systems that ignore case or the form of letters; rename one of them"),
                of(
                        "letters in another form",
                        good().add("docs/caf\u00e9.md", "x").add("docs/cafe\u0301.md", "x"),
                        "entries 'docs/caf\u00e9.md' and 'docs/cafe\u0301.md' are the same on systems that ignore case or the form of letters; rename one of them"),
                name(
                        "file and folder",
                        "lib/outage.jar/inner.jar",
                        "entry 'lib/outage.jar' is both a file and a folder; rename one of them"),
                of(
                        "name in an unknown alphabet",
                        good().add(
                                        RawZip.entry("x", "x")
                                                .withRawName(
                                                        new byte[] {
                                                            'd', 'o', 'c', 's', '/', (byte) 0x82
                                                        },
                                                        0)),
                        "the name of entry 'docs/\\u0082' is not marked as UTF-8; use plain letters or pack with UTF-8 names"),
                of(
                        "name that only says it is UTF-8",
                        good().add(
                                        RawZip.entry("x", "x")
                                                .withRawName(
                                                        new byte[] {
                                                            'd', 'o', 'c', 's', '/', (byte) 0xff
                                                        },
                                                        1 << 11)),
                        "the name of entry 'docs/ÿ' is not valid UTF-8; rename it"));
    }

    static Stream<Case> contents() {
        String wide =
                "a package holds plugin_package.json, lib, migrations, web, docs, LICENSE and NOTICE";
        return Stream.of(
                of(
                        "no manifest",
                        good().remove(ManifestReader.FILE),
                        "there is no plugin_package.json at the root of the archive; add the manifest"),
                of(
                        "all in one folder",
                        new RawZip().add("outage/plugin_package.json", manifest()),
                        "plugin_package.json is not at the root of the archive but at 'outage/plugin_package.json'; pack the content of the folder, not the folder"),
                of(
                        "long manifest",
                        good().remove(ManifestReader.FILE)
                                .add(ManifestReader.FILE, manifest() + " ".repeat(5 * KB)),
                        "plugin_package.json has %d bytes, it may have 4096 bytes; shorten it"
                                .formatted(manifest().length() + 5 * KB)),
                name(
                        "script at the root",
                        "install.sh",
                        "'install.sh' does not belong there: " + wide + "; move or remove it"),
                name(
                        "unknown folder",
                        "bin/run",
                        "'bin/run' does not belong there: " + wide + "; move or remove it"),
                name(
                        "class outside of a jar",
                        "lib/Evil.class",
                        "'lib/Evil.class' does not belong there: lib holds jars only, without folders; move or remove it"),
                name(
                        "web file for nobody",
                        "web/desktop/a.js",
                        "'web/desktop/a.js' does not belong there: web holds the folders mobile, admin and assets; move or remove it"),
                name(
                        "migration that would never run",
                        "migrations/init.sql",
                        "'migrations/init.sql' does not belong there: migrations holds scripts only, named like V1__name.sql, and folders h2 and postgresql with such scripts; move or remove it"),
                name(
                        "migration without storage",
                        "migrations/V1__init.sql",
                        "plugin_package.json: 'requiresServices' does not name 'storage' although there are scripts in migrations; add \"storage\" or leave the scripts out"),
                of(
                        "module that is not there",
                        good().remove("web/mobile/outage.js"),
                        "plugin_package.json: 'mobile.module' names the file 'web/mobile/outage.js', which is not in the package; correct the name or add the file"),
                of(
                        "icon that is not there",
                        good().remove("web/assets/icon.png"),
                        "plugin_package.json: 'mobile.icon' names the file 'web/assets/icon.png', which is not in the package; correct the name or add the file"),
                manifest(
                        "class that is not there",
                        "test.plugin.Recorder",
                        "test.plugin.Recoder",
                        ": 'server.entryHook' names the class 'test.plugin.Recoder', which no jar in lib holds; correct the name or add the jar"));
    }

    static Stream<Case> manifests() {
        String services = "server, storage, client, agent, worker, admin, mobile, desktop";
        return Stream.of(
                manifest(
                        "broken JSON",
                        "\"title\": \"Outages\",",
                        "\"title\" \"Outages\",",
                        " is not valid JSON at line 2, column 41: Unexpected character ('\"' (code 34)): was expecting a colon to separate property name and value; correct it there"),
                manifest(
                        "two values",
                        "\"outage-board\", \"icon\": \"web/assets/icon.png\" }\n}",
                        "\"outage-board\", \"icon\": \"web/assets/icon.png\" }\n} {}",
                        " is not valid JSON at line 7, column 3: something follows its end; correct it there"),
                manifest(
                        "key twice",
                        "\"title\": \"Outages\",",
                        "\"title\": \"Outages\", \"title\": \"Other\",",
                        " is not valid JSON at line 2, column 60: Duplicate Object property \"title\"; correct it there"),
                manifest(
                        "deeply nested",
                        "\"^0.1.0\"",
                        "[".repeat(40) + "]".repeat(40),
                        " is nested deeper than 16 or has overlong names or numbers; write it as documented"),
                of(
                        "empty manifest",
                        good().remove(ManifestReader.FILE).add(ManifestReader.FILE, ""),
                        "plugin_package.json: it is empty; write the manifest"),
                manifest(
                        "a list",
                        manifest(),
                        "[]",
                        ": it holds a list; it must be an object in braces"),
                manifest(
                        "section of wrong type",
                        "{ \"entryHook\": \"test.plugin.Recorder\" }",
                        "\"test.plugin.Recorder\"",
                        ": 'server' is a text; it must be an object in braces"),
                manifest(
                        "number for a text",
                        "\"1.0.0\"",
                        "1.0",
                        ": 'plugin.version' is a number; it must be a text in quotes"),
                manifest(
                        "text for a flag",
                        "\"element\": \"outage-board\",",
                        "\"element\": \"outage-board\", \"showHomeLink\": \"yes\",",
                        ": 'mobile.showHomeLink' is a text; it must be true or false, without quotes"),
                manifest(
                        "field missing",
                        "\"title\": \"Outages\", ",
                        "",
                        ": 'plugin.title' is missing; add it"),
                manifest(
                        "section missing",
                        "  \"server\": { \"entryHook\": \"test.plugin.Recorder\" },\n",
                        "",
                        ": 'server' is missing; add it"),
                manifest(
                        "blank field",
                        "\"Outages\"",
                        "\" \"",
                        ": 'plugin.title' is blank; fill it in"),
                manifest(
                        "long field",
                        "\"Outages\"",
                        '"' + "x".repeat(201) + '"',
                        ": 'plugin.title' has 201 characters; shorten it to 200"),
                manifest(
                        "unknown key",
                        "\"element\":",
                        "\"homelinktext\": \"Out\", \"element\":",
                        ": 'mobile.homelinktext' is not a known key; the nearest known one is 'mobile.homeLinkText'"),
                manifest(
                        "unknown section",
                        "\"requiresServices\"",
                        "\"requireServices\"",
                        ": 'requireServices' is not a known key; the nearest known one is 'requiresServices'"),
                manifest(
                        "unknown service",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"logic\"]",
                        ": 'requiresServices' names 'logic', which is no service; allowed are "
                                + services),
                manifest(
                        "services as a text",
                        "[\"server\", \"mobile\"]",
                        "\"server\"",
                        ": 'requiresServices' is a text; it must be a list of services, of "
                                + services),
                manifest(
                        "no service",
                        "[\"server\", \"mobile\"]",
                        "[]",
                        ": 'requiresServices' is empty; name at least one of " + services),
                manifest(
                        "service twice",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"server\"]",
                        ": 'requiresServices' names 'server' twice; remove one of them"),
                manifest(
                        "storage without server",
                        "[\"server\", \"mobile\"]",
                        "[\"storage\", \"mobile\"]",
                        ": 'requiresServices' names 'storage' without 'server', where storage is used; add \"server\""),
                manifest(
                        "reloadable tables that are no list",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"storage\", \"mobile\"], \"storage\": { \"reloadableTables\": \"reading\" }",
                        ": 'storage.reloadableTables' is a text; it must be a list of tables"),
                manifest(
                        "a reloadable table that is none",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"storage\", \"mobile\"], \"storage\": { \"reloadableTables\": [7] }",
                        ": 'storage.reloadableTables' holds a number; it must be a list of tables"),
                manifest(
                        "a reloadable table with its schema",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"storage\", \"mobile\"], \"storage\": { \"reloadableTables\": [\"pump.reading\"] }",
                        ": 'storage.reloadableTables' names 'pump.reading', which is not the name of a table; write it without the schema, with a-z, 0-9 and _"),
                manifest(
                        "a reloadable table twice",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"storage\", \"mobile\"], \"storage\": { \"reloadableTables\": [\"a\", \"a\"] }",
                        ": 'storage.reloadableTables' names 'a' twice; remove one of them"),
                manifest(
                        "unknown key of the storage",
                        "[\"server\", \"mobile\"]",
                        "[\"server\", \"storage\", \"mobile\"], \"storage\": { \"reloadable\": [] }",
                        ": 'storage.reloadable' is not a known key; the nearest known one is 'storage.reloadableTables'"),
                manifest(
                        "section of a service that is not required",
                        "[\"server\", \"mobile\"]",
                        "[\"server\"]",
                        ": there is a section 'mobile', but 'requiresServices' does not name it; add \"mobile\" there or remove the section"),
                manifest(
                        "bad version",
                        "\"1.0.0\"",
                        "\"1.0\"",
                        ": 'plugin.version' is '1.0', which is not a semantic version; write it like 1.2.3"),
                manifest(
                        "bad range of the platform",
                        "\"^0.1.0\"",
                        "\"[0.1,2)\"",
                        ": 'requires.platform' is '[0.1,2)', which is not a version range; write it like ^1.2.0 or >=1.0.0 <2.0.0"),
                manifest(
                        "bad range of a plugin",
                        "\"user\": \"^1.0.0\"",
                        "\"user\": \"latest\"",
                        ": 'requires.plugins.user' is 'latest', which is not a version range; write it like ^1.2.0 or >=1.0.0 <2.0.0"),
                manifest(
                        "bad name",
                        "\"outage\"",
                        "\"Outage\"",
                        ": 'plugin.name' is 'Outage', which is not a plugin name; use 2 to 40 of a-z, 0-9 and _, beginning with a letter"),
                manifest(
                        "name that is a path",
                        "\"outage\"",
                        "\"../outage\"",
                        ": 'plugin.name' is '../outage', which is not a plugin name; use 2 to 40 of a-z, 0-9 and _, beginning with a letter"),
                manifest(
                        "reserved name",
                        "\"outage\"",
                        "\"peek\"",
                        ": 'plugin.name' is 'peek', which is reserved for the platform; choose another name"),
                manifest(
                        "bad name of a required plugin",
                        "\"user\"",
                        "\"User\"",
                        ": 'requires.plugins' names 'User', which is not a plugin name; use 2 to 40 of a-z, 0-9 and _, beginning with a letter"),
                manifest(
                        "requires itself",
                        "\"user\"",
                        "\"outage\"",
                        ": 'requires.plugins' names 'outage', the plugin itself; remove it"),
                manifest(
                        "script as website",
                        "\"title\"",
                        "\"website\": \"javascript:alert(1)\", \"title\"",
                        ": 'plugin.website' is 'javascript:alert(1)', which is not a web address; begin it with https://"),
                manifest(
                        "hook that is no class name",
                        "test.plugin.Recorder",
                        "test/plugin/Recorder",
                        ": 'server.entryHook' is 'test/plugin/Recorder', which is not a full class name; write it like com.example.outage.OutageServer"),
                manifest(
                        "module elsewhere",
                        "web/mobile/outage.js",
                        "web/assets/outage.js",
                        ": 'mobile.module' is 'web/assets/outage.js'; it must be a file ending in .js below web/mobile/"),
                manifest(
                        "element of another plugin",
                        "outage-board",
                        "user-board",
                        ": 'mobile.element' is 'user-board'; it must begin with 'outage-' and go on with a-z, 0-9 and -"),
                manifest(
                        "icon that is no picture",
                        "web/assets/icon.png",
                        "web/assets/icon.exe",
                        ": 'mobile.icon' is 'web/assets/icon.exe'; it must be a file ending in .png or .svg below web/"));
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
