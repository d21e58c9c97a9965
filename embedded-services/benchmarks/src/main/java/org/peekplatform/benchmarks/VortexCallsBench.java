package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// An action that only answers, from one process to the server in another, against a bare echo over
/// a WebSocket.
final class VortexCallsBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int CALLS = 2_000;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        lab.say("vortex-calls: actions that only answer");
        try (VortexSystem peek = VortexSystem.start(lab)) {
            JsonNode result =
                    peek.load(
                            "calls",
                            peek.server().adminPort(),
                            peek.cookie(),
                            peek.barePort(),
                            lab.count(ROUNDS),
                            CALLS);
            return List.of(
                    figure(result, "P50", "p50", "Action and answer, one at a time, p50", "ms"),
                    figure(result, "P99", "p99", "… p99", "ms"),
                    figure(
                            result,
                            "PerSecond",
                            "per-second",
                            "Actions answered, 64 in flight",
                            "1/s"));
        }
    }

    private static Figure figure(
            JsonNode result, String member, String id, String title, String unit) {
        return new Figure(
                "vortex-calls-" + id,
                title,
                unit,
                VortexSystem.sample(result.path("ours" + member)),
                VortexSystem.sample(result.path("baseline" + member)),
                new Target.None(),
                List.of());
    }
}
