package org.peekplatform.benchmarks.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.peekplatform.benchmarks.Wire;
import org.peekplatform.benchmarks.baseline.BareDatabase;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;

/// Does the same to a table through Peek's storage, jOOQ and plain JDBC, in turn, and prints a line
/// of JSON with what each took. After each step the table must hold what was written.
public final class StorageLoad implements AutoCloseable {
    private static final String PLUGIN = "bench";
    private static final int WARM_ROUNDS = 2;
    private static final int ROUNDS = 7;
    private static final int INSERTS = 500;
    private static final int BATCHES = 5;
    private static final int BATCH = 1000;
    private static final int QUERIES = 500;
    private static final int STARTS = 5;

    private final Path folder;
    private final long rows;
    private final int loads;
    private final boolean sabotage;
    private final @Nullable PostgresServer server;
    private final PlatformThreads threads = new PlatformThreads();
    private final Map<String, List<Double>> result = new LinkedHashMap<>();
    private long next;

    private StorageLoad(
            Path folder, @Nullable PostgresServer server, long rows, int loads, boolean sabotage) {
        this.folder = folder;
        this.server = server;
        this.rows = rows;
        this.loads = loads;
        this.sabotage = sabotage;
        next = rows;
    }

    /// Something else is in the table than was written.
    private static final class WrongRowsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongRowsException(String message) {
            super(message);
        }
    }

    /// One side and what must be in its table.
    private static final class Checked {
        private final String name;
        private final Side side;
        private Sums expected = Sums.NONE;

        Checked(String name, Side side) {
            this.name = name;
            this.side = side;
        }

        void check() throws Exception {
            Sums found = side.sums();
            if (!found.equals(expected)) {
                throw new WrongRowsException(
                        name + " has " + found + " in the table instead of " + expected);
            }
        }
    }

    /// @param arguments the engine, an empty folder, rows to load, how often, whether to leave one
    ///   out
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        PostgresServer server = null;
        if (arguments[0].equals("POSTGRESQL")) {
            server = PostgresServer.shared();
        }
        int code = 0;
        try (StorageLoad load =
                new StorageLoad(
                        folder,
                        server,
                        Long.parseLong(arguments[2]),
                        Integer.parseInt(arguments[3]),
                        Boolean.parseBoolean(arguments[4]))) {
            load.run();
            System.out.println(new String(Wire.json(load.result), StandardCharsets.UTF_8));
        } catch (WrongRowsException e) {
            System.err.println(e.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    private void run() throws Exception {
        starts(3);
        starts(300);
        PostgresServer.Database bare = server == null ? null : server.newDatabase();
        try (Database database = openAnew("table").get()) {
            migrate(database, PLUGIN);
            PeekSide peek = new PeekSide(database.pluginStorage(PLUGIN));
            AutoCloseable owner;
            HikariDataSource pool;
            if (bare == null) {
                BareDatabase h2 = BareDatabase.open(Files.createDirectories(folder.resolve("h2")));
                owner = h2;
                pool = h2.pool();
            } else {
                pool = pool(bare);
                owner = pool;
            }
            SQLDialect dialect = bare == null ? SQLDialect.H2 : SQLDialect.POSTGRES;
            try (JdbcSide jdbc = new JdbcSide(pool, owner)) {
                jdbc.create();
                loads(peek, jdbc, bare);
                statements(peek, jdbc, new JooqSide(pool, () -> {}, dialect));
            }
        }
    }

    /// Opens a database of its own, the same one each time it is asked.
    private Supplier<Database> openAnew(String name) {
        PostgresServer postgres = server;
        if (postgres == null) {
            return () -> Database.open(folder.resolve(name), threads);
        }
        PostgresServer.Database made = postgres.newDatabase();
        var location = new PostgresLocation(made.url(), made.user(), made.password());
        return () -> Database.open(location, threads);
    }

    private static HikariDataSource pool(PostgresServer.Database where) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(where.url());
        config.setUsername(where.user());
        config.setPassword(where.password());
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    private void migrate(Database database, String plugin) throws Exception {
        Path scripts = folder.resolve("scripts");
        if (!Files.exists(scripts)) {
            Files.createDirectories(scripts);
            Files.writeString(scripts.resolve("V1__reading.sql"), Reading.TABLE);
        }
        database.migrate(plugin, scripts);
    }

    /// How long it takes to open the database and to find that all schemas are current.
    private void starts(int schemas) throws Exception {
        Supplier<Database> opening = openAnew("start" + schemas);
        for (int round = -1; round < STARTS; round++) {
            long begun = System.nanoTime();
            try (Database database = opening.get()) {
                for (int i = 0; i < schemas; i++) {
                    migrate(database, "plugin" + i);
                }
                double taken = millisSince(begun);
                // The first time the schemas are made.
                if (round >= 0) {
                    put("start" + schemas, taken);
                }
            }
        }
    }

    private void loads(PeekSide peek, JdbcSide jdbc, PostgresServer.@Nullable Database bare)
            throws Exception {
        Sums all = Sums.NONE;
        for (Iterator<Reading> each = readings(0, rows); each.hasNext(); ) {
            all = all.with(each.next());
        }
        Path file = bare == null ? null : file();
        var ours = new Checked("Peek", peek);
        var baseline = new Checked("the baseline", jdbc);
        ours.expected = all;
        baseline.expected = all;
        for (int round = 0; round < loads; round++) {
            for (Checked side :
                    round % 2 == 0 ? List.of(ours, baseline) : List.of(baseline, ours)) {
                side.side.clear();
                long begun = System.nanoTime();
                if (side == ours) {
                    peek.load(readings(0, sabotage ? rows - 1 : rows));
                } else if (file == null || bare == null) {
                    jdbc.load(readings(0, rows));
                } else {
                    copy(file, bare);
                }
                double rate = rows / millisSince(begun) * 1000;
                side.check();
                put((side == ours ? "ours" : "baseline") + "Load", rate);
            }
        }
    }

    private static Iterator<Reading> readings(long first, long end) {
        return LongStream.range(first, end).mapToObj(Reading::of).iterator();
    }

    private Path file() throws Exception {
        Path file = folder.resolve("rows.txt");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Iterator<Reading> each = readings(0, rows); each.hasNext(); ) {
                Reading row = each.next();
                out.write(row.id() + "\t" + row.site() + "\t" + row.amount() + "\t" + row.readAt());
                out.write('\n');
            }
        }
        return file;
    }

    private static void copy(Path file, PostgresServer.Database where) throws Exception {
        ProcessBuilder psql =
                new ProcessBuilder(
                        PostgresServer.program("psql").toString(),
                        "--no-psqlrc",
                        "--quiet",
                        "--set=ON_ERROR_STOP=1",
                        "--dbname=" + where.url().substring("jdbc:".length()),
                        "--username=" + where.user(),
                        "--command=\\copy reading from '" + file + "'");
        psql.environment().put("PGPASSWORD", where.password());
        Process process = psql.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("psql failed: " + said);
        }
    }

    private void statements(PeekSide peek, JdbcSide jdbc, JooqSide jooq) throws Exception {
        List<Checked> order =
                List.of(
                        new Checked("ours", peek),
                        new Checked("jooq", jooq),
                        new Checked("jdbc", jdbc));
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            for (Checked side : order) {
                side.expected = side.side.sums();
                double insert = inserts(side);
                double batch = batches(side);
                side.check();
                double query = queries(side.side);
                if (round >= 0) {
                    put(side.name + "Insert", insert);
                    put(side.name + "Batch", batch);
                    put(side.name + "Query", query);
                }
            }
            order = order.reversed();
        }
    }

    /// Microseconds for each row.
    private double inserts(Checked checked) throws Exception {
        List<Reading> fresh = fresh(INSERTS);
        long begun = System.nanoTime();
        for (Reading row : fresh) {
            checked.side.insert(row);
        }
        double taken = millisSince(begun) * 1000 / INSERTS;
        fresh.forEach(row -> checked.expected = checked.expected.with(row));
        return taken;
    }

    /// Milliseconds for each batch.
    private double batches(Checked checked) throws Exception {
        double taken = 0;
        for (int i = 0; i < BATCHES; i++) {
            List<Reading> fresh = fresh(BATCH);
            long begun = System.nanoTime();
            checked.side.batch(fresh);
            taken += millisSince(begun);
            fresh.forEach(row -> checked.expected = checked.expected.with(row));
        }
        return taken / BATCHES;
    }

    private List<Reading> fresh(int count) {
        List<Reading> fresh = new ArrayList<>();
        readings(next, next + count).forEachRemaining(fresh::add);
        next += count;
        return fresh;
    }

    /// Microseconds for each query.
    private double queries(Side side) throws Exception {
        int sites = Reading.sites(rows);
        long begun = System.nanoTime();
        for (int i = 0; i < QUERIES; i++) {
            long site = i * 7919L % sites;
            List<Reading> found = side.query(Reading.site(site));
            if (found.size() != Reading.ROWS_OF_A_SITE || !found.getFirst().isFirstOf(site)) {
                throw new WrongRowsException("a query answered " + found + " for site " + site);
            }
        }
        return millisSince(begun) * 1000 / QUERIES;
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private void put(String name, double value) {
        result.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    @Override
    public void close() {
        threads.close();
        if (server != null) {
            server.close();
        }
    }
}
