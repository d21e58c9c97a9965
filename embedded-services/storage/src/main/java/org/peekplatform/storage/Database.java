package org.peekplatform.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.ActionLog;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database of one home: opened by the server, closed by it last. Usable from any thread.
public final class Database implements AutoCloseable {
    /// The schema of the platform itself.
    public static final String PLATFORM_SCHEMA = Migrations.PLATFORM_SCHEMA;

    private static final Pattern SCHEMA = Pattern.compile("[a-z][a-z0-9_]{1,39}");
    private static final Set<String> RESERVED =
            Set.of(Migrations.PLATFORM_SCHEMA, "public", "information_schema");

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final Engine engine;
    private final Availability availability;
    private final ConnectionPool pool;
    private final boolean joined;
    private final Migrations migrations;
    private final JoinableTransactions transactions;
    private final GroupSync sync;
    private final DatabaseActionLog actionLog;
    private final @Nullable ScheduledFuture<?> forgetting;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param joined whether another process has opened the database and sees to its schemas
    private Database(
            Engine engine,
            boolean joined,
            @Nullable Path dataDir,
            PlatformThreads threads,
            ConnectionPool.Limits limits) {
        this.engine = engine;
        this.joined = joined;
        migrations =
                new Migrations(
                        engine,
                        dataDir == null ? null : dataDir.toAbsolutePath().resolve("saved-schemas"));
        // Nothing is lost or becomes usable before the pool is there: that begins with opening.
        Runnable prepare = joined ? () -> {} : migrations::migratePlatform;
        availability = new Availability(engine, prepare, this::cutConnections);
        pool = new ConnectionPool(engine, availability, threads, limits);
        transactions = new JoinableTransactions(engine, pool);
        sync = new GroupSync(engine);
        actionLog = new DatabaseActionLog(engine, transactions, sync);
        forgetting =
                joined
                        ? null
                        : threads.timer()
                                .scheduleWithFixedDelay(
                                        () -> threads.work().execute(this::forgetOldQueues),
                                        1,
                                        24 * 60,
                                        TimeUnit.MINUTES);
    }

    /// Opens the H2 database in `dataDir`, creating both at the first start, and brings the
    /// platform's own schema up to date.
    ///
    /// @param threads must outlive the database
    /// @throws PeekException with `DATABASE_IN_USE` when another process has it open,
    ///   `DATABASE_UNAVAILABLE` when it cannot be opened; the message is a sentence for an operator
    public static Database open(Path dataDir, PlatformThreads threads) {
        return open(dataDir, threads, ConnectionPool.Limits.DEFAULT);
    }

    /// Joins the database that another process of this home has opened. It need not be there yet,
    /// may close and open again, and its schemas are brought up to date over there.
    ///
    /// @param wayIn what [#wayIn] says over there now; throws `PeekException` while nobody knows
    /// @param threads must outlive the database
    public static Database join(Supplier<String> wayIn, PlatformThreads threads) {
        return open(
                H2Engine.joined(wayIn),
                true,
                null,
                threads,
                ConnectionPool.Limits.DEFAULT,
                availability -> availability.open(threads));
    }

    /// Uses a PostgreSQL database beside the server that has it, from this or another machine. It
    /// need not be there yet, and its schemas are brought up to date by the server.
    ///
    /// @param threads must outlive the database
    public static Database join(PostgresLocation location, PlatformThreads threads) {
        return open(
                new PostgresEngine(location, true),
                true,
                null,
                threads,
                ConnectionPool.Limits.DEFAULT,
                availability -> availability.keep(threads));
    }

    /// What another process of this home needs for [#join]. A secret: who has it can read and
    /// change everything. Empty where processes reach the database by themselves.
    public Optional<String> wayIn() {
        return engine.wayIn();
    }

    static Database open(Path dataDir, PlatformThreads threads, ConnectionPool.Limits limits) {
        return open(
                H2Engine.open(dataDir),
                false,
                dataDir,
                threads,
                limits,
                availability -> availability.open(threads));
    }

    /// Opens a PostgreSQL database and brings the platform's own schema up to date, now or, when it
    /// cannot be used, as soon as it can; the same after it was lost. One server at a time has it.
    ///
    /// @param threads must outlive the database
    public static Database open(PostgresLocation location, PlatformThreads threads) {
        return open(location, threads, ConnectionPool.Limits.DEFAULT);
    }

    static Database open(
            PostgresLocation location, PlatformThreads threads, ConnectionPool.Limits limits) {
        return open(
                new PostgresEngine(location),
                false,
                null,
                threads,
                limits,
                availability -> availability.keep(threads));
    }

    private static Database open(
            Engine engine,
            boolean joined,
            @Nullable Path dataDir,
            PlatformThreads threads,
            ConnectionPool.Limits limits,
            Consumer<Availability> begin) {
        @Nullable Database database = null;
        boolean opened = false;
        try {
            database = new Database(engine, joined, dataDir, threads, limits);
            begin.accept(database.availability);
            opened = true;
            return database;
        } finally {
            if (!opened) {
                if (database != null) {
                    database.close();
                } else {
                    engine.close();
                }
            }
        }
    }

