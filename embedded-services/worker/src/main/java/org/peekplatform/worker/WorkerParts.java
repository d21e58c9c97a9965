package org.peekplatform.worker;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.queue.TaskRunner;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RpcHub;

/// What plugins of a worker are given something of.
///
/// @param processes `null` in a process for tasks, which does them itself
record WorkerParts(
        Caller.Service self,
        LinkClient link,
        RpcHub rpc,
        PlatformThreads threads,
        Database database,
        TaskRunner runner,
        TaskEngine tasks,
        Schedules schedules,
        @Nullable TaskProcesses processes) {}
