package org.peekplatform.api.storage;

import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.Tuple;

/// Where a server part offers tables for reading and editing page by page. Implemented by the host
/// and had with `context.capability(TableEndpoints.class)`, for plugins whose manifest asks for
/// `storage`.
///
/// Elsewhere the plugin reaches them with `context.tables()`, in browsers with `tableClient`. An
/// edit runs in a transaction of the host, which also ends what hooks do in [PluginStorage#dsl()].
public interface TableEndpoints {
    /// Offers `table` under the name of its tuple type.
    ///
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when a table of this type is
    ///   offered already, `BAD_REQUEST` when its name does not start with the plugin's
    <T extends Tuple> Registration offer(EditableTable<T> table);
}
