package org.peekplatform.plugins.probe.calls;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// What [CallLoop] has measured.
///
/// @param p50 microseconds of a call; 0 when several were in flight
/// @param p99 the same
/// @param perSecond calls answered
@TupleType(name = "probe.CallFigures")
public record CallFigures(double p50, double p99, double perSecond) implements Tuple {}
