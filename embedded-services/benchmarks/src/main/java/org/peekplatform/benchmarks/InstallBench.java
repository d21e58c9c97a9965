package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// From the upload of the tutorial's package until a device is told of its view, the view's module
/// can be fetched and the plugin runs; each time in a process that has just started and on a home
/// without plugins. Against unpacking the package, loading its classes and migrating a fresh
/// schema, in a process that has only opened a database.
final class InstallBench implements Bench {
    private static final int PAIRS = 5;
    private static final double TARGET_MILLIS = 2_000;
    private static final String VIEWS = "[\"peek.View\"]";

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Path zip = lab.checkout().tutorial();
        Path ours = lab.file("headless.jsa");
        Path bare = lab.file("install-baseline.jsa");
        lab.say("install: first runs, which make the class archives");
        install(lab, zip, ours);
        baseline(lab, zip, bare);
        Archives.ensureMade(ours, "Peek");
        Archives.ensureMade(bare, "the baseline");
        lab.say("install: the tutorial, on a home without plugins");
        Pairs.Result result =
                lab.pairs(PAIRS)
                        .measure(() -> install(lab, zip, ours), () -> baseline(lab, zip, bare));
        return List.of(
                new Figure(
                        "install",
                        "Install the tutorial until its view opens",
                        "ms",
                        result.ours(),
                        result.baseline(),
                        new Target.AtMost(TARGET_MILLIS),
                        List.of(
                                result.note(),
                                "the baseline unpacks, loads the same jars and migrates; it checks"
                                        + " and stores nothing.")));
    }

    private static double install(Lab lab, Path zip, Path archive)
            throws IOException, InterruptedException {
        try (PeekProcess peek = PeekProcess.headless(lab, lab.file("home"), archive);
                HttpClient http = HttpClient.newHttpClient()) {
            peek.awaitRunning();
            AdminSession admin = AdminSession.login(http, peek);
            try (WireLink device =
                    WireLink.open(http, peek.clientPort(), Map.of(), "Benchmark device")) {
                device.observe(VIEWS);
                device.news(VIEWS);
                return millis(admin.install(zip), device, peek);
            }
        }
    }

    private static double millis(long begun, WireLink device, PeekProcess peek)
            throws InterruptedException {
        DeviceRows views = new DeviceRows();
        while (!views.all().containsKey("tutorial")) {
            views.apply(device.news(VIEWS));
        }
        JsonNode view = views.all().get("tutorial");
        String module = view == null ? "" : view.path("module").asString("");
        if (HttpProbe.get(peek.clientPort(), module).isEmpty()) {
            throw new BenchException(
                    "a device was told of the view before its module '" + module + "' was there");
        }
        peek.awaitPlugin("tutorial");
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double baseline(Lab lab, Path zip, Path archive) throws IOException {
        try (Child child =
                lab.start(
                        "install baseline",
                        lab.baseline(
                                archive,
                                "InstallBaseline",
                                List.of(zip.toString(), lab.newFolder("unpacked").toString())))) {
            child.line();
            child.tell("go");
            return Double.parseDouble(child.line());
        }
    }
}
