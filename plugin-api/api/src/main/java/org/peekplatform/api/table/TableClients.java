package org.peekplatform.api.table;

import org.peekplatform.api.tuple.Tuple;

/// Where a plugin gets at its tables from outside the server. Implemented by the host.
public interface TableClients {
    /// The table whose rows are of this type.
    ///
    /// @param type a record with a [org.peekplatform.api.tuple.TupleType] and a
    ///   [org.peekplatform.api.tuple.TupleKey]
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when it is not
    <T extends Tuple> TableClient<T> of(Class<T> type);
}
