package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.core.util.Duration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingTest {
    private static final PeekConfig.Logging INFO =
            new PeekConfig.Logging("INFO", new PeekConfig.Rotation(1, 2));
    private static final Logger log = LoggerFactory.getLogger(LoggingTest.class);

    @TempDir Path folder;
    private Home home;
    private Logging logging;

    @BeforeEach
    void start() {
        home = new Home(folder.resolve("home")).prepare();
        logging = Logging.start(home, "server", INFO, Set.of("pass", "password-1"));
    }

    @AfterEach
    void stop() {
        logging.close();
    }

    @Test
    void aLineTellsTimeLevelThreadPluginAndLogger() throws IOException {
        MDC.put(Logging.PLUGIN, "tutorial");
        try {
            log.info("feeder {} opened", "F-1");
        } finally {
            MDC.remove(Logging.PLUGIN);
        }

        assertThat(written())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"
                                + " INFO  \\[.+] \\{tutorial} org\\.peekplatform\\.launcher\\."
                                + "LoggingTest: feeder F-1 opened\n");
    }

    @Test
    void onlyTheFirstLineOfAnEntryLooksLikeAnEntry() throws IOException {
        log.warn(
                "name '{}' is odd",
                "x\r\n2026-01-01 ERROR forged",
                new IllegalStateException("why"));

        assertThat(written().lines().skip(1)).allMatch(line -> line.startsWith("    "));
        assertThat(written()).contains("\n    java.lang.IllegalStateException: why\n");
    }

    @Test
    void secretsAreNeverWritten() throws IOException {
        log.info("login with {}", "password-1", new IllegalStateException("bad password-1"));

        assertThat(written()).contains("login with ***\n").contains("bad ***\n");
    }

    @Test
    void theLevelDecidesAndCanBeChangedWhileRunning() throws IOException {
        log.debug("one");
        logging.level("DEBUG");
        log.debug("two");
        logging.level("ERROR");
        log.warn("three");

        assertThat(written()).contains("two").doesNotContain("one").doesNotContain("three");
    }

    @Test
    void talkativeLibrariesAreQuietUnlessSomeoneDebugs() throws IOException {
        Logger jetty = LoggerFactory.getLogger("org.eclipse.jetty.server.Server");
        jetty.info("one");
        logging.level("DEBUG");
        jetty.info("two");

        assertThat(written()).contains("two").doesNotContain("one");
    }

    @Test
    void javaUtilLoggingArrivesInTheSameFile() throws IOException {
        java.util.logging.Logger.getLogger("some.library").warning("old style");

        assertThat(written()).contains("WARN").contains("some.library: old style");
    }

    @Test
    void fullFilesAreRotatedAndTheOldestGo() throws IOException {
        logging.close();
        logging = Logging.start(home, "client", INFO, Set.of(), Duration.buildByMilliseconds(-1));
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME))
                .detachAppender("console");
        String text = "x".repeat(600_000);
        for (int i = 0; i < 12; i++) {
            log.info("{} {}", i, text);
        }

        try (Stream<Path> files = Files.list(home.logs())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "client.log", "client.1.log", "client.2.log", "server.log");
        }
    }

    private String written() throws IOException {
        return Files.readString(logging.file());
    }
}
