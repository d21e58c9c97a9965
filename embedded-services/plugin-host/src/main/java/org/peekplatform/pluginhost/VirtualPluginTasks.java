package org.peekplatform.pluginhost;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginTasks;
import org.peekplatform.api.Registration;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tasks of one part of a plugin. Each is a registration of its own, so it ends in its turn: before
/// what was registered earlier and may be used by it.
final class VirtualPluginTasks implements PluginTasks {
    private static final Logger log = LoggerFactory.getLogger(VirtualPluginTasks.class);

    private final HostedScope scope;
    private final PlatformThreads threads;
    private final Duration grace;

    private final Object lock = new Object();
    private long graceEndsNanos;
    private boolean stopping;

    /// @param grace how long all tasks together have to end after being interrupted
    VirtualPluginTasks(HostedScope scope, PlatformThreads threads, Duration grace) {
        this.scope = scope;
        this.threads = threads;
        this.grace = grace;
    }

    @Override
    public Registration run(String name, Work work) {
        Task task = new Task(name, null, work);
        task.register();
        task.next();
        return task;
    }

    @Override
    public Registration every(String name, Duration period, Work work) {
        if (period.isNegative() || period.isZero()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "task '%s' of plugin '%s' is to run every %s; give a period above zero"
                            .formatted(name, scope.plugin().name(), period));
        }
        Task task = new Task(name, period, work);
        task.register();
        task.schedule();
        return task;
    }

    /// From now on tasks that are withdrawn are waited for, all together for the grace.
    void stopping() {
        synchronized (lock) {
            stopping = true;
            graceEndsNanos = System.nanoTime() + grace.toNanos();
        }
    }

    private final class Task implements Registration {
        private final String name;
        private final @Nullable Duration period;
        private final Work work;
        private final Object taskLock = new Object();
        private @Nullable Registration ownership;
        private @Nullable Thread thread;
        private @Nullable ScheduledFuture<?> turn;
        private long dueNanos = System.nanoTime();
        private boolean cancelled;

        Task(String name, @Nullable Duration period, Work work) {
            this.name = name;
            this.period = period;
            this.work = work;
        }

        void register() {
            Registration registered = scope.register(this::end);
            synchronized (taskLock) {
                ownership = registered;
            }
        }

        /// Withdrawn by the plugin: the task is interrupted, not waited for, as it may be the task
        /// itself that asks.
        @Override
        public void close() {
            Registration registered;
            synchronized (taskLock) {
                registered = ownership;
            }
            if (registered != null) {
                registered.close();
            }
        }

        void schedule() {
            if (period == null) {
                close();
                return;
            }
            synchronized (taskLock) {
                if (cancelled) {
                    return;
                }
                long now = System.nanoTime();
                // A run that overran its period is followed by the next at once, not by as many
                // as were missed.
                dueNanos = Math.max(dueNanos + period.toNanos(), now);
                turn = threads.timer().schedule(this::next, dueNanos - now, TimeUnit.NANOSECONDS);
            }
        }

        void next() {
            synchronized (taskLock) {
                if (cancelled) {
                    return;
                }
                thread =
                        PlatformThreads.virtual(
                                        "plugin-%s-%s-%s"
                                                .formatted(
                                                        scope.plugin().name(),
                                                        scope.service().id(),
                                                        name),
                                        scope.loader())
                                .newThread(this::perform);
                thread.start();
            }
        }

        private void perform() {
            scope.guard().run("task '" + name + "'", this::workUnlessCancelled);
            schedule();
        }

        private void workUnlessCancelled() throws Exception {
            try {
                work.run();
            } catch (InterruptedException problem) {
                boolean expected;
                synchronized (taskLock) {
                    expected = cancelled;
                }
                if (!expected) {
                    throw problem;
                }
            }
        }

        private void end() {
            Thread running;
            synchronized (taskLock) {
                cancelled = true;
                running = thread;
                if (turn != null) {
                    turn.cancel(false);
                }
            }
            if (running == null || running.equals(Thread.currentThread())) {
                return;
            }
            running.interrupt();
            awaitEnd(running);
        }

        private void awaitEnd(Thread running) {
            long left;
            synchronized (lock) {
                if (!stopping) {
                    return;
                }
                left = graceEndsNanos - System.nanoTime();
            }
            try {
                if (!running.join(Duration.ofNanos(Math.max(left, 0)))) {
                    log.error(
                            "Task '{}' of plugin '{}' on {} was interrupted and has not ended within {} s; it may still be running",
                            name,
                            scope.plugin().name(),
                            scope.service().id(),
                            grace.toMillis() / 1000.0);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
