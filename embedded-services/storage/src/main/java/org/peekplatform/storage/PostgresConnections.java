package org.peekplatform.storage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/// Makes connections to PostgreSQL that know which schema is their default without asking.
///
/// PostgreSQL does not tell when that changes, so each connection watches what passes through it: a
/// statement that may have changed settings, or a rollback that may have taken a change back, makes
/// it set the schema again before the next use. A function that changes `search_path` of the
/// session for good goes unnoticed.
final class PostgresConnections extends OneUserDataSource {
    private static final List<String> OF_DATA =
            List.of("select", "insert", "update", "delete", "merge", "with", "values", "(");

    private final PostgresLocation location;
    private final Properties properties;
    private final String onConnect;
    private final AtomicLong numbers = new AtomicLong();

    /// @param onConnect statement that each connection begins with
    PostgresConnections(PostgresLocation location, String onConnect) {
        this.location = location;
        this.onConnect = onConnect;
        properties = location.properties();
    }

    /// What a connection of this source unwraps to.
    interface Watched {
        /// Makes `schema` the default; free of a round trip when it is that already.
        void useSchema(String schema) throws SQLException;

        boolean isConnected() throws SQLException;

        /// Ends it from another thread.
        void abort() throws SQLException;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = plain();
        boolean begun = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute(onConnect);
            begun = true;
        } finally {
            if (!begun) {
                connection.close();
            }
        }
        return (Connection)
                Proxy.newProxyInstance(
                        PostgresConnections.class.getClassLoader(),
                        new Class<?>[] {Connection.class, Watched.class},
                        new Watch(connection, this + ", connection " + numbers.incrementAndGet())
                                ::invoke);
    }

    /// A connection without the statement that others begin with, and that watches nothing.
    Connection plain() throws SQLException {
        return Objects.requireNonNull(new Driver().connect(location.url(), properties));
    }

    /// Stands between the pool and the driver. As a connection, used by one thread at a time.
    private static final class Watch implements Watched {
        private final Connection connection;
        private final BaseConnection driver;
        private final String name;

        /// `null` when it is not known.
        private @Nullable String schema;

        /// Whether settings of the session may differ from those it began with.
        private boolean altered;

        Watch(Connection connection, String name) throws SQLException {
            this.connection = connection;
            this.name = name;
            driver = connection.unwrap(BaseConnection.class);
        }

        @SuppressWarnings("ReferenceEquality") // a proxy equals itself
        private @Nullable Object invoke(
                Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
            switch (method.getName()) {
                case "prepareStatement", "prepareCall" -> {
                    if (first instanceof String sql && !leavesSettings(sql)) {
                        alter();
                    }
                }
                case "createStatement", "setSchema" -> alter();
                case "rollback" -> schema = null;
                case "unwrap" -> {
                    if (first instanceof Class<?> type && type.isInstance(proxy)) {
                        return proxy;
                    }
                    alter();
                }
                case "isWrapperFor" -> {
                    if (first instanceof Class<?> type && type.isInstance(proxy)) {
                        return true;
                    }
                }
                case "toString" -> {
                    return name;
                }
                case "equals" -> {
                    return proxy == first;
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {}
            }
            try {
                return method.invoke(
                        method.getDeclaringClass() == Watched.class ? this : connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        }

        private void alter() {
            schema = null;
            altered = true;
        }

        private static boolean leavesSettings(String sql) {
            String text = sql.stripLeading().toLowerCase(Locale.ROOT);
            return OF_DATA.stream().anyMatch(text::startsWith)
                    && text.indexOf(';') < 0
                    && !text.contains("set_config");
        }

        @Override
        public boolean isConnected() throws SQLException {
            return !connection.isClosed();
        }

        @Override
        public void abort() throws SQLException {
            connection.abort(Runnable::run);
        }

        @Override
        public void useSchema(String wanted) throws SQLException {
            if (wanted.equals(schema)) {
                return;
            }
            if (driver.getTransactionState() == TransactionState.FAILED) {
                // Takes nothing but a rollback, which is what the caller will hear.
                schema = null;
                return;
            }
            if (altered && connection.getAutoCommit()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("RESET ALL");
                }
                altered = false;
            }
            // The schema for extensions stays visible, as it is to migration scripts.
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            "SELECT set_config('search_path', quote_ident(nspname) || ', public',"
                                    + " false) FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
                statement.setString(1, wanted);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        throw new SQLException("Schema \"" + wanted + "\" not found", "3F000");
                    }
                }
            }
            schema = wanted;
        }
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("connections do not use java.util.logging");
    }

    @Override
    public String toString() {
        return location.toString();
    }
}
