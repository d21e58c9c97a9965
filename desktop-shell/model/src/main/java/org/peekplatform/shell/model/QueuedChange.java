package org.peekplatform.shell.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A change in the queue of this device.
///
/// @param title what it does, in a few words
/// @param plugin as shown to people
/// @param at when it was put in
/// @param problem why it has not been made, as a sentence; `null` when nothing is wrong
public record QueuedChange(
        long id, String title, String plugin, Instant at, State state, @Nullable String problem) {
    /// What has become of it; one that was made has left the queue.
    public enum State {
        WAITING,
        SENDING,
        REJECTED,
        FAILED
    }

    /// Whether somebody has to decide what becomes of it.
    public boolean needsAttention() {
        return switch (state) {
            case WAITING, SENDING -> false;
            case REJECTED, FAILED -> true;
        };
    }
}