    /// Why the database cannot be used at present, in a sentence for an operator; empty when it
    /// can.
    public Optional<String> problem() {
        return Optional.ofNullable(availability.problem());
    }

    /// Calls `then` once, when the database can be used: at once if it can, else later on another
    /// thread.
    public void whenUsable(Runnable then) {
        availability.whenUsable(then);
    }

    /// Calls `listener` after the database was lost or has returned; it must not block.
    public Registration onChange(Runnable listener) {
        return availability.onChange(listener);
    }

    private void cutConnections() {
        pool.cut();
    }

    /// Creates the schema of a plugin if it is missing and applies those scripts of `scriptsDir`
    /// that are new. Takes about a millisecond when there are none. Blocks; one schema at a time.
    ///
    /// The plugin must not use its schema meanwhile. A failing script leaves the schema as it was,
    /// even if the process dies in the middle.
    ///
    /// @param schema the plugin's name
    /// @param scriptsDir with `V1__name.sql`, …, and in its folders `h2` and `postgresql` those for
    ///   one product only; a missing folder is one without scripts
    /// @throws PeekException with `MIGRATION_REFUSED` when the scripts cannot follow those applied
    ///   earlier, `MIGRATION_FAILED` when one fails; the message names schema, script, line and
    ///   cure
    public SchemaState migrate(String schema, Path scriptsDir) {
        requirePluginName(schema);
        if (joined) {
            throw new IllegalStateException("schemas are brought up to date by the server");
        }
        MigrationScripts scripts = MigrationScripts.read(schema, scriptsDir, engine.vendor());
        Connection connection = pool.borrow(schema, Migrations.PLATFORM_SCHEMA);
        SchemaState state;
        try {
            state = migrations.migrate(connection, schema, scripts);
        } finally {
            pool.giveBack(connection);
        }
        if (state.applied() > 0) {
            // Statements that were prepared before may answer with the columns of before.
            pool.renew();
        }
        return state;
    }

    /// Refuses tables of a plugin whose rows a backup must not leave out: those that are not there,
    /// and those that the rows of other tables refer to.
    ///
    /// @throws PeekException with `BAD_REQUEST`, naming table and cure
    public void requireReloadable(String schema, List<String> tables) {
        requirePluginName(schema);
        Connection connection = pool.borrow(schema, Migrations.PLATFORM_SCHEMA);
        try {
            ReloadableTables.check(connection, schema, tables);
        } catch (SQLException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "the tables of schema '"
                            + schema
                            + "' cannot be listed: "
                            + engine.plainMessage(e),
                    e);
        } finally {
            pool.giveBack(connection);
        }
    }

    /// What plugin `plugin` gets as its `PluginStorage`. Its schema must have been migrated before
    /// the first statement. Holds nothing, so it need not be closed.
    public PluginStorage pluginStorage(String plugin) {
        requirePluginName(plugin);
        return new JooqPluginStorage(plugin, engine, pool, transactions);
    }

    /// The same for the platform's own schema, `peek`, with the plugin catalogue; for the host.
    public PluginStorage platformStorage() {
        return new JooqPluginStorage(Migrations.PLATFORM_SCHEMA, engine, pool, transactions);
    }

    /// For the data exchange: transactions which every storage of this database joins on the same
    /// thread.
    public Transactions transactions() {
        return transactions;
    }

    /// For the data exchange: what has been carried out of the queues of devices.
    public ActionLog actionLog() {
        return actionLog;
    }

    /// All rows as of now; the caller closes it.
    public DatabaseSnapshot snapshot() {
        return new DatabaseSnapshot(engine);
    }

    /// Replaces rows; nobody else may use the database meanwhile. The caller closes it.
    public DatabaseFill fill() {
        return new DatabaseFill(engine);
    }

    private void forgetOldQueues() {
        if (availability.problem() != null) {
            return;
        }
        try {
            int forgotten =
                    actionLog.forgetUnheardSince(
                            OffsetDateTime.now(ZoneOffset.UTC)
                                    .minus(DatabaseActionLog.KEPT_UNHEARD));
            if (forgotten > 0) {
                log.info(
                        "Forgot {} queues of devices that have sent nothing for {} days",
                        forgotten,
                        DatabaseActionLog.KEPT_UNHEARD.toDays());
            }
        } catch (RuntimeException e) {
            log.warn("Queues of devices long gone could not be forgotten; tried again tomorrow", e);
        }
    }

    /// Ends every connection and closes the file. What was committed is kept; what is under way is
    /// rolled back. Closing twice does nothing the second time.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // An interruption would cut the connection that shuts the database down.
        boolean interrupted = Thread.interrupted();
        try {
            if (forgetting != null) {
                forgetting.cancel(false);
            }
            availability.close();
            sync.close();
            pool.close();
            engine.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void requirePluginName(String name) {
        if (!SCHEMA.matcher(name).matches() || RESERVED.contains(name)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "'"
                            + name
                            + "' cannot be the schema of a plugin; it must match "
                            + SCHEMA.pattern()
                            + " and not be one of "
                            + String.join(", ", new TreeSet<>(RESERVED)));
        }
    }
}
