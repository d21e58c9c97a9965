package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.peekplatform.benchmarks.fan.FanLoad;
import tools.jackson.databind.JsonNode;

/// From an action that changes one of 11,833 rows to the moment the last of 1 and of 1,000 devices
/// has the change. Against a bare broadcast of as many bytes to as many sockets, asked for by one
/// HTTP request. The generator is the same for both, in a process of its own.
final class FanoutBench implements Bench {
    private static final int CHANGES = 40;
    private static final int WARM = 60;
    private static final int MANY = 1_000;
    private static final double TARGET = 1.1;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Plants plants = Plants.find(lab);
        lab.say("fanout: " + plants.note());
        Path home = lab.file("home");
        Path archive = lab.file("headless.jsa");
        try (PeekProcess peek = PeekProcess.headless(lab, home, archive)) {
            peek.awaitRunning();
        }
        int barePort = Lab.freePorts(1).getFirst();
        try (PeekProcess peek = PeekProcess.headless(lab, home, archive);
                Child bare =
                        lab.start(
                                "fanout baseline",
                                lab.baseline(
                                        lab.file("fan-baseline.jsa"),
                                        "FanBaseline",
                                        List.of(String.valueOf(barePort))));
                HttpClient http = HttpClient.newHttpClient()) {
            bare.line();
            peek.awaitRunning();
            String row = load(lab, peek, http, plants);
            List<Figure> figures = new ArrayList<>();
            figures.addAll(run(lab, peek, barePort, 1, row, plants));
            figures.addAll(run(lab, peek, barePort, MANY, row, plants));
            return figures;
        }
    }

    /// Installs and imports.
    ///
    /// @return the key of a row
    private static String load(Lab lab, PeekProcess peek, HttpClient http, Plants plants)
            throws IOException, InterruptedException {
        AdminSession session = AdminSession.login(http, peek);
        session.install(lab.checkout().tutorial());
        peek.awaitPlugin("tutorial");
        try (WireLink admin = session.link();
                WireLink device =
                        WireLink.open(http, peek.clientPort(), Map.of(), "Benchmark device")) {
            device.observe(PlantImport.ROWS);
            DeviceRows rows = new DeviceRows();
            rows.apply(device.news(PlantImport.ROWS));
            PlantImport.run(plants, admin, device, rows);
            return rows.all().keySet().iterator().next();
        }
    }

    private static List<Figure> run(
            Lab lab, PeekProcess peek, int barePort, int devices, String row, Plants plants)
            throws IOException, InterruptedException {
        lab.say("fanout: changes to " + devices + (devices == 1 ? " device" : " devices"));
        boolean lose = lab.options().sabotage() && devices == MANY;
        ForeignCpu.Span cpu = ForeignCpu.begin();
        JsonNode result;
        try (Child load =
                lab.start(
                        "the check of receipts",
                        lab.helper(
                                FanLoad.class,
                                List.of(
                                        String.valueOf(peek.clientPort()),
                                        String.valueOf(barePort),
                                        String.valueOf(devices),
                                        String.valueOf(WARM),
                                        String.valueOf(lab.count(CHANGES)),
                                        row,
                                        String.valueOf(lose))))) {
            result = Wire.JSON.readTree(load.rest());
        }
        List<String> notes =
                List.of(
                        plants.note(),
                        String.format(
                                Locale.ROOT,
                                "%d changes each, in turn, after %d to warm up; others used %.0f %%"
                                        + " of the machine.",
                                lab.count(CHANGES),
                                WARM,
                                cpu.percent()));
        String to = devices == 1 ? "1 device" : String.format(Locale.ROOT, "%,d devices", devices);
        List<Figure> figures = new ArrayList<>();
        figures.add(
                new Figure(
                        "fanout-" + devices,
                        "Change to screen, " + to,
                        "ms",
                        sample(result.path("ours")),
                        sample(result.path("baseline")),
                        devices == MANY ? new Target.RatioAtMost(TARGET) : new Target.None(),
                        notes));
        if (devices == MANY) {
            figures.add(
                    new Figure(
                            "fanout-" + devices + "-spread",
                            "… of that, first to last device",
                            "ms",
                            sample(result.path("oursSpread")),
                            sample(result.path("baselineSpread")),
                            new Target.None(),
                            List.of()));
            figures.add(
                    new Figure(
                            "fanout-bytes",
                            "Bytes per change and device",
                            "B",
                            new Sample(List.of(result.path("bytes").asDouble(0))),
                            new Sample(List.of(result.path("baselineBytes").asDouble(0))),
                            new Target.None(),
                            List.of()));
        }
        return figures;
    }

    private static Sample sample(JsonNode values) {
        List<Double> numbers = new ArrayList<>();
        values.forEach(value -> numbers.add(value.asDouble(0)));
        return new Sample(numbers);
    }
}
