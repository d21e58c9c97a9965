package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// From a change to the moment the last of many devices has it, through the client service as a
/// process: of a list of the client service, and of one of the server with the commit. Against a
/// bare broadcast of as many bytes.
final class VortexFanoutBench implements Bench {
    private static final int WARM = 60;
    private static final int CHANGES = 40;
    private static final int FEW = 1_000;
    private static final int MANY = 5_000;
    private static final int ROW = 10_000;
    private static final int TUPLES = 100;
    private static final int TUPLE = 60;
    private static final double TARGET = 1.1;
    private static final double LINEAR = 1.15;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (VortexSystem peek = VortexSystem.start(lab)) {
            Sample few = run(lab, peek, figures, FEW, true, 1, ROW, new Target.RatioAtMost(TARGET));
            Sample many = run(lab, peek, figures, MANY, true, 1, ROW, new Target.None());
            figures.add(
                    new Figure(
                            "vortex-fanout-linear",
                            "… per device, 5,000 against 1,000",
                            "µs",
                            perDevice(many, MANY),
                            perDevice(few, FEW),
                            new Target.RatioAtMost(LINEAR),
                            List.of()));
            run(lab, peek, figures, FEW, true, TUPLES, TUPLE, new Target.None());
            run(lab, peek, figures, FEW, false, 1, ROW, new Target.None());
            run(lab, peek, figures, FEW, false, TUPLES, TUPLE, new Target.None());
        }
        return figures;
    }

    private static Sample run(
            Lab lab,
            VortexSystem peek,
            List<Figure> figures,
            int devices,
            boolean local,
            int rows,
            int textLength,
            Target target)
            throws IOException, InterruptedException {
        String what = rows == 1 ? "10 KB" : rows + " tuples";
        lab.say("vortex-fanout: " + what + " to " + VortexSystem.devices(devices));
        ForeignCpu.Span cpu = ForeignCpu.begin();
        boolean lose = lab.options().sabotage();
        JsonNode result =
                peek.load(
                        "fanout",
                        peek.client().clientPort(),
                        peek.barePort(),
                        peek.wsPort(),
                        devices,
                        local,
                        "fanout " + devices + " " + rows,
                        rows,
                        textLength,
                        WARM,
                        lab.count(CHANGES),
                        lose);
        Sample ours = VortexSystem.sample(result.path("ours"));
        List<String> notes = new ArrayList<>();
        notes.add(
                String.format(
                        Locale.ROOT,
                        "%d changes each, in turn; %d bytes to each device; others used %.0f %% of the machine.",
                        ours.values().size(),
                        result.path("bytes").asInt(0),
                        cpu.percent()));
        if (result.has("ws")) {
            Sample ws = VortexSystem.sample(result.path("ws"));
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "npm ws needs %.1f ms (%.1f–%.1f); ours is %.2f of it.",
                            ws.median(),
                            ws.min(),
                            ws.max(),
                            ours.ratioTo(ws)));
        }
        String id =
                "vortex-fanout-"
                        + (local ? "" : "end-to-end-")
                        + (rows == 1 ? "10kb-" : "tuples-")
                        + devices;
        figures.add(
                new Figure(
                        id,
                        (local ? "" : "Commit at the server: ")
                                + what
                                + " to "
                                + VortexSystem.devices(devices),
                        "ms",
                        ours,
                        VortexSystem.sample(result.path("baseline")),
                        target,
                        notes));
        return ours;
    }

    private static Sample perDevice(Sample millis, int devices) {
        return new Sample(millis.values().stream().map(value -> value * 1_000 / devices).toList());
    }
}
