package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.probe.tuples.Line;
import org.peekplatform.plugins.probe.tuples.SetList;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.LinkClient;

/// A device that asks and does not take what it is sent costs the client service a bounded amount
/// of memory, and the other devices nothing.
class NeverReadsIT {
    private static final boolean LONG = Boolean.getBoolean("peek.long");
    private static final int DEAF = LONG ? 100 : 10;
    private static final int GOOD = 5;
    private static final int UPDATES = LONG ? 1_000 : 120;
    private static final int TEXT = 150_000;
    // All updates together have several times as much.
    private static final long MOST_GROWTH = 6 << 20;

    @TempDir Path home;

    @Test
    void devicesThatNeverReadCostBoundedMemoryAndOthersNothing() throws Exception {
        Ledger ledger = new Ledger();
        List<RawLink> deaf = new ArrayList<>();
        try (ProbeSystem peek = new ProbeSystem(home, 1);
                DeviceSimulator devices =
                        new DeviceSimulator(peek.direct(), GOOD, ledger, LinkClient.Timing.USUAL)) {
            devices.awaitOnline();
            set(devices, "big", 1);
            devices.observe("big");
            devices.awaitShown(1);
            for (int i = 0; i < DEAF; i++) {
                deaf.add(deaf(peek.clientPort(), "big"));
            }
            long before = liveHeap(peek.client());
            for (int number = 2; number <= UPDATES; number++) {
                set(devices, "big", number);
            }
            devices.awaitShown(UPDATES);
            long growth = liveHeap(peek.client()) - before;
            assertThat(growth).as("growth of the live heap").isLessThan(MOST_GROWTH);

            List<Ledger.Line> lines = ledger.lines();
            assertThat(Checks.forward(lines)).isEmpty();
            assertThat(Checks.endOn(lines, GOOD, UPDATES)).isEmpty();
            assertThat(lines).noneMatch(line -> line instanceof Ledger.Line.Offline);

            // That the measurement sees what a client service keeps: lists that are observed.
            int lists = (int) (2 * MOST_GROWTH / TEXT);
            for (int i = 0; i < lists; i++) {
                set(devices, "kept " + i, 1);
                deaf.add(deaf(peek.clientPort(), "kept " + i));
                devices.rows(0, TupleSelector.of(Line.class).with("name", "kept " + i));
            }
            assertThat(liveHeap(peek.client()) - before).isGreaterThan(MOST_GROWTH);
        } finally {
            for (RawLink link : deaf) {
                link.close();
            }
        }
    }

    private static void set(DeviceSimulator devices, String list, int number) throws Exception {
        devices.send(0, new SetList(list, number, 1, TEXT)).get(30, TimeUnit.SECONDS);
    }

    private static RawLink deaf(int port, String list) throws IOException {
        RawLink link = new RawLink(port, 4 << 10);
        assertThat(link.upgrade(Map.of())).startsWith("HTTP/1.1 101");
        link.hello();
        link.send(
                Frame.of(
                        new Header.Observe("[\"probe.Line\",\"name\",\"" + list + "\"]", null, 0)));
        return link;
    }

    /// Bytes of all objects that are reachable, which the JVM counts after a full collection.
    private static long liveHeap(PeekProcess peek) throws IOException, InterruptedException {
        Process histogram =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                String.valueOf(peek.pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(histogram.waitFor()).as(text).isZero();
        return Stream.of(text.split("\n"))
                .filter(line -> line.startsWith("Total"))
                .map(line -> line.trim().split("\\s+"))
                .mapToLong(words -> Long.parseLong(words[2]))
                .findFirst()
                .orElseThrow();
    }
}
