package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jooq.Transaction;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transaction of each thread, which every plugin's storage on that thread joins.
///
/// It is kept in a thread local and not in a scoped value, because jOOQ begins and ends its
/// transactions in separate calls, which a scope cannot span, and these must be joined as well.
final class JoinableTransactions implements Transactions {
    private static final Logger log = LoggerFactory.getLogger(JoinableTransactions.class);

    /// A stretch of work that ends in commit or rollback: a whole transaction, or, with a
    /// savepoint, a part of one.
    ///
    /// @param outer what was under way on the thread when a whole transaction began
    /// @param savepoint `null` for a whole transaction
    /// @param hooks number of after-commit hooks when the part began
    record Level(
            OpenTransaction transaction,
            @Nullable OpenTransaction outer,
            @Nullable Savepoint savepoint,
            int hooks)
            implements Transaction {}

    private final Engine engine;
    private final ConnectionPool pool;

    // Not static: a transaction of one database must not be joined by another's storage.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable OpenTransaction> current = new ThreadLocal<>();

    JoinableTransactions(Engine engine, ConnectionPool pool) {
        this.engine = engine;
        this.pool = pool;
    }

    @Nullable OpenTransaction current() {
        return current.get();
    }

    /// What is under way on this thread, which must be something.
    OpenTransaction underWay() {
        OpenTransaction transaction = current.get();
        if (transaction == null) {
            throw new IllegalStateException("no transaction is under way on this thread");
        }
        return transaction;
    }

    @Override
    public <R> R run(String plugin, Work<R> work) throws Exception {
        // The plugin may have no schema; where it has one, its storage enters it at each use.
        Level level = beginNew(plugin, Migrations.PLATFORM_SCHEMA);
        R result;
        boolean returned = false;
        try {
            result = work.run(level.transaction()::requestRollback);
            returned = true;
        } finally {
            if (!returned) {
                rollback(level);
            }
        }
        commit(level);
        return result;
    }

    @Override
    public void afterCommit(Runnable then) {
        OpenTransaction transaction = current.get();
        if (transaction == null) {
            then.run();
        } else {
            transaction.afterCommit().add(then);
        }
    }

    @Override
    public boolean isInUse() {
        OpenTransaction transaction = current.get();
        return transaction != null
                && (transaction.connectionInUse() != null || !transaction.afterCommit().isEmpty());
    }

    /// Begins a part of the transaction under way, or a whole one when there is none.
    Level begin(String plugin) {
        OpenTransaction transaction = current.get();
        if (transaction == null) {
            return beginNew(plugin, plugin);
        }
        transaction.requireAlive();
        try {
            return new Level(
                    transaction,
                    null,
                    transaction.connection().setSavepoint(),
                    transaction.afterCommit().size());
        } catch (SQLException e) {
            throw failure("plugin '" + plugin + "' cannot begin a nested transaction", e);
        }
    }

    private Level beginNew(String plugin, String schema) {
        var transaction = new OpenTransaction(engine, pool, plugin, schema);
        OpenTransaction outer = current.get();
        current.set(transaction);
        return new Level(transaction, outer, null, 0);
    }

    /// Ends `level` for good, or rolls it back if that has been asked for.
    void commit(Level level) {
        OpenTransaction transaction = level.transaction();
        Savepoint savepoint = level.savepoint();
        if (savepoint != null) {
            transaction.requireAlive();
            try {
                transaction.connection().releaseSavepoint(savepoint);
            } catch (SQLException e) {
                transaction.lose(e);
                throw failure("a nested transaction cannot be ended", e);
            }
        } else if (transaction.rollbackRequested()) {
            rollback(level);
        } else {
            commitWhole(level);
        }
    }

    private void commitWhole(Level level) {
        OpenTransaction transaction = level.transaction();
        boolean committed = false;
        try {
            transaction.requireAlive();
            Connection used = transaction.connectionInUse();
            if (used != null) {
                used.commit();
            }
            committed = true;
        } catch (SQLException e) {
            throw failure("the transaction cannot be committed", e);
        } finally {
            if (committed) {
                end(level);
            } else {
                rollback(level);
            }
        }
        runHooks(transaction.afterCommit());
    }

    void rollback(Level level) {
        OpenTransaction transaction = level.transaction();
        Savepoint savepoint = level.savepoint();
        if (savepoint == null) {
            try {
                Connection used = transaction.connectionInUse();
                if (used != null) {
                    used.rollback();
                }
            } catch (SQLException e) {
                // A lost connection has been rolled back by the database, and what went wrong
                // before is on its way to the caller already.
                log.debug("A rollback found its connection gone", e);
            } finally {
                end(level);
            }
            return;
        }
        try {
            transaction.connection().rollback(savepoint);
        } catch (SQLException e) {
            transaction.lose(e);
        }
        List<Runnable> hooks = transaction.afterCommit();
        hooks.subList(level.hooks(), hooks.size()).clear();
    }

    private void end(Level level) {
        if (level.outer() == null) {
            current.remove();
        } else {
            current.set(level.outer());
        }
        Connection used = level.transaction().connectionInUse();
        if (used != null) {
            pool.giveBack(used);
        }
    }

    private static void runHooks(List<Runnable> hooks) {
        for (Runnable hook : hooks) {
            try {
                hook.run();
            } catch (RuntimeException | LinkageError e) {
                // The work is committed and must not look as if it had failed.
                log.error("What was to happen after a commit failed; the commit stands", e);
            }
        }
    }

    private PeekException failure(String what, SQLException e) {
        pool.replacesAfter(e);
        ErrorCode code =
                engine.isPassing(e) ? StorageErrors.DATABASE_UNAVAILABLE : ErrorCode.INTERNAL;
        return new PeekException(
                engine.transactionIsLost(e) ? StorageErrors.TRANSACTION_LOST : code,
                what + ": " + engine.plainMessage(e),
                e);
    }
}
