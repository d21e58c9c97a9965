package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.peekplatform.benchmarks.storage.StorageLoad;
import tools.jackson.databind.JsonNode;

/// The storage of plugins on one engine: bulk load against what the engine's own tools do, single
/// statements against jOOQ and JDBC on a pool, and how long current schemas hold up a start.
final class StorageBench implements Bench {
    private static final long ROWS = 1_000_000;
    private static final int LOADS = 3;

    enum Engine {
        H2("H2", "plain JDBC batch", 0.8),
        POSTGRESQL("PostgreSQL", "psql \\copy", 0.85);

        private final String title;
        private final String loader;
        private final double loadAtLeast;

        Engine(String title, String loader, double loadAtLeast) {
            this.title = title;
            this.loader = loader;
            this.loadAtLeast = loadAtLeast;
        }
    }

    private final Engine engine;

    StorageBench(Engine engine) {
        this.engine = engine;
    }

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        String id = "storage-" + engine.name().toLowerCase(Locale.ROOT);
        lab.say(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows on %s, then single statements",
                        id,
                        ROWS,
                        engine.title));
        ForeignCpu.Span cpu = ForeignCpu.begin();
        JsonNode result = load(lab, id);
        String note =
                String.format(
                        Locale.ROOT,
                        "Taken in turn; others used %.0f %% of the machine.",
                        cpu.percent());
        List<Figure> figures = new ArrayList<>();
        figures.add(
                new Figure(
                        id + "-load",
                        "Bulk load, " + engine.title + ", against " + engine.loader,
                        "rows/s",
                        sample(result, "oursLoad"),
                        sample(result, "baselineLoad"),
                        new Target.RatioAtLeast(engine.loadAtLeast),
                        List.of(note)));
        for (String what : List.of("Insert", "Batch", "Query")) {
            String unit = what.equals("Batch") ? "ms" : "µs";
            String name = id + "-" + what.toLowerCase(Locale.ROOT);
            figures.add(
                    new Figure(
                            name,
                            what + ", " + engine.title + ", against jOOQ",
                            unit,
                            sample(result, "ours" + what),
                            sample(result, "jooq" + what),
                            new Target.RatioAtMost(1.1),
                            List.of()));
            figures.add(
                    new Figure(
                            name + "-jdbc",
                            "… against plain JDBC",
                            unit,
                            sample(result, "ours" + what),
                            sample(result, "jdbc" + what),
                            new Target.None(),
                            List.of()));
        }
        figures.add(start(result, id, 3, new Target.None()));
        figures.add(start(result, id, 300, new Target.AtMost(1000)));
        return figures;
    }

    private Figure start(JsonNode result, String id, int schemas, Target target) {
        @Nullable Sample none = null;
        return new Figure(
                id + "-start-" + schemas,
                "Open " + engine.title + " with " + schemas + " current schemas",
                "ms",
                sample(result, "start" + schemas),
                none,
                target,
                List.of());
    }

    private static Sample sample(JsonNode result, String member) {
        return VortexSystem.sample(result.path(member));
    }

    private JsonNode load(Lab lab, String id) throws IOException, InterruptedException {
        try (Child child =
                lab.start(
                        "the load of storage",
                        lab.helper(
                                lab.checkout().productJars(),
                                StorageLoad.class,
                                List.of(
                                        engine.name(),
                                        lab.newFolder(id).toString(),
                                        String.valueOf(ROWS),
                                        String.valueOf(lab.count(LOADS)),
                                        String.valueOf(lab.options().sabotage()))))) {
            return Wire.JSON.readTree(child.rest());
        }
    }
}
