package org.peekplatform.pluginhost;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginTasks.Work;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// What every call into a plugin goes through: it runs with the plugin's class loader as that of
/// the thread and the plugin's name in the log, is counted and timed, and cannot harm its caller by
/// what it throws. Usable from any thread, also nested.
public final class PluginGuard {
    /// Key of the plugin's name in the diagnostic context of the log.
    public static final String MDC_KEY = "plugin";

    private static final Logger log = LoggerFactory.getLogger(PluginGuard.class);
    private static final int STACK_SHOWN = 12;

    private final String plugin;
    private final ClassLoader loader;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder busyNanos = new LongAdder();

    public PluginGuard(String plugin, ClassLoader loader) {
        this.plugin = plugin;
        this.loader = loader;
    }

    /// Runs `call` on this thread.
    ///
    /// @param what names the call in messages, such as `provider of outage.Outage`
    /// @throws Exception what the plugin threw; errors of linking and the like come as
    ///   [PeekException] with `INTERNAL`
    public <R extends @Nullable Object> R call(String what, Callable<R> call) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader formerLoader = thread.getContextClassLoader();
        String formerPlugin = MDC.get(MDC_KEY);
        long started = System.nanoTime();
        calls.increment();
        boolean done = false;
        thread.setContextClassLoader(loader);
        MDC.put(MDC_KEY, plugin);
        try {
            R result = call.call();
            done = true;
            return result;
        } catch (Exception problem) {
            throw problem;
        } catch (Error problem) {
            if (isFatal(problem)) {
                throw problem;
            }
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "plugin '%s': %s failed: %s".formatted(plugin, what, reason(problem)),
                    problem);
        } finally {
            if (formerPlugin == null) {
                MDC.remove(MDC_KEY);
            } else {
                MDC.put(MDC_KEY, formerPlugin);
            }
            thread.setContextClassLoader(formerLoader);
            busyNanos.add(System.nanoTime() - started);
            if (!done) {
                failures.increment();
            }
        }
    }

    /// Runs `work` on this thread and logs what it throws. Throws nothing itself, but for the
    /// errors that no program outlives.
    public void run(String what, Work work) {
        try {
            call(
                    what,
                    () -> {
                        work.run();
                        return null;
                    });
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
            report(what, problem);
        } catch (Exception problem) {
            report(what, problem);
        }
    }

    /// Runs `call` on a virtual thread of the plugin and waits for it, at most for `deadline`. When
    /// it overruns, it is interrupted and reported, and the caller goes on; Java cannot end it.
    ///
    /// @throws Exception what the plugin threw; [PeekException] with `TIMED_OUT` when it overran
    public <R extends @Nullable Object> R call(String what, Duration deadline, Callable<R> call)
            throws Exception {
        return call(what, deadline, () -> {}, call);
    }

    /// The same, saying by `overran` that it was the deadline and not the plugin that threw.
    <R extends @Nullable Object> R call(
            String what, Duration deadline, Runnable overran, Callable<R> call) throws Exception {
        FutureTask<R> task = new FutureTask<>(() -> call(what, call));
        Thread thread =
                PlatformThreads.virtual("plugin-" + plugin + "-" + what.replace(' ', '-'), loader)
                        .newThread(task);
        thread.start();
        try {
            return task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException problem) {
            throw unwrap(problem);
        } catch (TimeoutException _) {
            StackTraceElement[] stack = thread.getStackTrace();
            task.cancel(true);
            overran.run();
            throw overrun(what, deadline, stack);
        } catch (InterruptedException problem) {
            task.cancel(true);
            throw problem;
        }
    }

    /// What has been counted so far.
    public PluginCalls calls() {
        return new PluginCalls(calls.sum(), failures.sum(), Duration.ofNanos(busyNanos.sum()));
    }

    /// A sentence part for people that says why something of a plugin failed.
    static String reason(Throwable problem) {
        String message = problem.getMessage();
        return switch (problem) {
            // Made by a guard, with the same words in front that the caller will put there.
            case PeekException ours when ours.getCause() instanceof Error error -> reason(error);
            case PeekException _ when message != null -> message;
            case NoClassDefFoundError _ when message != null ->
                    "the class "
                            + message.replace('/', '.')
                            + " is not in the package and not offered by the platform";
            case ClassNotFoundException _ when message != null ->
                    "the class "
                            + message
                            + " is not in the package and not offered by the platform";
            case ExceptionInInitializerError _ when problem.getCause() != null ->
                    "a static initializer threw " + problem.getCause();
            case Error _ -> problem.toString();
            default ->
                    message == null || message.isBlank()
                            ? problem.getClass().getSimpleName()
                            : message;
        };
    }

    private PeekException overrun(String what, Duration deadline, StackTraceElement[] stack) {
        StringBuilder where = new StringBuilder();
        for (int i = 0; i < Math.min(STACK_SHOWN, stack.length); i++) {
            where.append(System.lineSeparator()).append("    at ").append(stack[i]);
        }
        PeekException problem =
                new PeekException(
                        ErrorCode.TIMED_OUT,
                        "plugin '%s': %s did not end within %s; it was interrupted and may still be running"
                                .formatted(plugin, what, seconds(deadline)));
        log.error("{}{}", problem.getMessage(), where);
        return problem;
    }

    private void report(String what, Exception problem) {
        MDC.put(MDC_KEY, plugin);
        try {
            log.error("Plugin '{}': {} failed: {}", plugin, what, reason(problem), problem);
        } finally {
            MDC.remove(MDC_KEY);
        }
    }

    private static Exception unwrap(ExecutionException problem) {
        return switch (problem.getCause()) {
            case Exception exception -> exception;
            case Error error -> throw error;
            case null, default -> problem;
        };
    }

    /// Running out of memory and faults of the VM are not the plugin's to be contained; endless
    /// recursion is.
    private static boolean isFatal(Error problem) {
        return problem instanceof VirtualMachineError && !(problem instanceof StackOverflowError);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }
}
