package org.peekplatform.benchmarks.workers;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.peekplatform.benchmarks.Wire;
import org.peekplatform.queue.BrokerLocation;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.testservers.RabbitServer;
import org.peekplatform.testservers.RedisServer;
import org.peekplatform.vortex.PlatformThreads;

/// Has empty tasks done over each engine, by the bare clients of broker and cache, and by nothing
/// but SQL, in turn, and prints a line of JSON with what each took. Every result is compared.
public final class WorkersLoad {
    private static final int WARM_ROUNDS = 1;
    private static final int ONE_BY_ONE = 200;
    private static final int BATCH = 50;
    private static final Pattern TPS = Pattern.compile("tps = ([\\d.]+)");

    private final Path folder;
    private final int tasks;
    private final int rounds;
    private final boolean sabotage;
    private final PlatformThreads threads = new PlatformThreads();
    private final Map<String, List<Double>> result = new LinkedHashMap<>();

    private WorkersLoad(Path folder, int tasks, int rounds, boolean sabotage) {
        this.folder = folder;
        this.tasks = tasks;
        this.rounds = rounds;
        this.sabotage = sabotage;
    }

    /// A task has ended with another result than it should.
    private static final class WrongResultException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongResultException(String message) {
            super(message);
        }
    }

    /// @param arguments an empty folder, tasks a round, rounds, whether to count one too many
    public static void main(String[] arguments) throws Exception {
        WorkersLoad load =
                new WorkersLoad(
                        Path.of(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        Boolean.parseBoolean(arguments[3]));
        int code = 0;
        try (PostgresServer postgres = PostgresServer.create();
                RabbitServer rabbit = RabbitServer.create();
                RedisServer redis = RedisServer.create()) {
            postgres.start();
            rabbit.start();
            redis.start();
            load.endToEnd(postgres, rabbit, redis);
            load.drain(postgres);
            System.out.println(new String(Wire.json(load.result), StandardCharsets.UTF_8));
        } catch (WrongResultException e) {
            System.err.println(e.getMessage());
            code = 1;
        } finally {
            load.threads.close();
        }
        System.exit(code);
    }

    private void endToEnd(PostgresServer postgres, RabbitServer rabbit, RedisServer redis)
            throws Exception {
        BrokerLocation broker =
                new BrokerLocation(
                        URI.create(rabbit.url()),
                        rabbit.user(),
                        rabbit.password(),
                        URI.create(redis.url()),
                        redis.password());
        PeekQueue h2 =
                new PeekQueue("h2", Database.open(folder.resolve("h2"), threads), threads, null);
        PeekQueue embedded = new PeekQueue("postgresql", open(postgres), threads, null);
        PeekQueue brokered = new PeekQueue("broker", open(postgres), threads, broker);
        BarePair pair = new BarePair(rabbit, redis);
        List<PeekQueue> ours = List.of(h2, embedded, brokered);
        ours.forEach(PeekQueue::start);
        List<Contestant> all = new ArrayList<>(ours);
        all.add(pair);
        try {
            for (int round = -WARM_ROUNDS; round < rounds; round++) {
                for (Contestant one : all) {
                    double rate = many(one);
                    double micros = oneByOne(one);
                    if (round >= 0) {
                        put(one.name(), rate);
                        put(one.name() + "One", micros);
                    }
                }
                all = all.reversed();
            }
        } finally {
            for (Contestant one : all) {
                one.close();
            }
        }
    }

    private Database open(PostgresServer postgres) {
        PostgresServer.Database made = postgres.newDatabase();
        return Database.open(
                new PostgresLocation(made.url(), made.user(), made.password()), threads);
    }

    /// Tasks a second.
    private double many(Contestant contestant) throws Exception {
        long begun = System.nanoTime();
        int right = contestant.many(tasks) + (sabotage ? 1 : 0);
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (right != tasks) {
            throw new WrongResultException(
                    right + " of " + tasks + " results of '" + contestant.name() + "' are right");
        }
        return tasks / seconds;
    }

    /// Microseconds at the median.
    private static double oneByOne(Contestant contestant) throws Exception {
        double[] micros = new double[ONE_BY_ONE];
        for (int i = 0; i < ONE_BY_ONE; i++) {
            long begun = System.nanoTime();
            String answer = contestant.one("one " + i);
            micros[i] = (System.nanoTime() - begun) / 1e3;
            if (!answer.equals("one " + i)) {
                throw new WrongResultException(
                        "'"
                                + contestant.name()
                                + "' answered '"
                                + answer
                                + "' for 'one "
                                + i
                                + "'");
            }
        }
        Arrays.sort(micros);
        return micros[ONE_BY_ONE / 2];
    }

    /// What is queued already, done by a worker of Peek, and deleted by `pgbench` in batches.
    private void drain(PostgresServer postgres) throws Exception {
        for (int round = 0; round < rounds; round++) {
            try (PeekQueue queue = new PeekQueue("drain", open(postgres), threads, null)) {
                queue.fill(tasks);
                long begun = System.nanoTime();
                queue.start();
                queue.drained(tasks);
                put("drain", tasks / ((System.nanoTime() - begun) / 1e9));
            }
            put("pgbench", pgbench(postgres));
        }
    }

    private double pgbench(PostgresServer postgres) throws IOException, InterruptedException {
        PostgresServer.Database database = postgres.newDatabase();
        int rows = 900_000;
        run(
                database,
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--command=CREATE TABLE job(id BIGSERIAL PRIMARY KEY, payload TEXT)",
                "--command=INSERT INTO job(payload) SELECT repeat('x', 180) FROM generate_series(1, "
                        + rows
                        + ")",
                "--command=VACUUM ANALYZE job");
        Path script =
                Files.writeString(
                        folder.resolve("job.sql"),
                        "DELETE FROM job WHERE id IN (SELECT id FROM job ORDER BY id LIMIT "
                                + BATCH
                                + " FOR UPDATE SKIP LOCKED);\n");
        String said =
                run(
                        database,
                        "pgbench",
                        "--no-vacuum",
                        "--file=" + script,
                        "--client=8",
                        "--jobs=2",
                        "--time=5",
                        "--protocol=prepared");
        Matcher tps = TPS.matcher(said);
        if (!tps.find()) {
            throw new IllegalStateException("pgbench said no rate: " + said);
        }
        return Double.parseDouble(tps.group(1)) * BATCH;
    }

    private static String run(PostgresServer.Database where, String program, String... arguments)
            throws IOException, InterruptedException {
        URI uri = URI.create(where.url().substring("jdbc:".length()));
        List<String> command = new ArrayList<>();
        command.add(PostgresServer.program(program).toString());
        command.add("--host=" + uri.getHost());
        command.add("--port=" + uri.getPort());
        command.add("--username=" + where.user());
        command.addAll(List.of(arguments));
        command.add(uri.getPath().substring(1));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", where.password());
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(program + " failed: " + said);
        }
        return said;
    }

    private void put(String name, double value) {
        result.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
}
