package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;

class CliTest {
    @TempDir Path folder;
    private final RecordingOperations operations = new RecordingOperations();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Home home;

    @BeforeEach
    void nameHome() {
        home = new Home(folder.resolve("home"));
    }

    private int peek(String... args) {
        return peek(Map.of("PEEK_HOME", home.root().toString()), args);
    }

    private int peek(Map<String, String> environment, String... args) {
        out.reset();
        err.reset();
        return new Cli(
                        operations,
                        environment,
                        folder,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .execute(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutArgumentsTheWorkstationRuns() {
        assertThat(peek()).isEqualTo(42);
        assertThat(operations.ran).containsExactly(new CliOptions(home, Set.of(), false, Map.of()));
        assertThat(operations.ran.getFirst().wantsWindow()).isTrue();
    }

    @Test
    void optionsSayWhatRunsAndWhere() {
        assertThat(
                        peek(
                                "--service",
                                "server,client",
                                "--home",
                                folder.resolve("other").toString(),
                                "--set",
                                "client.port=0",
                                "--set=client.server.url=ws://a:1/x=y"))
                .isEqualTo(42);
        assertThat(operations.ran)
                .containsExactly(
                        new CliOptions(
                                new Home(folder.resolve("other")),
                                Set.of(ServiceKind.SERVER, ServiceKind.CLIENT),
                                false,
                                Map.of("client.port", "0", "client.server.url", "ws://a:1/x=y")));
    }

    @Test
    void allMeansEveryServiceAndHeadlessMeansNoWindow() {
        peek("--service=all");
        peek("--headless");

        assertThat(operations.ran.getFirst().services())
                .containsExactlyInAnyOrder(
                        ServiceKind.SERVER,
                        ServiceKind.CLIENT,
                        ServiceKind.AGENT,
                        ServiceKind.WORKER);
        assertThat(operations.ran).noneMatch(CliOptions::wantsWindow);
    }

    @Test
    void wrongUsageIsASentenceAndExitCodeTwo() {
        assertUsage(
                "'printer' is not a service; there are server, client, agent, worker and all",
                "--service=printer");
        assertUsage("did you mean client.port?", "--set", "client.prt=1");
        assertUsage("client.port has no =value; allowed is a whole number", "--set", "client.port");
        assertUsage(
                "client.port cannot be 'x'; allowed is a whole number", "--set", "client.port=x");
        assertUsage("'peek plugin' needs one of: list, install, remove", "plugin");
        assertUsage("'peek config' needs one of: show, check", "config");
        assertUsage(
                "there is no file " + folder.resolve("no.zip"),
                "plugin",
                "install",
                folder.resolve("no.zip").toString());
        assertUsage("ZIP", "plugin", "install");
        assertUsage("NAME", "plugin", "remove");
        assertUsage("--nonsense", "--nonsense");
        assertUsage("dance", "dance");
        assertUsage("--headless", "plugin", "list", "--headless");
        assertThat(operations.ran).isEmpty();
    }

    private void assertUsage(String sentence, String... args) {
        assertThat(peek(args)).as(err()).isEqualTo(Cli.USAGE);
        assertThat(err()).startsWith("peek: ").contains(sentence).contains("--help'");
        assertThat(out()).isEmpty();
    }

    @Test
    void everyCommandHasHelp() {
        for (String command :
                List.of(
                        "",
                        "plugin",
                        "plugin list",
                        "plugin install",
                        "plugin remove",
                        "config",
                        "config show",
                        "config check",
                        "storage",
                        "storage move",
                        "doctor")) {
            List<String> args =
                    new ArrayList<>(
                            command.isEmpty() ? List.of() : List.of(command.split(" ", -1)));
            args.add("--help");
            assertThat(peek(args.toArray(String[]::new))).as(command).isEqualTo(Cli.DONE);
            assertThat(out())
                    .startsWith("Usage: peek " + command)
                    .contains("--home=DIR")
                    .doesNotContain("null");
        }
        assertThat(folder).as("help touches nothing").isEmptyDirectory();
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(peek("--version")).isEqualTo(Cli.DONE);
        assertThat(out()).matches("Peek \\d+\\.\\d+\\.\\d+\\S* on Java \\d+.*\\s*");
    }

    @Test
    void pluginsAreListed() {
        assertThat(peek("plugin", "list")).isEqualTo(Cli.DONE);
        assertThat(out()).contains("No plugins are installed");

        operations.plugins.add(new CliOperations.PluginLine("tutorial", "1.2.0", "running", null));
        operations.plugins.add(
                new CliOperations.PluginLine("chat", "0.1.0", "failed", "no table chat.line"));
        peek("plugin", "list");
        assertThat(out().lines())
                .containsExactly(
                        "tutorial                 1.2.0        running",
                        "chat                     0.1.0        failed: no table chat.line");
    }

    @Test
    void pluginsAreInstalledAndRemovedWithOptionsBeforeOrBehindTheCommand() throws IOException {
        Path zip = Files.writeString(folder.resolve("tutorial.zip"), "");
        Path other = folder.resolve("other");

        assertThat(peek("--home", other.toString(), "plugin", "install", zip.toString()))
                .isEqualTo(Cli.DONE);
        assertThat(peek("plugin", "remove", "tutorial", "--home", other.toString()))
                .isEqualTo(Cli.DONE);
        assertThat(out()).contains("removed tutorial");
        assertThat(operations.said)
                .containsExactly("install " + zip + " in " + other, "remove tutorial in " + other);
    }

    @Test
    void whatFailsIsASentenceAndExitCodeOne() {
        operations.failure =
                new PeekException(ErrorCode.OFFLINE, "no Peek runs\nstart one with 'peek'");

        assertThat(peek()).isEqualTo(Cli.FAILED);
        assertThat(err().lines())
                .containsExactly("peek: no Peek runs", "peek: start one with 'peek'");
    }

    @Test
    void aFaultInPeekIsToldAsOne() {
        operations.failure = new IllegalStateException("broken");

        assertThat(peek("plugin", "list")).isEqualTo(Cli.FAILED);
        assertThat(err()).contains("a fault in Peek").contains("IllegalStateException: broken");
    }

    @Test
    void settingsAreShownWithTheirSource() throws IOException {
        home.prepare();
        Files.writeString(home.config(), "{\"client\": {\"port\": 9000, \"x\": 1}}");

        assertThat(peek("config", "show", "--set", "logging.level=debug")).isEqualTo(Cli.DONE);
        assertThat(out().lines())
                .anyMatch(line -> line.matches("client\\.port +9000 +\\(config\\.json\\)"))
                .anyMatch(line -> line.matches("client\\.network +false +\\(default\\)"))
                .anyMatch(line -> line.matches("logging\\.level +debug +\\(--set\\)"));
        assertThat(err()).contains("client.x is not a setting");
    }

    @Test
    void settingsAreCheckedWithoutTouchingTheFile() throws IOException {
        assertThat(peek("config", "check")).isEqualTo(Cli.DONE);
        assertThat(out()).contains("does not exist yet");
        home.prepare();
        Files.writeString(home.config(), "{}");
        assertThat(peek("config", "check")).isEqualTo(Cli.DONE);
        assertThat(out()).contains("is in order");
        Files.writeString(home.config(), "{\"client\": {\"port\": -1}}");
        assertThat(peek("config", "check")).isEqualTo(Cli.FAILED);
        assertThat(err()).contains("line 1: client.port is '-1'; allowed is");
    }

    @Test
    void theDoctorFindsNothingWrongWhereNothingIs() {
        assertThat(
                        peek(
                                "doctor",
                                "--set=server.admin.port=0",
                                "--set=server.dataExchange.port=0",
                                "--set=client.port=0"))
                .as(out())
                .isEqualTo(Cli.DONE);
        assertThat(out())
                .contains("ok   Java")
                .contains("does not exist yet and can be made")
                .contains("No problems.");
        assertThat(home.exists()).isFalse();
    }

    @Test
    void theDoctorNamesAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            String[] args = {
                "doctor",
                "--set=server.admin.port=0",
                "--set=server.dataExchange.port=0",
                "--set=client.port=" + port
            };
            assertThat(peek(args)).isEqualTo(Cli.FAILED);
            assertThat(out())
                    .contains("BAD  port      " + port + " cannot be opened")
                    .contains("--set client.port=PORT")
                    .contains("1 problem.");

            try (RunFiles file = RunFiles.write(home.prepare(), "client", Map.of("http", port))) {
                assertThat(file).isNotNull();
                assertThat(peek(args)).as(out()).isEqualTo(Cli.DONE);
                assertThat(out()).contains(port + " is used by the client of this home");
            }
        }
    }

    @Test
    void theDoctorNamesAHomeThatCannotBeUsed() throws IOException {
        Files.writeString(home.root(), "a file");

        assertThat(peek("doctor")).isEqualTo(Cli.FAILED);
        assertThat(out()).contains("BAD  home").contains("it is a file");
    }

    @Test
    void theDoctorNamesWhyNoHomeCanBeMade() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(peek("doctor", "--home", file.resolve("home").toString())).isEqualTo(Cli.FAILED);
        assertThat(out())
                .contains("BAD  home")
                .contains("because " + file + " cannot be written to; choose another folder");
    }

