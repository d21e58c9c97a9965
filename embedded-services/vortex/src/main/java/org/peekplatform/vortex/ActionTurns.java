package org.peekplatform.vortex;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;

/// Lets some actions of each plugin run at once; more wait for their turn, as many as are bounded
/// too. What one plugin runs counts for it alone, and counts until it has really ended: a handler
/// that hangs is answered for, but keeps its place.
final class ActionTurns {
    static final int RUNNING_OF_A_PLUGIN = 256;
    static final int WAITING_OF_A_PLUGIN = 4_096;
    static final long WAITING_BYTES_OF_A_PLUGIN = 32L << 20;

    private final Executor calls;
    private final Duration patience;
    private final Object lock = new Object();
    private final Map<String, Plugin> plugins = new HashMap<>();

    /// Guarded by `lock`.
    private static final class Plugin {
        private final Queue<Turn> waiting = new ArrayDeque<>();
        private int running;
        private long waitingBytes;
    }

    private static final class Turn {
        private final String plugin;
        private final String type;
        private final int bytes;
        private final Supplier<ActionGate.Done> work;
        // Completes with `null` when it takes too long.
        private final CompletableFuture<ActionGate.@Nullable Done> done = new CompletableFuture<>();
        // Guarded by `lock`.
        private boolean begun;

        Turn(String plugin, String type, int bytes, Supplier<ActionGate.Done> work) {
            this.plugin = plugin;
            this.type = type;
            this.bytes = bytes;
            this.work = work;
        }
    }

    /// @param patience how long an action is waited for, from its arrival on
    ActionTurns(Executor calls, Duration patience) {
        this.calls = calls;
        this.patience = patience;
    }

    /// Runs `work` when there is room; does not block.
    ///
    /// @param bytes that are kept while it waits
    /// @return completes normally
    CompletableFuture<ActionGate.Done> take(
            String plugin, String type, int bytes, Supplier<ActionGate.Done> work) {
        Turn turn = new Turn(plugin, type, bytes, work);
        boolean now;
        synchronized (lock) {
            Plugin of = plugins.computeIfAbsent(plugin, name -> new Plugin());
            now = of.running < RUNNING_OF_A_PLUGIN;
            if (now) {
                of.running++;
                turn.begun = true;
            } else if (of.waiting.size() >= WAITING_OF_A_PLUGIN
                    || of.waitingBytes + bytes > WAITING_BYTES_OF_A_PLUGIN) {
                return CompletableFuture.completedFuture(
                        ActionGate.Done.failed(
                                ErrorCode.CONFLICT.name(),
                                "The plugin '"
                                        + plugin
                                        + "' has too many actions under way; send "
                                        + type
                                        + " again later."));
            } else {
                of.waiting.add(turn);
                of.waitingBytes += bytes;
            }
        }
        if (now) {
            begin(turn);
        }
        return turn.done
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(done -> done == null ? late(turn) : done);
    }

    private void begin(@Nullable Turn first) {
        for (Turn turn = first; turn != null; turn = next(turn.plugin)) {
            Turn mine = turn;
            try {
                calls.execute(() -> {
                    try {
                        mine.done.complete(mine.work.get());
                    } finally {
                        begin(next(mine.plugin));
                    }
                });
                return;
            } catch (RejectedExecutionException e) {
                turn.done.complete(
                        ActionGate.Done.failed(
                                ErrorCode.STOPPED.name(),
                                "The service is stopping; send " + turn.type + " again later."));
            }
        }
    }

    /// One of the plugin has ended: whose turn it is in its place.
    private @Nullable Turn next(String plugin) {
        synchronized (lock) {
            Plugin of = plugins.get(plugin);
            if (of == null) {
                throw new IllegalStateException("plugin " + plugin + " has nothing running");
            }
            Turn next = of.waiting.poll();
            if (next != null) {
                of.waitingBytes -= next.bytes;
                next.begun = true;
            } else if (--of.running == 0) {
                plugins.remove(plugin);
            }
            return next;
        }
    }

    private ActionGate.Done late(Turn turn) {
        synchronized (lock) {
            Plugin of = plugins.get(turn.plugin);
            if (!turn.begun && of != null && of.waiting.remove(turn)) {
                of.waitingBytes -= turn.bytes;
                return ActionGate.Done.failed(
                        ErrorCode.CONFLICT.name(),
                        "The plugin '"
                                + turn.plugin
                                + "' was busy for "
                                + patience.toSeconds()
                                + " seconds; "
                                + turn.type
                                + " was not begun.");
            }
        }
        return ActionGate.Done.failed(
                ErrorCode.TIMED_OUT.name(),
                "The action "
                        + turn.type
                        + " did not end in "
                        + patience.toSeconds()
                        + " seconds; it may still be carried out.");
    }
}
