package org.peekplatform.benchmarks.workers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.queue.BrokerLocation;
import org.peekplatform.queue.BrokerTaskEngine;
import org.peekplatform.queue.EmbeddedTaskEngine;
import org.peekplatform.queue.NewTask;
import org.peekplatform.queue.Task;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.queue.TaskRunner;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.PlatformThreads;

/// Tasks of Peek. With a broker there is an engine that submits and another one with a worker, as
/// in two processes; without, both use one, as in the workstation.
final class PeekQueue implements Contestant {
    static final String TYPE = "bench.Echo";
    static final int SUBMITTERS = 4;
    // Together as many as the bare clients have unconfirmed.
    private static final int TOGETHER = 125;
    static final int SLOTS = 16;

    private final String name;
    private final Database database;
    private final PlatformThreads threads;
    private final TaskEngine submitting;
    private final TaskEngine working;
    private final TaskRunner runner;
    private final ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);

    /// @param database closed with this
    /// @param broker `null` for the embedded engine
    PeekQueue(
            String name,
            Database database,
            PlatformThreads threads,
            @Nullable BrokerLocation broker) {
        this.name = name;
        this.database = database;
        this.threads = threads;
        submitting = engine(broker);
        working = broker == null ? submitting : engine(broker);
        runner =
                new TaskRunner(
                        new TaskRunner.Setup(
                                "bench",
                                SLOTS,
                                working,
                                database.transactions(),
                                threads,
                                TaskRunner.Timing.USUAL));
    }

    private TaskEngine engine(@Nullable BrokerLocation broker) {
        return broker == null
                ? new EmbeddedTaskEngine(
                        database.platformStorage(),
                        database.transactions(),
                        threads,
                        Clock.systemUTC(),
                        TaskEngine.Timing.USUAL)
                : BrokerTaskEngine.open(
                        database.platformStorage(),
                        database.transactions(),
                        threads,
                        Clock.systemUTC(),
                        TaskEngine.Timing.USUAL,
                        broker);
    }

    /// Begins to do tasks. Before, they only wait.
    void start() {
        runner.handle(TYPE, (claim, run) -> claim.payload());
        runner.start();
    }

    @Override
    public String name() {
        return name;
    }

    private static NewTask task(String payload) {
        return new NewTask(
                "bench",
                TYPE,
                payload.getBytes(UTF_8),
                TaskOptions.USUAL.withKeep(Duration.ofMinutes(2)),
                null);
    }

    private static String result(Task task) {
        byte[] result = task.result();
        return result == null ? "" : new String(result, UTF_8);
    }

    @Override
    public String one(String payload) {
        return result(submitting.ended(submitting.submit(task(payload))).join());
    }

    @Override
    public int many(int count) throws Exception {
        List<Future<Integer>> parts = new ArrayList<>();
        for (int part = 0; part < SUBMITTERS; part++) {
            int first = part;
            parts.add(
                    submitters.submit(() -> {
                        List<CompletableFuture<Task>> tasks = new ArrayList<>();
                        List<NewTask> waiting = new ArrayList<>();
                        for (int i = first; i < count; i += SUBMITTERS) {
                            waiting.add(task("task " + i));
                            if (waiting.size() == TOGETHER || i + SUBMITTERS >= count) {
                                submitting.submitAll(waiting).stream()
                                        .map(submitting::ended)
                                        .forEach(tasks::add);
                                waiting.clear();
                            }
                        }
                        int right = 0;
                        for (int i = 0; i < tasks.size(); i++) {
                            String wanted = "task " + (first + i * SUBMITTERS);
                            right += result(tasks.get(i).join()).equals(wanted) ? 1 : 0;
                        }
                        return right;
                    }));
        }
        int right = 0;
        for (Future<Integer> part : parts) {
            right += part.get();
        }
        return right;
    }

    /// Queues tasks for a worker that has not been started.
    void fill(int count) {
        submitting.submitAll(IntStream.range(0, count).mapToObj(i -> task("task " + i)).toList());
    }

    /// Waits until none is left.
    ///
    /// @return how many are done
    long drained(long count) throws InterruptedException {
        while (true) {
            long done = submitting.counts().getOrDefault(TaskState.DONE, 0L);
            if (done >= count) {
                return done;
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        submitters.shutdown();
        runner.close();
        working.close();
        submitting.close();
        database.close();
    }
}
