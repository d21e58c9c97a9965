package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread is about to do.
final class Awaiting {
    private Awaiting() {}

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(200_000);
        }
        assertThat(condition.getAsBoolean()).as("happened within 30 s").isTrue();
    }
}
