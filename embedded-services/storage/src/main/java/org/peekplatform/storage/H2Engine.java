package org.peekplatform.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.engine.SysProperties;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcException;
import org.h2.tools.Server;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An H2 file database behind H2's own TCP server on the loopback interface.
///
/// Even this process goes through the socket, because a thread interrupted inside embedded H2
/// closes the file for everyone. The way in is a database name of 256 random bits, new at every
/// start, which the server maps to the file; it knows no other name, so whoever lacks it can
/// neither connect nor create anything. The database user has no password of its own: it would have
/// to be kept in a second file without which the first could never be opened again, and who can
/// read the one can read the other.
final class H2Engine implements Engine {
    private static final Logger log = LoggerFactory.getLogger(H2Engine.class);

    private static final long LEAST_SPACE = 1 << 20;
    private static final String LOOPBACK = "127.0.0.1";

    // WRITE_DELAY=0 hands every commit to the operating system before it returns, so that killing
    // the process loses none. The name and null settings make H2 answer as PostgreSQL does.
    private static final String SETTINGS =
            ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                    + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";

    static {
        // H2 reads it once, when its classes are loaded; start() verifies that this was in time.
        System.setProperty("h2.bindAddress", LOOPBACK);
    }

    // Only where the database has been opened by this process.
    private final @Nullable DataDirectoryLock lock;
    private final @Nullable Server server;
    private final Supplier<H2Connections.WayIn> wayIn;
    private final H2Connections dataSource;
    private final @Nullable Path file;

    /// Whether H2 may have closed the file, because it could not be written.
    private volatile boolean suspected;

    private H2Engine(
            @Nullable DataDirectoryLock lock,
            @Nullable Server server,
            Supplier<H2Connections.WayIn> wayIn,
            @Nullable Path file) {
        this.file = file;
        this.lock = lock;
        this.server = server;
        this.wayIn = wayIn;
        dataSource = new H2Connections(wayIn, SETTINGS);
    }

    /// The database that another process of this machine has opened.
    ///
    /// @param wayIn what that one's [#wayIn] says now
    static H2Engine joined(Supplier<String> wayIn) {
        return new H2Engine(null, null, () -> H2Connections.WayIn.parse(wayIn.get()), null);
    }

    /// Opens `dataDir/peek`, creating it at the first start.
    static H2Engine open(Path dataDir) {
        Path folder = dataDir.toAbsolutePath().normalize();
        Path file = folder.resolve("peek.mv.db");
        DataDirectoryLock lock = DataDirectoryLock.take(folder, file);
        Server server = null;
        boolean opened = false;
        try {
            String secret = secret();
            server = start(folder, secret, Files.exists(file));
            var wayIn = new H2Connections.WayIn(server.getPort(), secret);
            H2Engine engine = new H2Engine(lock, server, () -> wayIn, file);
            engine.dataSource().getConnection().close();
            opened = true;
            return engine;
        } catch (SQLException e) {
            throw cannotOpen(file, e);
        } finally {
            if (!opened) {
                if (server != null) {
                    server.stop();
                }
                lock.close();
            }
        }
    }

