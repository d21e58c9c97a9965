package org.peekplatform.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.task.TaskStatus;

/// A task as it stands.
///
/// @param attempts begun so far
/// @param mostAttempts after which it is given up
/// @param worker who has it, or had it last
/// @param dueAt when it may be begun; `null` when it may be now, or has been
/// @param afterId the task it waits for
/// @param changedAt when its state changed last
/// @param result only where it was asked for
public record Task(
        long id,
        String plugin,
        String type,
        TaskState state,
        int priority,
        int attempts,
        int mostAttempts,
        double progress,
        @Nullable String step,
        @Nullable ErrorCode code,
        @Nullable String reason,
        @Nullable String worker,
        Instant submittedAt,
        Instant changedAt,
        @Nullable Instant dueAt,
        @Nullable Long afterId,
        boolean cancelRequested,
        byte @Nullable [] result) {

    /// The same for the plugin.
    public TaskStatus status() {
        return new TaskStatus(String.valueOf(id), state, attempts, progress, step, code, reason);
    }
}
