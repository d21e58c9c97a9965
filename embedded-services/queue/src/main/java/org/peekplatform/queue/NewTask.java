package org.peekplatform.queue;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.task.TaskOptions;

/// A task to be queued.
///
/// @param payload the task as JSON
/// @param options but for `then`, which is read from here
/// @param then the rest of the chain
public record NewTask(
        String plugin, String type, byte[] payload, TaskOptions options, @Nullable NewTask then) {}
