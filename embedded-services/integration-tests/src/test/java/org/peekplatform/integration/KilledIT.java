package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing that was acknowledged is lost, whenever the process is killed.
class KilledIT {
    private static final int KILLS = Boolean.getBoolean("peek.long") ? 30 : 4;

    @TempDir Path home;

    @Test
    void everyAcknowledgedRowIsThereAfterKillsAtAnyMoment() throws Exception {
        Random random = new Random(20261121);
        Set<String> acknowledged = new ConcurrentSkipListSet<>();
        int next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (PeekProcess peek = PeekProcess.start(home, "all")) {
                if (kill == 0) {
                    PeekProcess.Result installed =
                            PeekProcess.run(
                                    home, "plugin", "install", PeekProcess.tutorial().toString());
                    assertThat(installed.text()).contains("installed and running");
                    assertThat(installed.code()).isZero();
                }
                next = writeUntilKilled(peek, next, acknowledged, 200 + random.nextInt(1_300));
            }
        }
        assertThat(acknowledged).as("rows acknowledged in all").hasSizeGreaterThan(50);
        try (PeekProcess peek = PeekProcess.start(home, "all");
                AdminLink admin = new AdminLink(home)) {
            Set<String> found =
                    admin.rows().stream()
                            .map(TutorialTuples.StringInt::string1)
                            .collect(Collectors.toSet());
            assertThat(found).containsAll(acknowledged);
            assertThat(peek.terminate()).isEqualTo(143);
        }
        assertThat(TutorialDay.filesIn(home.resolve("run"))).isEmpty();
    }

    /// Saves rows as fast as they are acknowledged, kills the process after a while, and goes on
    /// until it notices.
    private int writeUntilKilled(PeekProcess peek, int first, Set<String> acknowledged, int millis)
            throws Exception {
        int next = first;
        try (AdminLink admin = new AdminLink(home)) {
            admin.add("warm-up", 0).get(30, TimeUnit.SECONDS);
            Semaphore underWay = new Semaphore(16);
            CountDownLatch killed = new CountDownLatch(1);
            Thread killer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    if (!killed.await(millis, TimeUnit.MILLISECONDS)) {
                                        peek.kill();
                                    }
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            while (killer.isAlive()) {
                String text = "row " + next++;
                underWay.acquire();
                admin.add(text, next)
                        .whenComplete((applied, problem) -> {
                            if (problem == null) {
                                acknowledged.add(text);
                            }
                            underWay.release();
                        });
            }
            killer.join();
            underWay.tryAcquire(16, Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        }
        return next;
    }
}
