package org.peekplatform.vortex;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where every thread of Peek comes from: named, with a handler for what nobody caught and a class
/// loader that is set on purpose. Work runs on virtual threads; one platform thread keeps time.
public final class PlatformThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PlatformThreads.class);

    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService work = perTask("peek-work");

    public PlatformThreads() {
        timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform()
                                .name("peek-timer")
                                .daemon(true)
                                .uncaughtExceptionHandler(PlatformThreads::uncaught)
                                .factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Makes virtual threads called `name-0`, `name-1`, … with `loader` as their context class
    /// loader.
    public static ThreadFactory virtual(String name, ClassLoader loader) {
        ThreadFactory plain =
                Thread.ofVirtual()
                        .name(name + "-", 0)
                        .uncaughtExceptionHandler(PlatformThreads::uncaught)
                        .factory();
        return task -> {
            Thread thread = plain.newThread(task);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    /// A virtual thread for each task, with the platform's own class loader. The caller owns and
    /// closes it.
    public static ExecutorService perTask(String name) {
        return Executors.newThreadPerTaskExecutor(
                virtual(name, PlatformThreads.class.getClassLoader()));
    }

    /// Keeps time for everyone. Tasks must only hand over work, never block.
    public ScheduledExecutorService timer() {
        return timer;
    }

    /// Runs `task` once after `delay`, on a virtual thread; not at all when the platform is
    /// stopping.
    public void later(Duration delay, Runnable task) {
        cancellable(delay, task);
    }

    /// The same.
    ///
    /// @return by which it can be called off
    Future<?> cancellable(Duration delay, Runnable task) {
        try {
            return timer.schedule(() -> soon(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Nothing is started any more: the platform is stopping");
            return CompletableFuture.completedFuture(null);
        }
    }

    private void soon(Runnable task) {
        try {
            work.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("Nothing is started any more: the platform is stopping");
        }
    }

    /// Runs short pieces of the platform's own work, each on a virtual thread.
    public Executor work() {
        return work;
    }

    @Override
    public void close() {
        work.shutdown();
        timer.shutdownNow();
    }

    private static void uncaught(Thread thread, Throwable problem) {
        log.error("Thread {} ended by an exception that nobody handled", thread.getName(), problem);
    }
}
