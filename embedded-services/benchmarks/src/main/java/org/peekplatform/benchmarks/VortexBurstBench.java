package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// A hundred changes in 100 ms to a thousand devices, which need only end on the last, against a
/// hundred of which each is waited for.
final class VortexBurstBench implements Bench {
    private static final int ROUNDS = 3;
    private static final int DEVICES = 1_000;
    private static final int ROW = 10_000;
    private static final double TARGET = 0.35;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        lab.say("vortex-burst: 100 changes to " + VortexSystem.devices(DEVICES));
        try (VortexSystem peek = VortexSystem.start(lab)) {
            JsonNode result =
                    peek.load(
                            "burst",
                            peek.client().clientPort(),
                            DEVICES,
                            true,
                            "burst",
                            1,
                            ROW,
                            lab.count(ROUNDS));
            Sample messages = VortexSystem.sample(result.path("messages"));
            return List.of(
                    new Figure(
                            "vortex-burst",
                            "Burst of 100 updates, against 100 single ones",
                            "ms",
                            VortexSystem.sample(result.path("ours")),
                            VortexSystem.sample(result.path("baseline")),
                            new Target.RatioAtMost(TARGET),
                            List.of(
                                    String.format(
                                            Locale.ROOT,
                                            "10 KB each; every device ended on the last; it got %.0f"
                                                    + " messages for the 100 updates.",
                                            messages.median()))));
        }
    }
}
