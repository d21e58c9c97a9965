package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Says what a list of the server shows from now on.
@TupleType(name = "probe.SetList")
public record SetList(String name, long number, int rows, int textLength) implements ActionTuple {}
