package org.peekplatform.api.table;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.tuple.Tuple;

/// Reads and edits the rows of one table of the plugin's server part. Implemented by the host;
/// usable from any thread, does not block.
///
/// What is returned completes exceptionally with a [org.peekplatform.api.PeekException]:
/// `NOT_OFFERED`, `NOT_ALLOWED`, `BAD_REQUEST`, `OFFLINE` when nothing was sent, `TIMED_OUT` after
/// 30 seconds, when an edit may have been done or not, or `INTERNAL`.
public interface TableClient<T extends Tuple> {
    CompletableFuture<TablePage<T>> read(TableQuery<T> query);

    CompletableFuture<TableAnswer<T>> edit(TableEdit<T> edit);
}
