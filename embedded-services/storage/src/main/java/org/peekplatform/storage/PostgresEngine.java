package org.peekplatform.storage;

import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.storage.PostgresConnections.Watched;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL database, which one server at a time may use.
///
/// That one holds an advisory lock on a connection of its own. Should that connection be lost while
/// others live on, the next server must still not begin: every connection holds a second lock,
/// shared, and who takes the database waits until nobody does.
final class PostgresEngine implements Engine {
    private static final Logger log = LoggerFactory.getLogger(PostgresEngine.class);

    // Any numbers will do that other programs do not use on the same database.
    static final long SERVER_LOCK = 0x5065_656B_0000_0001L;
    private static final long USERS_LOCK = 0x5065_656B_0000_0002L;

    private static final int OLDEST_VERSION = 12;
    private static final int PING_SECONDS = 5;
    private static final Duration OTHERS_END = Duration.ofSeconds(10);
    private static final String READ_ONLY = "25006";
    private static final String IN_FAILED_TRANSACTION = "25P02";

    private final PostgresLocation location;
    private final boolean joined;
    private final PostgresConnections dataSource;

    // Touched by the one who claims and checks only, and at the end.
    private @Nullable Connection claim;
    private boolean warned;
    private boolean closed;

    PostgresEngine(PostgresLocation location) {
        this(location, false);
    }

    /// @param joined whether a server has the database, or will have it: then this one takes no
    ///   lock that would keep the server out
    PostgresEngine(PostgresLocation location, boolean joined) {
        this.location = location;
        this.joined = joined;
        dataSource =
                new PostgresConnections(
                        location,
                        joined ? "SELECT 1" : "SELECT pg_advisory_lock_shared(" + USERS_LOCK + ")");
    }

    @Override
    public synchronized void claim() {
        if (closed) {
            throw new PeekException(ErrorCode.STOPPED, "the database is closed");
        }
        letGo();
        Connection connection = null;
        boolean claimed = false;
        try {
            connection = dataSource.plain();
            check(connection);
            if (!joined) {
                take(connection);
            }
            claim = connection;
            claimed = true;
        } catch (SQLException e) {
            throw new PeekException(StorageErrors.DATABASE_UNAVAILABLE, sentence(e), e);
        } finally {
            if (!claimed && connection != null) {
                close(connection);
            }
        }
    }

