package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// The answer to [Echo].
@TupleType(name = "probe.Echoed")
public record Echoed(String text) implements Tuple {}
