package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.peekplatform.benchmarks.workers.WorkersLoad;
import tools.jackson.databind.JsonNode;

/// Tasks over each engine, submitted, done and answered, against the bare clients of RabbitMQ and
/// Redis, and against nothing but SQL.
final class WorkersBench implements Bench {
    private static final int TASKS = 5_000;
    private static final int ROUNDS = 5;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        lab.say(
                String.format(
                        Locale.ROOT,
                        "workers: %,d empty tasks a round over each engine, then one at a time",
                        TASKS));
        ForeignCpu.Span cpu = ForeignCpu.begin();
        JsonNode result = load(lab);
        String note =
                String.format(
                        Locale.ROOT,
                        "Taken in turn; others used %.0f %% of the machine.",
                        cpu.percent());
        Sample pair = sample(result, "pair");
        Sample pairOne = sample(result, "pairOne");
        return List.of(
                new Figure(
                        "workers-broker",
                        "Tasks, RabbitMQ + Redis, against the bare clients",
                        "tasks/s",
                        sample(result, "broker"),
                        pair,
                        new Target.RatioAtLeast(0.5),
                        List.of(note)),
                new Figure(
                        "workers-broker-one",
                        "… one at a time",
                        "µs",
                        sample(result, "brokerOne"),
                        pairOne,
                        new Target.None(),
                        List.of()),
                new Figure(
                        "workers-postgresql",
                        "Tasks, embedded on PostgreSQL",
                        "tasks/s",
                        sample(result, "postgresql"),
                        pair,
                        new Target.None(),
                        List.of()),
                new Figure(
                        "workers-postgresql-one",
                        "… one at a time",
                        "µs",
                        sample(result, "postgresqlOne"),
                        pairOne,
                        new Target.None(),
                        List.of()),
                new Figure(
                        "workers-h2",
                        "Tasks, embedded on H2",
                        "tasks/s",
                        sample(result, "h2"),
                        pair,
                        new Target.None(),
                        List.of()),
                new Figure(
                        "workers-h2-one",
                        "… one at a time",
                        "µs",
                        sample(result, "h2One"),
                        pairOne,
                        new Target.None(),
                        List.of()),
                new Figure(
                        "workers-drain",
                        "Queued tasks, embedded on PostgreSQL, against batches of pgbench",
                        "tasks/s",
                        sample(result, "drain"),
                        sample(result, "pgbench"),
                        new Target.RatioAtLeast(0.7),
                        List.of()));
    }

    private static Sample sample(JsonNode result, String member) {
        return VortexSystem.sample(result.path(member));
    }

    private static JsonNode load(Lab lab) throws IOException, InterruptedException {
        try (Child child =
                lab.start(
                        "the load of the queue",
                        lab.helper(
                                lab.checkout().productJars(),
                                WorkersLoad.class,
                                List.of(
                                        lab.newFolder("workers").toString(),
                                        String.valueOf(TASKS),
                                        String.valueOf(lab.count(ROUNDS)),
                                        String.valueOf(lab.options().sabotage()))))) {
            return Wire.JSON.readTree(child.rest());
        }
    }
}
