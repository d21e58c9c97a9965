package org.peekplatform.api.tuple;

import java.util.List;

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
}
