package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// How many rows there are and what their numbers add up to, computed by the client service so that
/// a device that shows only these does not fetch the rows.
///
/// @param id always [#ID]
/// @param total a whole number in digits; text, as a sum may pass what browsers read exactly
@TupleType(name = "tutorial.Summary")
public record Summary(@TupleKey String id, long count, String total) implements Tuple {
    public static final String ID = "summary";

    public Summary {
        requireNonNull(id, "id");
        requireNonNull(total, "total");
    }

    public Summary(long count, String total) {
        this(ID, count, total);
    }
}
