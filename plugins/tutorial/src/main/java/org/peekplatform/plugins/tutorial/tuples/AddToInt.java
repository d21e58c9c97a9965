package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Adds to the number of a row; a negative amount takes away.
@TupleType(name = "tutorial.AddToInt")
public record AddToInt(long id, long amount) implements ActionTuple {}
