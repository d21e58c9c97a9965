package org.peekplatform.integration;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;

/// How long the JavaFX thread computes without letting anything else in between. Counted is the
/// time of the processor, so that other work of the machine does not matter.
final class LongestStep implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Thread asking = Thread.ofVirtual().start(this::ask);
    // JavaFX thread only.
    private long last = Long.MAX_VALUE;
    private volatile long longest;
    private volatile boolean closed;

    Duration soFar() {
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        asking.join();
    }

    private void ask() {
        try {
            while (!closed) {
                CountDownLatch answered = new CountDownLatch(1);
                Platform.runLater(() -> {
                    long now = THREADS.getCurrentThreadCpuTime();
                    longest = Math.max(longest, now - last);
                    last = now;
                    answered.countDown();
                });
                if (!answered.await(60, TimeUnit.SECONDS)) {
                    return;
                }
                new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
