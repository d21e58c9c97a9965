package org.peekplatform.api.action;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.tuple.Tuple;

/// Sends actions. Implemented by the host; usable from any thread, does not block.
public interface ActionSender {
    /// Sends `action` once, without waiting for a lost link: at most once.
    ///
    /// @return completes with the outcome, or exceptionally with
    ///   [org.peekplatform.api.PeekException]: `OFFLINE` when it was not sent, `TIMED_OUT` after 30
    ///   seconds, `NOT_OFFERED`, `NOT_ALLOWED`, `BAD_REQUEST`, or `INTERNAL`
    CompletableFuture<ActionOutcome> send(ActionTuple action);

    /// The same, reading the values of the answer as `valueType`.
    CompletableFuture<ActionOutcome> send(ActionTuple action, Class<? extends Tuple> valueType);
}
