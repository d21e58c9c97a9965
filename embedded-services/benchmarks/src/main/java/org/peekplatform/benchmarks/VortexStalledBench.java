package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Changes to a thousand devices while one more does not read, against the same without it.
final class VortexStalledBench implements Bench {
    private static final int ROUNDS = 7;
    private static final int DEVICES = 1_000;
    private static final int ROW = 10_000;
    private static final double TARGET = 1.05;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        lab.say("vortex-stalled: " + VortexSystem.devices(DEVICES) + " and one that does not read");
        try (VortexSystem peek = VortexSystem.start(lab)) {
            JsonNode result =
                    peek.load(
                            "stalled",
                            peek.client().clientPort(),
                            DEVICES,
                            true,
                            "stalled",
                            1,
                            ROW,
                            lab.count(ROUNDS));
            return List.of(
                    new Figure(
                            "vortex-stalled",
                            "10 KB to 1,000 devices while one does not read",
                            "ms",
                            VortexSystem.sample(result.path("ours")),
                            VortexSystem.sample(result.path("baseline")),
                            new Target.RatioAtMost(TARGET),
                            List.of("the baseline is Peek with devices that all read.")));
        }
    }
}
