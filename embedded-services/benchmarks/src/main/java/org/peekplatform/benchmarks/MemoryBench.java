package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What Peek takes when nobody uses it, with the tutorial installed: all services without a window;
/// the workstation; the workstation after its first web view.
final class MemoryBench implements Bench {
    private static final int RUNS = 5;
    private static final double HEADLESS = 220;
    private static final double WINDOW = 330;
    private static final double WEB_VIEW = 400;
    private static final Duration SETTLE = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /// The library that the first web view loads.
    private static final String BROWSER = "jfxwebkit";

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Path home = lab.file("home");
        Path headless = lab.file("headless.jsa");
        Path workstation = lab.file("workstation.jsa");
        lab.say("memory: first runs, which install the tutorial and make the class archives");
        install(lab, home, headless);
        Archives.ensureMade(headless, "Peek");
        List<ProcessMemory> services = new ArrayList<>();
        for (int i = 0; i < lab.count(RUNS); i++) {
            services.add(headless(lab, home, headless));
        }
        List<ProcessMemory> windows = new ArrayList<>();
        List<ProcessMemory> browsers = new ArrayList<>();
        try (VirtualDisplay display = VirtualDisplay.open(lab)) {
            firstWindow(lab, display, home, workstation);
            Archives.ensureMade(workstation, "the workstation");
            for (int i = 0; i < lab.count(RUNS); i++) {
                lab.say("memory: window " + (i + 1));
                window(lab, display, home, workstation, windows, browsers);
            }
        }
        List<Figure> figures = new ArrayList<>();
        add(figures, "memory-headless", "Memory, all services", services, HEADLESS);
        add(figures, "memory-window", "Memory, workstation", windows, WINDOW);
        add(figures, "memory-webview", "Memory, after the first web view", browsers, WEB_VIEW);
        return figures;
    }

    private static void add(
            List<Figure> figures,
            String id,
            String title,
            List<ProcessMemory> taken,
            double target) {
        figures.add(
                new Figure(
                        id,
                        title,
                        "MB",
                        new Sample(taken.stream().map(ProcessMemory::rss).toList()),
                        null,
                        new Target.AtMost(target),
                        List.of("resident memory after full collections; 1 MB is 10^6 bytes.")));
        figures.add(
                new Figure(
                        id + "-pss",
                        "… its share of pages (PSS)",
                        "MB",
                        new Sample(taken.stream().map(ProcessMemory::pss).toList()),
                        null,
                        new Target.None(),
                        List.of()));
    }

    private static void install(Lab lab, Path home, Path archive)
            throws IOException, InterruptedException {
        try (PeekProcess peek = PeekProcess.headless(lab, home, archive);
                HttpClient http = HttpClient.newHttpClient()) {
            peek.awaitRunning();
            AdminSession.login(http, peek).install(lab.checkout().tutorial());
            peek.awaitPlugin("tutorial");
        }
    }

    private static ProcessMemory headless(Lab lab, Path home, Path archive)
            throws IOException, InterruptedException {
        lab.say("memory: all services");
        try (PeekProcess peek = PeekProcess.headless(lab, home, archive)) {
            peek.awaitPlugin("tutorial");
            LockSupport.parkNanos(SETTLE.toNanos());
            return ProcessMemory.afterCollection(lab, peek.child());
        }
    }

    private static void firstWindow(Lab lab, VirtualDisplay display, Path home, Path archive)
            throws IOException {
        Child child;
        try (PeekProcess peek = PeekProcess.window(lab, home, archive, display.name())) {
            child = peek.child();
            display.awaitDrawn(child, LIMIT);
            peek.awaitPlugin("tutorial");
        }
        display.awaitBlank(child, LIMIT);
    }

    private static void window(
            Lab lab,
            VirtualDisplay display,
            Path home,
            Path archive,
            List<ProcessMemory> windows,
            List<ProcessMemory> browsers)
            throws IOException, InterruptedException {
        Child child;
        try (PeekProcess peek = PeekProcess.window(lab, home, archive, display.name())) {
            child = peek.child();
            display.awaitDrawn(child, LIMIT);
            peek.awaitPlugin("tutorial");
            LockSupport.parkNanos(SETTLE.toNanos());
            windows.add(ProcessMemory.afterCollection(lab, child));
            pressHelp(lab, display);
            awaitBrowser(child);
            LockSupport.parkNanos(SETTLE.toNanos());
            browsers.add(ProcessMemory.afterCollection(lab, child));
        }
        display.awaitBlank(child, LIMIT);
    }

    private static void pressHelp(Lab lab, VirtualDisplay display)
            throws IOException, InterruptedException {
        try (Child key =
                lab.start(
                        "the key press",
                        lab.helper(KeyPress.class, List.of("700", "500")),
                        List.of("DISPLAY=" + display.name()))) {
            key.rest();
        }
    }

    private static void awaitBrowser(Child peek) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        Path maps = Path.of("/proc/" + peek.pid() + "/maps");
        while (Files.readAllLines(maps).stream().noneMatch(line -> line.contains(BROWSER))) {
            if (System.nanoTime() > end) {
                throw peek.failed(
                        "opened no web view within "
                                + LIMIT.toSeconds()
                                + " s after F1 was pressed");
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
