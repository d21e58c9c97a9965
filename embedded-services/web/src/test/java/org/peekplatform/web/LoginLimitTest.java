package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginLimitTest {
    private final ManualClock clock = new ManualClock();
    private final LoginLimit limit = new LoginLimit(clock);

    @Test
    void fourWrongPasswordsCostNothing() {
        for (int i = 0; i < 4; i++) {
            limit.failed();
        }

        assertThat(limit.toWait()).isZero();
    }

    @Test
    void fromTheFifthOnEachWaitIsTwiceTheOneBeforeUpToAMinute() {
        for (int i = 0; i < 4; i++) {
            limit.failed();
        }
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            limit.failed();
            waits.add(limit.toWait().toSeconds());
            clock.goOn(limit.toWait());
        }

        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(limit.toWait()).isZero();
    }

    @Test
    void theWaitRunsDownWithTime() {
        for (int i = 0; i < 8; i++) {
            limit.failed();
        }
        clock.goOn(Duration.ofSeconds(3));

        assertThat(limit.toWait()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theRightPasswordForgivesEverything() {
        for (int i = 0; i < 20; i++) {
            limit.failed();
        }
        limit.succeeded();
        for (int i = 0; i < 4; i++) {
            limit.failed();
        }

        assertThat(limit.toWait()).isZero();
    }
}
