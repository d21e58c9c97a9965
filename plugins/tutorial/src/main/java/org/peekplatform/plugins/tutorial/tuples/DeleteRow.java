package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Deletes a row.
@TupleType(name = "tutorial.DeleteRow")
public record DeleteRow(long id) implements ActionTuple {}
