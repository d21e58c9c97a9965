package org.peekplatform.storage;

import java.util.Properties;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Where a PostgreSQL database is and as whom to use it. Printing it does not tell the password.
///
/// @param url such as `jdbc:postgresql://host:5432/peek?sslmode=verify-full`
/// @param user empty when the URL names one
/// @param password empty when the URL has one, or none is asked for
public record PostgresLocation(String url, String user, String password) {
    private static final String PREFIX = "jdbc:postgresql:";

    /// @throws PeekException when the URL is not one of PostgreSQL
    public PostgresLocation {
        if (!isUrl(url)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the address of the database must look like"
                            + " jdbc:postgresql://host:5432/database; correct server.storage.url");
        }
    }

    /// Whether the driver understands `url`.
    public static boolean isUrl(String url) {
        return url.startsWith(PREFIX) && Driver.parseURL(url, new Properties()) != null;
    }

    /// What the driver makes of the URL, with the settings Peek relies on where it says nothing.
    Properties properties() {
        var defaults = new Properties();
        PGProperty.APPLICATION_NAME.set(defaults, "Peek");
        PGProperty.CONNECT_TIMEOUT.set(defaults, 10);
        PGProperty.TCP_KEEP_ALIVE.set(defaults, true);
        // Lets settings of the session go with the first message.
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(defaults, "12");
        if (!user.isEmpty()) {
            PGProperty.USER.set(defaults, user);
        }
        if (!password.isEmpty()) {
            PGProperty.PASSWORD.set(defaults, password);
        }
        Properties all = Driver.parseURL(url, defaults);
        if (all == null) {
            throw new IllegalStateException("the URL was accepted before");
        }
        // What has been committed is on the disk, whatever role or database say.
        String options = PGProperty.OPTIONS.getOrDefault(all);
        PGProperty.OPTIONS.set(
                all, (options == null ? "" : options + " ") + "-c synchronous_commit=on");
        return all;
    }

    /// Host, port and database, for messages.
    String place() {
        Properties all = properties();
        return "%s:%s, database '%s'"
                .formatted(
                        PGProperty.PG_HOST.getOrDefault(all),
                        PGProperty.PG_PORT.getOrDefault(all),
                        PGProperty.PG_DBNAME.getOrDefault(all));
    }

    /// As whom Peek connects.
    String as() {
        return String.valueOf(PGProperty.USER.getOrDefault(properties()));
    }

    @Override
    public String toString() {
        return "PostgreSQL at " + place();
    }
}
