package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Queued actions of 1 and of 200 devices, each answered when it is on the disk for good, in time
/// for each action. Against a bare insert with its own commit and `CHECKPOINT SYNC` into the same
/// kind of database, by as many connections as Peek has.
final class QueuedBench implements Bench {
    private static final int PAIRS = 5;
    private static final int MANY = 200;
    private static final int ACTIONS_OF_ONE = 2_000;
    private static final int ACTIONS_OF_MANY = 10_000;
    private static final int BARE_ACTIONS = 400;
    private static final int BARE_CONNECTIONS = 10;
    // 1,000 actions a second.
    private static final double TARGET_MICROS = 1_000;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Path home = lab.file("home");
        Path archive = lab.file("headless.jsa");
        try (PeekProcess peek = PeekProcess.headless(lab, home, archive);
                HttpClient http = HttpClient.newHttpClient();
                Child bare =
                        lab.start(
                                "queued baseline",
                                lab.baseline(
                                        lab.file("queued-baseline.jsa"),
                                        "QueuedBaseline",
                                        List.of(lab.newFolder("queued").toString())))) {
            bare.line();
            peek.awaitRunning();
            AdminSession.login(http, peek).install(lab.checkout().plugin("probe"));
            peek.awaitPlugin("probe");
            List<Figure> figures = new ArrayList<>();
            figures.add(run(lab, peek, http, bare, 1));
            figures.add(run(lab, peek, http, bare, MANY));
            return figures;
        }
    }

    private static Figure run(Lab lab, PeekProcess peek, HttpClient http, Child bare, int devices)
            throws IOException, InterruptedException {
        lab.say("queued: " + devices + (devices == 1 ? " device" : " devices"));
        int connections = devices == 1 ? 1 : BARE_CONNECTIONS;
        int actions = devices == 1 ? ACTIONS_OF_ONE : ACTIONS_OF_MANY;
        List<QueueDevice> open = new ArrayList<>();
        try {
            for (int i = 0; i < devices; i++) {
                open.add(QueueDevice.open(http, peek.clientPort(), devices + "-" + i));
            }
            // To warm up.
            QueueDevice.microsPerAction(open, actions);
            bare(bare, connections);
            Pairs.Result result =
                    lab.pairs(PAIRS)
                            .measure(
                                    () -> QueueDevice.microsPerAction(open, actions),
                                    () -> bare(bare, connections));
            return new Figure(
                    "queued-" + devices,
                    devices == 1
                            ? "Queued action on the disk, 1 device"
                            : "Queued action on the disk, " + devices + " devices",
                    "µs",
                    result.ours(),
                    result.baseline(),
                    devices == 1 ? new Target.None() : new Target.AtMost(TARGET_MICROS),
                    List.of(
                            String.format(
                                    Locale.ROOT,
                                    "%,.0f actions a second, %,.0f bare.",
                                    1e6 / result.ours().median(),
                                    1e6 / result.baseline().median()),
                            result.note(),
                            String.format(
                                    Locale.ROOT,
                                    "%,d actions each time, up to %d of a device under way; bare, %,d"
                                            + " actions by %d connections, each with a sync of its own.",
                                    actions,
                                    QueueDevice.WINDOW,
                                    BARE_ACTIONS,
                                    connections)));
        } finally {
            open.forEach(QueueDevice::close);
        }
    }

    private static double bare(Child bare, int connections) throws IOException {
        bare.tell(connections + " " + BARE_ACTIONS);
        return Double.parseDouble(bare.line());
    }
}
