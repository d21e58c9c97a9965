package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peekplatform.benchmarks.Wire;

/// Makes a change and measures how long it takes until the last of many devices has received it; in
/// turn at Peek and at the baseline. Everything is on one thread and one clock.
public final class FanLoad {
    private static final int OPENING_AT_ONCE = 32;
    private static final Duration LONGEST_OPENING = Duration.ofMinutes(2);
    private static final Duration LONGEST_CHANGE = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(30);

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);

    private FanLoad(Selector selector) {
        this.selector = selector;
    }

    /// Prints one line of JSON: the milliseconds to the last receipt and between the first and the
    /// last of each change, and the bytes of a change.
    ///
    /// @param arguments ports of Peek and of the baseline, how many devices, changes to make before
    ///   measuring and then, the row to change, and whether to lose a receipt
    public static void main(String[] arguments) throws IOException {
        try {
            run(
                    Integer.parseInt(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    Long.parseLong(arguments[5]),
                    Boolean.parseBoolean(arguments[6]));
        } catch (Receipts.WrongReceiptException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(
            int peekPort, int barePort, int devices, int warm, int count, long row, boolean lose)
            throws IOException {
        try (Selector selector = Selector.open()) {
            FanLoad load = new FanLoad(selector);
            PeekSide peek = new PeekSide(selector, peekPort, devices, row, lose ? devices / 2 : -1);
            BareSide bare = new BareSide(selector, "the baseline", barePort, devices);
            long end = System.nanoTime() + LONGEST_OPENING.toNanos();
            for (int device = 0; device < devices; device++) {
                peek.open(selector, peekPort, device);
                bare.open(selector, barePort, device);
                while (peek.opening() + bare.opening() > OPENING_AT_ONCE) {
                    load.turn(end, peek);
                }
            }
            while (!peek.ready() || bare.opening() > 0) {
                load.turn(end, peek);
            }
            // Who comes late is sent a snapshot and the changes since.
            load.rest(SETTLE);
            List<Double> ours = new ArrayList<>();
            List<Double> oursSpread = new ArrayList<>();
            List<Double> baseline = new ArrayList<>();
            List<Double> baselineSpread = new ArrayList<>();
            for (int i = -warm; i < count; i++) {
                boolean measured = i >= 0;
                boolean first = i % 2 == 0;
                for (Side side : first ? List.of(peek, bare) : List.of(bare, peek)) {
                    long begun = System.nanoTime();
                    // As long as Peek's message, of which two bytes are the head of the frame, or
                    // four.
                    long bytes = peek.bytesPerChange();
                    side.change(bytes - (bytes < 128 ? 2 : 4));
                    load.finish(side);
                    if (measured) {
                        Receipts receipts = side.receipts();
                        double last = (receipts.lastAt() - begun) / 1e6;
                        double spread = (receipts.lastAt() - receipts.firstAt()) / 1e6;
                        (side == peek ? ours : baseline).add(last);
                        (side == peek ? oursSpread : baselineSpread).add(spread);
                    }
                }
            }
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("ours", ours);
            result.put("baseline", baseline);
            result.put("oursSpread", oursSpread);
            result.put("baselineSpread", baselineSpread);
            result.put("bytes", peek.bytesPerChange());
            result.put("baselineBytes", bare.bytesPerChange());
            System.out.println(new String(Wire.json(result), StandardCharsets.UTF_8));
        }
    }

    /// Waits until everybody has received the change, and then a while in which nothing may come.
    private void finish(Side side) throws IOException {
        long end = System.nanoTime() + LONGEST_CHANGE.toNanos();
        while (!side.receipts().complete() || !side.confirmed()) {
            turn(end, side);
        }
        rest(PAUSE);
    }

    private void rest(Duration pause) throws IOException {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toMillis(); left > 0; ) {
            poll(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    private void turn(long end, Side side) throws IOException {
        if (System.nanoTime() > end) {
            throw side.receipts().missing();
        }
        poll(100);
    }

    private void poll(long millis) throws IOException {
        selector.select(millis);
        for (var key : selector.selectedKeys()) {
            if (key.attachment() instanceof Connection connection) {
                connection.act(buffer);
            }
        }
        selector.selectedKeys().clear();
    }
}
