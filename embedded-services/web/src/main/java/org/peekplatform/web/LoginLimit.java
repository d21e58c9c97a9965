package org.peekplatform.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Slows down guessing: after five wrong passwords in a row each further try must wait, up to a
/// minute. One count for the whole site, as there is one account.
public final class LoginLimit {
    private static final int FREE_TRIES = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final InstantSource clock;
    private int failures;
    private Instant next = Instant.MIN;

    public LoginLimit(InstantSource clock) {
        this.clock = clock;
    }

    /// How long to wait before the next try; zero when it may be now.
    public synchronized Duration toWait() {
        Instant now = clock.instant();
        return now.isBefore(next) ? Duration.between(now, next) : Duration.ZERO;
    }

    public synchronized void failed() {
        failures++;
        if (failures >= FREE_TRIES) {
            Duration wait = Duration.ofSeconds(1L << Math.min(failures - FREE_TRIES, 6));
            next = clock.instant().plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
        }
    }

    public synchronized void succeeded() {
        failures = 0;
        next = Instant.MIN;
    }
}
