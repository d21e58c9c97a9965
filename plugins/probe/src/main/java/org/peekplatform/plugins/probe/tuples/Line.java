package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One row of the list that a selector's `name` names, offered by the server.
///
/// @param number of the last [SetList]; all rows of a list have the same, or what was received is
///   torn
/// @param loads how often the provider of this list had been asked when it made this row
/// @param text follows from `number` and `id`, so that a receiver can check it
@TupleType(name = "probe.Line")
public record Line(@TupleKey long id, long number, long loads, String text) implements Tuple {}