    private void check(Connection connection) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_VERSION) {
            throw unavailable(
                    location
                            + " is version "
                            + version
                            + ", which is too old; Peek needs "
                            + OLDEST_VERSION
                            + " or later");
        }
        if (!bool(
                connection,
                "SELECT has_database_privilege(current_database(), 'CREATE')"
                        + " OR EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'peek')")) {
            throw unavailable(
                    "user '"
                            + location.as()
                            + "' may not create schemas in "
                            + location
                            + "; make that user its owner, or GRANT CREATE ON DATABASE");
        }
        if (!warned && !bool(connection, "SELECT current_setting('fsync')::boolean")) {
            log.warn(
                    "{} runs with fsync off: what has been acknowledged may be lost when its"
                            + " machine stops; set fsync = on in postgresql.conf",
                    location);
            warned = true;
        }
    }

    private void take(Connection connection) throws SQLException {
        if (!bool(connection, "SELECT pg_try_advisory_lock(" + SERVER_LOCK + ")")) {
            throw inUse();
        }
        // Those of a server that died are ended by PostgreSQL as it notices.
        long until = System.nanoTime() + OTHERS_END.toNanos();
        while (!bool(connection, "SELECT pg_try_advisory_lock(" + USERS_LOCK + ")")) {
            if (System.nanoTime() > until) {
                throw inUse();
            }
            pause(connection);
        }
        bool(connection, "SELECT pg_advisory_unlock(" + USERS_LOCK + ")");
    }

    private PeekException inUse() {
        return new PeekException(
                StorageErrors.DATABASE_IN_USE,
                location
                        + " is in use by another Peek server; stop that one, or give this one a"
                        + " database of its own in server.storage.url");
    }

    private static void pause(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_sleep(0.05)");
        }
    }

    private static boolean bool(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static PeekException unavailable(String sentence) {
        return new PeekException(StorageErrors.DATABASE_UNAVAILABLE, sentence);
    }

    @Override
    public synchronized void check() {
        Connection connection = claim;
        if (connection == null) {
            throw unavailable(location + " is not claimed");
        }
        try {
            if (!connection.isValid(PING_SECONDS)) {
                throw new SQLException("it does not answer", "08006");
            }
        } catch (SQLException e) {
            throw new PeekException(StorageErrors.DATABASE_UNAVAILABLE, sentence(e), e);
        }
    }

    /// What is wrong, and what to do about it.
    private String sentence(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String said = plainMessage(e);
        return switch (state) {
            case "28P01", "28000" ->
                    location
                            + " does not let user '"
                            + location.as()
                            + "' in ("
                            + said
                            + "); correct server.storage.user and server.storage.password";
            case "3D000" ->
                    location
                            + " does not exist; create it, owned by user '"
                            + location.as()
                            + "', or correct server.storage.url";
            case "57P01", "57P02", "57P03" ->
                    location + " is starting or stopping (" + said + "); Peek waits for it";
            case "53300" ->
                    location
                            + " takes no more connections ("
                            + said
                            + "); raise its max_connections";
            default ->
                    location
                            + " cannot be reached ("
                            + said
                            + "); see that it runs and that server.storage.url is right";
        };
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.POSTGRES;
    }

    @Override
    public String vendor() {
        return "postgresql";
    }

    @Override
    public Optional<String> wayIn() {
        return Optional.empty();
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void useSchema(Connection connection, String schema) throws SQLException {
        connection.unwrap(Watched.class).useSchema(schema);
    }

    @Override
    public boolean isConnected(Connection connection) {
        try {
            return connection.unwrap(Watched.class).isConnected();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void abort(Connection connection) throws SQLException {
        connection.unwrap(Watched.class).abort();
    }

    /// PostgreSQL could go on after a rollback to a savepoint, but what the loser of a deadlock has
    /// read before may no longer be so.
    @Override
    public boolean transactionIsLost(SQLException problem) {
        return "40P01".equals(problem.getSQLState()) || "40001".equals(problem.getSQLState());
    }

    @Override
    public boolean isPassing(SQLException problem) {
        String state = problem.getSQLState();
        if (state == null || state.length() < 2) {
            return false;
        }
        // Connection, rollback by the database, resources, operator, system; a lock that another
        // has; a database that takes no writes at present.
        return switch (state.substring(0, 2)) {
            case "08", "40", "53", "57", "58" -> true;
            default -> state.equals("55P03") || state.equals(READ_ONLY);
        };
    }

    /// A session that began while the database took no writes goes on taking none.
    @Override
    public boolean spoilsConnections(SQLException problem) {
        return READ_ONLY.equals(problem.getSQLState());
    }

    @Override
    public boolean commitsToDisk() {
        return true;
    }

    @Override
    public void sync(Connection connection) {
        // Done at each commit.
    }

    @Override
    public String plainMessage(SQLException problem) {
        return message(problem);
    }

    static String message(SQLException problem) {
        if (IN_FAILED_TRANSACTION.equals(problem.getSQLState())) {
            return "a statement of this transaction failed before, and PostgreSQL takes no more of"
                    + " it; put what may fail into a nested transaction";
        }
        if (READ_ONLY.equals(problem.getSQLState())) {
            return "the database takes no writes at present ("
                    + said(problem)
                    + "); see whether its disk is full, or whether it was made read-only";
        }
        return said(problem);
    }

    private static String said(SQLException problem) {
        if (problem.getCause() instanceof UnknownHostException unknown) {
            return "there is no host " + unknown.getMessage();
        }
        ServerErrorMessage server =
                problem instanceof PSQLException e ? e.getServerErrorMessage() : null;
        String message = server == null ? problem.getMessage() : server.getMessage();
        if (message == null) {
            return problem.toString();
        }
        return problem.getCause() != null
                        && server == null
                        && problem.getCause().getMessage() != null
                ? message + " " + problem.getCause().getMessage()
                : message;
    }

    @Override
    public boolean rollsBackDefinitions() {
        return true;
    }

    @Override
    public void saveSchema(Connection connection, String schema, Path file) {
        throw new UnsupportedOperationException("migrations are transactions here");
    }

    @Override
    public void restoreSchema(Connection connection, String schema, Path file) {
        throw new UnsupportedOperationException("migrations are transactions here");
    }

    @Override
    public ChunkWriter chunkWriter(String table, List<String> names, List<PlainValues> columns) {
        return new PostgresChunkWriter(table, names, columns);
    }

    @Override
    public void beginSnapshot(Connection connection) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }

    @Override
    public List<Counter> counters(Connection connection, String schema) throws SQLException {
        List<Counter> counters = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT coalesce(t.relname, s.relname), a.attname,
                               format('%I.%I', q.schemaname, q.sequencename), q.increment_by
                        FROM pg_sequences q
                        JOIN pg_namespace n ON n.nspname = q.schemaname
                        JOIN pg_class s ON s.relnamespace = n.oid AND s.relname = q.sequencename
                        LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'i'
                             AND d.classid = 'pg_class'::regclass AND d.refobjsubid > 0
                        LEFT JOIN pg_class t ON t.oid = d.refobjid
                        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                        WHERE q.schemaname = ?
                        """)) {
            query.setString(1, schema);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    counters.add(
                            new Counter(
                                    schema,
                                    rows.getString(1),
                                    rows.getString(2),
                                    next(connection, rows.getString(3), rows.getLong(4))));
                }
            }
        }
        return counters;
    }

    /// Asks the sequence itself: the view of all sequences does not tell where one stands that was
    /// set and has given nothing since.
    private static long next(Connection connection, String sequence, long increment)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT last_value, is_called FROM " + sequence)) {
            row.next();
            return row.getBoolean(2) ? row.getLong(1) + increment : row.getLong(1);
        }
    }

    /// Who does not administer the server cannot switch references off, but the owner of a table
    /// can have them checked at the end.
    @Override
    public void beginFill(Connection connection, List<String> schemas) throws SQLException {
        try (PreparedStatement find =
                connection.prepareStatement(
                        """
                        CREATE TEMPORARY TABLE peek_deferred ON COMMIT DROP AS
                        SELECT c.conrelid::regclass::text AS name, quote_ident(c.conname) AS reference
                        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
                        WHERE c.contype = 'f' AND NOT c.condeferrable AND n.nspname = ANY (?)
                        """)) {
            find.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            find.execute();
        }
        alterReferences(connection, "DEFERRABLE INITIALLY DEFERRED");
    }

    @Override
    public void commitPart(Connection connection) {
        // The whole is one transaction.
    }

    @Override
    public void endFill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        alterReferences(connection, "NOT DEFERRABLE");
    }

    private static void alterReferences(Connection connection, String how) throws SQLException {
        List<String> changes = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("SELECT name, reference FROM pg_temp.peek_deferred")) {
                while (rows.next()) {
                    changes.add(
                            "ALTER TABLE %s ALTER CONSTRAINT %s %s"
                                    .formatted(rows.getString(1), rows.getString(2), how));
                }
            }
            for (String change : changes) {
                statement.execute(change);
            }
        }
    }

    @Override
    public List<String> placeholders(ResultSetMetaData columns) throws SQLException {
        List<String> placeholders = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            placeholders.add(
                    switch (ColumnForm.of(columns, i)) {
                        case JSON, TEXT -> "CAST(? AS " + columns.getColumnTypeName(i) + ")";
                        default -> "?";
                    });
        }
        return placeholders;
    }

    @Override
    public List<String> elementTypes(ResultSetMetaData columns) throws SQLException {
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            // An array is called as what it is made of, with an underscore before it.
            types.add(columns.getColumnTypeName(i).replaceFirst("^_", ""));
        }
        return types;
    }

    private void letGo() {
        Connection connection = claim;
        claim = null;
        if (connection != null) {
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("A connection to PostgreSQL could not be closed", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        letGo();
    }
}
