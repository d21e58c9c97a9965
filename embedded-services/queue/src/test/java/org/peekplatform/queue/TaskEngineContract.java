package org.peekplatform.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.PlatformThreads;

/// What every engine does, on every database.
abstract class TaskEngineContract {
    private static final Set<String> FILL = Set.of("pump.Fill");
    private static final TaskEngine.Failure AGAIN =
            new TaskEngine.Failure(ErrorCode.INTERNAL, "The valve is stuck.", true);
    private static final TaskEngine.Failure NOT_AGAIN =
            new TaskEngine.Failure(ErrorCode.BAD_REQUEST, "There is no such pump.", false);

    @TempDir Path folder;
    TestQueue queue;
    TaskEngine engine;

    abstract Database database(Path folder, PlatformThreads threads);

    abstract TaskEngine engine(TestQueue queue);

    @BeforeEach
    void open() throws Exception {
        PlatformThreads threads = new PlatformThreads();
        queue =
                new TestQueue(
                        database(folder, threads),
                        threads,
                        folder.resolve("scripts"),
                        this::engine);
        engine = queue.engine();
    }

    @AfterEach
    void close() throws Exception {
        queue.close();
    }

    private Claim claim() {
        return claims(engine, "w", 1).getFirst();
    }

    /// What is due may take a moment to come to a worker.
    private static List<Claim> claims(TaskEngine engine, String worker, int count) {
        List<Claim> claims = new ArrayList<>();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (claims.size() < count && System.nanoTime() < until) {
            claims.addAll(engine.claim(worker, FILL, count - claims.size()));
        }
        assertThat(claims).hasSize(count);
        return claims;
    }

    private void complete(Claim claim, String result) throws Exception {
        queue.database
                .transactions()
                .run(
                        "pump",
                        rollback -> {
                            queue.effect(claim.id());
                            engine.complete(claim, TestQueue.bytes(result));
                            return claim;
                        });
    }

    private TaskState state(long id) {
        return engine.find(id).orElseThrow().state();
    }

    Task over(long id) throws Exception {
        return engine.ended(id).get(20, TimeUnit.SECONDS);
    }

    @Test
    void aTaskIsQueuedThenRunningThenDoneWithItsResult() throws Exception {
        long id = engine.submit(TestQueue.task("north"));
        assertThat(state(id)).isEqualTo(TaskState.QUEUED);

        Claim claim = claim();
        assertThat(claim.id()).isEqualTo(id);
        assertThat(TestQueue.text(claim.payload())).isEqualTo("north");
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(state(id)).isEqualTo(TaskState.RUNNING);
        assertThat(engine.claim("other", FILL, 10)).isEmpty();

        complete(claim, "full");
        Task done = over(id);
        assertThat(done.state()).isEqualTo(TaskState.DONE);
        assertThat(TestQueue.text(done.result())).isEqualTo("full");
        assertThat(done.progress()).isEqualTo(1.0);
        assertThat(queue.effects()).containsExactly(String.valueOf(id));
    }

    @Test
    void aTaskOfATransactionExistsExactlyWhenThatCommits() throws Exception {
        List<Long> ids = new ArrayList<>();
        assertThatThrownBy(() ->
                        queue.pump.transaction(dsl -> {
                            ids.add(engine.submit(TestQueue.task("a")));
                            throw new PeekException(ErrorCode.CONFLICT, "no");
                        }))
                .hasMessage("no");
        assertThat(engine.find(ids.getFirst())).isEmpty();
        assertThatThrownBy(() -> over(ids.getFirst()))
                .hasRootCauseInstanceOf(PeekException.class)
                .hasMessageContaining("there is no task");

        TaskEngine other = queue.engine();
        long kept =
                queue.pump.transaction(dsl -> {
                    long id = engine.submit(TestQueue.task("b"));
                    CompletableFuture<List<Claim>> seen =
                            CompletableFuture.supplyAsync(() -> other.claim("w", FILL, 9));
                    assertThat(seen.get(10, TimeUnit.SECONDS)).isEmpty();
                    return id;
                });
        assertThat(claim().id()).isEqualTo(kept);
    }

