package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Is to have its effect once.
@TupleType(name = "probe.AddEntry")
public record AddEntry(String device, long number) implements ActionTuple {}
