package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Sent by the server to a device, which puts [AddEntry] with the same into its queue.
@TupleType(name = "probe.AddHere")
public record AddHere(String device, long number) implements ActionTuple {}
