package org.peekplatform.vortex;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out the queued actions of one service: each number once, in the order of its queue.
///
/// The actions of one sender, queue and plugin form a lane, of which one runs at a time, whatever
/// links they come over. A plugin has a few lanes running; the others take turns, one action each,
/// so that a long queue does not hold up the short ones, and a plugin that hangs holds up nobody
/// else. A number that arrives again while it waits or runs joins the first; it is never run twice
/// at once.
///
/// Whether a failure uses up the number is decided here: what is wrong with the action does, and
/// the sender is shown it; what is wrong with the state of the plugin or the database does not, and
/// the sender tries the same number again later. `NOT_OFFERED`, `STOPPED` and `OUT_OF_ORDER` are
/// said only after the log was asked, so that they mean that no attempt has carried it out.
final class QueuedActions {
    static final int RUNNING_OF_A_PLUGIN = 4;
    static final int MAX_WAITING_OF_A_LANE = 64;
    static final long MAX_WAITING_BYTES_OF_A_PLUGIN = 32L << 20;
    static final int MAX_VALUES_BYTES = 256 << 10;
    private static final Set<String> LOG_SAYS =
            Set.of(ErrorCode.OUT_OF_ORDER.name(), ErrorCode.FORGOTTEN.name());
    private static final byte[] NO_VALUES = "[]".getBytes(StandardCharsets.UTF_8);
    private static final Logger log = LoggerFactory.getLogger(QueuedActions.class);

    private final ActionLog actionLog;
    private final Handler handler;
    private final Executor calls;
    private final Duration patience;
    private final Object lock = new Object();
    private final Map<String, Plugin> plugins = new HashMap<>();

    /// One arrival of an action.
    ///
    /// @param permitted whether the sender has the right now
    record Request(
            String plugin,
            String type,
            byte[] payload,
            Caller caller,
            Header.Queued place,
            boolean permitted) {}

    /// Runs what a plugin has registered for the action, in the transaction of its outcome.
    @FunctionalInterface
    interface Handler {
        ActionGate.Done run(Request request) throws Exception;
    }

    private record Ticket(Request request, CompletableFuture<ActionGate.Done> done) {}

    /// The actions of one sender, queue and plugin. Guarded by `lock`, as is [Plugin].
    private static final class Lane {
        // By number, in the order of arrival; the one that runs is among them.
        private final Map<Long, Ticket> tickets = new LinkedHashMap<>();
        private final Queue<Ticket> waiting = new ArrayDeque<>();
    }

    private record LaneKey(String sender, String queue) {}

    private static final class Plugin {
        private final Map<LaneKey, Lane> lanes = new HashMap<>();
        // Lanes with something to do of which nothing runs.
        private final Map<LaneKey, Lane> ready = new LinkedHashMap<>();
        private int running;
        private long bytes;
    }

    /// @param patience how long a sender waits for an answer
    QueuedActions(ActionLog actionLog, Handler handler, Executor calls, Duration patience) {
        this.actionLog = actionLog;
        this.handler = handler;
        this.calls = calls;
        this.patience = patience;
    }

