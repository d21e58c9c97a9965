package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.admin.TaskCounts;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.plugins.probe.tuples.Entry;
import tools.jackson.databind.JsonNode;

/// Two workers, each a process of its own on the home of the server, do short tasks while they and
/// the server are killed.
class WorkersIT {
    private static final Random RANDOM = new Random(Long.getLong("peek.seed", 20261130));
    private static final int KILLS = Boolean.getBoolean("peek.long") ? 20 : 3;
    private static final int EACH_TIME = 150;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir Path home;

    @Test
    void everyTaskIsDoneAndItsEffectIsThereOnceThoughWorkersAndServerAreKilled() throws Exception {
        PeekProcess[] workers = new PeekProcess[2];
        PeekProcess server = PeekProcess.start(home, "server");
        try {
            RunningAdmin.find(new Home(home.toAbsolutePath()))
                    .orElseThrow()
                    .install(PeekProcess.probe());
            for (int i = 0; i < workers.length; i++) {
                workers[i] = worker(i);
            }
            long submitted = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                submit(submitted);
                submitted += EACH_TIME;
                Thread.sleep(RANDOM.nextInt(100, 700));
                workers[kill % 2].kill();
                workers[kill % 2] = worker(kill % 2);
            }
            submit(submitted);
            submitted += EACH_TIME;
            server.kill();
            // Waits while the server is away, and is done after it.
            server = PeekProcess.start(home, "server");
            submit(submitted);
            submitted += EACH_TIME;

            assertThat(end()).isEqualTo(new TaskCounts(0, 0, submitted, 0, 0));
            List<Long> effects = new ArrayList<>(effects());
            effects.sort(null);
            assertThat(effects).isEqualTo(LongStream.range(0, submitted).boxed().toList());
        } finally {
            for (PeekProcess worker : workers) {
                if (worker != null) {
                    worker.close();
                }
            }
            server.close();
        }
    }

    private PeekProcess worker(int number) throws Exception {
        PeekProcess worker = PeekProcess.start(home, "worker", "worker.name=w" + number);
        worker.await("running with the probe", WorkersIT::runsTheProbe);
        return worker;
    }

    private static boolean runsTheProbe(JsonNode health) {
        JsonNode probe = health.path("plugins").path(0);
        return probe.path("name").asString("").equals("probe")
                && probe.path("state").asString("").equals("running");
    }

    private void submit(long first) throws Exception {
        try (AdminLink admin = new AdminLink(home)) {
            admin.perform(
                    "probe.SubmitWork",
                    "{\"device\":\"w\",\"first\":%d,\"count\":%d}".formatted(first, EACH_TIME));
        }
    }

    private List<Long> effects() throws Exception {
        try (AdminLink admin = new AdminLink(home)) {
            return admin.rows("probe", Entry.class).stream().map(Entry::number).toList();
        }
    }

    /// The counts once nothing is under way, or at the end of the patience.
    private TaskCounts end() throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            TaskCounts counts;
            try (AdminLink admin = new AdminLink(home)) {
                counts = admin.rows("admin", TaskCounts.class).getFirst();
            }
            if (counts.queued() + counts.running() + counts.failed() == 0
                    || System.nanoTime() > until) {
                return counts;
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }
}
