package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.plugins.probe.tuples.SetList;

/// Devices go on by themselves when a service dies in the middle of everything.
class RestartIT {
    private static final boolean LONG = Boolean.getBoolean("peek.long");
    private static final int DEVICES = LONG ? 500 : 40;
    private static final int UPDATES = 50;
    private static final Set<Integer> KILLS =
            LONG ? Set.of(5, 10, 15, 20, 25, 30, 35, 40, 45, 50) : Set.of(15, 35);

    @TempDir Path home;

    @Test
    void everyDeviceEndsOnTheNewestVersionWhicheverServiceIsKilledDuringUpdates() throws Exception {
        try (ProbeSystem peek = new ProbeSystem(home, 20261125)) {
            updateThrough(
                    peek,
                    "server",
                    () -> {
                        peek.killServer();
                        peek.startServer();
                    });
            updateThrough(
                    peek,
                    "client",
                    () -> {
                        peek.killClient();
                        peek.startClient();
                    });
        }
    }

    @FunctionalInterface
    private interface Fault {
        void strike() throws Exception;
    }

    private static void updateThrough(ProbeSystem peek, String list, Fault fault) throws Exception {
        Ledger ledger = new Ledger();
        try (DeviceSimulator devices =
                new DeviceSimulator(peek.direct(), DEVICES, ledger, DeviceSimulator.ALERT)) {
            devices.awaitOnline();
            devices.observe(list);
            devices.awaitShown(0);
            for (int number = 1; number <= UPDATES; number++) {
                SetList update = new SetList(list, number, 3, 40);
                if (KILLS.contains(number)) {
                    // Under way while the service dies; nobody waits for it.
                    devices.send(number % DEVICES, update)
                            .exceptionally(_ -> new ActionOutcome.Applied());
                    fault.strike();
                }
                setAtLast(devices, number % DEVICES, update);
            }
            devices.awaitShown(UPDATES);
            List<Ledger.Line> lines = ledger.lines();
            assertThat(Checks.forward(lines)).isEmpty();
            assertThat(Checks.sentForward(lines)).isEmpty();
            assertThat(Checks.endOn(lines, DEVICES, UPDATES)).isEmpty();
            assertThat(reconnects(ledger))
                    .as("devices whose link was lost with the " + list)
                    .isEqualTo(list.equals("client") ? DEVICES : 0);
            Sabotage.swapShown(lines, Checks::forward);
            Sabotage.dropLastShown(
                    lines, DEVICES - 1, spoiled -> Checks.endOn(spoiled, DEVICES, UPDATES));
        }
    }

    private static long reconnects(Ledger ledger) {
        return ledger.lines().stream()
                .filter(line -> line instanceof Ledger.Line.Offline)
                .map(Ledger.Line::device)
                .distinct()
                .count();
    }

    /// To set a list twice does no harm, so what was not acknowledged is sent again.
    private static void setAtLast(DeviceSimulator devices, int device, SetList update)
            throws InterruptedException {
        DeviceSimulator.await(
                "the list is set to " + update.number(),
                () -> {
                    try {
                        devices.send(device, update).get(10, TimeUnit.SECONDS);
                        return true;
                    } catch (ExecutionException | TimeoutException e) {
                        return false;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                });
    }
}
