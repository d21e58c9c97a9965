package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Many connections on one thread and one clock.
final class Generator implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);

    Generator() throws IOException {
        selector = Selector.open();
    }

    Selector selector() {
        return selector;
    }

    /// Goes on until something is so.
    void until(String what, BooleanSupplier so) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IOException("not within " + LONGEST.toSeconds() + " seconds: " + what);
            }
            poll(100);
        }
    }

    /// Goes on for a while.
    void rest(Duration pause) throws IOException {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toMillis(); left > 0; ) {
            poll(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    /// Does what can be done now.
    ///
    /// @param millis how long to wait for something
    void poll(long millis) throws IOException {
        if (millis > 0) {
            selector.select(millis);
        } else {
            selector.selectNow();
        }
        for (var key : selector.selectedKeys()) {
            if (key.isValid() && key.attachment() instanceof Connection connection) {
                connection.act(buffer);
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
