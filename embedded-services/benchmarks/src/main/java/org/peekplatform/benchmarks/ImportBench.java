package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// From the first piece of the file to the last row at a device, each time in a process that has
/// just started. Against a plain JDBC batch of the same rows into the same kind of database.
final class ImportBench implements Bench {
    private static final int PAIRS = 5;
    private static final double TARGET_MILLIS = 3_000;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Plants plants = Plants.find(lab);
        Path ours = lab.file("headless.jsa");
        Path bare = lab.file("import-baseline.jsa");
        lab.say("import: first runs, which make the class archives");
        peek(lab, plants, ours);
        baseline(lab, plants, bare);
        Archives.ensureMade(ours, "Peek");
        Archives.ensureMade(bare, "the baseline");
        lab.say("import: " + plants.note());
        Pairs.Result result =
                lab.pairs(PAIRS)
                        .measure(() -> peek(lab, plants, ours), () -> baseline(lab, plants, bare));
        return List.of(
                new Figure(
                        "import",
                        "Import 11,833 rows until a device has the last",
                        "ms",
                        result.ours(),
                        result.baseline(),
                        new Target.AtMost(TARGET_MILLIS),
                        List.of(
                                plants.note(),
                                result.note(),
                                "the baseline reads the file and inserts batches of 1,000 in one"
                                        + " transaction.")));
    }

    private static double peek(Lab lab, Plants plants, Path archive)
            throws IOException, InterruptedException {
        try (PeekProcess peek = PeekProcess.headless(lab, lab.file("home"), archive);
                HttpClient http = HttpClient.newHttpClient()) {
            peek.awaitRunning();
            AdminSession session = AdminSession.login(http, peek);
            session.install(lab.checkout().tutorial());
            peek.awaitPlugin("tutorial");
            try (WireLink admin = session.link();
                    WireLink device =
                            WireLink.open(http, peek.clientPort(), Map.of(), "Benchmark device")) {
                device.observe(PlantImport.ROWS);
                DeviceRows rows = new DeviceRows();
                rows.apply(device.news(PlantImport.ROWS));
                return PlantImport.run(plants, admin, device, rows);
            }
        }
    }

    private static double baseline(Lab lab, Plants plants, Path archive) throws IOException {
        try (Child child =
                lab.start(
                        "import baseline",
                        lab.baseline(
                                archive,
                                "ImportBaseline",
                                List.of(
                                        plants.file().toString(),
                                        lab.newFolder("import").toString())))) {
            child.line();
            child.tell("go");
            return Double.parseDouble(child.line());
        }
    }
}
