package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;

/// Embedded H2 closes the whole database when a thread is interrupted while it reads or writes the
/// file. Plugins are interrupted when they stop; that must not end anybody else's work.
class InterruptionTest {
    private static final int VICTIMS = 40;

    @TempDir Path home;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interruptingOnePluginInItsStatementsDoesNotDisturbTheOthers(boolean virtual)
            throws Exception {
        try (var open = new OpenDatabase(home)) {
            PluginStorage victim = open.plugin("victim");
            PluginStorage other = open.plugin("other");
            ThreadFactory threads =
                    virtual
                            ? PlatformThreads.virtual("victim", getClass().getClassLoader())
                            : task -> Thread.ofPlatform().name("victim").unstarted(task);
            var stop = new AtomicBoolean();
            var done = new AtomicInteger();
            try (var executor = PlatformThreads.perTask("other")) {
                var steady =
                        executor.submit(() -> {
                            while (!stop.get()) {
                                OpenDatabase.insert(other, done.incrementAndGet());
                            }
                            return done.get();
                        });
                for (int i = 0; i < VICTIMS; i++) {
                    interruptInTheMiddle(threads, victim, 1_000_000L * i);
                }
                int before = done.get();
                while (done.get() == before && !steady.isDone()) {
                    Thread.onSpinWait();
                }
                stop.set(true);
                // get() throws if a single statement of the other plugin has failed; asked before
                // the
                // rows are counted, as the last one may still be under way
                int all = steady.get();
                assertThat(OpenDatabase.count(other)).isEqualTo(all);
            }
            OpenDatabase.insert(victim, -1);
        }
        try (var open = new OpenDatabase(home)) {
            assertThat(open.database.pluginStorage("victim").dsl().fetch("SELECT * FROM entry"))
                    .hasSizeGreaterThan(VICTIMS);
        }
    }

    private static void interruptInTheMiddle(ThreadFactory threads, PluginStorage victim, long id)
            throws InterruptedException {
        var underWay = new CountDownLatch(1);
        Thread thread =
                threads.newThread(() -> {
                    try {
                        for (long n = id; !Thread.currentThread().isInterrupted(); n++) {
                            OpenDatabase.insert(victim, n);
                            underWay.countDown();
                        }
                    } catch (RuntimeException expected) {
                        // its own statement may fail: it has been interrupted
                        assertThat(expected).isNotNull();
                    } finally {
                        underWay.countDown();
                    }
                });
        thread.start();
        underWay.await();
        thread.interrupt();
        thread.join();
    }
}
