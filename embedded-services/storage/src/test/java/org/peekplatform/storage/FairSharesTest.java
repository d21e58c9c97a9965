package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peekplatform.vortex.PlatformThreads;

@Timeout(30)
class FairSharesTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    @Test
    void whoHasTheFewestIsServedBeforeWhoHasWaitedLongest() throws Exception {
        var shares = new FairShares(3, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(shares.take("greedy", LONG)).isTrue();
        }
        var served = new LinkedBlockingQueue<String>();
        try (var executor = PlatformThreads.perTask("test")) {
            for (String holder : List.of("greedy", "modest")) {
                var waiting = new Thread[1];
                executor.submit(waiter(shares, holder, served, waiting));
                while (waiting[0] == null || waiting[0].getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            shares.giveBack("greedy");
            assertThat(served.take()).isEqualTo("modest");
            shares.giveBack("greedy");
            assertThat(served.take()).isEqualTo("greedy");
        }
    }

    private static Callable<Boolean> waiter(
            FairShares shares,
            String holder,
            LinkedBlockingQueue<String> served,
            Thread[] waiting) {
        return () -> {
            waiting[0] = Thread.currentThread();
            boolean taken = shares.take(holder, LONG);
            served.add(holder);
            return taken;
        };
    }

    @Test
    void aShareIsNotExceededThoughThereAreMore() throws Exception {
        var shares = new FairShares(3, 2);
        assertThat(shares.take("one", LONG)).isTrue();
        assertThat(shares.take("one", LONG)).isTrue();
        assertThat(shares.take("one", 1)).isFalse();
        assertThat(shares.isExhausted("one")).isTrue();
        assertThat(shares.take("two", 1)).isTrue();
        shares.giveBack("one");
        assertThat(shares.isExhausted("one")).isFalse();
        assertThat(shares.take("one", 1)).isTrue();
    }

    @Test
    void whoGivesUpWaitingTakesNothing() throws Exception {
        var shares = new FairShares(1, 1);
        assertThat(shares.take("one", LONG)).isTrue();
        assertThat(shares.take("two", 1)).isFalse();
        try (var executor = PlatformThreads.perTask("test")) {
            var waiting = new Thread[1];
            Future<Boolean> two =
                    executor.submit(waiter(shares, "two", new LinkedBlockingQueue<>(), waiting));
            while (waiting[0] == null || waiting[0].getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            waiting[0].interrupt();
            assertThatThrownBy(two::get).hasCauseInstanceOf(InterruptedException.class);
        }
        shares.giveBack("one");
        assertThat(shares.take("three", 1)).isTrue();
    }
}
