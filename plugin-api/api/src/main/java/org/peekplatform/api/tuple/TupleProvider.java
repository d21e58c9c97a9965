package org.peekplatform.api.tuple;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Loads the current tuples for one selector. Implemented by plugins, called by the host.
///
/// Called on a virtual thread, possibly several at once for different selectors, never twice at
/// once for the same selector. May block on the database. The result is encoded once, however many
/// observe. Throwing leaves observers on their last value and tells them; the host logs the failure
/// once, with the plugin's name, and asks again on the next change or the next new observer.
@FunctionalInterface
public interface TupleProvider<T extends Tuple> {
    /// The tuples of `selector`, in the order observers shall see them.
    List<T> load(TupleSelector<T> selector) throws Exception;

    /// Those rows of `selector` that have one of `keys`, in any order; a key without a row is a row
    /// that is gone. Asked instead of [#load] after [TupleEndpoints#changed(TupleSelector,
    /// Collection)], so that one changed row of many thousand costs one row.
    ///
    /// @param keys the text of keys, never empty
    /// @return empty, as here, when the provider has no shorter way: then [#load] is asked
    default Optional<List<T>> loadRows(TupleSelector<T> selector, Set<String> keys)
            throws Exception {
        return Optional.empty();
    }
}
