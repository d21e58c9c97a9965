package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.admin.TaskCounts;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.plugins.probe.tuples.Entry;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.testservers.RabbitServer;
import org.peekplatform.testservers.RedisServer;
import tools.jackson.databind.JsonNode;

/// Two workers, each a process of its own on the home of the server, do short tasks while they and
/// the server are killed; where there are a broker and a database besides, these as well.
class WorkersIT {
    private static final Random RANDOM = new Random(Long.getLong("peek.seed", 20261130));
    private static final int KILLS = Boolean.getBoolean("peek.long") ? 20 : 3;
    private static final int EACH_TIME = 150;
    private static final Duration AWAY =
            Duration.ofSeconds(Boolean.getBoolean("peek.long") ? 60 : 3);
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir Path home;
    private final Map<String, String> settings = new LinkedHashMap<>();

    interface Disturbance {
        void happen() throws Exception;
    }

    @Test
    void everyTaskIsDoneAndItsEffectIsThereOnceThoughWorkersAndServerAreKilled() throws Exception {
        everyTaskIsDoneOnce(List.of());
    }

    @Test
    void theSameOverPostgresqlRabbitAndRedisThoughTheseFailToo() throws Exception {
        try (PostgresServer postgres = PostgresServer.create();
                RabbitServer rabbit = RabbitServer.create();
                RedisServer redis = RedisServer.create()) {
            postgres.start();
            rabbit.start();
            redis.start();
            PostgresServer.Database database = postgres.newDatabase();
            settings.put("server.storage.url", database.url());
            settings.put("server.storage.user", database.user());
            settings.put("server.storage.password", database.password());
            settings.put("server.queue.rabbitmq.url", rabbit.url());
            settings.put("server.queue.rabbitmq.user", rabbit.user());
            settings.put("server.queue.rabbitmq.password", rabbit.password());
            settings.put("server.queue.redis.url", redis.url());
            settings.put("server.queue.redis.password", redis.password());
            everyTaskIsDoneOnce(
                    List.of(
                            () -> {
                                rabbit.kill();
                                Thread.sleep(AWAY);
                                rabbit.start();
                            },
                            redis::flush,
                            () -> {
                                postgres.stopImmediately();
                                Thread.sleep(AWAY);
                                postgres.start();
                            }));
        }
    }

    /// @param disturbances one after each kill of a worker
    private void everyTaskIsDoneOnce(List<Disturbance> disturbances) throws Exception {
        PeekProcess[] workers = new PeekProcess[2];
        PeekProcess server = PeekProcess.start(home, "server", settings);
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
                if (kill < disturbances.size()) {
                    disturbances.get(kill).happen();
                    awaitRunning(server);
                }
                workers[kill % 2] = worker(kill % 2);
            }
            submit(submitted);
            submitted += EACH_TIME;
            server.kill();
            // Waits while the server is away, and is done after it.
            server = PeekProcess.start(home, "server", settings);
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
        Map<String, String> named = new LinkedHashMap<>(settings);
        named.put("worker.name", "w" + number);
        PeekProcess worker = PeekProcess.start(home, "worker", named);
        worker.await("running with the probe", WorkersIT::runsTheProbe);
        return worker;
    }

    private static void awaitRunning(PeekProcess service) throws Exception {
        service.await(
                "running again", health -> health.path("state").asString("").equals("running"));
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
