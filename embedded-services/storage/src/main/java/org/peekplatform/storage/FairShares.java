package org.peekplatform.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Decides who gets the next of a few things that all want: whoever has the fewest, and among these
/// who has waited longest. Nobody has more than a share, so that something is left for others even
/// while the rest is held for long.
final class FairShares {
    private final int share;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> held = new HashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private int free;

    private static final class Waiter {
        private final String holder;
        private final Condition served;
        private boolean done;

        Waiter(String holder, Condition served) {
            this.holder = holder;
            this.served = served;
        }
    }

    /// @param size how many there are
    /// @param share how many one holder may have at once
    FairShares(int size, int share) {
        this.share = share;
        this.free = size;
    }

    /// Takes one for `holder`; false when there was none in time.
    boolean take(String holder, long nanos) throws InterruptedException {
        lock.lock();
        try {
            var waiter = new Waiter(holder, lock.newCondition());
            waiters.add(waiter);
            serve();
            try {
                long left = nanos;
                while (!waiter.done && left > 0) {
                    left = waiter.served.awaitNanos(left);
                }
                return waiter.done;
            } catch (InterruptedException e) {
                if (waiter.done) {
                    release(holder);
                }
                throw e;
            } finally {
                waiters.remove(waiter);
            }
        } finally {
            lock.unlock();
        }
    }

    void giveBack(String holder) {
        lock.lock();
        try {
            release(holder);
        } finally {
            lock.unlock();
        }
    }

    private void release(String holder) {
        held.computeIfPresent(holder, (name, count) -> count == 1 ? null : count - 1);
        free++;
        serve();
    }

    /// Whether `holder` has all it may have.
    boolean isExhausted(String holder) {
        lock.lock();
        try {
            return has(holder) >= share;
        } finally {
            lock.unlock();
        }
    }

    private int has(String holder) {
        return held.getOrDefault(holder, 0);
    }

    private void serve() {
        while (free > 0) {
            // The first of several minima is the one that has waited longest.
            Waiter next =
                    waiters.stream()
                            .filter(waiter -> !waiter.done && has(waiter.holder) < share)
                            .min(Comparator.comparingInt(waiter -> has(waiter.holder)))
                            .orElse(null);
            if (next == null) {
                return;
            }
            next.done = true;
            free--;
            held.merge(next.holder, 1, Integer::sum);
            next.served.signal();
        }
    }
}
