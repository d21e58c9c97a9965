package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.plugins.probe.tuples.Echo;
import org.peekplatform.plugins.probe.tuples.SetList;
import org.peekplatform.vortex.LinkClient;

/// A device on a link of 128 kbit/s can be used while a large list is on its way to it.
class SlowLinkIT {
    private static final int BYTES_PER_SECOND = 16_000;
    // About 300 kB when compressed, which take 19 seconds.
    private static final int TEXT = 400_000;
    private static final int ACTIONS = 3;

    @TempDir Path home;

    @Test
    void smallActionsAreAnsweredWhileALargeSnapshotIsOnItsWay() throws Exception {
        Ledger ledger = new Ledger();
        try (ProbeSystem peek = new ProbeSystem(home, 128);
                DeviceSimulator fast =
                        new DeviceSimulator(
                                peek.direct(), 1, new Ledger(), LinkClient.Timing.USUAL)) {
            fast.awaitOnline();
            fast.send(0, new SetList("large", 1, 1, TEXT)).get(30, TimeUnit.SECONDS);
            fast.observe("large");
            FaultProxy network = peek.downstream();
            network.become(
                    new FaultProxy.Conditions(
                            Duration.ofMillis(300), BYTES_PER_SECOND, Duration.ZERO));
            try (DeviceSimulator slow =
                    new DeviceSimulator(peek.throughProxy(), 1, ledger, LinkClient.Timing.USUAL)) {
                slow.awaitOnline();
                network.reset();
                DeviceSimulator.await(
                        "the link is lost", () -> ledger.count(0, Ledger.Line.Offline.class) == 1);
                slow.awaitOnline();
                slow.observe("large");
                for (int number = 1; number <= ACTIONS; number++) {
                    ledger.add(new Ledger.Line.Sent(0, number));
                    slow.send(0, new Echo("small")).get(30, TimeUnit.SECONDS);
                    ledger.add(new Ledger.Line.Acknowledged(0, number));
                }
                slow.awaitShown(1);
            }
            List<Ledger.Line> lines = ledger.lines();
            assertThat(answeredBeforeTheRows(lines)).isEqualTo(ACTIONS);
            assertThat(network.accepted())
                    .as("dialings, of which one follows the reset: %s", network.history())
                    .isEqualTo(2);
            assertThat(answeredBeforeTheRows(lines.reversed()))
                    .as("the check notices rows that come first")
                    .isZero();
        }
    }

    private static long answeredBeforeTheRows(List<Ledger.Line> lines) {
        return lines.stream()
                .takeWhile(line -> !(line instanceof Ledger.Line.Shown))
                .filter(line -> line instanceof Ledger.Line.Acknowledged)
                .count();
    }
}
