package org.peekplatform.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.task.OwnProcess;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.queue.Claim;
import org.peekplatform.queue.TaskRunner;
import org.peekplatform.vortex.PlatformThreads;

/// The processes in which a worker has tasks done, at most as many as it does tasks at once. One
/// that has ended its task waits a while for the next of its plugin.
public final class TaskProcesses implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(60);

    /// How a process begins. Where the worker is put together, so is what it runs.
    ///
    /// @param main the class with its `main`, which calls [HandedTasks#run]
    /// @param input what it reads first, see [HandedTasks#start]
    public record Start(Class<?> main, Function<PluginScope, byte[]> input) {}

    private final Start start;
    private final int most;
    private final PlatformThreads threads;
    private final Object lock = new Object();
    private final List<Idle> idle = new ArrayList<>();
    private final Set<Busy> busy = new HashSet<>();
    private boolean closed;

    private record Idle(PluginScope scope, TaskProcess process, long since) {}

    /// A place taken by a task; not a record, as two may be equal.
    private static final class Busy {
        final PluginScope scope;
        @Nullable TaskProcess process;
        boolean gone;

        Busy(PluginScope scope) {
            this.scope = scope;
        }
    }

    TaskProcesses(Start start, int most, PlatformThreads threads) {
        this.start = start;
        this.most = most;
        this.threads = threads;
    }

    /// Does tasks of a plugin in processes of that kind.
    TaskRunner.Handler handler(PluginScope scope, OwnProcess kind) {
        return new TaskRunner.Handler() {
            @Override
            public byte @Nullable [] handle(Claim claim, TaskRunner.Run run) throws Exception {
                perform(scope, kind, claim, run);
                return null;
            }

            @Override
            public boolean completesElsewhere() {
                return true;
            }
        };
    }

    private void perform(PluginScope scope, OwnProcess kind, Claim claim, TaskRunner.Run run)
            throws Exception {
        Busy place = new Busy(scope);
        List<TaskProcess> surplus = new ArrayList<>();
        TaskProcess process;
        synchronized (lock) {
            if (closed) {
                throw stopping();
            }
            process = takeIdle(scope, kind, surplus);
            place.process = process;
            busy.add(place);
        }
        surplus.forEach(TaskProcess::close);
        try {
            if (process == null) {
                process =
                        TaskProcess.start(
                                scope.plugin().name(),
                                kind,
                                start.main(),
                                start.input().apply(scope),
                                threads.work());
                settle(place, process);
            }
            process.perform(claim, run);
        } finally {
            giveBack(place);
        }
    }

    // Holds the lock.
    private @Nullable TaskProcess takeIdle(
            PluginScope scope, OwnProcess kind, List<TaskProcess> surplus) {
        TaskProcess found = null;
        for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
            Idle one = all.next();
            if (!one.process().isUsable()) {
                all.remove();
                surplus.add(one.process());
            } else if (found == null
                    && one.scope().equals(scope)
                    && one.process().kind().equals(kind)) {
                all.remove();
                found = one.process();
            }
        }
        while (found == null && !idle.isEmpty() && idle.size() + busy.size() >= most) {
            surplus.add(idle.removeFirst().process());
        }
        return found;
    }

    private void settle(Busy place, TaskProcess process) {
        synchronized (lock) {
            place.process = process;
            if (!place.gone) {
                return;
            }
        }
        process.kill();
        throw stopping();
    }

    private void giveBack(Busy place) {
        TaskProcess process = place.process;
        boolean kept;
        synchronized (lock) {
            busy.remove(place);
            kept = process != null && process.isUsable() && !place.gone && !closed;
            if (kept && process != null) {
                idle.add(new Idle(place.scope, process, System.nanoTime()));
            }
        }
        if (kept) {
            threads.later(IDLE.plusMillis(100), this::endIdle);
        } else if (process != null) {
            process.close();
        }
    }

    private void endIdle() {
        List<TaskProcess> late = new ArrayList<>();
        long now = System.nanoTime();
        synchronized (lock) {
            idle.removeIf(one -> now - one.since() >= IDLE.toNanos() && late.add(one.process()));
        }
        late.forEach(TaskProcess::close);
    }

    /// Ends the processes of a plugin that has stopped.
    void released(PluginScope scope) {
        end(scope);
    }

    /// Ends all processes; tasks under way fail.
    @Override
    public void close() {
        end(null);
    }

    private void end(@Nullable PluginScope scope) {
        List<TaskProcess> ended = new ArrayList<>();
        synchronized (lock) {
            closed |= scope == null;
            idle.removeIf(one ->
                    (scope == null || one.scope().equals(scope)) && ended.add(one.process()));
            for (Busy place : busy) {
                if (scope == null || place.scope.equals(scope)) {
                    place.gone = true;
                    TaskProcess process = place.process;
                    if (process != null) {
                        process.kill();
                    }
                }
            }
        }
        ended.forEach(TaskProcess::close);
    }

    private static PeekException stopping() {
        return new PeekException(
                ErrorCode.STOPPED, "the plugin or the worker stops, and so does the task");
    }
}
