package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// The result of a [Negate].
@TupleType(name = "tutorial.Negated")
public record Negated(long number) implements Tuple {}
