package org.peekplatform.vortex;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.Tuple;

/// Sends a plugin's actions through a gate.
public final class PartySender implements ActionSender {
    private final ActionGate gate;
    private final Party party;
    private final Caller caller;

    /// @param caller whom a gate in this process shall take the sender for; a gate upstream asks
    ///   the link instead
    public PartySender(ActionGate gate, Party party, Caller caller) {
        this.gate = gate;
        this.party = party;
        this.caller = caller;
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
                .thenApply(done ->
                        switch (done.result()) {
                            case APPLIED ->
                                    new ActionOutcome.Applied(
                                            valueType == null
                                                    ? List.of()
                                                    : codec.decodeAll(done.values(), valueType));
                            case REJECTED ->
                                    new ActionOutcome.Rejected(rejection(done), message(done));
                            case FAILED -> throw new PeekException(failure(done), message(done));
                        });
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
