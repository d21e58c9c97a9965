package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.jdbc.JdbcConnection;
import org.peekplatform.api.PeekException;

/// Makes connections to the loopback server that do not tell the way in when they are printed: the
/// pool names connections in its warnings, and H2's own print their URL.
final class H2Connections extends OneUserDataSource {
    private static final String USER = "peek";

    private final Supplier<WayIn> wayIn;
    private final String settings;

    /// Where the loopback server is, and the name under which it knows the database.
    record WayIn(int port, String secret) {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,5}) ([0-9a-f]{64})");

        /// Reads what [#text] wrote.
        static WayIn parse(String text) {
            Matcher parts = TEXT.matcher(text.strip());
            if (!parts.matches()) {
                throw new PeekException(
                        StorageErrors.DATABASE_UNAVAILABLE,
                        "what should tell the way into the database is damaged; start the server"
                                + " of this home again");
            }
            return new WayIn(Integer.parseInt(parts.group(1)), parts.group(2));
        }

        String text() {
            return port + " " + secret;
        }

        @Override
        public String toString() {
            return "port " + port;
        }
    }

    /// @param wayIn asked for each connection, as a server that starts again has another one
    H2Connections(Supplier<WayIn> wayIn, String settings) {
        this.wayIn = wayIn;
        this.settings = settings;
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
        WayIn now;
        try {
            now = wayIn.get();
        } catch (PeekException e) {
            throw new SQLException(e.getMessage(), e);
        }
        return new Discreet(
                "jdbc:h2:tcp://127.0.0.1:" + now.port() + "/" + now.secret() + settings,
                "H2 connection on port " + now.port());
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("H2 does not use java.util.logging");
    }

    @Override
    public String toString() {
        return "H2 connections";
    }
}
