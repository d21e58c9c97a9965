package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.plugins.probe.tuples.SetList;
import org.peekplatform.vortex.LinkClient;

/// Links over a bad network resume by themselves and end on what is newest.
class LinkFaultsIT {
    private static final long SEED = Long.getLong("peek.seed", 20261125);
    private static final int ROUNDS = Boolean.getBoolean("peek.long") ? 20 : 1;
    private static final int DEVICES = 30;

    @TempDir private static Path home;
    private static ProbeSystem peek;

    /// What happens to the network, how often each link that goes over it may then be dialed again,
    /// and when it is good again.
    private record Trouble(String name, int dials, Fault strike, Fault heal) {}

    @FunctionalInterface
    private interface Fault {
        void happen() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        peek = new ProbeSystem(home, SEED);
    }

    @AfterAll
    static void stop() {
        peek.close();
    }

    @Test
    void devicesResumeWhateverHappensBetweenThemAndTheClientService() throws Exception {
        FaultProxy network = peek.downstream();
        Ledger ledger = new Ledger();
        try (DeviceSimulator devices =
                        new DeviceSimulator(
                                peek.throughProxy(), DEVICES, ledger, DeviceSimulator.ALERT);
                DeviceSimulator writer = writer()) {
            List<Trouble> troubles = troubles(network, DEVICES);
            troubles.add(
                    new Trouble(
                            "a stall that is noticed",
                            // What is dialed during the stall gets no answer either.
                            3,
                            () -> {
                                network.stall();
                                Thread.sleep(3_500);
                            },
                            network::goOn));
            goThrough(troubles, network, "devices", devices, writer, DEVICES);
            List<Ledger.Line> lines = ledger.lines();
            assertThat(Checks.forward(lines)).as(network.history()).isEmpty();
            assertThat(Checks.sentForward(lines)).as(network.history()).isEmpty();
            Sabotage.swapShown(lines, Checks::forward);
        }
    }

    @Test
    void theClientServiceResumesWhateverHappensBetweenItAndTheServer() throws Exception {
        FaultProxy network = peek.upstream();
        Ledger ledger = new Ledger();
        try (DeviceSimulator devices =
                        new DeviceSimulator(
                                peek.direct(), DEVICES, ledger, LinkClient.Timing.USUAL);
                DeviceSimulator writer = writer()) {
            // One link of the client's own and one for its devices.
            goThrough(troubles(network, 2), network, "client", devices, writer, 2);
            List<Ledger.Line> lines = ledger.lines();
            assertThat(Checks.forward(lines)).as(network.history()).isEmpty();
            assertThat(Checks.sentForward(lines)).as(network.history()).isEmpty();
            assertThat(lines)
                    .as("devices keep their links to the client")
                    .noneMatch(line -> line instanceof Ledger.Line.Offline);
            Sabotage.swapShown(lines, Checks::forward);
        }
    }

    private static DeviceSimulator writer() throws InterruptedException {
        DeviceSimulator writer =
                new DeviceSimulator(peek.direct(), 1, new Ledger(), LinkClient.Timing.USUAL);
        writer.awaitOnline();
        return writer;
    }

    private static List<Trouble> troubles(FaultProxy network, int links) {
        Fault nothing = () -> {};
        return new ArrayList<>(
                List.of(
                        new Trouble("a reset", 1, network::reset, nothing),
                        new Trouble("another reset", 1, network::reset, nothing),
                        new Trouble(
                                "a reset, and the next connections cut early",
                                2,
                                () -> {
                                    network.cutNext(links, 1_500);
                                    network.reset();
                                },
                                nothing),
                        new Trouble(
                                "a reset, and later connections overtake earlier ones",
                                1,
                                () -> {
                                    network.become(
                                            new FaultProxy.Conditions(
                                                    Duration.ZERO, 0, Duration.ofMillis(400)));
                                    network.reset();
                                },
                                () -> network.become(FaultProxy.Conditions.GOOD)),
                        new Trouble(
                                "delay",
                                0,
                                () ->
                                        network.become(
                                                new FaultProxy.Conditions(
                                                        Duration.ofMillis(150), 0, Duration.ZERO)),
                                () -> network.become(FaultProxy.Conditions.GOOD)),
                        new Trouble(
                                "a short stall",
                                0,
                                () -> {
                                    network.stall();
                                    Thread.sleep(800);
                                },
                                network::goOn),
                        new Trouble("half-open links", 1, network::halfOpen, nothing)));
    }

    /// Strikes, changes the list while the network is bad, heals, and waits until everybody has it.
    private static void goThrough(
            List<Trouble> troubles,
            FaultProxy network,
            String list,
            DeviceSimulator devices,
            DeviceSimulator writer,
            int links)
            throws Exception {
        Random random = new Random(SEED);
        devices.awaitOnline();
        devices.observe(list);
        devices.awaitShown(0);
        int number = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Collections.shuffle(troubles, random);
            for (Trouble trouble : troubles) {
                // The client's own link shows nothing, so that it may still be on its way.
                DeviceSimulator.await(
                        "every link is back before " + trouble.name(),
                        () -> network.alive() >= links);
                int dialed = network.accepted();
                trouble.strike().happen();
                SetList update = new SetList(list, ++number, 3, 40);
                // May get through or not; to set a list twice does no harm.
                writer.send(0, update).exceptionally(_ -> new ActionOutcome.Applied());
                trouble.heal().happen();
                set(writer, trouble.name(), update);
                devices.awaitShown(number);
                assertThat(network.accepted() - dialed)
                        .as("dialings after %s: %s", trouble.name(), network.history())
                        .isLessThanOrEqualTo(links * trouble.dials());
            }
        }
    }

    private static void set(DeviceSimulator writer, String trouble, SetList update)
            throws InterruptedException {
        DeviceSimulator.await(
                "the list is set to " + update.number() + " after " + trouble,
                () -> {
                    try {
                        writer.send(0, update).get(2, TimeUnit.SECONDS);
                        return true;
                    } catch (Exception e) {
                        return false;
                    }
                });
    }
}
