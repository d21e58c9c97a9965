package org.peekplatform.api.task;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;

/// How a task stands.
///
/// @param attempts begun so far
/// @param progress from 0 to 1, as its handler has told
/// @param step what the handler says it is doing
/// @param code why the latest attempt failed, or why the task was given up
/// @param reason the same as a sentence for people
public record TaskStatus(
        String id,
        TaskState state,
        int attempts,
        double progress,
        @Nullable String step,
        @Nullable ErrorCode code,
        @Nullable String reason) {
    public TaskStatus {
        requireNonNull(id, "id");
        requireNonNull(state, "state");
    }
}