    CompletableFuture<ActionGate.Done> take(Request request) {
        LaneKey key = new LaneKey(Callers.format(request.caller()), request.place().queue());
        CompletableFuture<ActionGate.Done> done;
        synchronized (lock) {
            Plugin plugin = plugins.computeIfAbsent(request.plugin(), name -> new Plugin());
            Lane lane = plugin.lanes.computeIfAbsent(key, one -> new Lane());
            Ticket known = lane.tickets.get(request.place().sequence());
            if (known != null) {
                done = known.done();
            } else if (lane.waiting.size() >= MAX_WAITING_OF_A_LANE
                    || plugin.bytes >= MAX_WAITING_BYTES_OF_A_PLUGIN) {
                return CompletableFuture.completedFuture(
                        ActionGate.Done.failed(
                                ErrorCode.OFFLINE.name(),
                                "Too many actions of plugin '"
                                        + request.plugin()
                                        + "' are waiting; send "
                                        + request.type()
                                        + " again later."));
            } else {
                Ticket ticket = new Ticket(request, new CompletableFuture<>());
                done = ticket.done();
                boolean idle = lane.tickets.isEmpty();
                lane.tickets.put(request.place().sequence(), ticket);
                lane.waiting.add(ticket);
                plugin.bytes += request.payload().length;
                if (idle) {
                    plugin.ready.put(key, lane);
                }
            }
        }
        runNext(request.plugin());
        return done.copy()
                .completeOnTimeout(overdue(request), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ActionGate.Done overdue(Request request) {
        return ActionGate.Done.failed(
                ErrorCode.TIMED_OUT.name(),
                "The action "
                        + request.type()
                        + " did not end in "
                        + patience.toSeconds()
                        + " seconds; it is not begun a second time.");
    }

    private void runNext(String name) {
        LaneKey key;
        Lane lane;
        Ticket ticket;
        synchronized (lock) {
            Plugin plugin = plugins.get(name);
            if (plugin == null || plugin.ready.isEmpty() || plugin.running >= RUNNING_OF_A_PLUGIN) {
                return;
            }
            Iterator<Map.Entry<LaneKey, Lane>> next = plugin.ready.entrySet().iterator();
            Map.Entry<LaneKey, Lane> first = next.next();
            key = first.getKey();
            lane = first.getValue();
            next.remove();
            ticket = lane.waiting.remove();
            plugin.running++;
        }
        try {
            calls.execute(() -> {
                ActionGate.Done done = run(ticket);
                // Before the answer, or a sender that asks again at once would join what has ended.
                ran(name, key, lane, ticket);
                answer(ticket, done);
                runNext(name);
            });
        } catch (RejectedExecutionException e) {
            ticket.done()
                    .complete(
                            ActionGate.Done.failed(
                                    ErrorCode.OFFLINE.name(),
                                    "The service is stopping; send "
                                            + ticket.request().type()
                                            + " again later."));
            ran(name, key, lane, ticket);
        }
    }

    private void ran(String name, LaneKey key, Lane lane, Ticket ticket) {
        synchronized (lock) {
            Plugin plugin = plugins.get(name);
            if (plugin == null) {
                throw new IllegalStateException("plugin " + name + " has nothing running");
            }
            plugin.running--;
            plugin.bytes -= ticket.request().payload().length;
            lane.tickets.remove(ticket.request().place().sequence());
            if (!lane.waiting.isEmpty()) {
                plugin.ready.put(key, lane);
            } else {
                plugin.lanes.remove(key);
                if (plugin.lanes.isEmpty()) {
                    plugins.remove(name);
                }
            }
        }
    }

    private ActionGate.Done run(Ticket ticket) {
        Request request = ticket.request();
        long started = System.nanoTime();
        ActionGate.Done done = carryOut(request);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        if (took.compareTo(patience) > 0) {
            log.warn(
                    "Queued action {} ended as {} after {} s; its sender had been told before that it took too long",
                    request.type(),
                    done.result(),
                    took.toSeconds());
        }
        return done;
    }

    /// Answers when the outcome is on the disk; the lane does not wait for that.
    private void answer(Ticket ticket, ActionGate.Done done) {
        if (!done.isFinal()) {
            ticket.done().complete(done);
            return;
        }
        actionLog
                .durable()
                .whenComplete((nothing, problem) -> {
                    if (problem == null) {
                        ticket.done().complete(done);
                    } else {
                        log.error(
                                "Queued action {} is not known to be on the disk; its sender will ask again",
                                ticket.request().type(),
                                problem);
                        ticket.done().complete(unavailable(ticket.request()));
                    }
                });
    }

    private ActionGate.Done carryOut(Request request) {
        AtomicBoolean begun = new AtomicBoolean();
        try {
            ActionGate.Done done =
                    actionLog.once(
                            new ActionLog.Numbered(
                                    Callers.format(request.caller()),
                                    request.plugin(),
                                    request.place()),
                            () -> {
                                begun.set(true);
                                return step(request);
                            });
            boolean hidden = !request.permitted() && done.result() == Header.Result.APPLIED;
            // It was permitted when it was done; what it answered is not theirs to read any more.
            return hidden ? ActionGate.Done.applied(NO_VALUES) : done;
        } catch (PeekException e) {
            if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
                log.error("Queued action {} could not be dealt with", request.type(), e);
                return unavailable(request);
            }
            String code = e.code().name();
            boolean told = begun.get() ? ActionGate.Done.isPassing(code) : LOG_SAYS.contains(code);
            return ActionGate.Done.failed(
                    told ? code : ErrorCode.OFFLINE.name(), String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // Also errors: a sender is always answered.
            log.error("Queued action {} could not be dealt with", request.type(), e);
            return unavailable(request);
        }
    }

    private static ActionGate.Done unavailable(Request request) {
        return ActionGate.Done.failed(
                ErrorCode.OFFLINE.name(),
                "The action "
                        + request.type()
                        + " cannot be carried out now; the log of the service says why.");
    }

    /// What is thrown from here leaves the number unused; what is returned is its outcome.
    private ActionGate.Done step(Request request) throws Exception {
        try {
            ActionGate.Done done = handler.run(request);
            return done.values().length <= MAX_VALUES_BYTES
                    ? done
                    : ActionGate.Done.failed(
                            ErrorCode.CONFLICT.name(),
                            "The answer to "
                                    + request.type()
                                    + " is larger than the "
                                    + (MAX_VALUES_BYTES >> 10)
                                    + " KiB that are kept for a queued action; nothing was changed.");
        } catch (PeekException e) {
            String code = e.code().name();
            if (e.code().kind() == ErrorCode.Kind.UNAVAILABLE
                    || ActionGate.Done.isPassing(code)
                    || actionLog.isPassing(e)) {
                throw e;
            }
            if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
                log.error("Action {} failed", request.type(), e);
            }
            return WireErrors.isForPeople(e)
                    ? ActionGate.Done.failed(code, String.valueOf(e.getMessage()))
                    : ActionHub.fault(request.type());
        } catch (InterruptedException e) {
            throw new PeekException(
                    ErrorCode.STOPPED,
                    "The handler of " + request.type() + " was stopped; nothing was changed.",
                    e);
        } catch (Exception | StackOverflowError e) {
            if (actionLog.isPassing(e)) {
                throw new PeekException(
                        ErrorCode.OFFLINE,
                        "The database could not serve " + request.type() + " now.",
                        e);
            }
            log.error("Action {} failed", request.type(), e);
            return ActionHub.fault(request.type());
        }
    }

    /// What waits or runs now; for tests.
    int lanes() {
        synchronized (lock) {
            return plugins.values().stream().mapToInt(plugin -> plugin.lanes.size()).sum();
        }
    }
}
