package org.peekplatform.api.tuple;

import org.peekplatform.api.ErrorCode;

/// Receives the rows of one selector. Implemented by plugins, called by the host on a virtual
/// thread, one call at a time for each registration, in order. May block, which delays only this
/// listener; newer rows then replace older ones. Throwing is logged once with the plugin's name and
/// does not end the observation. A view passes what it gets to its user-interface executor.
@FunctionalInterface
public interface TupleListener<T extends Tuple> {
    /// The rows have changed, or have arrived for the first time.
    void rows(TupleUpdate<T> update) throws Exception;

    /// The rows cannot be had now, for example because the provider threw or the caller is not
    /// allowed. The rows received last stay valid as far as anyone knows.
    ///
    /// @param message a sentence for people
    default void problem(ErrorCode code, String message) throws Exception {}
}
