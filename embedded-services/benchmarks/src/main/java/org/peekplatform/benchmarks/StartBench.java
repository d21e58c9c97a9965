package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// From starting the process of all services to `running` at `/health`, against a process that
/// opens the same kind of database and sites with nothing in them.
final class StartBench implements Bench {
    private static final int PAIRS = 7;
    private static final double TARGET = 1.3;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        Path ours = lab.file("headless.jsa");
        Path bare = lab.file("baseline.jsa");
        Path home = lab.file("home");
        Path data = lab.newFolder("baseline-data");
        lab.say("start: first runs, which make the class archives");
        peek(lab, home, ours);
        baseline(lab, data, bare);
        Archives.ensureMade(ours, "Peek");
        Archives.ensureMade(bare, "the baseline");
        // Once more each, so that the archives are in the file cache of the system.
        peek(lab, home, ours);
        baseline(lab, data, bare);
        lab.say("start: on an existing home");
        Pairs.Result existing =
                lab.pairs(PAIRS)
                        .measure(() -> peek(lab, home, ours), () -> baseline(lab, data, bare));
        lab.say("start: on a fresh home");
        Pairs.Result fresh =
                lab.pairs(PAIRS)
                        .measure(
                                () -> peek(lab, lab.file("fresh"), ours),
                                () -> baseline(lab, lab.newFolder("fresh-data"), bare));
        return List.of(
                figure("start-existing", "Start of all services, existing home", existing),
                figure("start-fresh", "Start of all services, fresh home", fresh));
    }

    private static Figure figure(String id, String title, Pairs.Result result) {
        return new Figure(
                id,
                title,
                "ms",
                result.ours(),
                result.baseline(),
                new Target.RatioAtMost(TARGET),
                List.of(result.note()));
    }

    private static double peek(Lab lab, Path home, Path archive) throws IOException {
        try (PeekProcess peek = PeekProcess.headless(lab, home, archive)) {
            return peek.awaitRunning();
        }
    }

    private static double baseline(Lab lab, Path data, Path archive) throws IOException {
        List<Integer> ports = Lab.freePorts(3);
        List<String> arguments =
                List.of(
                        data.toString(),
                        String.valueOf(ports.get(0)),
                        String.valueOf(ports.get(1)),
                        String.valueOf(ports.get(2)));
        try (Child child =
                lab.start("baseline", lab.baseline(archive, "StartBaseline", arguments))) {
            long at = 0;
            // As many answers as Peek is asked for.
            for (int port : ports.subList(0, 2)) {
                at =
                        HttpProbe.await(
                                child,
                                port,
                                "/health",
                                body -> body.contains("\"state\":\"running\""),
                                LIMIT);
            }
            return (at - child.spawned()) / 1e6;
        }
    }
}
