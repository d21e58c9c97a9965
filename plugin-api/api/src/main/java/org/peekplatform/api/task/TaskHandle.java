package org.peekplatform.api.task;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.tuple.Tuple;

/// A task that was submitted. Implemented by the host; usable from any thread, holds nothing.
public interface TaskHandle {
    /// Keep it to find the task again after a restart, with [Tasks#find].
    String id();

    /// How the task stands; asks the database.
    ///
    /// @throws org.peekplatform.api.PeekException with `FORGOTTEN` when the task does not exist any
    ///   more, or never did because its transaction rolled back
    TaskStatus status();

    /// Completes when the task is done or given up, perhaps on another worker, perhaps in a week.
    ///
    /// @return the last status; completes exceptionally with `FORGOTTEN` as [#status], `STOPPED`
    ///   when this service stops before, though the task goes on; never when asked in a transaction
    ///   that rolls back
    CompletableFuture<TaskStatus> ended();

    /// The same with the result.
    ///
    /// @return completes exceptionally as [#ended], and with the task's own code when it was given
    ///   up, which is `CANCELLED` when somebody wanted so; `BAD_REQUEST` when the handler returned
    ///   nothing or something else
    <R extends Tuple> CompletableFuture<R> result(Class<R> type);

    /// Calls the task off. One that waits is given up at once; one that runs is interrupted, and
    /// may still end as done.
    ///
    /// @return whether the task was not over yet
    boolean cancel();
}
