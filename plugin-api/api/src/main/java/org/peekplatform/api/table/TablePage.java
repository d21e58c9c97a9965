package org.peekplatform.api.table;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;

/// The answer to a [TableQuery]. Collections are unmodifiable.
///
/// @param more whether there are rows behind these
/// @param total how many rows the filters let through; `null` unless the query asked to count
/// @param allowed what whoever asked may do to the table, so that a view need not offer the rest;
///   each edit is checked again
public record TablePage<T extends Tuple>(
        List<T> rows, boolean more, @Nullable Long total, Set<TableEdit.Kind> allowed) {
    public TablePage {
        rows = List.copyOf(requireNonNull(rows, "rows"));
        allowed = Set.copyOf(requireNonNull(allowed, "allowed"));
    }
}