    @Test
    void aDisplayIsWhatTheSystemSaysItIs() {
        assertThat(Cli.hasDisplay(Map.of(), "Linux")).isFalse();
        assertThat(Cli.hasDisplay(Map.of("DISPLAY", ""), "Linux")).isFalse();
        assertThat(Cli.hasDisplay(Map.of("DISPLAY", ":0"), "Linux")).isTrue();
        assertThat(Cli.hasDisplay(Map.of("WAYLAND_DISPLAY", "wayland-0"), "Linux")).isTrue();
        assertThat(Cli.hasDisplay(Map.of(), "Windows 11")).isTrue();
        assertThat(Cli.hasDisplay(Map.of(), "Mac OS X")).isTrue();
    }

    @Test
    void backupsAreMadeAndRestored() throws Exception {
        Path file = Files.writeString(folder.resolve("all.zip"), "");
        Path none = folder.resolve("none.zip");

        assertThat(peek("backup", "--without-reloadable", none.toString())).isEqualTo(0);
        assertThat(out()).contains("verify it …").endsWith("written " + none + "\n");
        assertThat(peek("restore", file.toString())).isEqualTo(0);
        assertThat(out()).endsWith("restored " + file + "\n");
        assertThat(peek("restore", none.toString())).isEqualTo(2);
        assertThat(err()).contains("there is no file " + none);
        assertThat(peek("backup")).isEqualTo(2);
        assertThat(operations.said)
                .containsExactly("backup " + none + " without reloadable", "restore " + file);
    }

