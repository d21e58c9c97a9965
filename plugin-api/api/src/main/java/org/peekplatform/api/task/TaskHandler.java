package org.peekplatform.api.task;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;

/// Does one type of task. Implemented by plugins, called by the host on a virtual thread of its
/// own, several at once. May block and may take long.
///
/// The call runs in a transaction that the plugin's `PluginStorage` joins and that begins with its
/// first statement. It commits together with the end of the task, so what is written there happens
/// exactly once, though the task may be tried several times: after a crash, or when this worker was
/// so slow that another took over. What is done elsewhere may happen again; let the other side
/// recognise it by [TaskContext#id].
///
/// Throwing rolls back. A [org.peekplatform.api.PeekException] of kind `CALLER` gives the task up
/// at once, as trying again would not help; anything else is tried again as the options of the task
/// say.
@FunctionalInterface
public interface TaskHandler<T extends TaskTuple> {
    /// @return the result, or `null` for none; at most 1 MiB as JSON
    @Nullable Tuple handle(T task, TaskContext context) throws Exception;
}
