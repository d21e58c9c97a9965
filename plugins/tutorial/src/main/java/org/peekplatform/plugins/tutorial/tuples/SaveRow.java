package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Changes a row, or adds one.
///
/// @param id the row to change; `null` to add one
@TupleType(name = "tutorial.SaveRow")
public record SaveRow(@Nullable Long id, String string1, long int1) implements ActionTuple {
    public SaveRow {
        requireNonNull(string1, "string1");
    }
}
