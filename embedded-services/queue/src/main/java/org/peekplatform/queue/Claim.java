package org.peekplatform.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A task that a worker has taken, for as long as it says that it is still at it.
///
/// @param fence raised each time somebody takes the task; with an older one nothing can be ended
/// @param previous result of the task before
/// @param attempt 1 for the first
/// @param followed whether others wait for it
public record Claim(
        long id,
        long fence,
        String plugin,
        String type,
        byte[] payload,
        byte @Nullable [] previous,
        int attempt,
        int attempts,
        Duration backOff,
        Duration deadline,
        Duration keep,
        boolean followed) {}
