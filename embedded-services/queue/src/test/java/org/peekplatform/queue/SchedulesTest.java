package org.peekplatform.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.Sequence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.PlatformThreads;

/// The clock is moved by hand and begins at eight o'clock; a schedule asks it again after the time
/// that was left when it asked last, which is a second at most where turns are wanted here.
class SchedulesTest {
    private static final String EACH_SECOND = "* * * * * *";
    private static final String EACH_HOUR = "0 * * * *";
    private static final Instant EIGHT = Instant.parse("2026-11-30T08:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;
    private TestQueue queue;
    private TaskEngine engine;

    Database database(Path where, PlatformThreads threads) {
        return Database.open(where.resolve("data"), threads);
    }

    @BeforeEach
    void open() throws Exception {
        PlatformThreads threads = new PlatformThreads();
        queue =
                new TestQueue(
                        database(folder, threads),
                        threads,
                        folder.resolve("scripts"),
                        of ->
                                new EmbeddedTaskEngine(
                                        of.database.platformStorage(),
                                        of.database.transactions(),
                                        of.threads,
                                        of.clock(),
                                        new TaskEngine.Timing(
                                                TestQueue.LEASE,
                                                Duration.ofHours(1),
                                                Duration.ofMillis(20))));
        engine = queue.engine();
    }

    @AfterEach
    void close() throws Exception {
        queue.close();
    }

    @Test
    void aTaskIsSubmittedAtEachTurn() {
        try (Registration open = add(EACH_SECOND, TaskOptions.USUAL)) {
            for (int turn = 1; turn <= 3; turn++) {
                awaitNext(EIGHT.plusSeconds(turn));
                assertThat(submitted()).isEqualTo(turn - 1);
                queue.pass(Duration.ofSeconds(1));
            }
            awaitNext(EIGHT.plusSeconds(4));
            assertThat(submitted()).isEqualTo(3);
        }
    }

    @Test
    void turnsAreThoseOfTheTimeZone() {
        var inVienna =
                new Schedules(
                        queue.database.platformStorage(),
                        engine,
                        queue.threads,
                        new Schedules.ZonedClock(queue.clock(), ZoneId.of("Europe/Vienna")));
        try (Registration open = inVienna.add("pump", "fill", "30 3 * * *", TestQueue.task("a"))) {
            awaitNext(Instant.parse("2026-12-01T02:30:00Z"));
        }
    }

    @Test
    void turnsThatWereMissedAreMadeUpForOnce() {
        add(EACH_HOUR, TaskOptions.USUAL);
        awaitNext(EIGHT.plus(Duration.ofHours(1)));
        stopAllSchedules();
        queue.pass(Duration.ofHours(5).plusMinutes(10));
        assertThat(submitted()).isZero();

        add(EACH_HOUR, TaskOptions.USUAL);
        awaitNext(EIGHT.plus(Duration.ofHours(6)));
        assertThat(submitted()).isEqualTo(1);
    }

    @Test
    void nothingIsMadeUpForBeforeTheTurnComes() {
        add(EACH_HOUR, TaskOptions.USUAL);
        awaitNext(EIGHT.plus(Duration.ofHours(1)));
        stopAllSchedules();
        queue.pass(Duration.ofMinutes(59));
        Counted storage = new Counted(queue.database.platformStorage());

        schedules(storage, engine).add("pump", "fill", EACH_HOUR, TestQueue.task("a"));
        await(() -> storage.ended() == 1, () -> "the schedule has not looked");
        assertThat(submitted()).isZero();
        assertThat(next()).isEqualTo(EIGHT.plus(Duration.ofHours(1)));
    }

    @Test
    void aTurnIsLeftOutWhileTheTaskOfAnEarlierOneIsNotOver() throws Exception {
        try (Registration open = add(EACH_SECOND, TaskOptions.USUAL.withUniqueKey("fill"))) {
            awaitNext(EIGHT.plusSeconds(1));
            queue.pass(Duration.ofSeconds(1));
            awaitNext(EIGHT.plusSeconds(2));
            queue.pass(Duration.ofSeconds(1));
            awaitNext(EIGHT.plusSeconds(3));
            assertThat(submitted()).isEqualTo(1);

            Claim claim = engine.claim("w", Set.of("pump.Fill"), 1).getFirst();
            queue.pass(Duration.ofSeconds(1));
            awaitNext(EIGHT.plusSeconds(4));
            assertThat(submitted()).isEqualTo(1);

            queue.database
                    .transactions()
                    .run(
                            "pump",
                            rollback -> {
                                engine.complete(claim, null);
                                return claim;
                            });
            queue.pass(Duration.ofSeconds(1));
            awaitNext(EIGHT.plusSeconds(5));
            assertThat(submitted()).isEqualTo(2);
        }
    }

    @Test
    void oneOfSeveralProcessesTakesATurn() {
        add(EACH_HOUR, TaskOptions.USUAL);
        awaitNext(EIGHT.plus(Duration.ofHours(1)));
        stopAllSchedules();
        TaskEngine other = queue.engine();
        for (int turn = 1; turn <= 10; turn++) {
            queue.pass(Duration.ofHours(1));
            Counted storage = new Counted(queue.database.platformStorage());
            // Both look at once.
            Registration here =
                    schedules(storage, engine)
                            .add("pump", "fill", EACH_HOUR, TestQueue.task("here"));
            Registration there =
                    schedules(storage, other)
                            .add("pump", "fill", EACH_HOUR, TestQueue.task("there"));
            await(() -> storage.ended() == 2, () -> "not both have looked");
            assertThat(storage.failed()).isZero();
            assertThat(submitted()).isEqualTo(turn);
            assertThat(next()).isEqualTo(EIGHT.plus(Duration.ofHours(turn + 1)));
            here.close();
            there.close();
        }
    }

    @Test
    void anotherCronBeginsAnewAndMakesUpForNothing() {
        add(EACH_HOUR, TaskOptions.USUAL);
        awaitNext(EIGHT.plus(Duration.ofHours(1)));
        stopAllSchedules();
        queue.pass(Duration.ofHours(3));

        add("30 12 * * *", TaskOptions.USUAL);
        awaitNext(Instant.parse("2026-11-30T12:30:00Z"));
        assertThat(submitted()).isZero();
    }

    @Test
    void aScheduleThatIsClosedSubmitsNothingMoreAndItsNameIsFree() {
        Schedules schedules = schedules(queue.database.platformStorage(), engine);
        Registration first =
                schedules.add("pump", "fill", EACH_SECOND, TestQueue.task("of the first"));
        awaitNext(EIGHT.plusSeconds(1));
        first.close();
        queue.pass(Duration.ofSeconds(1));

        try (Registration second =
                schedules.add("pump", "fill", EACH_SECOND, TestQueue.task("of the second"))) {
            awaitNext(EIGHT.plusSeconds(2));
            assertThat(
                            engine.claim("w", Set.of("pump.Fill"), 10).stream()
                                    .map(claim -> TestQueue.text(claim.payload())))
                    .containsExactly("of the second");
        }
    }

    @Test
    void theTurnStaysWhenItsTaskCannotBeQueued() {
        add(EACH_HOUR, TaskOptions.USUAL);
        awaitNext(EIGHT.plus(Duration.ofHours(1)));
        stopAllSchedules();
        queue.pass(Duration.ofHours(1));
        Counted storage = new Counted(queue.database.platformStorage());
        // Too long for its column, so that the database refuses the task.
        NewTask refused =
                new NewTask("pump", "x".repeat(10_000), new byte[0], TaskOptions.USUAL, null);
        schedules(storage, engine).add("pump", "fill", EACH_HOUR, refused);

        await(() -> storage.failed() == 1, () -> "the task was not refused");
        assertThat(next()).isEqualTo(EIGHT.plus(Duration.ofHours(1)));
        assertThat(submitted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"61 * * * *", "* * * *", "* * * * * * *", "hourly", "", "0 0 * * 9"})
    void aCronThatCannotBeUnderstoodIsRefused(String cron) {
        assertThatExceptionOfType(PeekException.class)
                .isThrownBy(() -> add(cron, TaskOptions.USUAL))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .withMessageStartingWith("schedule 'fill' cannot be '" + cron + "' (")
                .withMessageEndingWith(
                        "); give minute, hour, day of month, month and day of week, with seconds"
                                + " before them if needed");
        assertThat(next()).isNull();
    }

    @Test
    void aNameIsTakenOnceAndHas1To100Characters() {
        Schedules schedules = schedules(queue.database.platformStorage(), engine);
        NewTask task = TestQueue.task("a");
        schedules.add("pump", "fill", EACH_HOUR, task);
        schedules.add("valve", "fill", EACH_HOUR, task);
        schedules.add("pump", "f".repeat(100), EACH_HOUR, task);
        assertThatExceptionOfType(PeekException.class)
                .isThrownBy(() -> schedules.add("pump", "fill", EACH_SECOND, task))
                .withMessage("plugin 'pump' has a schedule 'fill' already")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT));
        for (String name : new String[] {" ", "f".repeat(101)}) {
            assertThatExceptionOfType(PeekException.class)
                    .isThrownBy(() -> schedules.add("pump", name, EACH_HOUR, task))
                    .withMessage(
                            "'%s' cannot be the name of a schedule; it needs 1 to 100 characters",
                            name);
        }
    }

    private @Nullable Registration last;

    private Registration add(String cron, TaskOptions options) {
        Registration added =
                schedules(queue.database.platformStorage(), engine)
                        .add("pump", "fill", cron, TestQueue.task("a", options));
        last = added;
        return added;
    }

    /// As when the process ends.
    private void stopAllSchedules() {
        if (last != null) {
            last.close();
        }
    }

    private Schedules schedules(PluginStorage storage, TaskEngine with) {
        return new Schedules(
                storage,
                with,
                queue.threads,
                new Schedules.ZonedClock(queue.clock(), ZoneOffset.UTC));
    }

    private int submitted() {
        return engine.list(new TaskEngine.Query(null, null, 100)).size();
    }

    private void awaitNext(Instant turn) {
        await(() -> turn.equals(next()), () -> "the next turn is " + next() + ", not " + turn);
    }

    private @Nullable Instant next() {
        Record row =
                queue.database
                        .platformStorage()
                        .dsl()
                        .fetchOne(
                                "SELECT due_at FROM task_schedule WHERE plugin = 'pump' AND name = 'fill'");
        return row == null ? null : row.get(0, OffsetDateTime.class).toInstant();
    }

    private static void await(BooleanSupplier condition, Supplier<String> problem) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError(problem.get());
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /// Counts the transactions that have ended.
    private static final class Counted implements PluginStorage {
        private final PluginStorage inner;
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        Counted(PluginStorage inner) {
            this.inner = inner;
        }

        int ended() {
            return ended.get();
        }

        int failed() {
            return failed.get();
        }

        @Override
        public <R> R transaction(Work<R> work) {
            try {
                return inner.transaction(work);
            } catch (RuntimeException e) {
                failed.incrementAndGet();
                throw e;
            } finally {
                ended.incrementAndGet();
            }
        }

        @Override
        public DSLContext dsl() {
            return inner.dsl();
        }

        @Override
        public long[] nextIds(Sequence<? extends Number> sequence, int count) {
            return inner.nextIds(sequence, count);
        }

        @Override
        public <T> long load(BulkLoad<T> load, RowSource<? extends T> source) {
            return inner.load(load, source);
        }

        @Override
        public <R extends Record, X> X read(ResultQuery<R> query, Reader<R, X> reader) {
            return inner.read(query, reader);
        }
    }
}
