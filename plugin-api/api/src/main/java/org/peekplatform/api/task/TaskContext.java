package org.peekplatform.api.task;

import java.util.Optional;
import org.peekplatform.api.tuple.Tuple;

/// What a handler may know and say of the task it does. Implemented by the host; valid during the
/// call, from any thread.
public interface TaskContext {
    /// The same at every attempt.
    String id();

    /// 1 for the first.
    int attempt();

    /// Tells how far the task is; shown about a second later, whatever becomes of the transaction.
    /// Cheap enough to be called often.
    ///
    /// @param done from 0 to 1
    /// @param step what is being done, for people
    void progress(double done, String step);

    /// Whether the task was called off, has passed its deadline or was taken over by another
    /// worker, so that going on is in vain. The thread of the handler is interrupted then as well.
    boolean isCancelled();

    /// The result of the task before this one in a chain.
    ///
    /// @return empty for the first of a chain, and when the one before had no result
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when it is of another type
    <R extends Tuple> Optional<R> previous(Class<R> type);
}
