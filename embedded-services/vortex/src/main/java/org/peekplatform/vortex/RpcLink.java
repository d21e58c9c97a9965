package org.peekplatform.vortex;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls on one link between two services, both ways. Belongs to one connection and ends with
/// it.
///
/// Everything is bounded for each plugin by itself, so that calls of one that hang do not use up
/// what others may have. Nothing blocks, and no lock is held while a gate or the link is called.
final class RpcLink {
    /// How many calls may be under way in one direction.
    static final int MAX_CALLS = 8_192;

    /// How many of these for one plugin.
    static final int MAX_CALLS_OF_PLUGIN = 512;

    /// Payloads up to this size count as nothing, as the number of calls is bounded already.
    static final int SMALL = 4 << 10;

    /// What may wait in front of a slow link; a single frame always may.
    static final long MAX_WAITING_BYTES = 16 << 20;

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Logger log = LoggerFactory.getLogger(RpcLink.class);

    private final CallGate gate;
    private final PlatformThreads threads;
    private final Sender sender;
    private final Caller.@Nullable Service proven;
    private final Object lock = new Object();
    private final Map<String, Outgoing> outgoing = new HashMap<>();
    private final Map<String, Incoming> incoming = new HashMap<>();
    private final Map<String, Integer> outgoingOf = new HashMap<>();
    private final Map<String, Integer> incomingOf = new HashMap<>();
    private long next;
    private boolean ended;

    /// Puts frames on the link.
    @FunctionalInterface
    interface Sender {
        /// @return whether the frame leaves; a large one does not when too much waits before it
        boolean send(Frame frame);
    }

    private record Outgoing(
            String plugin, String method, CompletableFuture<CallGate.Answer> answer) {}

    private record Incoming(String plugin, CompletableFuture<CallGate.Answer> answer) {}

    /// @param gate carries out what the other side calls
    /// @param proven who is at the other side; `null` when that is the server, which says in each
    ///   frame who calls
    RpcLink(
            CallGate gate,
            PlatformThreads threads,
            Sender sender,
            Caller.@Nullable Service proven) {
        this.gate = gate;
        this.threads = threads;
        this.sender = sender;
        this.proven = proven;
    }

    /// Has a call carried out by the other side.
    CompletableFuture<CallGate.Answer> call(CallGate.Request request) {
        CompletableFuture<CallGate.Answer> answer = new CompletableFuture<>();
        String plugin = request.plugin();
        String id;
        synchronized (lock) {
            if (ended) {
                return refused(ErrorCode.OFFLINE, "The connection is gone; nothing was sent.");
            }
            if (outgoing.size() >= MAX_CALLS || !count(outgoingOf, plugin)) {
                return refused(ErrorCode.CONFLICT, tooMany(plugin));
            }
            id = Long.toString(next++);
            outgoing.put(id, new Outgoing(plugin, request.method(), answer));
        }
        Frame frame =
                Frame.of(
                        new Header.Call(
                                id,
                                request.to(),
                                request.method(),
                                request.left().toMillis(),
                                proven == null ? null : Callers.format(request.from())),
                        request.arguments());
        if (!sender.send(frame)) {
            take(id);
            return refused(
                    ErrorCode.CONFLICT,
                    "The connection is too slow for what is to be sent; "
                            + request.method()
                            + " was not.");
        }
        answer.whenComplete((how, problem) -> {
            if (answer.isCancelled() && take(id) != null) {
                sender.send(Frame.of(new Header.Cancel(id)));
            }
        });
        return answer;
    }

    /// Takes a `call`, `result` or `cancel` that has arrived.
    void frame(Frame frame) {
        switch (frame.header()) {
            case Header.Call call -> called(call, frame.payload());
            case Header.Returned(String id, @Nullable String code, @Nullable String message) ->
                    returned(id, code, message, frame.payload());
            case Header.Cancel(String id) -> cancelled(id);
            default -> throw new IllegalArgumentException("not for calls: " + frame.header());
        }
    }

    /// The link has ended: what waits for the other side is told at once, and nobody waits any more
    /// for what is carried out here.
    ///
    /// @param why begins a sentence, such as `The connection to agent 'a' was lost`
    void lost(String why) {
        List<Outgoing> waiting;
        List<Incoming> running;
        synchronized (lock) {
            ended = true;
            waiting = new ArrayList<>(outgoing.values());
            running = new ArrayList<>(incoming.values());
            outgoing.clear();
            incoming.clear();
            outgoingOf.clear();
            incomingOf.clear();
        }
        for (Outgoing one : waiting) {
            one.answer.complete(
                    CallGate.Answer.failed(
                            ErrorCode.TIMED_OUT,
                            why
                                    + " before the answer to "
                                    + one.method
                                    + " came; whether it was done is not known."));
        }
        running.forEach(one -> one.answer.cancel(true));
    }

    private void called(Header.Call call, byte[] arguments) {
        CallGate.Request request;
        try {
            request = request(call, arguments);
        } catch (PeekException e) {
            refuse(call.id(), e.code(), Sentences.of(e));
            return;
        }
        String plugin = request.plugin();
        boolean full;
        synchronized (lock) {
            full = incoming.size() >= MAX_CALLS || !count(incomingOf, plugin);
        }
        if (full) {
            refuse(call.id(), ErrorCode.CONFLICT, tooMany(plugin));
            return;
        }
        CompletableFuture<CallGate.Answer> doing;
        try {
            doing = gate.call(request);
        } catch (RuntimeException e) {
            log.error("The call {} could not be handed on", call.method(), e);
            doing =
                    refused(
                            ErrorCode.INTERNAL,
                            "The call "
                                    + call.method()
                                    + " could not be handed on; the log of the service says why.");
        }
        Incoming one = new Incoming(plugin, doing);
        boolean late;
        synchronized (lock) {
            late = ended;
            if (!late) {
                incoming.put(call.id(), one);
            }
        }
        if (late) {
            doing.cancel(true);
            return;
        }
        watch(call, one, request.left());
    }

