package org.peekplatform.api.storage;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Gives the rows of a bulk load one after the other. Implemented by plugins; called on the thread
/// and in the transaction of the load, which it may use to look things up. May block. What it
/// throws ends the load, which then leaves nothing behind.
@FunctionalInterface
public interface RowSource<T> {
    /// The next row, `null` behind the last.
    @Nullable T next() throws Exception;

    /// The rows of an iterator.
    static <T> RowSource<T> of(Iterator<? extends T> rows) {
        return () -> rows.hasNext() ? rows.next() : null;
    }
}
