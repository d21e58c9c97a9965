package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Asks the server to have the device that sends it carry out [AddHere].
@TupleType(name = "probe.CallBack")
public record CallBack(String device, long number) implements ActionTuple {}
