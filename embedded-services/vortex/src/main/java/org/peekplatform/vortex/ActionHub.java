package org.peekplatform.vortex;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionHandler;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The action handlers of one service. Every call runs on a virtual thread in the host's
/// transaction; what a handler throws is logged here and reaches the sender as a code and a
/// sentence.
public final class ActionHub implements ActionGate, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ActionHub.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Transactions transactions;
    private final ObservableHub observables;
    private final Authorisation authorisation;
    private final Duration patience;
    private final ExecutorService calls = PlatformThreads.perTask("action");
    private final ActionTurns turns;
    private final @Nullable QueuedActions queued;
    private final Map<String, Offer<?>> offers = new ConcurrentHashMap<>();

    /// Takes no queued actions.
    public ActionHub(
            Transactions transactions, ObservableHub observables, Authorisation authorisation) {
        this(transactions, observables, authorisation, PATIENCE);
    }

    public ActionHub(
            Transactions transactions,
            ObservableHub observables,
            Authorisation authorisation,
            ActionLog log) {
        this(transactions, observables, authorisation, log, PATIENCE);
    }

    /// @param patience how long an action is waited for; as long as its sender waits
    ActionHub(
            Transactions transactions,
            ObservableHub observables,
            Authorisation authorisation,
            Duration patience) {
        this(transactions, observables, authorisation, null, patience);
    }

    ActionHub(
            Transactions transactions,
            ObservableHub observables,
            Authorisation authorisation,
            @Nullable ActionLog log,
            Duration patience) {
        this.transactions = transactions;
        this.observables = observables;
        this.authorisation = authorisation;
        this.patience = patience;
        turns = new ActionTurns(calls, patience);
        queued = log == null ? null : new QueuedActions(log, this::step, calls, patience);
    }

    <A extends ActionTuple> Registration handle(
            Party party, Class<A> type, Audience audience, ActionHandler<A> handler) {
        TupleCodec codec = party.codec();
        return handle(
                party,
                codec.nameOf(type),
                payload -> codec.decode(payload, type),
                audience,
                handler::handle);
    }

    /// The same for what has no tuple type of its own: whatever `decoder` makes of the payload.
    <A> Registration handle(
            Party party, String name, Decoder<A> decoder, Audience audience, Handler<A> handler) {
        ObservableHub.checkPrefix(party, name);
        Offer<A> offer = new Offer<>(party, name, decoder, audience, handler);
        if (offers.putIfAbsent(name, offer) != null) {
            throw new PeekException(
                    ErrorCode.CONFLICT, "action " + name + " has a handler already");
        }
        return () -> offers.remove(name, offer);
    }

    @Override
    public boolean handles(String type) {
        return offers.containsKey(type);
    }

    /// Whether `caller` may send actions of this type.
    boolean permits(String type, Caller caller) {
        Offer<?> offer = offers.get(type);
        return offer != null && permits(offer, caller);
    }

    @Override
    public CompletableFuture<Done> act(String type, byte[] payload, Caller caller) {
        Offer<?> offer = offers.get(type);
        if (offer == null) {
            return CompletableFuture.completedFuture(
                    Done.failed(ErrorCode.NOT_OFFERED.name(), unhandled(type)));
        }
        if (!permits(offer, caller)) {
            return CompletableFuture.completedFuture(denied(type));
        }
        return turns.take(
                offer.party().name(), type, payload.length, () -> carryOut(offer, payload, caller));
    }

    @Override
    public CompletableFuture<Done> actQueued(
            String type, byte[] payload, Caller caller, Header.Queued place) {
        QueuedActions taken = queued;
        int prefix = type.indexOf('.');
        if (taken == null || prefix < 1) {
            return CompletableFuture.completedFuture(
                    Done.failed(
                            ErrorCode.NOT_OFFERED.name(),
                            taken == null
                                    ? "Queued actions are taken by the server only."
                                    : unhandled(type)));
        }
        // Also for a plugin that is not there: what it has carried out before is answered all the
        // same.
        Offer<?> offer = offers.get(type);
        return taken.take(
                new QueuedActions.Request(
                        type.substring(0, prefix),
                        type,
                        payload,
                        caller,
                        place,
                        offer != null && permits(offer, caller)));
    }

    /// A queued action whose turn has come, in the transaction that keeps its outcome.
    private Done step(QueuedActions.Request request) throws Exception {
        Offer<?> offer = offers.get(request.type());
        if (offer == null) {
            throw new PeekException(ErrorCode.NOT_OFFERED, unhandled(request.type()));
        }
        return permits(offer, request.caller())
                ? handled(offer, request.payload(), request.caller())
                : denied(request.type());
    }

    private boolean permits(Offer<?> offer, Caller caller) {
        return authorisation.permits(
                caller,
                Authorisation.Request.of(
                        Authorisation.Kind.ACT, offer.name(), Map.of(), offer.audience()));
    }

    private static Done denied(String type) {
        return Done.failed(
                ErrorCode.NOT_ALLOWED.name(), "You may not send the action " + type + ".");
    }

    private static String unhandled(String type) {
        return "Nobody handles the action " + type + " here.";
    }

    @Override
    public void close() {
        calls.shutdownNow();
    }

    private Done carryOut(Offer<?> offer, byte[] payload, Caller caller) {
        long started = System.nanoTime();
        Done done = guarded(offer, payload, caller);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        if (took.compareTo(patience) > 0) {
            log.warn(
                    "Action {} ended as {} after {} s; its sender had been told before that it took too long",
                    offer.name(),
                    done.result(),
                    took.toSeconds());
        }
        return done;
    }

    private <A> Done guarded(Offer<A> offer, byte[] payload, Caller caller) {
        try {
            A action = offer.decoder().decode(payload);
            return transactions.run(
                    offer.party().name(),
                    rollback -> {
                        Done done = call(offer, action, caller);
                        if (done.result() == Header.Result.REJECTED) {
                            rollback.request();
                        }
                        return done;
                    });
        } catch (PeekException e) {
            if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
                log.error("Action {} failed", offer.name(), e);
            }
            return WireErrors.isForPeople(e)
                    ? Done.failed(e.code().name(), String.valueOf(e.getMessage()))
                    : fault(offer);
        } catch (Throwable e) {
            // Also errors: a sender is always answered.
            log.error("Action {} failed", offer.name(), e);
            return fault(offer);
        }
    }

    private <A> Done handled(Offer<A> offer, byte[] payload, Caller caller) throws Exception {
        return call(offer, offer.decoder().decode(payload), caller);
    }

    private <A> Done call(Offer<A> offer, A action, Caller caller) throws Exception {
        ActionOutcome outcome =
                offer.party()
                        .guard()
                        .call(
                                "handler of " + offer.name(),
                                () ->
                                        offer.handler()
                                                .handle(action, context(offer.party(), caller)));
        return switch (outcome) {
            case null ->
                    throw new PeekException(
                            ErrorCode.INTERNAL,
                            "the handler of " + offer.name() + " answered null");
            case ActionOutcome.Applied applied -> applied(offer, applied);
            case ActionOutcome.Rejected rejected ->
                    Done.rejected(rejected.code().name(), rejected.message());
        };
    }

    private static Done fault(Offer<?> offer) {
        return fault(offer.name());
    }

    static Done fault(String type) {
        return Done.failed(
                ErrorCode.INTERNAL.name(),
                "The action "
                        + type
                        + " failed and changed nothing; the log of the service says why.");
    }

    private static Done applied(Offer<?> offer, ActionOutcome.Applied applied) {
        byte[] values = offer.party().codec().encodeAll(applied.values());
        if (values.length > Frame.MAX_PAYLOAD_BYTES) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "the answer to "
                            + offer.name()
                            + " is larger than "
                            + (Frame.MAX_BYTES >> 20)
                            + " MiB; ask for less at once");
        }
        return Done.applied(values);
    }

    private ActionContext context(Party party, Caller caller) {
        PartyTuples tuples = new PartyTuples(observables, party);
        return new ActionContext() {
            @Override
            public Caller caller() {
                return caller;
            }

            @Override
            public void changed(TupleSelector<?> selector) {
                tuples.changed(selector);
            }

            @Override
            public void changed(TupleSelector<?> selector, Collection<?> keys) {
                tuples.changed(selector, keys);
            }
        };
    }

    /// Reads the payload of an action; `BAD_REQUEST` when it cannot.
    @FunctionalInterface
    interface Decoder<A> {
        A decode(byte[] payload);
    }

    /// What an [ActionHandler] is, for anything that can be decoded.
    @FunctionalInterface
    interface Handler<A> {
        ActionOutcome handle(A action, ActionContext context) throws Exception;
    }

    private record Offer<A>(
            Party party, String name, Decoder<A> decoder, Audience audience, Handler<A> handler) {}
}
