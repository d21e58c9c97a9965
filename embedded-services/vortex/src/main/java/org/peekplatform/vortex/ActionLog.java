package org.peekplatform.vortex;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The port through which the data exchange remembers what it has carried out of the queues of
/// devices. Implemented by storage, which keeps an outcome in one transaction with its effect.
public interface ActionLog {
    /// Which action of which queue.
    ///
    /// @param sender as proven by the link
    /// @param plugin whose action it is; every plugin is counted on its own
    record Numbered(String sender, String plugin, Header.Queued place) {}

    /// Runs `step` in a new transaction on this thread if `number` is the next one, and stores what
    /// it returns in the same transaction. Unless that says applied, what `step` has changed is
    /// rolled back first. A number with an outcome is answered with it, without running anything.
    /// Blocks; is called for one number of a sender, queue and plugin at a time.
    ///
    /// @return the outcome, stored
    /// @throws Exception what `step` threw; nothing was changed or stored, and the number is still
    ///   the next one. [org.peekplatform.api.PeekException] with `OUT_OF_ORDER` when it is not the
    ///   next one, of kind `UNAVAILABLE` when it cannot be stored now
    ActionGate.Done once(Numbered number, Step step) throws Exception;

    /// Completes when everything stored until now would survive a power cut; exceptionally when
    /// that cannot be had. Does not block.
    CompletableFuture<@Nullable Void> durable();

    /// Whether `problem`, thrown by a step, comes from the state of the database and not from the
    /// action, so that a second try may succeed.
    boolean isPassing(Throwable problem);

    /// What is done for a number that has no outcome yet.
    @FunctionalInterface
    interface Step {
        ActionGate.Done run() throws Exception;
    }
}
