package org.peekplatform.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.testservers.RabbitServer;
import org.peekplatform.testservers.RedisServer;
import org.peekplatform.vortex.PlatformThreads;

/// The contract over RabbitMQ and Redis, and what happens when they are away.
class BrokerTaskEngineTest extends TaskEngineContract {
    private RabbitServer rabbit = RabbitServer.shared();
    private RedisServer redis = RedisServer.shared();

    @Override
    Database database(Path folder, PlatformThreads threads) {
        PostgresServer.Database made = PostgresServer.shared().newDatabase();
        return Database.open(
                new PostgresLocation(made.url(), made.user(), made.password()), threads);
    }

    @Override
    TaskEngine engine(TestQueue queue) {
        BrokerTaskEngine made =
                BrokerTaskEngine.open(
                        queue.database.platformStorage(),
                        queue.database.transactions(),
                        queue.threads,
                        queue.clock(),
                        new TaskEngine.Timing(
                                TestQueue.LEASE, Duration.ofHours(1), Duration.ofMillis(250)),
                        new BrokerLocation(
                                URI.create(rabbit.url()),
                                rabbit.user(),
                                rabbit.password(),
                                URI.create(redis.url()),
                                redis.password()));
        until(made::isServing);
        return made;
    }

    private static void until(BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void everythingIsDoneThoughTheBrokerIsKilledAndRedisForgetsAndDies() throws Exception {
        try (RabbitServer ownRabbit = RabbitServer.create();
                RedisServer ownRedis = RedisServer.create()) {
            ownRabbit.start();
            ownRedis.start();
            rabbit = ownRabbit;
            redis = ownRedis;
            TaskEngine submitting = queue.engine();
            TaskEngine working = queue.engine();
            TaskRunner runner = queue.runner(working, 4);
            AtomicInteger done = new AtomicInteger();
            runner.handle(
                    "pump.Fill",
                    (claim, run) -> {
                        queue.effect(claim.id());
                        done.incrementAndGet();
                        return claim.payload();
                    });
            runner.start();

            List<Long> ids = new ArrayList<>(submit(submitting, 50));
            long begun = System.nanoTime();
            // RabbitMQ does not know a queue any more that was younger than half a second.
            until(() -> done.get() >= 20 && System.nanoTime() - begun > 2_000_000_000L);
            ownRabbit.kill();
            until(() -> submitting.trouble().isPresent());
            assertThat(submitting.trouble().orElseThrow())
                    .contains("RabbitMQ at amqp://127.0.0.1:" + ownRabbit.port())
                    .contains("workers take tasks from the database meanwhile");
            ids.addAll(submit(submitting, 50));
            for (long id : ids) {
                assertThat(result(submitting, id)).isEqualTo("t");
            }

            ownRabbit.start();
            until(() -> submitting.trouble().isEmpty() && working.trouble().isEmpty());
            ids.addAll(submit(submitting, 50));
            ownRedis.flush();
            ids.addAll(submit(submitting, 50));
            ownRedis.kill();
            ids.addAll(submit(submitting, 50));
            for (long id : ids) {
                assertThat(result(submitting, id)).isEqualTo("t");
            }
            until(() -> {
                result(submitting, submit(submitting, 1).getFirst());
                return submitting.trouble().isPresent();
            });
            assertThat(submitting.trouble().orElseThrow()).startsWith("Redis at redis://127.0.0.1");
            ownRedis.start();
            until(() -> {
                result(submitting, submit(submitting, 1).getFirst());
                return submitting.trouble().isEmpty() && working.trouble().isEmpty();
            });
            assertThat(queue.effects()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(250);
        }
    }

    /// Symptom: with H2 the broker was never used, and health said so. Cause: a statement that H2
    /// does not know. Fix: one that it does.
    @Test
    void itWorksWithH2Too() throws Exception {
        PlatformThreads threads = new PlatformThreads();
        try (TestQueue other =
                new TestQueue(
                        Database.open(folder.resolve("h2"), threads),
                        threads,
                        folder.resolve("scripts-of-h2"),
                        this::engine)) {
            TaskEngine made = other.engine();
            TaskRunner runner = other.runner(made, 1);
            runner.handle("pump.Fill", (claim, run) -> claim.payload());
            runner.start();
            assertThat(result(made, submit(made, 1).getFirst())).isEqualTo("t");
        }
    }

    @Test
    void tasksWhoseMessagesAreLostAreDoneAllTheSame() throws Exception {
        List<Long> ids = submit(engine, 5);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbit.url());
        factory.setUsername(rabbit.user());
        factory.setPassword(rabbit.password());
        String system =
                new TaskTable(queue.database.platformStorage(), queue.clock(), TestQueue.LEASE)
                        .system();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            String messages = "peek." + system + ".pump.Fill";
            until(() -> count(channel, messages) == ids.size());
            channel.queuePurge(messages);
        }
        queue.pass(Duration.ofSeconds(5));
        TaskRunner runner = queue.runner(engine, 1);
        runner.handle("pump.Fill", (claim, run) -> claim.payload());
        runner.start();
        for (long id : ids) {
            assertThat(result(engine, id)).isEqualTo("t");
        }
    }

    @Test
    void aWorkerThatIsBusyLeavesToOthersWhatItHasNotBegun() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        TaskRunner busy = queue.runner(engine, 1);
        busy.handle(
                "pump.Fill",
                (claim, run) -> {
                    begun.countDown();
                    release.await();
                    return claim.payload();
                });
        busy.start();
        List<Long> ids = new ArrayList<>(submit(engine, 1));
        begun.await();
        // Whatever the broker gives to the busy one of these, it cannot do.
        ids.addAll(submit(engine, 10));
        TaskRunner idle = queue.runner(queue.engine(), 1);
        idle.handle("pump.Fill", (claim, run) -> claim.payload());
        idle.start();
        for (long id : ids.subList(1, ids.size())) {
            assertThat(engine.ended(id).get(20, TimeUnit.SECONDS).state())
                    .isEqualTo(TaskState.DONE);
        }
        release.countDown();
        assertThat(over(ids.getFirst()).state()).isEqualTo(TaskState.DONE);
    }

    private static long count(Channel channel, String queue) {
        try {
            return channel.messageCount(queue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> submit(TaskEngine engine, int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(engine.submit(TestQueue.task("t")));
        }
        return ids;
    }

    private static String result(TaskEngine engine, long id) {
        Optional<Task> task = Optional.ofNullable(engine.ended(id).join());
        return TestQueue.text(task.orElseThrow().result());
    }
}