    private void watch(Header.Call call, Incoming one, Duration left) {
        String id = call.id();
        if (one.answer.isDone()) {
            answered(id, one);
            return;
        }
        Future<?> deadline =
                threads.cancellable(
                        left,
                        () -> {
                            if (forget(id, one)) {
                                one.answer.cancel(true);
                                refuse(id, ErrorCode.TIMED_OUT, overdue(call.method(), left));
                            }
                        });
        one.answer.whenComplete((how, problem) -> {
            deadline.cancel(false);
            answered(id, one);
        });
    }

    private void answered(String id, Incoming one) {
        if (!forget(id, one) || one.answer.isCancelled()) {
            return;
        }
        CallGate.Answer how =
                one.answer.isCompletedExceptionally()
                        ? CallGate.Answer.failed(
                                ErrorCode.INTERNAL,
                                "The call failed; the log of the service says why.")
                        : one.answer.join();
        Frame frame = Frame.of(new Header.Returned(id, how.code(), how.message()), how.value());
        if (!sender.send(frame)) {
            refuse(
                    id,
                    ErrorCode.CONFLICT,
                    "The call was carried out, but the connection is too slow for its answer; ask"
                            + " for less at once.");
        }
    }

    private CallGate.Request request(Header.Call call, byte[] arguments) {
        if (call.method().length() > TupleCodec.MAX_NAME
                || call.to().length() > TupleCodec.MAX_NAME) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the method or target of a call is longer than "
                            + TupleCodec.MAX_NAME
                            + " characters");
        }
        if (arguments.length > CallGate.MAX_BYTES) {
            throw new PeekException(ErrorCode.BAD_REQUEST, tooLarge(call.method()));
        }
        synchronized (lock) {
            if (incoming.containsKey(call.id())) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST, "a call '" + call.id() + "' is under way already");
            }
        }
        Duration left = Duration.ofMillis(call.deadlineMillis());
        if (!left.isPositive()) {
            throw new PeekException(
                    ErrorCode.TIMED_OUT, "the deadline of " + call.method() + " had passed");
        }
        return new CallGate.Request(
                call.to(),
                call.method(),
                left.compareTo(LONGEST) > 0 ? LONGEST : left,
                from(call.from()),
                arguments);
    }

    private Caller.Service from(@Nullable String said) {
        if (proven != null) {
            if (said != null) {
                log.warn("{} said in a call who it is; it was refused", Callers.format(proven));
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "who calls is said by the server, not by the caller");
            }
            return proven;
        }
        if (said == null) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "the server did not say who calls");
        }
        return Callers.service(said);
    }

    private void returned(
            String id, @Nullable String code, @Nullable String message, byte[] value) {
        Outgoing one = take(id);
        if (one == null) {
            // Late: nobody waits any more.
            return;
        }
        one.answer.complete(
                value.length > CallGate.MAX_BYTES
                        ? CallGate.Answer.failed(
                                ErrorCode.CONFLICT,
                                Sentences.of(tooLarge("the answer to " + one.method)))
                        : new CallGate.Answer(code, message, value));
    }

    private void cancelled(String id) {
        Incoming one;
        synchronized (lock) {
            one = incoming.get(id);
        }
        if (one != null && forget(id, one)) {
            one.answer.cancel(true);
        }
    }

    private @Nullable Outgoing take(String id) {
        synchronized (lock) {
            Outgoing one = outgoing.remove(id);
            if (one != null) {
                uncount(outgoingOf, one.plugin);
            }
            return one;
        }
    }

    private boolean forget(String id, Incoming one) {
        synchronized (lock) {
            boolean was = incoming.remove(id, one);
            if (was) {
                uncount(incomingOf, one.plugin);
            }
            return was;
        }
    }

    private void refuse(String id, ErrorCode code, String message) {
        sender.send(Frame.of(new Header.Returned(id, code.name(), message)));
    }

    /// With the lock.
    private static boolean count(Map<String, Integer> counts, String plugin) {
        int now = counts.getOrDefault(plugin, 0);
        if (now >= MAX_CALLS_OF_PLUGIN) {
            return false;
        }
        counts.put(plugin, now + 1);
        return true;
    }

    /// With the lock.
    private static void uncount(Map<String, Integer> counts, String plugin) {
        counts.computeIfPresent(plugin, (name, now) -> now > 1 ? now - 1 : null);
    }

    private static CompletableFuture<CallGate.Answer> refused(ErrorCode code, String message) {
        return CompletableFuture.completedFuture(CallGate.Answer.failed(code, message));
    }

    private static String tooMany(String plugin) {
        return "The plugin '"
                + plugin
                + "' has "
                + MAX_CALLS_OF_PLUGIN
                + " calls under way on this connection; send fewer at once.";
    }

    static String tooLarge(String what) {
        return what + " is larger than " + (CallGate.MAX_BYTES >> 20) + " MiB; send less at once";
    }

    static String overdue(String method, Duration left) {
        return "No answer to "
                + method
                + " came within "
                + (left.toMillis() % 1_000 == 0 ? left.toSeconds() + " s" : left.toMillis() + " ms")
                + "; whether it was done is not known.";
    }
}
