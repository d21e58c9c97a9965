package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// The same as [Line], offered by the client service.
@TupleType(name = "probe.LocalLine")
public record LocalLine(@TupleKey long id, long number, long loads, String text) implements Tuple {}