    @Test
    void higherPrioritiesComeFirstThenTheOlder() {
        long late = engine.submit(TestQueue.task("a"));
        long later = engine.submit(TestQueue.task("b"));
        long urgent = engine.submit(TestQueue.task("c", TaskOptions.USUAL.withPriority(5)));
        long unhurried = engine.submit(TestQueue.task("d", TaskOptions.USUAL.withPriority(-5)));
        assertThat(claims(engine, "w", 4))
                .extracting(Claim::id)
                .containsExactly(urgent, late, later, unhurried);
    }

    @Test
    void manyAreQueuedAtOnceInTheirOrderOrNotAtAll() throws Exception {
        TaskOptions north = TaskOptions.USUAL.withUniqueKey("north");
        long known = engine.submit(TestQueue.task("known", north));
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            tasks.add(i == 250 ? TestQueue.task("same", north) : TestQueue.task("t" + i));
        }
        List<Long> ids = engine.submitAll(tasks);
        assertThat(ids).hasSize(500).doesNotHaveDuplicates();
        assertThat(ids.get(250)).isEqualTo(known);
        List<Long> fresh = new ArrayList<>(ids);
        fresh.remove(250);
        assertThat(fresh).isSorted();

        assertThatThrownBy(() ->
                        queue.pump.transaction(dsl -> {
                            engine.submitAll(tasks.subList(0, 10));
                            throw new PeekException(ErrorCode.CONFLICT, "no");
                        }))
                .hasMessage("no");
        assertThat(engine.counts()).containsEntry(TaskState.QUEUED, 500L);

