package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.tuple.TupleType;

/// Work for a worker: the number with the other sign.
@TupleType(name = "tutorial.Negate")
public record Negate(long number) implements TaskTuple {}
