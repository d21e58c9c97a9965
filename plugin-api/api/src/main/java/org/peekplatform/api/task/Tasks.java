package org.peekplatform.api.task;

import java.util.List;
import java.util.Optional;
import org.peekplatform.api.Registration;

/// Queues tasks. Implemented by the host; on server and worker, asked for with
/// [org.peekplatform.api.PluginContext#capability] by plugins whose manifest names `worker`. Usable
/// from any thread; blocks on the database.
///
/// A task is done by the worker part of the same plugin, on any worker of the system. It outlives
/// crashes of everyone concerned: it is tried again until it is done, or has failed so often that
/// it is given up.
public interface Tasks {
    /// Queues `task`. In a transaction (an action handler, a task, or `PluginStorage.transaction`)
    /// it exists exactly when that commits; outside, when this returns.
    ///
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when the task is not a type of
    ///   the plugin or larger than 1 MiB
    TaskHandle submit(TaskTuple task, TaskOptions options);

    /// The same with [TaskOptions#USUAL].
    default TaskHandle submit(TaskTuple task) {
        return submit(task, TaskOptions.USUAL);
    }

    /// Queues all of these with the same options, or none; many at once cost less than one by one.
    ///
    /// @return in the order of `tasks`
    /// @throws org.peekplatform.api.PeekException as [#submit]
    List<TaskHandle> submitAll(List<? extends TaskTuple> tasks, TaskOptions options);

    /// A task of the plugin that was submitted earlier, perhaps before a restart.
    ///
    /// @param id as [TaskHandle#id] gave it
    /// @return empty when there is none, or it has been over for longer than it is kept
    Optional<TaskHandle> find(String id);

    /// Submits `task` whenever `cron` says so, from now until the registration is closed or the
    /// plugin stops. A turn that passed while the plugin did not run is made up for once; a turn at
    /// which the task of an earlier one is not over is left out.
    ///
    /// @param name of the schedule, unique within the plugin, at most 100 characters
    /// @param cron five fields (minute, hour, day of month, month, day of week) or six, beginning
    ///   with seconds; in the time zone of the server
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when `cron` cannot be
    ///   understood, `CONFLICT` when the plugin has a schedule of that name
    Registration schedule(String name, String cron, TaskTuple task, TaskOptions options);
}
