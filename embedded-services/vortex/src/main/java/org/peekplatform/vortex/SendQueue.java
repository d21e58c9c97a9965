package org.peekplatform.vortex;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Starts asynchronous sends one after the other. Who submits paces itself by `done`, so what waits
/// is bounded. Once one has failed, all after it fail. Nothing is started or called under a lock,
/// and however many wait, the stack stays flat.
final class SendQueue {
    private final Queue<Send> waiting = new ArrayDeque<>();
    private boolean busy;
    private volatile boolean broken;

    private record Send(Supplier<CompletableFuture<?>> start, Runnable done, Runnable failed) {}

    /// @param start begins one send
    /// @param done called when it has ended well
    /// @param failed called when it has not
    void submit(Supplier<CompletableFuture<?>> start, Runnable done, Runnable failed) {
        synchronized (this) {
            waiting.add(new Send(start, done, failed));
        }
        goOn();
    }

    private void goOn() {
        for (Send next = next(); next != null; next = next()) {
            Send started = next;
            CompletableFuture<?> sending = begin(started);
            if (!sending.isDone()) {
                sending.whenComplete((sent, problem) -> {
                    ended(started, problem == null);
                    goOn();
                });
                return;
            }
            ended(started, !sending.isCompletedExceptionally());
        }
    }

    private synchronized @Nullable Send next() {
        Send next = busy ? null : waiting.poll();
        busy |= next != null;
        return next;
    }

    private CompletableFuture<?> begin(Send next) {
        if (broken) {
            return CompletableFuture.failedFuture(new IllegalStateException("a send has failed"));
        }
        try {
            return next.start().get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void ended(Send one, boolean well) {
        try {
            if (well) {
                one.done().run();
            } else {
                broken = true;
                one.failed().run();
            }
        } finally {
            synchronized (this) {
                busy = false;
            }
        }
    }
}
