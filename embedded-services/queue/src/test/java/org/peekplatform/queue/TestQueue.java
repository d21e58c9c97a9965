package org.peekplatform.queue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.PlatformThreads;

/// A database with a plugin `pump`, whose table `effect(task)` holds what tasks have done, and
/// engines on it with a clock that is moved by hand.
final class TestQueue implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(15);

    final PlatformThreads threads;
    final Database database;
    final PluginStorage pump;
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile Instant now = Instant.parse("2026-11-30T08:00:00Z");

    interface Engines {
        TaskEngine make(TestQueue queue);
    }

    private final Engines engines;

    /// @param threads closed with the queue
    TestQueue(Database database, PlatformThreads threads, Path scripts, Engines engines)
            throws Exception {
        this.threads = threads;
        this.database = database;
        this.engines = engines;
        Files.createDirectories(scripts);
        Files.writeString(
                scripts.resolve("V1__effect.sql"), "CREATE TABLE effect (task VARCHAR(20));");
        database.migrate("pump", scripts);
        pump = database.pluginStorage("pump");
    }

    /// One more engine on the same tasks, as another process has it.
    TaskEngine engine() {
        TaskEngine engine = engines.make(this);
        open.add(engine);
        return engine;
    }

    TaskRunner runner(TaskEngine engine, int slots) {
        TaskRunner runner =
                new TaskRunner(
                        new TaskRunner.Setup(
                                "w",
                                slots,
                                engine,
                                database.transactions(),
                                threads,
                                new TaskRunner.Timing(
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(20),
                                        Duration.ofMillis(300))));
        open.add(runner);
        return runner;
    }

    InstantSource clock() {
        return () -> now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static NewTask task(String payload) {
        return task(payload, TaskOptions.USUAL);
    }

    static NewTask task(String payload, TaskOptions options) {
        return new NewTask("pump", "pump.Fill", bytes(payload), options, null);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte @Nullable [] bytes) {
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }

    void effect(long task) {
        pump.dsl().execute("INSERT INTO effect (task) VALUES (?)", String.valueOf(task));
    }

    List<String> effects() {
        return pump.dsl().fetch("SELECT task FROM effect ORDER BY task").getValues(0, String.class);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        database.close();
        threads.close();
    }
}