    @Test
    void thePlaceTheStorageMovesToIsReadWithoutAPassword() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "not shown");
        String url = "jdbc:postgresql://db:5432/peek";

        assertThat(peek("storage", "move", "--to", "h2")).isEqualTo(0);
        assertThat(out()).endsWith("…\n  pump.valve: 2 rows\nmoved\n");
        peek("storage", "move", "--to", url, "--user=ada", "--password-file", secret.toString());
        peek("storage", "move", "--to", url, "--password-env=PASSWORD");
        assertThat(operations.said)
                .containsExactly(
                        "move to StoragePlace[url=, user=, password=]",
                        "move to StoragePlace[url="
                                + url
                                + ", user=ada, password=${file:"
                                + secret
                                + "}]",
                        "move to StoragePlace[url=" + url + ", user=, password=${env:PASSWORD}]");

        assertUsage("'--to=PLACE'", "storage", "move");
        assertUsage("--to cannot be 'jdbc:mysql://x'", "storage", "move", "--to=jdbc:mysql://x");
        assertUsage("leave them out with --to h2", "storage", "move", "--to=h2", "--user=ada");
        assertUsage(
                "there is no file " + folder.resolve("none"),
                "storage",
                "move",
                "--to=" + url,
                "--password-file=" + folder.resolve("none"));
        assertUsage(
                "give one of them",
                "storage",
                "move",
                "--to=" + url,
                "--password-env=X",
                "--password-file=" + secret);
        assertUsage("'peek storage' needs one of: move", "storage");
    }

    private static final class RecordingOperations implements CliOperations {
        private final List<CliOptions> ran = new ArrayList<>();
        private final List<String> said = new ArrayList<>();
        private final List<PluginLine> plugins = new ArrayList<>();
        private @Nullable RuntimeException failure;

        private void failIfAsked() {
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public int run(CliOptions options) {
            failIfAsked();
            ran.add(options);
            return 42;
        }

        @Override
        public List<PluginLine> plugins(CliOptions options) {
            failIfAsked();
            return plugins;
        }

        @Override
        public String install(CliOptions options, Path zip) {
            said.add("install " + zip + " in " + options.home().root());
            return "installed " + zip;
        }

        @Override
        public String backup(CliOptions options, Path file, boolean withReloadable) {
            said.add("backup " + file + (withReloadable ? "" : " without reloadable"));
            return "written " + file;
        }

        @Override
        public String restore(CliOptions options, Path file) {
            said.add("restore " + file);
            return "restored " + file;
        }

        @Override
        public String moveStorage(CliOptions options, StoragePlace to, Consumer<String> progress) {
            progress.accept("pump.valve: 2 rows");
            said.add("move to " + to);
            return "moved";
        }

        @Override
        public String remove(CliOptions options, String plugin) {
            said.add("remove " + plugin + " in " + options.home().root());
            return "removed " + plugin;
        }
    }
}
