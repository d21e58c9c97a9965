package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;

/// One transaction under way: its connection, who is using that connection at the moment, and what
/// is to happen after the commit. Confined to one thread.
///
/// The connection is taken from the pool when it is first needed: a long task that computes first
/// and writes last does not keep one from the others meanwhile.
final class OpenTransaction {
    private final Engine engine;
    private final ConnectionPool pool;
    private final String plugin;
    private final String schema;
    private @Nullable Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();

    /// Schemas in use, innermost last: a plugin may call another plugin's API between two of its
    /// own statements, or in the middle of one that it is still reading.
    private final List<String> users = new ArrayList<>();

    private boolean rollbackRequested;
    private @Nullable SQLException lost;

    /// @param plugin named when the connection is held for too long
    /// @param schema the first default of the connection
    OpenTransaction(Engine engine, ConnectionPool pool, String plugin, String schema) {
        this.engine = engine;
        this.pool = pool;
        this.plugin = plugin;
        this.schema = schema;
    }

    Connection connection() {
        Connection known = connection;
        if (known != null) {
            return known;
        }
        Connection fresh = pool.borrow(plugin, schema);
        try {
            fresh.setAutoCommit(false);
        } catch (SQLException e) {
            pool.giveBack(fresh);
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "plugin '" + plugin + "' cannot begin a transaction: " + engine.plainMessage(e),
                    e);
        }
        connection = fresh;
        return fresh;
    }

    /// The connection, if one has been needed.
    @Nullable Connection connectionInUse() {
        return connection;
    }

    List<Runnable> afterCommit() {
        return afterCommit;
    }

    /// The connection, with `schema` as its default until [#leave] of the same.
    Connection enter(String schema) {
        requireAlive();
        Connection open = connection();
        try {
            engine.useSchema(open, schema);
        } catch (SQLException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "schema '" + schema + "' cannot be used: " + engine.plainMessage(e),
                    e);
        }
        users.add(schema);
        return open;
    }

    void leave(String schema) {
        // The last one of that name: a cursor may be closed after others have been opened.
        int last = users.lastIndexOf(schema);
        if (last >= 0) {
            users.remove(last);
        }
        Connection open = connection;
        if (users.isEmpty() || lost != null || open == null) {
            return;
        }
        try {
            engine.useSchema(open, users.getLast());
        } catch (SQLException e) {
            lose(e);
        }
    }

    void requestRollback() {
        rollbackRequested = true;
    }

    boolean rollbackRequested() {
        return rollbackRequested;
    }

    /// Notes that the database has rolled everything back by itself, so that a caller who catches
    /// the exception cannot go on and commit only what came after.
    void lose(SQLException cause) {
        if (lost == null) {
            lost = cause;
        }
    }

    /// Notes that connections may have to be replaced.
    boolean replacesAfter(SQLException problem) {
        return pool.replacesAfter(problem);
    }

    void requireAlive() {
        if (lost != null) {
            throw new PeekException(
                    StorageErrors.TRANSACTION_LOST,
                    "the transaction was rolled back by the database ("
                            + engine.plainMessage(lost)
                            + "); nothing of it was kept, and it may be tried again as a whole",
                    lost);
        }
    }
}
