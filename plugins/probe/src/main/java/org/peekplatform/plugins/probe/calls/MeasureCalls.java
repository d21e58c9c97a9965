package org.peekplatform.plugins.probe.calls;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Has the client part call the server part by [CallLoop]; answered with [CallFigures].
///
/// @param inFlight 1 for one call after the other
/// @param spoil whether to take one answer for another, which the loop must notice
@TupleType(name = "probe.MeasureCalls")
public record MeasureCalls(int calls, int inFlight, boolean spoil) implements ActionTuple {}
