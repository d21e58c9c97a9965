package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Turns the rows of an uploaded file into rows of the table, all of them or none.
///
/// @param stringColumn name of the column that becomes the text
/// @param intColumn name of the column that becomes the number
/// @param replace whether the rows that are there now are deleted in the same step
@TupleType(name = "tutorial.RunImport")
public record RunImport(String importId, String stringColumn, String intColumn, boolean replace)
        implements ActionTuple {
    public RunImport {
        requireNonNull(importId, "importId");
        requireNonNull(stringColumn, "stringColumn");
        requireNonNull(intColumn, "intColumn");
    }
}
