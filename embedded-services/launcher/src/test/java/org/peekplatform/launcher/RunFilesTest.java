package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

class RunFilesTest {
    private static final Map<String, Integer> PORTS = Map.of("admin", 8010, "dataExchange", 8011);

    @TempDir Path folder;
    private Home home;

    @BeforeEach
    void prepare() {
        home = new Home(folder.resolve("home")).prepare();
    }

    @Test
    void aServiceIsFoundFromWritingToClosing() {
        long pid = ProcessHandle.current().pid();
        Instant before = Instant.now();
        try (RunFiles file = RunFiles.write(home, "server", PORTS)) {
            assertThat(file).isNotNull();
            assertThat(RunFiles.findRunning(home, "server"))
                    .hasValueSatisfying(running -> {
                        assertThat(running.pid()).isEqualTo(pid);
                        assertThat(running.ports()).isEqualTo(PORTS);
                        assertThat(running.startedAt()).isBetween(before, Instant.now());
                    });
            assertThat(RunFiles.findRunning(home))
                    .extracting(RunFiles.Running::service)
                    .containsExactly("server");
            assertThat(RunFiles.findRunning(home, "client")).isEmpty();
        }

        assertThat(RunFiles.findRunning(home, "server")).isEmpty();
        assertThat(home.run()).isEmptyDirectory();
    }

    @Test
    void theFileHasThePromisedForm() throws IOException {
        RunFiles.write(home, "server", PORTS);

        assertThat(Files.readString(home.run().resolve("server.json")))
                .matches(
                        "\\{\\s+\"service\": \"server\",\\s+\"pid\": \\d+,\\s+\"startedAt\":"
                                + " \"[-0-9T:.]+Z\",\\s+\"ports\": \\{\"admin\": 8010,"
                                + " \"dataExchange\": 8011}\\s+}\\s+");
    }

    @Test
    void aProcessThatIsGoneIsNotRunning() throws Exception {
        Process process = sleeper();
        write("server", process.pid(), Instant.now());
        assertThat(RunFiles.findRunning(home, "server")).isPresent();
        process.destroyForcibly().waitFor();

        assertThat(RunFiles.findRunning(home, "server")).isEmpty();
    }

    @Test
    void anotherProcessWithTheSameNumberIsNotTheService() throws Exception {
        // After a restart of the machine, or in a container, numbers come again: the process here
        // has started long after the service said it was up.
        write("server", ProcessHandle.current().pid(), Instant.now().minus(Duration.ofDays(1)));

        assertThat(RunFiles.findRunning(home, "server")).isEmpty();
        RunFiles.ensureNotRunning(home, "server");
        RunFiles.write(home, "server", PORTS);
        assertThat(RunFiles.findRunning(home, "server")).isPresent();
    }

    @Test
    void aSecondProcessIsRefusedWithASentence() throws Exception {
        Process process = sleeper();
        try {
            write("server", process.pid(), Instant.now());

            assertThatThrownBy(() -> RunFiles.write(home, "server", PORTS))
                    .isInstanceOfSatisfying(
                            PeekException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining(
                            "the server of home "
                                    + home.root()
                                    + " runs already, as process "
                                    + process.pid());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void closingLeavesTheFileOfASuccessor() throws Exception {
        RunFiles mine = RunFiles.write(home, "server", PORTS);
        write("server", ProcessHandle.current().pid() + 1, Instant.now());
        mine.close();

        assertThat(home.run().resolve("server.json")).exists();
    }

    @Test
    void aDamagedFileIsNotARunningService() throws IOException {
        for (String text : new String[] {"", "{", "{}", "{\"service\": 1}"}) {
            Files.writeString(home.run().resolve("server.json"), text);
            assertThat(RunFiles.findRunning(home, "server")).as(text).isEmpty();
        }
        write("server", ProcessHandle.current().pid(), Instant.EPOCH);
        Files.writeString(
                home.run().resolve("server.json"),
                Files.readString(home.run().resolve("server.json")).replace("1970", "soon"));
        assertThat(RunFiles.findRunning(home)).isEmpty();
    }

    private void write(String service, long pid, Instant startedAt) throws IOException {
        Files.writeString(
                home.run().resolve(service + ".json"),
                "{\"service\": \"%s\", \"pid\": %d, \"startedAt\": \"%s\", \"ports\": {}}"
                        .formatted(service, pid, startedAt));
    }

    /// A process that lives until it is ended.
    private static Process sleeper() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sleeper.class.getName())
                .redirectErrorStream(true)
                .start();
    }

    static final class Sleeper {
        private Sleeper() {}

        public static void main(String[] args) throws IOException {
            System.in.read();
        }
    }
}
