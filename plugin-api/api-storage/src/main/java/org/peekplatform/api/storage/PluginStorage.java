package org.peekplatform.api.storage;

import org.jooq.DSLContext;

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

    /// Work in a transaction. What it throws rolls back and reaches the caller; checked exceptions
    /// come wrapped in a [org.peekplatform.api.PeekException].
    @FunctionalInterface
    interface Work<R> {
        R run(DSLContext dsl) throws Exception;
    }
}
