package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Many at once: a thousand devices that ask for the same list nobody has asked for before, and two
/// thousand that come back at the same moment.
final class VortexArrivalBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int ASKING = 1_000;
    private static final int RETURNING = 2_000;
    private static final double TARGET = 2;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        try (VortexSystem peek = VortexSystem.start(lab)) {
            lab.say("vortex-arrival: " + VortexSystem.devices(ASKING) + " ask at once");
            JsonNode stampede =
                    peek.load("stampede", peek.client().clientPort(), ASKING, lab.count(ROUNDS));
            lab.say("vortex-arrival: " + VortexSystem.devices(RETURNING) + " come back at once");
            JsonNode reconnect =
                    peek.load(
                            "reconnect",
                            peek.client().clientPort(),
                            peek.barePort(),
                            RETURNING,
                            lab.count(ROUNDS));
            return List.of(
                    new Figure(
                            "vortex-stampede",
                            "Cold list, asked for by 1,000 devices at once",
                            "ms",
                            VortexSystem.sample(stampede.path("ours")),
                            null,
                            new Target.None(),
                            List.of()),
                    new Figure(
                            "vortex-stampede-first",
                            "… first rows of a device, p50",
                            "ms",
                            VortexSystem.sample(stampede.path("firsts")),
                            null,
                            new Target.None(),
                            List.of("a device waits from its own question.")),
                    new Figure(
                            "vortex-stampede-loads",
                            "… calls of the provider",
                            "calls",
                            VortexSystem.sample(stampede.path("loads")),
                            null,
                            new Target.AtMost(1),
                            List.of()),
                    new Figure(
                            "vortex-reconnect",
                            "2,000 devices come back, against bare handshakes",
                            "ms",
                            VortexSystem.sample(reconnect.path("ours")),
                            VortexSystem.sample(reconnect.path("baseline")),
                            new Target.RatioAtMost(TARGET),
                            List.of(
                                    "a device is back when it knows that what it holds is current.")));
        }
    }
}
