package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done at a PostgreSQL database into which another one is copied, before it is opened and
/// after it has been closed again: it must hold nothing of Peek, and holds nothing again when the
/// copy fails. Blocks.
///
/// A remark on schema `peek` says that the copy is not whole and which schemas it makes. So a copy
/// that was killed is told from a database in use, and the next one drops what it has left.
public final class PostgresMove implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresMove.class);

    private static final String REMARK = "unfinished copy of schemas ";
    private static final Duration OTHERS_END = Duration.ofSeconds(5);

    private final PostgresLocation location;
    private final List<String> schemas;
    private boolean kept;

    private PostgresMove(PostgresLocation location, List<String> schemas) {
        this.location = location;
        this.schemas = schemas;
    }

    private interface Work {
        void at(Connection connection) throws SQLException;
    }

    /// Makes the database ready for a copy. The caller opens it next, closes it, and then closes
    /// this.
    ///
    /// @param schemas that will be made, the platform's among them
    /// @throws PeekException with `CONFLICT` when one of them is there, or a server runs on it
    public static PostgresMove begin(PostgresLocation location, List<String> schemas) {
        var move = new PostgresMove(location, List.copyOf(schemas));
        move.work(move::prepare);
        return move;
    }

    /// Refuses when other processes of Peek are connected: workers on other machines go on writing
    /// when the server has stopped.
    ///
    /// @throws PeekException with `DATABASE_IN_USE`, naming the machines
    public static void requireUnused(PostgresLocation location) {
        new PostgresMove(location, List.of())
                .work(connection -> waitForOthers(location, connection));
    }

    private void work(Work work) {
        try (Connection connection = new PostgresConnections(location, "").plain()) {
            connection.setAutoCommit(false);
            work.at(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    location
                            + " cannot be used as user '"
                            + location.as()
                            + "' ("
                            + PostgresEngine.message(e)
                            + "); check that it runs, its address, user and password, and that"
                            + " this user owns it",
                    e);
        }
    }

    private static void waitForOthers(PostgresLocation location, Connection connection)
            throws SQLException {
        // Those that have just been closed take a moment to end.
        long until = System.nanoTime() + OTHERS_END.toNanos();
        List<String> others = others(location, connection);
        while (!others.isEmpty()) {
            if (System.nanoTime() > until) {
                throw new PeekException(
                        StorageErrors.DATABASE_IN_USE,
                        location
                                + " is in use by processes of Peek on "
                                + String.join(", ", others)
                                + "; stop the server and all workers that use it");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(0.05), pg_stat_clear_snapshot()");
            }
            others = others(location, connection);
        }
    }

    private static List<String> others(PostgresLocation location, Connection connection)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT DISTINCT coalesce(host(client_addr), 'this machine')"
                                + " FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name = ? AND pid <> pg_backend_pid()")) {
            query.setString(1, PGProperty.APPLICATION_NAME.getOrDefault(location.properties()));
            return strings(query);
        }
    }

    private void prepare(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)::text")) {
            lock.setLong(1, PostgresEngine.SERVER_LOCK);
            if (strings(lock).contains("false")) {
                throw new PeekException(
                        StorageErrors.DATABASE_IN_USE,
                        location + " is in use by another Peek server; name an empty database");
            }
        }
        List<String> left = left(connection);
        if (!left.isEmpty()) {
            log.warn(
                    "Schemas {} in {} are of a copy that was interrupted, and are dropped",
                    left,
                    location);
            drop(connection, left);
        }
        List<String> there = there(connection);
        if (!there.isEmpty()) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    location
                            + " has the schemas "
                            + String.join(", ", there)
                            + " already, and nothing is replaced there; name an empty database,"
                            + " or drop them first");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA peek");
            statement.execute(
                    "COMMENT ON SCHEMA peek IS '" + REMARK + String.join(" ", schemas) + "'");
        }
    }

    /// The schemas that a copy has left which was killed.
    private static List<String> left(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '')"
                                + " FROM pg_namespace WHERE nspname = 'peek'")) {
            for (String remark : strings(query)) {
                if (remark.startsWith(REMARK)) {
                    return List.of(remark.substring(REMARK.length()).split(" ", -1));
                }
            }
            return List.of();
        }
    }

    private List<String> there(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT nspname FROM pg_namespace WHERE nspname = ANY (?) ORDER BY 1")) {
            query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            return strings(query);
        }
    }

    private static List<String> strings(PreparedStatement query) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }

    private static void drop(Connection connection, List<String> schemas) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "DROP SCHEMA IF EXISTS "
                            + schemas.stream()
                                    .map(schema -> '"' + schema + '"')
                                    .collect(Collectors.joining(", "))
                            + " CASCADE");
        }
    }

    /// Says that the copy is whole. From then on no other copy takes it for left behind.
    public void whole() {
        work(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("COMMENT ON SCHEMA peek IS NULL");
            }
        });
    }

    /// The copy is used now, so that [#close] leaves it.
    public void keep() {
        kept = true;
    }

    /// Drops what was made, unless it is to be kept.
    @Override
    public void close() {
        if (kept) {
            return;
        }
        try {
            work(connection -> drop(connection, schemas));
        } catch (PeekException e) {
            log.warn(
                    "What was copied into {} could not be dropped; drop the schemas {} there",
                    location,
                    schemas,
                    e);
        }
    }
}
