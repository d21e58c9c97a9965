package org.peekplatform.api.task;

import org.peekplatform.api.Registration;

/// Where a plugin does its tasks. Implemented by the host; on worker, asked for with
/// [org.peekplatform.api.PluginContext#capability].
public interface TaskEndpoints {
    /// Does tasks of `type` from now on, on this worker. How many run at once is a setting of the
    /// worker, shared by all plugins.
    ///
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when the type is done here
    ///   already, `BAD_REQUEST` when it is not a record annotated with
    ///   [org.peekplatform.api.tuple.TupleType] whose name starts with the plugin's
    <T extends TaskTuple> Registration handle(Class<T> type, TaskHandler<T> handler);
}
