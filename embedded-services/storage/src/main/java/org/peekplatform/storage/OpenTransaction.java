package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;

/// One transaction under way: its connection, who is using that connection at the moment, and what
/// is to happen after the commit. Confined to one thread.
final class OpenTransaction {
    private final Engine engine;
    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();

    /// Schemas in use, innermost last: a plugin may call another plugin's API between two of its
    /// own statements, or in the middle of one that it is still reading.
    private final List<String> users = new ArrayList<>();

    private boolean rollbackRequested;
    private @Nullable SQLException lost;

    OpenTransaction(Engine engine, Connection connection) {
        this.engine = engine;
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    List<Runnable> afterCommit() {
        return afterCommit;
    }

    /// The connection, with `schema` as its default until [#leave] of the same.
    Connection enter(String schema) {
        requireAlive();
        try {
            engine.useSchema(connection, schema);
        } catch (SQLException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "schema '" + schema + "' cannot be used: " + engine.plainMessage(e),
                    e);
        }
        users.add(schema);
        return connection;
    }

    void leave(String schema) {
        // The last one of that name: a cursor may be closed after others have been opened.
        int last = users.lastIndexOf(schema);
        if (last >= 0) {
            users.remove(last);
        }
        if (users.isEmpty() || lost != null) {
            return;
        }
        try {
            engine.useSchema(connection, users.getLast());
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
