package org.peekplatform.api.tuple;

import java.util.List;

/// The rows of a selector and what is new about them. Lists are unmodifiable.
///
/// @param rows all rows, in the provider's order
/// @param added rows whose key was not there before; all of them the first time, and for types
///   without a key
/// @param changed rows whose key was there with other content
/// @param removed rows that were there before and are gone; for types without a key all former rows
public record TupleUpdate<T extends Tuple>(
        List<T> rows, List<T> added, List<T> changed, List<T> removed) {
    public TupleUpdate {
        rows = List.copyOf(rows);
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }
}
