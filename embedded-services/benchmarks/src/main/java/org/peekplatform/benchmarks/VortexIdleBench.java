package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What an idle device with twenty subscriptions keeps in the heap of the client service, against
/// what a bare connection keeps; and what idle services take.
final class VortexIdleBench implements Bench {
    private static final int DEVICES = 2_000;
    private static final int SUBSCRIPTIONS = 20;
    private static final int ROUNDS = 2;
    private static final double MORE_THAN_BARE = 4;

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        lab.say("vortex-idle: " + VortexSystem.devices(DEVICES) + " that do nothing");
        try (VortexSystem peek = VortexSystem.start(lab)) {
            ProcessMemory server = ProcessMemory.afterCollection(lab, peek.server().child());
            ProcessMemory client = ProcessMemory.afterCollection(lab, peek.client().child());
            List<Double> ours = new ArrayList<>();
            List<Double> bare = new ArrayList<>();
            List<Double> more = new ArrayList<>();
            // The first round also loads classes and makes what all devices share.
            for (int round = -1; round < lab.count(ROUNDS); round++) {
                double one =
                        perConnection(
                                lab,
                                peek,
                                peek.client().child(),
                                peek.client().clientPort(),
                                "/vortex",
                                SUBSCRIPTIONS);
                double other = perConnection(lab, peek, peek.bare(), peek.barePort(), "/sub", 0);
                if (round >= 0) {
                    ours.add(one);
                    bare.add(other);
                    more.add(one - other);
                }
            }
            return List.of(
                    new Figure(
                            "vortex-idle-device",
                            "Live heap per idle device, 20 subscriptions",
                            "KiB",
                            new Sample(ours),
                            new Sample(bare),
                            new Target.None(),
                            List.of("the baseline is a bare connection of the same library.")),
                    new Figure(
                            "vortex-idle-device-more",
                            "… more than a bare connection",
                            "KiB",
                            new Sample(more),
                            null,
                            new Target.AtMost(MORE_THAN_BARE),
                            List.of()),
                    new Figure(
                            "vortex-idle-server",
                            "Resident memory, idle server",
                            "MB",
                            new Sample(List.of(server.rss())),
                            null,
                            new Target.None(),
                            List.of()),
                    new Figure(
                            "vortex-idle-client",
                            "Resident memory, idle client service",
                            "MB",
                            new Sample(List.of(client.rss())),
                            null,
                            new Target.None(),
                            List.of()));
        }
    }

    private static double perConnection(
            Lab lab, VortexSystem peek, Child service, int port, String path, int subscriptions)
            throws IOException, InterruptedException {
        long before = liveHeap(lab, service);
        try (Child load = peek.generator("idle", port, path, DEVICES, subscriptions)) {
            load.line();
            long after = liveHeap(lab, service);
            load.tell("end");
            load.rest();
            return (after - before) / 1024.0 / DEVICES;
        }
    }

    /// Bytes of all objects that are reachable, which the JVM counts after a full collection.
    private static long liveHeap(Lab lab, Child jvm) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        long total = 0;
        // Once more, for what only the first collection makes free.
        for (int i = 0; i < 2; i++) {
            try (Child command =
                    lab.start(
                            "jcmd",
                            List.of(jcmd, String.valueOf(jvm.pid()), "GC.class_histogram"))) {
                total =
                        command.rest()
                                .lines()
                                .filter(line -> line.startsWith("Total"))
                                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+", 0)[2]))
                                .findFirst()
                                .orElseThrow(() -> new BenchException("jcmd counts no objects"));
            }
        }
        return total;
    }
}
