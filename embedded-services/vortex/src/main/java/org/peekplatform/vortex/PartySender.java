package org.peekplatform.vortex;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.action.QueuedAction;
import org.peekplatform.api.tuple.Tuple;

/// Sends a plugin's actions through a gate.
public final class PartySender implements ActionSender {
    private final ActionGate gate;
    private final Party party;
    private final Caller caller;
    private final @Nullable ActionQueue queue;

    /// @param caller whom a gate in this process shall take the sender for; a gate upstream asks
    ///   the link instead
    public PartySender(ActionGate gate, Party party, Caller caller) {
        this(gate, party, caller, null);
    }

    /// @param queue for actions that are to wait for a link; `null` where there is none
    public PartySender(ActionGate gate, Party party, Caller caller, @Nullable ActionQueue queue) {
        this.gate = gate;
        this.party = party;
        this.caller = caller;
        this.queue = queue;
    }

    @Override
    public CompletableFuture<ActionOutcome> send(ActionTuple action) {
        return send(action, null);
    }

    @Override
    public CompletableFuture<ActionOutcome> send(
            ActionTuple action, @Nullable Class<? extends Tuple> valueType) {
        TupleCodec codec = party.codec();
        return gate.act(codec.nameOf(action.getClass()), codec.encode(action), caller)
                .thenApply(done -> outcome(done, valueType));
    }

    @Override
    public QueuedAction enqueue(ActionTuple action) {
        ActionQueue to = queue;
        if (to == null) {
            return ActionSender.super.enqueue(action);
        }
        TupleCodec codec = party.codec();
        String type = codec.nameOf(action.getClass());
        byte[] payload = codec.encode(action);
        CompletableFuture<ActionOutcome> outcome = new CompletableFuture<>();
        // The action may wait for longer than its plugin runs, whose classes must be free to go.
        Registration owned =
                party.owner()
                        .register(() ->
                                outcome.completeExceptionally(
                                        new PeekException(
                                                ErrorCode.STOPPED,
                                                "the plugin has stopped; what it has queued is still"
                                                        + " sent")));
        ActionQueue.Ticket ticket;
        try {
            ticket = to.enqueue(party.name(), type, payload, done -> finish(outcome, done));
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
        outcome.whenComplete((how, problem) -> {
            ticket.listening().close();
            owned.close();
        });
        CompletableFuture<@Nullable Void> stored = ticket.stored().thenApply(id -> null);
        ticket.stored()
                .whenComplete((id, problem) -> {
                    if (problem != null) {
                        outcome.completeExceptionally(problem);
                    }
                });
        return new Queued(stored, outcome);
    }

    private record Queued(
            CompletableFuture<@Nullable Void> stored, CompletableFuture<ActionOutcome> outcome)
            implements QueuedAction {}

    private void finish(CompletableFuture<ActionOutcome> outcome, ActionGate.Done done) {
        try {
            outcome.complete(outcome(done, null));
        } catch (PeekException e) {
            outcome.completeExceptionally(e);
        }
    }

    private ActionOutcome outcome(
            ActionGate.Done done, @Nullable Class<? extends Tuple> valueType) {
        return outcome(party, done, valueType);
    }

    static ActionOutcome outcome(
            Party party, ActionGate.Done done, @Nullable Class<? extends Tuple> valueType) {
        return switch (done.result()) {
            case APPLIED ->
                    new ActionOutcome.Applied(
                            valueType == null
                                    ? List.of()
                                    : party.codec().decodeAll(done.values(), valueType));
            case REJECTED -> new ActionOutcome.Rejected(rejection(done), message(done));
            case FAILED -> throw new PeekException(failure(done), message(done));
        };
    }

    /// The values of an outcome that must be applied.
    static byte[] valuesOf(ActionGate.Done done) {
        return switch (done.result()) {
            case APPLIED -> done.values();
            case REJECTED -> throw new PeekException(rejection(done), message(done));
            case FAILED -> throw new PeekException(failure(done), message(done));
        };
    }

    private static String message(ActionGate.Done done) {
        String message = done.message();
        return message == null ? "no reason was given" : message;
    }

    private static ErrorCode rejection(ActionGate.Done done) {
        String code = done.code();
        return new ErrorCode(code == null ? "REJECTED" : code, ErrorCode.Kind.CALLER);
    }

    private static ErrorCode failure(ActionGate.Done done) {
        return WireErrors.codeOf(done.code());
    }
}
