package org.peekplatform.api.storage;

import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.Sequence;

/// The plugin's own schema in the database. Implemented by the host and had with
/// `context.capability(PluginStorage.class)` on server and worker, for plugins whose manifest asks
/// for `storage`.
///
/// Connections have the plugin's schema as their default, so generated classes and plain SQL need
/// not name it. Usable from any thread; every statement may block. The pool is shared by all
/// plugins: no connection is held between calls outside a transaction.
public interface PluginStorage {
    /// jOOQ on the plugin's schema. Within a transaction of the host (an action handler, or
    /// [#transaction]) its statements join that transaction; outside, each commits by itself.
    DSLContext dsl();

    /// Runs `work` in one transaction: committed when it returns, rolled back when it throws. Joins
    /// a transaction that is under way on this thread. Changes announced within are seen by
    /// observers after the commit.
    <R> R transaction(Work<R> work);

    /// Takes `count` values of a sequence in one statement. They are nobody else's, also if the
    /// transaction rolls back.
    ///
    /// @param count from 1 to 1,000,000
    /// @return in ascending order, not always without gaps
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when `count` is out of range
    long[] nextIds(Sequence<? extends Number> sequence, int count);

    /// Writes all rows of `source` into a table, many times faster than one statement for each.
    /// Part of the transaction under way on this thread, else a transaction of its own; all rows
    /// or, when it throws, none. Only a few thousand are in memory at a time. A row that refers to
    /// another of the same table comes after it.
    ///
    /// @return how many
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when a row does not fit; the
    ///   message names the row, counted from 1, and the column. What `source` throws reaches the
    ///   caller as from [#transaction]
    <T> long load(BulkLoad<T> load, RowSource<? extends T> source);

    /// Reads a result of any size without having it in memory as a whole: `reader` gets the rows as
    /// they arrive. Runs in a transaction as [#transaction] does, which ends with the reading and
    /// closes it; what is to outlive it must be copied out.
    ///
    /// @param query made with [#dsl]
    <R extends Record, X> X read(ResultQuery<R> query, Reader<R, X> reader);

    /// Work in a transaction. What it throws rolls back and reaches the caller; checked exceptions
    /// come wrapped in a [org.peekplatform.api.PeekException].
    @FunctionalInterface
    interface Work<R> {
        R run(DSLContext dsl) throws Exception;
    }

    /// Takes the rows of a large result. Implemented by plugins; called on the thread that reads.
    /// What it throws is handled as for [Work].
    @FunctionalInterface
    interface Reader<R extends Record, X> {
        /// @param rows to be used once, on this thread, before returning
        X read(Stream<R> rows) throws Exception;
    }
}
