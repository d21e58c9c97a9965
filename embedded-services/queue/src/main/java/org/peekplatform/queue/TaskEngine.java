package org.peekplatform.queue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.task.TaskState;

/// The port between those who queue tasks and those who do them. One for each process that does
/// either; all engines of a system work on the same tasks.
///
/// Usable from any thread. Methods block on the database, join a transaction that is under way on
/// their thread, and throw [org.peekplatform.api.PeekException] of kind `UNAVAILABLE` or jOOQ's
/// exceptions while the database is away.
public interface TaskEngine extends AutoCloseable {
    /// How often an engine does what.
    ///
    /// @param lease after which a worker that has not been heard of loses its tasks
    /// @param tidy between looking for such workers
    /// @param watch between asking the database for the end of tasks that are waited for
    record Timing(Duration lease, Duration tidy, Duration watch) {
        public static final Timing USUAL =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(2), Duration.ofMillis(250));
    }

    /// Queues `task` and the chain behind it, all or nothing. It can be claimed once the
    /// transaction has committed.
    ///
    /// @return its id, or that of the task with the same unique key that is not over yet
    long submit(NewTask task);

    /// Queues all of these, or none.
    ///
    /// @return as [#submit], in the same order
    List<Long> submitAll(List<NewTask> tasks);

    /// The task, with its result; empty when it is not known (any more).
    Optional<Task> find(long id);

    /// Completes with the task when it is over.
    ///
    /// @return completes exceptionally with `FORGOTTEN` when it is not known (any more), `STOPPED`
    ///   when the engine is closed before; never when the transaction under way rolls back
    CompletableFuture<Task> ended(long id);

    /// Gives a task up that waits; asks for the end of one that runs.
    ///
    /// @return whether it was not over yet
    boolean cancel(long id);

    /// Queues a dead task again, and those that died with it, with all their attempts before them.
    ///
    /// @return whether it was dead
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when another task with its unique
    ///   key has been queued meanwhile
    boolean retry(long id);

    /// What is listed.
    ///
    /// @param state `null` for any
    /// @param plugin `null` for any
    record Query(@Nullable TaskState state, @Nullable String plugin, int most) {}

    /// Tasks without their results, the latest change first.
    List<Task> list(Query query);

    /// How many tasks are in each state; every state is there.
    Map<TaskState, Long> counts();

    /// Takes up to `most` tasks of these types that are due, the most urgent first. They must be
    /// kept with [#keep] and ended with one of [#complete], [#fail] and [#giveBack].
    List<Claim> claim(String worker, Set<String> types, int most);

    /// How far a worker is with a task.
    record Progress(Claim claim, double done, @Nullable String step) {}

    /// What a worker hears when it says that it is still at its tasks.
    ///
    /// @param lost ids of those that are not its own any more
    /// @param cancelled ids of those that it should end
    record Pulse(Set<Long> lost, Set<Long> cancelled) {}

    /// Says that the worker is still at these tasks. What is not kept for the time of a lease is
    /// given to others.
    Pulse keep(Collection<Progress> running);

    /// Ends a task well, in the transaction under way on this thread, which has its effect.
    ///
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when the claim was lost; the
    ///   transaction must not commit then
    void complete(Claim claim, byte @Nullable [] result);

    /// Ends a task well that has changed nothing in the database. Blocks, together with others who
    /// do the same meanwhile, for one commit of all.
    ///
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when the claim was lost
    void completeWithOthers(Claim claim, byte @Nullable [] result);

    /// Says that a process of its own has ended a task, which does not tell anyone.
    void endedElsewhere(Claim claim);

    /// Why an attempt ended badly.
    ///
    /// @param again whether another attempt may help
    record Failure(ErrorCode code, String reason, boolean again) {}

    /// Ends an attempt badly: the task waits for the next one, or is given up.
    ///
    /// @return how the task stands then; empty when the claim was lost, and nothing was done
    Optional<TaskState> fail(Claim claim, Failure failure);

    /// Ends an attempt that did not count, so that another worker goes on at once.
    void giveBack(Collection<Claim> claims);

    /// Calls `listener`, which must not block, when tasks may have become due in this process. What
    /// becomes due elsewhere is found by asking now and then.
    Registration onDue(Runnable listener);

    /// What keeps the engine from working as it should, though it goes on, as a sentence.
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /// What is done from time to time by itself: takes tasks from workers that are gone, and
    /// forgets what has been over for long enough.
    void tidy();

    /// Ends what the engine does by itself; futures that have not completed fail with `STOPPED`.
    @Override
    void close();
}