    private static Server start(Path folder, String secret, boolean exists) throws SQLException {
        if (!LOOPBACK.equals(SysProperties.BIND_ADDRESS)) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "the database server would listen on every network interface, because H2 was"
                            + " used in this process before Peek's storage; open the storage first,"
                            + " or start with -Dh2.bindAddress="
                            + LOOPBACK);
        }
        return Server.createTcpServer(
                        "-tcpPort",
                        "0",
                        "-tcpDaemon",
                        "-baseDir",
                        folder.toString(),
                        "-key",
                        secret,
                        folder.resolve("peek").toString(),
                        exists ? "-ifExists" : "-ifNotExists")
                .start();
    }

    private static String secret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static PeekException cannotOpen(Path file, SQLException e) {
        return switch (e.getErrorCode()) {
            case ErrorCode.DATABASE_ALREADY_OPEN_1 ->
                    new PeekException(
                            StorageErrors.DATABASE_IN_USE,
                            "the database file "
                                    + file
                                    + " is in use by another program; close that program and start"
                                    + " again",
                            e);
            case ErrorCode.FILE_CORRUPTED_1, ErrorCode.FILE_VERSION_ERROR_1 ->
                    new PeekException(
                            StorageErrors.DATABASE_UNAVAILABLE,
                            "the database file "
                                    + file
                                    + " is damaged or was written by another version of H2 ("
                                    + message(e)
                                    + "); restore it from a backup",
                            e);
            default ->
                    new PeekException(
                            StorageErrors.DATABASE_UNAVAILABLE,
                            "the database file "
                                    + file
                                    + " cannot be opened ("
                                    + message(e)
                                    + "); check the disk and the rights of this user on it, or"
                                    + " restore it from a backup",
                            e);
        };
    }

    /// Opening has taken it, and nothing but closing lets go. But H2 closes a file that it cannot
    /// write, and opens it again for a new connection.
    @Override
    public void claim() {
        check();
    }

    @Override
    public void check() {
        if (!suspected) {
            return;
        }
        try {
            requireSpace();
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                // Changes nothing, and is written all the same.
                statement.execute("COMMENT ON SCHEMA peek IS NULL");
                sync(connection);
            }
            suspected = false;
        } catch (IOException | SQLException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "the database file "
                            + file
                            + " cannot be written ("
                            + (e instanceof SQLException sql ? message(sql) : e.getMessage())
                            + "); make room on its disk, and see that the disk works",
                    e);
        }
    }

    /// So that what succeeds now does not fail again with the next write.
    private void requireSpace() throws IOException {
        if (file != null) {
            long usable = Files.getFileStore(file).getUsableSpace();
            if (usable < LEAST_SPACE) {
                throw new IOException("%d KiB are left".formatted(usable >> 10));
            }
        }
    }

    @Override
    public String vendor() {
        return "h2";
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.H2;
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    /// The port the server listens on.
    int port() {
        return wayIn.get().port();
    }

    @Override
    public Optional<String> wayIn() {
        return Optional.of(wayIn.get().text());
    }

    /// Asks and sets the schema at H2's connection itself: it knows its schema without asking the
    /// server as long as no statement has changed it, and the pool around it would set the schema
    /// back each time the connection returns.
    @Override
    public void useSchema(Connection connection, String schema) throws SQLException {
        JdbcConnection own = connection.unwrap(JdbcConnection.class);
        if (!schema.equals(own.getSchema())) {
            own.setSchema(schema);
        }
    }

    @Override
    public boolean isConnected(Connection connection) {
        try {
            return !connection.unwrap(JdbcConnection.class).isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void abort(Connection connection) throws SQLException {
        connection.unwrap(JdbcConnection.class).close();
    }

    @Override
    public boolean transactionIsLost(SQLException problem) {
        return problem.getErrorCode() == ErrorCode.DEADLOCK_1;
    }

    @Override
    public boolean isPassing(SQLException problem) {
        return switch (problem.getErrorCode()) {
            case ErrorCode.DEADLOCK_1,
                    ErrorCode.LOCK_TIMEOUT_1,
                    ErrorCode.CONCURRENT_UPDATE_1,
                    ErrorCode.CONNECTION_BROKEN_1,
                    ErrorCode.DATABASE_IS_CLOSED,
                    ErrorCode.OBJECT_CLOSED,
                    ErrorCode.IO_EXCEPTION_1,
                    ErrorCode.IO_EXCEPTION_2 ->
                    true;
            default -> isFailedWrite(problem);
        };
    }

    @Override
    public boolean spoilsConnections(SQLException problem) {
        if (problem.getErrorCode() != ErrorCode.DATABASE_IS_CLOSED && !isFailedWrite(problem)) {
            return false;
        }
        // Who has joined only connects anew: whether the file can be written is seen over there.
        suspected = file != null;
        return true;
    }

    /// H2 has no code of its own for it.
    private static boolean isFailedWrite(SQLException problem) {
        String message = problem.getMessage();
        return problem.getErrorCode() == ErrorCode.GENERAL_ERROR_1
                && message != null
                && message.contains("MVStoreException: Writing to ");
    }

    @Override
    public boolean commitsToDisk() {
        return false;
    }

    @Override
    public void sync(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    @Override
    public String plainMessage(SQLException problem) {
        return message(problem);
    }

    private static String message(SQLException problem) {
        if (isFailedWrite(problem)) {
            return "the file of the database cannot be written; its disk is full or broken";
        }
        if (problem.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED) {
            return "the database was closed, at its end or because its file cannot be written";
        }
        String message =
                problem instanceof JdbcException h2
                        ? h2.getOriginalMessage()
                        : problem.getMessage();
        return message == null ? problem.toString() : message;
    }

    @Override
    public boolean rollsBackDefinitions() {
        return false;
    }

    @Override
    public void saveSchema(Connection connection, String schema, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SCRIPT NOPASSWORDS NOSETTINGS TO "
                            + quoted(file)
                            + " COMPRESSION GZIP CHARSET 'UTF-8' SCHEMA \""
                            + schema
                            + "\"");
        }
    }

    @Override
    public void restoreSchema(Connection connection, String schema, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "RUNSCRIPT FROM " + quoted(file) + " COMPRESSION GZIP CHARSET 'UTF-8'");
        }
    }

    @Override
    public ChunkWriter chunkWriter(String table, List<String> names, List<PlainValues> columns) {
        return new H2ChunkWriter(table, names, columns);
    }

    @Override
    public void beginSnapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
        }
    }

    @Override
    public List<Counter> counters(Connection connection, String schema) throws SQLException {
        List<Counter> counters = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT sequence_name, NULL, base_value FROM information_schema.sequences"
                                + " WHERE sequence_schema = ?1 UNION ALL"
                                + " SELECT table_name, column_name, identity_base"
                                + " FROM information_schema.columns"
                                + " WHERE table_schema = ?1 AND is_identity = 'YES'")) {
            query.setString(1, schema);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    counters.add(
                            new Counter(
                                    schema, rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
            }
        }
        return counters;
    }

    @Override
    public void beginFill(Connection connection, List<String> schemas) throws SQLException {
        checkReferences(connection, false);
    }

    @Override
    public void commitPart(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void endFill(Connection connection) throws SQLException {
        checkReferences(connection, true);
    }

    private static void checkReferences(Connection connection, boolean check) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET REFERENTIAL_INTEGRITY " + check);
        }
    }

    @Override
    public List<String> placeholders(ResultSetMetaData columns) throws SQLException {
        List<String> placeholders = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            placeholders.add(ColumnForm.of(columns, i) == ColumnForm.JSON ? "? FORMAT JSON" : "?");
        }
        return placeholders;
    }

    @Override
    public List<String> elementTypes(ResultSetMetaData columns) throws SQLException {
        return Collections.nCopies(columns.getColumnCount(), "VARCHAR");
    }

    private static String quoted(Path file) {
        return "'" + file.toString().replace("'", "''") + "'";
    }

    @Override
    public void close() {
        if (server == null) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        } catch (SQLException e) {
            // Every commit is in the file already; what is missed is tidying it.
            log.warn("The database was not shut down cleanly; it is repaired at the next start", e);
        } finally {
            server.stop();
            if (lock != null) {
                lock.close();
            }
        }
    }
}
