package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Says what a list of the client service shows from now on.
@TupleType(name = "probe.SetLocalList")
public record SetLocalList(String name, long number, int rows, int textLength)
        implements ActionTuple {}
