package org.peekplatform.api.action;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.tuple.Tuple;

/// How an action ended.
public sealed interface ActionOutcome {
    /// Done and committed.
    ///
    /// @param values what the handler answers; unmodifiable, often empty. At the sender values
    ///   arrive only for types it has named with [ActionSender#send(ActionTuple, Class)]
    record Applied(List<? extends Tuple> values) implements ActionOutcome {
        public Applied {
            values = List.copyOf(values);
        }

        public Applied(Tuple... values) {
            this(List.of(values));
        }
    }

    /// Understood and refused; nothing was changed.
    ///
    /// @param message a whole sentence for the person who asked, naming what is wrong and what to
    ///   do
    record Rejected(ErrorCode code, String message) implements ActionOutcome {
        public Rejected {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
        }
    }
}
