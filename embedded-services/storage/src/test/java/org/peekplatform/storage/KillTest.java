package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Without WRITE_DELAY=0 H2 returns from a commit up to half a second before the file has it, and a
/// process killed in between loses what it has acknowledged.
class KillTest {
    private static final int KILLS = 6;
    private static final long LONGEST_RUN_MILLIS = 400;

    @TempDir Path home;

    @Test
    @Timeout(120)
    void noAcknowledgedCommitIsLostWhenTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("peek.test.seed", System.nanoTime());
        System.out.println("KillTest with -Dpeek.test.seed=" + seed);
        var random = new Random(seed);
        Set<Long> acknowledged = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(runAndKill(random.nextLong(1, LONGEST_RUN_MILLIS)));
        }
        Set<Long> found = new HashSet<>();
        try (var open = new OpenDatabase(home)) {
            found.addAll(
                    open.plugin("tutorial")
                            .dsl()
                            .fetch("SELECT id FROM entry")
                            .getValues(0, Long.class));
        }
        long lost = acknowledged.stream().filter(id -> !found.contains(id)).count();
        System.out.println(
                KILLS + " kills, " + acknowledged.size() + " acknowledged, " + lost + " lost");
        assertThat(acknowledged).hasSizeGreaterThan(KILLS);
        assertThat(lost).as("lost with -Dpeek.test.seed=%d", seed).isZero();
    }

    /// The ids the process acknowledged before it was killed, `millis` after its first.
    private Set<Long> runAndKill(long millis) throws Exception {
        Set<Long> acknowledged = new HashSet<>();
        Process process = OtherProcess.start(CommitUntilKilled.class, home.toString());
        try (BufferedReader out = process.inputReader()) {
            var said = new StringBuilder();
            long killAt = Long.MAX_VALUE;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("committed ")) {
                    acknowledged.add(Long.parseLong(line.substring("committed ".length())));
                    if (killAt == Long.MAX_VALUE) {
                        killAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                    }
                } else {
                    said.append(line).append('\n');
                }
                if (System.nanoTime() > killAt) {
                    // Through the handle, as Process would close the pipe with acknowledgements in
                    // it.
                    process.toHandle().destroyForcibly();
                    killAt = Long.MAX_VALUE - 1;
                }
            }
            assertThat(acknowledged).as("what the process said: %s", said).isNotEmpty();
        } finally {
            process.destroyForcibly().waitFor();
        }
        return acknowledged;
    }
}
