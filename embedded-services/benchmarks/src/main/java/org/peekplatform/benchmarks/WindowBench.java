package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// From starting the workstation to its first frame on the screen, against a bare window with a
/// table. The first frame is seen in the memory of the virtual display, the same way for both.
final class WindowBench implements Bench {
    private static final int PAIRS = 7;
    private static final double TARGET = 1.3;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Path ours = lab.file("workstation.jsa");
        Path bare = lab.file("window-baseline.jsa");
        Path home = lab.file("home");
        try (VirtualDisplay display = VirtualDisplay.open(lab)) {
            lab.say("window: first runs, which make the class archives");
            peek(lab, display, home, ours, true);
            baseline(lab, display, bare);
            Archives.ensureMade(ours, "the workstation");
            Archives.ensureMade(bare, "the baseline");
            peek(lab, display, home, ours, false);
            baseline(lab, display, bare);
            lab.say("window: to the first frame");
            Pairs.Result result =
                    lab.pairs(PAIRS)
                            .measure(
                                    () -> peek(lab, display, home, ours, false),
                                    () -> baseline(lab, display, bare));
            return List.of(
                    new Figure(
                            "start-window",
                            "Start to the first frame of the window",
                            "ms",
                            result.ours(),
                            result.baseline(),
                            new Target.RatioAtMost(TARGET),
                            List.of(result.note())));
        }
    }

    private static double peek(
            Lab lab, VirtualDisplay display, Path home, Path archive, boolean whole)
            throws IOException {
        Child child;
        double millis;
        try (PeekProcess peek = PeekProcess.window(lab, home, archive, display.name())) {
            child = peek.child();
            millis = (display.awaitDrawn(child, LIMIT) - child.spawned()) / 1e6;
            if (whole) {
                peek.awaitRunning();
            }
        }
        display.awaitBlank(child, LIMIT);
        return millis;
    }

    private static double baseline(Lab lab, VirtualDisplay display, Path archive)
            throws IOException {
        Child child =
                lab.start(
                        "window baseline",
                        lab.baseline(archive, "WindowBaseline", List.of()),
                        List.of("DISPLAY=" + display.name()));
        double millis;
        try (child) {
            millis = (display.awaitDrawn(child, LIMIT) - child.spawned()) / 1e6;
        }
        display.awaitBlank(child, LIMIT);
        return millis;
    }
}
