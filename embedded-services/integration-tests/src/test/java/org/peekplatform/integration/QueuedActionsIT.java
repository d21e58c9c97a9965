package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.probe.tuples.Entry;
import org.peekplatform.vortex.LinkClient;

/// Queued actions have their effect once and in order, whatever dies and whatever gets lost.
class QueuedActionsIT {
    private static final long SEED = Long.getLong("peek.seed", 20261125);
    private static final boolean LONG = Boolean.getBoolean("peek.long");
    private static final int DEVICES = 200;
    private static final int ACTIONS = LONG ? 50 : 10;
    private static final int SERVER_KILLS = LONG ? 10 : 3;
    private static final int CLIENT_KILLS = LONG ? 10 : 1;
    // A disk that is slow to sync, shared by all devices and the server.
    private static final Duration EMPTYING = Duration.ofMinutes(10);
    private static final int CUTS = LONG ? 30 : 6;

    @TempDir Path home;

    @FunctionalInterface
    private interface Fault {
        void strike() throws Exception;
    }

    @Test
    void everyQueuedActionIsCarriedOutOnceAndInOrderThoughServicesAreKilled() throws Exception {
        Ledger ledger = new Ledger();
        Random random = new Random(SEED);
        try (ProbeSystem peek = new ProbeSystem(home.resolve("peek"), SEED);
                DeviceSimulator devices =
                        new DeviceSimulator(
                                peek.throughProxy(), DEVICES, ledger, DeviceSimulator.ALERT)) {
            devices.awaitOnline();
            devices.openQueues(home.resolve("queues"));
            List<Fault> faults = faults(peek);
            Collections.shuffle(faults, random);
            int fault = 0;
            for (int number = 1; number <= ACTIONS; number++) {
                for (int device = 0; device < DEVICES; device++) {
                    devices.enqueue(device, number);
                }
                Thread.sleep(random.nextInt(200));
                if (fault < faults.size() && number * faults.size() / ACTIONS > fault) {
                    faults.get(fault++).strike();
                }
            }
            while (fault < faults.size()) {
                faults.get(fault++).strike();
            }
            DeviceSimulator.await("the queues are empty", EMPTYING, () -> devices.waiting() == 0);
            DeviceSimulator.await(
                    "every outcome has been told",
                    () -> ledger.count(Ledger.Line.Acknowledged.class) >= (long) DEVICES * ACTIONS);
            List<Entry> entries = entries(peek);
            List<Ledger.Line> lines = ledger.lines();
            assertThat(Checks.once(lines, entries)).as(peek.downstream().history()).isEmpty();
            assertThat(entries).hasSize(DEVICES * ACTIONS);
            Sabotage.entries(entries, spoiled -> Checks.once(lines, spoiled));
        }
    }

    private static List<Fault> faults(ProbeSystem peek) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < SERVER_KILLS; i++) {
            faults.add(() -> {
                peek.killServer();
                peek.startServer();
            });
        }
        for (int i = 0; i < CLIENT_KILLS; i++) {
            faults.add(() -> {
                peek.killClient();
                peek.startClient();
            });
        }
        for (int i = 0; i < CUTS; i++) {
            // Answers get lost on the way, so that what was done is sent again.
            faults.add(
                    i % 2 == 0
                            ? peek.downstream()::reset
                            : () -> {
                                peek.downstream().cutNext(DEVICES, 4_000);
                                peek.downstream().reset();
                                peek.upstream().reset();
                            });
        }
        return faults;
    }

    private static List<Entry> entries(ProbeSystem peek) throws Exception {
        try (DeviceSimulator reader =
                new DeviceSimulator(peek.direct(), 1, new Ledger(), LinkClient.Timing.USUAL)) {
            reader.awaitOnline();
            return reader.rows(0, TupleSelector.of(Entry.class));
        }
    }
}
