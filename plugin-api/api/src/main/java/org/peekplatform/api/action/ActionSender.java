package org.peekplatform.api.action;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
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

    /// Puts `action` into the queue of this device: it is stored, sent as soon as there is a link
    /// and a plugin that takes it, and carried out exactly once by the server part of the plugin.
    /// The actions of a plugin are carried out in the order in which they were put in. On desktop,
    /// and in web views with the function of the same name.
    ///
    /// @throws org.peekplatform.api.PeekException with `NOT_OFFERED` on the other services, which
    ///   have no queue; `BAD_REQUEST` when the action is larger than one frame
    default QueuedAction enqueue(ActionTuple action) {
        throw new PeekException(
                ErrorCode.NOT_OFFERED,
                "this service has no queue for "
                        + action.getClass().getSimpleName()
                        + "; enqueue actions on desktop, or send them");
    }
}
