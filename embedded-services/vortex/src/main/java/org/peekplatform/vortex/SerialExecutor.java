package org.peekplatform.vortex;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs tasks one at a time, in order: on a virtual thread that lives only while there is work, or
/// inline on the thread of whoever finds nobody at it. What a task throws harms no other task.
/// Whoever submits bounds how much can be waiting.
final class SerialExecutor implements Executor {
    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor runner;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    /// Runs on virtual threads called `name`.
    SerialExecutor(String name) {
        ThreadFactory threads =
                PlatformThreads.virtual(name, SerialExecutor.class.getClassLoader());
        runner = drain -> threads.newThread(drain).start();
    }

    private SerialExecutor(Executor runner) {
        this.runner = runner;
    }

    /// Runs on the threads of those who submit; the tasks must not block.
    static SerialExecutor inline() {
        return new SerialExecutor(Runnable::run);
    }

    @Override
    public void execute(Runnable task) {
        add(task);
        run();
    }

    /// Gives a task its place without running anything, so that an order can be settled under a
    /// lock and the work be done outside it by [#run()].
    void add(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    /// Sees to it that what was added is run.
    void run() {
        synchronized (tasks) {
            if (running || tasks.isEmpty()) {
                return;
            }
            running = true;
        }
        runner.execute(this::drain);
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                // Also errors: whoever waits behind this task must not wait for ever.
                log.error("A task of the data exchange failed", e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            running = task != null;
            return task;
        }
    }
}
