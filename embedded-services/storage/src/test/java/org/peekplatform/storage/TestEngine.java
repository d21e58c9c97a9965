package org.peekplatform.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;

/// The database products that all tests of behaviour run on. What is opened twice in one home is
/// the same database.
enum TestEngine {
    H2(
            "SELECT SESSION_ID()",
            "SET SCHEMA two",
            "SELECT COUNT(*) FROM information_schema.indexes WHERE index_name = ?",
            "Table \"nowhere\" not found",
            "Column \"nonsense\" not found",
            "HYT00") {
        @Override
        Database open(Path home, PlatformThreads threads, ConnectionPool.Limits limits) {
            return Database.open(home.resolve("data"), threads, limits);
        }
    },
    POSTGRESQL(
            "SELECT pg_backend_pid()",
            "SET search_path = two",
            "SELECT COUNT(*) FROM pg_indexes WHERE indexname = ?",
            "relation \"nowhere\" does not exist",
            "column \"nonsense\" does not exist",
            "55P03") {
        @Override
        Database open(Path home, PlatformThreads threads, ConnectionPool.Limits limits) {
            return Database.open(location(home), threads, limits);
        }
    };

    /// Asks who is connected.
    final String sessionId;

    /// Makes schema `two` the default behind the back of the platform.
    final String useTwo;

    /// Counts the indexes of a name.
    final String countIndexes;

    /// What the product says of a table `nowhere` and a column `nonsense`.
    final String noTable;

    final String noColumn;

    /// What a statement fails with that has waited too long for a lock.
    final String lockTimeout;

    private static @Nullable PostgresLocation shared;
    private static @Nullable Path inUse;

    TestEngine(
            String sessionId,
            String useTwo,
            String countIndexes,
            String noTable,
            String noColumn,
            String lockTimeout) {
        this.sessionId = sessionId;
        this.useTwo = useTwo;
        this.countIndexes = countIndexes;
        this.noTable = noTable;
        this.noColumn = noColumn;
        this.lockTimeout = lockTimeout;
    }

    abstract Database open(Path home, PlatformThreads threads, ConnectionPool.Limits limits);

    /// Where the PostgreSQL database of `home` is. There is one for all homes, which is emptied for
    /// each new one: making a database takes longer than most tests.
    static synchronized PostgresLocation location(Path home) {
        PostgresLocation location = shared;
        if (location == null) {
            location = location(PostgresServer.shared());
            shared = location;
        }
        if (!home.equals(inUse)) {
            empty(location);
            inUse = home;
        }
        return location;
    }

    private static void empty(PostgresLocation location) {
        try (Connection connection =
                        DriverManager.getConnection(location.url(), location.properties());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    DO $$
                    DECLARE found text;
                    BEGIN
                        FOR found IN SELECT nspname FROM pg_namespace WHERE nspowner = current_user::regrole LOOP
                            EXECUTE format('DROP SCHEMA %I CASCADE', found);
                        END LOOP;
                    END $$
                    """);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A new database on `server`.
    static PostgresLocation location(PostgresServer server) {
        PostgresServer.Database made = server.newDatabase();
        return new PostgresLocation(made.url(), made.user(), made.password());
    }
}
