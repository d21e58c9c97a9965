package org.peekplatform.api.action;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An action that was given to a queue. Implemented by the host; usable from any thread.
public interface QueuedAction {
    /// Completes when the action is on the disk of this device, and so will be sent though the
    /// device is switched off meanwhile.
    ///
    /// @return completes exceptionally with [org.peekplatform.api.PeekException] when the action
    ///   was not taken: `CONFLICT` when the queue is full, `INTERNAL` when the disk cannot be
    ///   written
    CompletableFuture<@Nullable Void> stored();

    /// Completes with the outcome, be it in a week. A program that ends before does not hear of it;
    /// the person sees what became of the action in the list of the queue.
    ///
    /// @return completes exceptionally with [org.peekplatform.api.PeekException] when the action
    ///   has failed for good: `NOT_ALLOWED`, `BAD_REQUEST`, `INTERNAL`, `FORGOTTEN`, a code of the
    ///   handler, or as `stored` when it was not taken
    CompletableFuture<ActionOutcome> outcome();
}
