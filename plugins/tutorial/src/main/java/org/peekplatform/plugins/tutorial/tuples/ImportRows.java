package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.tuple.TupleType;

/// Work for a worker: the rows of a file that the server keeps become rows of the table.
///
/// @param text the column that becomes the text, the first is 0
/// @param textName of that column, for sentences
/// @param number the column that becomes the number
/// @param rows below the header
/// @param replace whether the rows that are there now are deleted in the same step
@TupleType(name = "tutorial.ImportRows")
public record ImportRows(
        String importId,
        String fileName,
        int text,
        String textName,
        int number,
        String numberName,
        long rows,
        boolean replace)
        implements TaskTuple {
    public ImportRows {
        requireNonNull(importId, "importId");
        requireNonNull(fileName, "fileName");
        requireNonNull(textName, "textName");
        requireNonNull(numberName, "numberName");
    }
}
