package org.peekplatform.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections all plugins share, each lent to a named schema in fair turns and watched until
/// it is given back.
final class ConnectionPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);

    /// @param size most connections open at once
    /// @param patience how long to wait for a free one
    /// @param longHold after which a borrower is named in the log
    /// @param share most connections that one plugin has at once
    record Limits(int size, Duration patience, Duration longHold, int share) {
        static final Limits DEFAULT =
                new Limits(10, Duration.ofSeconds(30), Duration.ofSeconds(30), 7);
    }

    private record Lease(String schema, Thread thread, long borrowedAt, AtomicBoolean reported) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - borrowedAt);
        }
    }

    private final Engine engine;
    private final Availability availability;
    private final Limits limits;
    private final HikariDataSource connections;
    private final FairShares shares;
    private final Map<Connection, Lease> leases = new ConcurrentHashMap<>();
    private final ScheduledFuture<?> watch;

    ConnectionPool(
            Engine engine, Availability availability, PlatformThreads threads, Limits limits) {
        this.engine = engine;
        this.availability = availability;
        this.limits = limits;
        ThreadFactory factory =
                PlatformThreads.virtual("peek-database", ConnectionPool.class.getClassLoader());
        connections = new HikariDataSource(configuration(factory));
        shares = new FairShares(limits.size(), limits.share());
        long period = Math.max(1, limits.longHold().toMillis() / 2);
        watch =
                threads.timer()
                        .scheduleWithFixedDelay(
                                () -> factory.newThread(this::reportLongHolds).start(),
                                period,
                                period,
                                TimeUnit.MILLISECONDS);
    }

    private HikariConfig configuration(ThreadFactory factory) {
        var config = new HikariConfig();
        config.setPoolName("peek-database");
        config.setDataSource(engine.dataSource());
        config.setMaximumPoolSize(limits.size());
        config.setMinimumIdle(0); // opened when first needed, so that starting is fast
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(limits.patience().toMillis());
        config.setMaxLifetime(0); // a connection does not age; those that break are replaced
        config.setThreadFactory(factory);
        config.setExceptionOverride(
                new SQLExceptionOverride() {
                    @java.lang.Override // the interface has an Override of its own
                    public SQLExceptionOverride.Override adjudicate(SQLException problem) {
                        // What is broken is sorted out in giveBack; the pool would log each with
                        // its stack, though an interrupted plugin is nothing to act upon.
                        return SQLExceptionOverride.Override.DO_NOT_EVICT;
                    }
                });
        return config;
    }

    /// A connection whose default schema is `schema`, in auto-commit mode. The caller gives it
    /// back.
    Connection borrow(String schema) {
        return borrow(schema, schema);
    }

    /// @param holder named when the connection is held for too long
    /// @param schema the default of the connection
    Connection borrow(String holder, String schema) {
        @Nullable SQLException problem = null;
        // A second try, as a connection may have died since it was last used.
        for (int attempt = 0; attempt < 2; attempt++) {
            Connection connection = next(holder);
            leases.put(
                    connection,
                    new Lease(
                            holder,
                            Thread.currentThread(),
                            System.nanoTime(),
                            new AtomicBoolean()));
            try {
                engine.useSchema(connection, schema);
                return connection;
            } catch (SQLException e) {
                problem = e;
                boolean wasAlive = engine.isConnected(connection);
                giveBack(connection);
                if (wasAlive) {
                    break;
                }
            }
        }
        throw failure("no connection on schema '" + schema + "'", problem);
    }

    private Connection next(String holder) {
        requireUsable();
        try {
            if (!shares.take(holder, limits.patience().toNanos())) {
                throw busy(holder, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "plugin '" + holder + "' was interrupted while it waited for a connection",
                    e);
        }
        boolean lent = false;
        try {
            Connection connection = connections.getConnection();
            lent = true;
            return connection;
        } catch (SQLTransientConnectionException e) {
            requireUsable();
            throw busy(holder, e);
        } catch (SQLException e) {
            if (connections.isClosed()) {
                throw new PeekException(
                        ErrorCode.STOPPED,
                        "the database is closed; plugin '" + holder + "' asked for a connection",
                        e);
            }
            throw failure("no database connection for plugin '" + holder + "'", e);
        } finally {
            if (!lent) {
                shares.giveBack(holder);
            }
        }
    }

    private void requireUsable() {
        String problem = availability.problem();
        if (problem != null && !connections.isClosed()) {
            throw new PeekException(StorageErrors.DATABASE_UNAVAILABLE, problem);
        }
    }

    private PeekException busy(String holder, @Nullable SQLException cause) {
        return new PeekException(
                StorageErrors.DATABASE_BUSY,
                "no database connection became free for plugin '"
                        + holder
                        + "' within "
                        + limits.patience().toSeconds()
                        + " s; "
                        + (shares.isExhausted(holder)
                                ? "it holds " + limits.share() + " itself, as many as it may have"
                                : "held by " + holders()),
                cause);
    }

    private String holders() {
        Map<String, Long> counts =
                leases.values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Lease::schema, TreeMap::new, Collectors.counting()));
        return counts.isEmpty()
                ? "nobody: the database does not answer"
                : counts.entrySet().stream()
                        .map(e -> "plugin '" + e.getKey() + "' (" + e.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }

    void giveBack(Connection connection) {
        Lease lease = leases.remove(connection);
        try {
            if (!connection.isClosed() && !engine.isConnected(connection)) {
                connections.evictConnection(connection);
                availability.suspect();
                return;
            }
            connection.close();
        } catch (SQLException e) {
            log.debug("A connection was given back broken; the pool replaces it", e);
        } finally {
            if (lease != null) {
                shares.giveBack(lease.schema());
            }
        }
    }

    /// Replaces connections if `problem` says that they would go on failing.
    ///
    /// @return whether it does
    boolean replacesAfter(SQLException problem) {
        if (!engine.spoilsConnections(problem)) {
            return false;
        }
        renew();
        availability.suspect();
        return true;
    }

    /// Replaces every connection: idle ones at once, others when they are given back.
    void renew() {
        HikariPoolMXBean pool = connections.getHikariPoolMXBean();
        if (pool != null) {
            pool.softEvictConnections();
        }
    }

    /// Ends every connection at once. Who waits for an answer on one gets an exception.
    void cut() {
        renew();
        for (Connection connection : leases.keySet()) {
            try {
                engine.abort(connection);
            } catch (SQLException e) {
                log.debug("A connection was broken before it could be ended", e);
            }
        }
    }

    private PeekException failure(String what, @Nullable SQLException e) {
        return new PeekException(
                StorageErrors.DATABASE_UNAVAILABLE,
                e == null ? what : what + ": " + engine.plainMessage(e),
                e);
    }

    private void reportLongHolds() {
        for (Lease lease : leases.values()) {
            if (lease.age().compareTo(limits.longHold()) >= 0
                    && lease.reported().compareAndSet(false, true)) {
                var where = new Throwable("where thread " + lease.thread().getName() + " is now");
                where.setStackTrace(lease.thread().getStackTrace());
                log.warn(
                        "Plugin '{}' has held a database connection for {} s on thread {}; all"
                                + " plugins share {} of them. A transaction should be short, and"
                                + " what dsl().fetchLazy() or fetchStream() returns must be closed",
                        lease.schema(),
                        lease.age().toSeconds(),
                        lease.thread().getName(),
                        limits.size(),
                        where);
            }
        }
    }

    @Override
    public void close() {
        watch.cancel(false);
        connections.close();
    }
}