        TaskRunner runner = queue.runner(engine, 8);
        runner.handle("pump.Fill", (claim, run) -> claim.payload());
        runner.start();
        for (int i = 0; i < 500; i++) {
            String wanted = i == 250 ? "known" : "t" + i;
            assertThat(TestQueue.text(over(ids.get(i)).result())).isEqualTo(wanted);
        }
    }

    @Test
    void oneThatIsEndedTogetherWithOthersAndWasTakenOverDoesNotHarmThem() throws Exception {
        engine.submitAll(List.of(TestQueue.task("a"), chained("b"), TestQueue.task("c")));
        List<Claim> claims = claims(engine, "w", 3);
        queue.pass(TestQueue.LEASE.plusSeconds(1));
        engine.keep(
                List.of(
                        new TaskEngine.Progress(claims.get(1), 0, null),
                        new TaskEngine.Progress(claims.get(2), 0, null)));
        queue.pass(Duration.ofSeconds(1));
        engine.tidy();
        List<CompletableFuture<String>> ends = new ArrayList<>();
        for (Claim claim : claims) {
            ends.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                engine.completeWithOthers(claim, TestQueue.bytes("full"));
                                return "stored";
                            },
                            queue.threads.work()));
        }
        assertThatThrownBy(() -> ends.get(0).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("was taken over");
        assertThat(ends.get(1).get(20, TimeUnit.SECONDS)).isEqualTo("stored");
        assertThat(ends.get(2).get(20, TimeUnit.SECONDS)).isEqualTo("stored");
        assertThat(state(claims.get(1).id())).isEqualTo(TaskState.DONE);
        Claim follower = claim();
        assertThat(TestQueue.text(follower.previous())).isEqualTo("full");
    }

    private static NewTask chained(String payload) {
        return new NewTask(
                "pump",
                "pump.Fill",
                TestQueue.bytes(payload),
                TaskOptions.USUAL,
                TestQueue.task("after " + payload));
    }

    @Test
    void onlyTypesThatTheWorkerDoesAreTaken() {
        engine.submit(new NewTask("pump", "pump.Drain", new byte[0], TaskOptions.USUAL, null));
        long fill = engine.submit(TestQueue.task("a"));
        assertThat(claim().id()).isEqualTo(fill);
        assertThat(engine.claim("w", FILL, 10)).isEmpty();
    }

    @Test
    void aDelayedTaskWaitsForItsTime() {
        long id =
                engine.submit(
                        TestQueue.task("a", TaskOptions.USUAL.withDelay(Duration.ofHours(1))));
        queue.pass(Duration.ofMinutes(59));
        assertThat(engine.claim("w", FILL, 10)).isEmpty();
        queue.pass(Duration.ofMinutes(1));
        assertThat(claim().id()).isEqualTo(id);
    }

    @Test
    void failedAttemptsComeAgainEachTimeLaterUntilTheTaskIsGivenUp() {
        TaskOptions three = TaskOptions.USUAL.withAttempts(3).withBackOff(Duration.ofSeconds(10));
        long id = engine.submit(TestQueue.task("a", three));
        assertThat(engine.fail(claim(), AGAIN)).contains(TaskState.FAILED);
        assertThat(state(id)).isEqualTo(TaskState.FAILED);
        assertThat(engine.find(id).orElseThrow().reason()).isEqualTo("The valve is stuck.");

        queue.pass(Duration.ofSeconds(9));
        assertThat(engine.claim("w", FILL, 1)).isEmpty();
        queue.pass(Duration.ofSeconds(1));
        assertThat(engine.fail(claim(), AGAIN)).contains(TaskState.FAILED);
        queue.pass(Duration.ofSeconds(19));
        assertThat(engine.claim("w", FILL, 1)).isEmpty();
        queue.pass(Duration.ofSeconds(1));
        Claim last = claim();
        assertThat(last.attempt()).isEqualTo(3);
        assertThat(engine.fail(last, AGAIN)).contains(TaskState.DEAD);
        assertThat(engine.find(id).orElseThrow().code()).isEqualTo(ErrorCode.INTERNAL);
        queue.pass(Duration.ofDays(1));
        assertThat(engine.claim("w", FILL, 1)).isEmpty();
    }

    @Test
    void whatCannotSucceedIsGivenUpAtOnceAndAnAdministratorMayHaveItTriedAgain() throws Exception {
        long id = engine.submit(TestQueue.task("a"));
        assertThat(engine.fail(claim(), NOT_AGAIN)).contains(TaskState.DEAD);
        Task dead = over(id);
        assertThat(dead.reason()).isEqualTo("There is no such pump.");

        assertThat(engine.retry(id)).isTrue();
        assertThat(engine.retry(id)).isFalse();
        Claim again = claim();
        assertThat(again.attempt()).isEqualTo(1);
        complete(again, "full");
        assertThat(over(id).reason()).isNull();
    }

    @Test
    void theSameWorkIsNotQueuedTwiceWhileItIsNotOver() throws Exception {
        TaskOptions north = TaskOptions.USUAL.withUniqueKey("north");
        long first = engine.submit(TestQueue.task("a", north));
        assertThat(engine.submit(TestQueue.task("b", north))).isEqualTo(first);
        Claim claim = claim();
        assertThat(engine.submit(TestQueue.task("c", north))).isEqualTo(first);
        complete(claim, "full");
        long second = engine.submit(TestQueue.task("d", north));
        assertThat(second).isNotEqualTo(first);

        engine.fail(claim(), NOT_AGAIN);
        long third = engine.submit(TestQueue.task("e", north));
        assertThatThrownBy(() -> engine.retry(second))
                .hasMessageContaining("another task with its unique key");
        assertThat(state(third)).isEqualTo(TaskState.QUEUED);
        long elsewhere =
                engine.submit(new NewTask("valve", "valve.Fill", new byte[0], north, null));
        assertThat(elsewhere).isNotEqualTo(third);
    }

    @Test
    void ofManyWhoSubmitTheSameAtOnceOneQueuesIt() throws Exception {
        TaskOptions north = TaskOptions.USUAL.withUniqueKey("north");
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(
                    CompletableFuture.supplyAsync(
                            () ->
                                    queue.pump.transaction(dsl -> {
                                        queue.effect(1);
                                        return engine.submit(TestQueue.task("x", north));
                                    }),
                            queue.threads.work()));
        }
        Set<Long> ids = new HashSet<>();
        for (CompletableFuture<Long> one : all) {
            ids.add(one.get(20, TimeUnit.SECONDS));
        }
        assertThat(ids).hasSize(1);
        // A collision leaves the rest of the caller's transaction alone.
        assertThat(queue.effects()).hasSize(8);
    }

    @Test
    void aWorkerThatIsNotHeardOfLosesItsTaskAndCannotEndItAnyMore() throws Exception {
        long id = engine.submit(TestQueue.task("a"));
        Claim paused = claim();
        queue.pass(TestQueue.LEASE.minusSeconds(1));
        engine.tidy();
        assertThat(state(id)).isEqualTo(TaskState.RUNNING);
        queue.pass(Duration.ofSeconds(2));
        engine.tidy();
        assertThat(state(id)).isEqualTo(TaskState.FAILED);
        assertThat(engine.find(id).orElseThrow().reason()).contains("Worker 'w' was not heard of");

        queue.pass(Duration.ofMinutes(1));
        Claim successor = claim();
        assertThat(successor.attempt()).isEqualTo(2);
        assertThat(engine.keep(List.of(new TaskEngine.Progress(paused, 0.5, null))).lost())
                .containsExactly(id);
        assertThatThrownBy(() -> complete(paused, "late")).hasMessageContaining("was taken over");
        assertThat(engine.fail(paused, NOT_AGAIN)).isEmpty();
        engine.giveBack(List.of(paused));
        assertThat(state(id)).isEqualTo(TaskState.RUNNING);

        complete(successor, "in time");
        assertThatThrownBy(() -> complete(paused, "later")).hasMessageContaining("was taken over");
        assertThat(TestQueue.text(over(id).result())).isEqualTo("in time");
        assertThat(queue.effects()).containsExactly(String.valueOf(id));
    }

    @Test
    void aWorkerThatIsHeardOfKeepsItsTaskAndTellsHowFarItIs() {
        long id = engine.submit(TestQueue.task("a"));
        Claim claim = claim();
        for (int i = 1; i <= 4; i++) {
            queue.pass(TestQueue.LEASE.minusSeconds(1));
            TaskEngine.Pulse pulse =
                    engine.keep(List.of(new TaskEngine.Progress(claim, i / 4.0, "step " + i)));
            assertThat(pulse).isEqualTo(new TaskEngine.Pulse(Set.of(), Set.of()));
            engine.tidy();
        }
        Task running = engine.find(id).orElseThrow();
        assertThat(running.state()).isEqualTo(TaskState.RUNNING);
        assertThat(running.progress()).isEqualTo(1.0);
        assertThat(running.step()).isEqualTo("step 4");
    }

    @Test
    void aTaskThatKillsItsWorkersIsGivenUpInTheEnd() {
        long id =
                engine.submit(
                        TestQueue.task(
                                "a", TaskOptions.USUAL.withAttempts(2).withBackOff(Duration.ZERO)));
        for (int i = 0; i < 2; i++) {
            claim();
            queue.pass(TestQueue.LEASE.plusSeconds(1));
            engine.tidy();
        }
        assertThat(state(id)).isEqualTo(TaskState.DEAD);
    }

    @Test
    void cancellingGivesUpWhatWaitsAndAsksForTheEndOfWhatRuns() throws Exception {
        long waiting = engine.submit(TestQueue.task("a"));
        assertThat(engine.cancel(waiting)).isTrue();
        assertThat(over(waiting).code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(engine.cancel(waiting)).isFalse();
        assertThat(engine.claim("w", FILL, 1)).isEmpty();

        long running = engine.submit(TestQueue.task("b"));
        Claim claim = claim();
        assertThat(engine.cancel(running)).isTrue();
        assertThat(state(running)).isEqualTo(TaskState.RUNNING);
        assertThat(engine.keep(List.of(new TaskEngine.Progress(claim, 0, null))).cancelled())
                .containsExactly(running);
        assertThat(engine.fail(claim, AGAIN)).contains(TaskState.DEAD);
        assertThat(over(running).code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(engine.cancel(123_456)).isFalse();
    }

    @Test
    void whatIsGivenBackGoesOnAtOnceAndTheAttemptDoesNotCount() {
        engine.submit(TestQueue.task("a", TaskOptions.USUAL.withAttempts(1)));
        engine.giveBack(List.of(claim()));
        assertThat(claim().attempt()).isEqualTo(1);
    }

    private long chain() {
        NewTask last = TestQueue.task("c");
        NewTask middle =
                new NewTask(
                        "pump",
                        "pump.Fill",
                        TestQueue.bytes("b"),
                        TaskOptions.USUAL.withDelay(Duration.ofMinutes(1)),
                        last);
        return engine.submit(
                new NewTask("pump", "pump.Fill", TestQueue.bytes("a"), TaskOptions.USUAL, middle));
    }

    @Test
    void aChainGoesOnWithTheResultOfTheTaskBefore() throws Exception {
        chain();
        Claim first = claim();
        assertThat(first.previous()).isNull();
        assertThat(engine.claim("w", FILL, 9)).isEmpty();
        complete(first, "1");
        assertThat(engine.claim("w", FILL, 9)).isEmpty();
        queue.pass(Duration.ofMinutes(1));
        Claim second = claim();
        assertThat(TestQueue.text(second.payload())).isEqualTo("b");
        assertThat(TestQueue.text(second.previous())).isEqualTo("1");
        complete(second, "2");
        assertThat(TestQueue.text(claim().previous())).isEqualTo("2");
    }

    @Test
    void aChainDiesAndIsRevivedAsAWhole() throws Exception {
        long id = chain();
        engine.fail(claim(), NOT_AGAIN);
        List<Task> dead = engine.list(new TaskEngine.Query(TaskState.DEAD, null, 10));
        assertThat(dead).hasSize(3);
        long last = dead.stream().mapToLong(Task::id).max().orElseThrow();
        assertThat(engine.find(last).orElseThrow().reason()).contains("comes before");
        assertThatThrownBy(() -> engine.retry(last)).hasMessageContaining("try that one again");

        assertThat(engine.retry(id)).isTrue();
        assertThat(engine.counts()).containsEntry(TaskState.QUEUED, 3L);
        complete(claim(), "1");
        queue.pass(Duration.ofMinutes(1));
        complete(claim(), "2");
        complete(claim(), "3");
        assertThat(engine.counts()).containsEntry(TaskState.DONE, 3L);
    }

    @Test
    void whatIsOverIsForgottenAfterItsTime() throws Exception {
        long done =
                engine.submit(TestQueue.task("a", TaskOptions.USUAL.withKeep(Duration.ofHours(2))));
        complete(claim(), "full");
        long dead =
                engine.submit(TestQueue.task("a", TaskOptions.USUAL.withKeep(Duration.ofHours(2))));
        engine.fail(claim(), NOT_AGAIN);
        queue.pass(Duration.ofHours(1));
        engine.tidy();
        assertThat(engine.find(done)).isPresent();
        queue.pass(Duration.ofHours(2));
        engine.tidy();
        assertThat(engine.find(done)).isEmpty();
        assertThat(engine.find(dead)).isPresent();
        assertThatThrownBy(() -> over(done)).hasMessageContaining("there is no task " + done);
    }

    @Test
    void workersTakeTasksSideBySideWithoutWaitingForEachOther() throws Exception {
        for (int i = 0; i < 40; i++) {
            engine.submit(TestQueue.task("t" + i));
        }
        TaskEngine other = queue.engine();
        // The first has claimed and not committed; the second passes over what is locked.
        List<Claim> both =
                queue.pump.transaction(dsl -> {
                    List<Claim> mine = claims(engine, "w1", 10);
                    mine.addAll(
                            CompletableFuture.supplyAsync(
                                            () -> claims(other, "w2", 10), queue.threads.work())
                                    .get(20, TimeUnit.SECONDS));
                    return mine;
                });
        assertThat(both).extracting(Claim::id).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void aRunnerDoesWhatIsSubmittedInItsProcessAndElsewhere() throws Exception {
        TaskRunner runner = queue.runner(engine, 4);
        runner.handle(
                "pump.Fill",
                (claim, run) -> {
                    queue.effect(claim.id());
                    return claim.payload();
                });
        runner.start();
        TaskEngine elsewhere = queue.engine();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ids.add((i % 2 == 0 ? engine : elsewhere).submit(TestQueue.task("t" + i)));
        }
        for (long id : ids) {
            assertThat(elsewhere.ended(id).get(20, TimeUnit.SECONDS).state())
                    .isEqualTo(TaskState.DONE);
        }
        assertThat(queue.effects()).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void whatWasTakenInAdvanceIsLeftToOthersWhenLongTasksComeBefore() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        TaskRunner busy = queue.runner(engine, 1);
        busy.handle(
                "pump.Fill",
                (claim, run) -> {
                    if (TestQueue.text(claim.payload()).equals("long")) {
                        release.await();
                    }
                    return claim.payload();
                });
        // Short ones at first, so that it takes more of them in advance; then a long one.
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            tasks.add(TestQueue.task(i == 150 ? "long" : "short"));
        }
        List<Long> ids = new ArrayList<>(engine.submitAll(tasks));
        busy.start();
        long waiting = ids.remove(150);
        over(ids.get(149));
        TaskRunner other = queue.runner(queue.engine(), 1);
        other.handle("pump.Fill", (claim, run) -> claim.payload());
        other.start();
        for (long id : ids) {
            over(id);
        }
        release.countDown();
        over(waiting);
    }

    @Test
    void whatAFailedAttemptWroteIsRolledBack() throws Exception {
        TaskRunner runner = queue.runner(engine, 1);
        AtomicInteger attempts = new AtomicInteger();
        runner.handle(
                "pump.Fill",
                (claim, run) -> {
                    queue.effect(claim.id());
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return null;
                });
        runner.start();
        long id = engine.submit(TestQueue.task("a", TaskOptions.USUAL.withBackOff(Duration.ZERO)));
        assertThat(over(id).attempts()).isEqualTo(3);
        assertThat(queue.effects()).containsExactly(String.valueOf(id));
    }

    @Test
    void aRunningTaskThatIsCancelledOrTakesTooLongIsInterrupted() throws Exception {
        TaskRunner runner = queue.runner(engine, 2);
        CountDownLatch begun = new CountDownLatch(1);
        runner.handle(
                "pump.Fill",
                (claim, run) -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return null;
                });
        runner.start();
        long cancelled = engine.submit(TestQueue.task("a"));
        begun.await();
        engine.cancel(cancelled);
        assertThat(over(cancelled).code()).isEqualTo(ErrorCode.CANCELLED);

        long late =
                engine.submit(
                        TestQueue.task(
                                "b",
                                TaskOptions.USUAL
                                        .withAttempts(1)
                                        .withDeadline(Duration.ofMillis(50))));
        Task overdue = over(late);
        assertThat(overdue.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(overdue.reason())
                .isEqualTo("The task did not end within its deadline of 0.05 s.");
    }

    @Test
    void aHandlerThatIgnoresBeingInterruptedIsLetGoAndChangesNothing() throws Exception {
        TaskRunner runner = queue.runner(engine, 1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        runner.handle(
                "pump.Fill",
                (claim, run) -> {
                    if (TestQueue.text(claim.payload()).equals("stubborn")) {
                        while (release.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        gone.countDown();
                    }
                    queue.effect(claim.id());
                    return null;
                });
        runner.start();
        long stubborn =
                engine.submit(
                        TestQueue.task(
                                "stubborn",
                                TaskOptions.USUAL
                                        .withAttempts(1)
                                        .withDeadline(Duration.ofMillis(50))));
        long next = engine.submit(TestQueue.task("next"));
        assertThat(over(stubborn).state()).isEqualTo(TaskState.DEAD);
        assertThat(over(next).state()).isEqualTo(TaskState.DONE);
        release.countDown();
        gone.await();
        runner.close();
        assertThat(state(stubborn)).isEqualTo(TaskState.DEAD);
        assertThat(queue.effects()).containsExactly(String.valueOf(next));
    }

    @Test
    void aRunnerThatStopsGivesItsTasksBack() throws Exception {
        TaskRunner runner = queue.runner(engine, 1);
        CountDownLatch begun = new CountDownLatch(1);
        runner.handle(
                "pump.Fill",
                (claim, run) -> {
                    queue.effect(claim.id());
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return null;
                });
        runner.start();
        long id = engine.submit(TestQueue.task("a"));
        begun.await();
        runner.close();
        assertThat(state(id)).isEqualTo(TaskState.QUEUED);
        assertThat(queue.effects()).isEmpty();
        assertThat(claim().attempt()).isEqualTo(1);
    }

    @Test
    void futuresThatAreStillOpenFailWhenTheEngineIsClosed() {
        long id = engine.submit(TestQueue.task("a"));
        CompletableFuture<Task> ended = engine.ended(id);
        engine.close();
        assertThatThrownBy(ended::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("the task goes on");
    }
}
