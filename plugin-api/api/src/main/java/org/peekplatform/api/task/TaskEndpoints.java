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

    /// The same in processes of their own, at most as many as the worker does tasks at once. What
    /// happens in one, such as a crash or a lack of memory, fails the attempt and disturbs no other
    /// task. A process that has done nothing for a minute ends.
    ///
    /// The worker part of the plugin is loaded and started in each process, with those of the
    /// plugins it requires, and `handler` is the one that is registered there; the one given here
    /// is not called. Over there the plugin has its storage and its tasks, and no link to the
    /// server: calls, actions and observers are as they are while the server is away.
    ///
    /// A handler that goes on for two seconds after it was interrupted ends with its process.
    ///
    /// @throws org.peekplatform.api.PeekException as [#handle(Class, TaskHandler)]
    <T extends TaskTuple> Registration handle(
            Class<T> type, TaskHandler<T> handler, OwnProcess process);
}
