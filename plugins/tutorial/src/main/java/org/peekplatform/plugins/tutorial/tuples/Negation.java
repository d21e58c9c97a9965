package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// The latest [Negate], and how it stands.
///
/// @param result once it is done
/// @param problem why the latest attempt failed
/// @param changedAt by the clock of the server
@TupleType(name = "tutorial.Negation")
public record Negation(
        @TupleKey String taskId,
        long number,
        TaskState state,
        @Nullable Long result,
        @Nullable String problem,
        Instant changedAt)
        implements Tuple {
    public Negation {
        requireNonNull(taskId, "taskId");
        requireNonNull(state, "state");
        requireNonNull(changedAt, "changedAt");
    }
}
