package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestEngine.class)
class BulkLoadKillTest {
    private static final int KILLS = 3;

    /// With `-Dpeek.long` as many as the largest tables that plugins load.
    private static final int ROWS = Boolean.getBoolean("peek.long") ? 1_000_000 : 40_000;

    private final TestEngine engine;

    @TempDir Path home;

    BulkLoadKillTest(TestEngine engine) {
        this.engine = engine;
    }

    @Test
    @Timeout(300)
    void aLoadDuringWhichTheProcessIsKilledLeavesAllRowsOrNone() throws Exception {
        long seed = Long.getLong("peek.test.seed", System.nanoTime());
        System.out.println("BulkLoadKillTest with -Dpeek.test.seed=" + seed);
        var random = new Random(seed);
        long committed = 0;
        try (var open = new OpenDatabase(engine, home)) {
            open.plugin("tutorial");
        }
        for (int kill = 0; kill < KILLS; kill++) {
            long killAt = committed + random.nextLong(5_000, ROWS);
            committed = Math.max(committed, killAfter(killAt));
            try (var open = new OpenDatabase(engine, home)) {
                int found = OpenDatabase.count(open.plugin("tutorial"));
                assertThat(found % ROWS)
                        .as("%d rows with -Dpeek.test.seed=%d", found, seed)
                        .isZero();
                assertThat((long) found).isGreaterThanOrEqualTo(committed);
                committed = found;
            }
        }
    }

    private String[] arguments() {
        if (engine == TestEngine.H2) {
            return new String[] {home.toString(), String.valueOf(ROWS)};
        }
        PostgresLocation where = TestEngine.location(home);
        return new String[] {
            home.toString(), String.valueOf(ROWS), where.url(), where.user(), where.password()
        };
    }

    /// Kills the process once it has taken row `row`; returns what it had committed by then.
    private long killAfter(long row) throws Exception {
        Process process = OtherProcess.start(LoadUntilKilled.class, arguments());
        long committed = 0;
        boolean killed = false;
        var said = new StringBuilder();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("committed ")) {
                    committed = Long.parseLong(line.substring("committed ".length()));
                } else if (line.startsWith("loading ")) {
                    if (!killed && Long.parseLong(line.substring("loading ".length())) >= row) {
                        process.toHandle().destroyForcibly();
                        killed = true;
                    }
                } else {
                    said.append(line).append('\n');
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(killed).as("what the process said: %s", said).isTrue();
        return committed;
    }
}
