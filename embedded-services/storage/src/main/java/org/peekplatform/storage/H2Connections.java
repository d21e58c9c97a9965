package org.peekplatform.storage;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.jspecify.annotations.Nullable;

/// Makes connections to the loopback server that do not tell the way in when they are printed: the
/// pool names connections in its warnings, and H2's own print their URL.
final class H2Connections implements DataSource {
    private static final String USER = "peek";

    private final String url;
    private final int port;

    /// Of no effect on H2; the pool reads back what it has set.
    private volatile int loginTimeout;

    H2Connections(int port, String secret, String settings) {
        this.port = port;
        url = "jdbc:h2:tcp://127.0.0.1:" + port + "/" + secret + settings;
    }

    private static final class Discreet extends JdbcConnection {
        private final String name;

        Discreet(String url, String name) throws SQLException {
            super(url, new Properties(), USER, "", false);
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return new Discreet(url, "H2 connection on port " + port);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the database has one user");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // H2 and the pool write to SLF4J.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("H2 does not use java.util.logging");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (!type.isInstance(this)) {
            throw new SQLException(this + " is not a " + type.getName());
        }
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public String toString() {
        return "H2 connections on port " + port;
    }
}
