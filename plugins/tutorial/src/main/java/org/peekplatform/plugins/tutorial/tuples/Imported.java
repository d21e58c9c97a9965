package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// The result of an [ImportRows].
///
/// @param rows that were added
@TupleType(name = "tutorial.Imported")
public record Imported(long rows) implements Tuple {}
