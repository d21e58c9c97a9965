package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One row: a text and a whole number.
///
/// @param id given by the database, never used twice
/// @param string1 not blank, at most [#LONGEST_TEXT] characters
/// @param int1 from -[#LARGEST_NUMBER] to [#LARGEST_NUMBER]
@TupleType(name = "tutorial.StringInt")
public record StringInt(@TupleKey long id, String string1, long int1) implements Tuple {
    public static final int LONGEST_TEXT = 200;

    /// 2^53 - 1, the last whole number up to which browsers show every one exactly.
    public static final long LARGEST_NUMBER = (1L << 53) - 1;

    public StringInt {
        requireNonNull(string1, "string1");
    }
}
