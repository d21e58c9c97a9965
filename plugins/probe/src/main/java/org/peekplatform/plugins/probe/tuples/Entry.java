package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One [AddEntry] that was carried out.
///
/// @param position in which the server did them
@TupleType(name = "probe.Entry")
public record Entry(@TupleKey long position, String device, long number) implements Tuple {}
