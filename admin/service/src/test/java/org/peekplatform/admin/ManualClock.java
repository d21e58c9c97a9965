package org.peekplatform.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Stands still until it is told to go on.
final class ManualClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void goOn(Duration time) {
        now = now.plus(time);
    }
}
