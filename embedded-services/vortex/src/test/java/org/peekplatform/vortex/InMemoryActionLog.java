package org.peekplatform.vortex;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Outcomes in memory, with faults on demand.
final class InMemoryActionLog implements ActionLog {
    /// What the state of the database, and not an action, is to blame for.
    static final class Passing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private record Key(String sender, String plugin, String queue) {}

    private static final class Kept {
        long done;
        final TreeMap<Long, ActionGate.Done> outcomes = new TreeMap<>();
        boolean busy;
    }

    private final Map<Key, Kept> queues = new HashMap<>();
    private volatile @Nullable CompletableFuture<@Nullable Void> disk;
    private volatile BooleanSupplier diskFails = () -> false;

    @Override
    public ActionGate.Done once(Numbered number, Step step) throws Exception {
        Kept kept = kept(number);
        long sequence = number.place().sequence();
        synchronized (kept) {
            if (kept.busy) {
                throw new AssertionError(number + " while another runs");
            }
            kept.busy = true;
        }
        try {
            ActionGate.Done known = kept.outcomes.get(sequence);
            if (known != null) {
                return known;
            }
            if (sequence <= kept.done) {
                throw new PeekException(ErrorCode.FORGOTTEN, "number " + sequence + " is over");
            }
            if (sequence != kept.done + 1) {
                throw new PeekException(
                        ErrorCode.OUT_OF_ORDER, "number " + (kept.done + 1) + " is the next one");
            }
            ActionGate.Done done = step.run();
            kept.done = sequence;
            kept.outcomes.put(sequence, done);
            kept.outcomes.headMap(number.place().acknowledged(), true).clear();
            return done;
        } finally {
            synchronized (kept) {
                kept.busy = false;
            }
        }
    }

    private Kept kept(Numbered number) {
        synchronized (queues) {
            return queues.computeIfAbsent(
                    new Key(number.sender(), number.plugin(), number.place().queue()),
                    key -> new Kept());
        }
    }

    @Override
    public CompletableFuture<@Nullable Void> durable() {
        if (diskFails.getAsBoolean()) {
            return CompletableFuture.failedFuture(new Passing());
        }
        CompletableFuture<@Nullable Void> held = disk;
        return held == null ? CompletableFuture.completedFuture(null) : held;
    }

    /// Says each time whether what is stored is not known to be on the disk, though it is.
    void diskFails(BooleanSupplier fails) {
        diskFails = fails;
    }

    /// From now on nothing is on the disk before the returned future completes.
    CompletableFuture<@Nullable Void> holdDisk() {
        CompletableFuture<@Nullable Void> held = new CompletableFuture<>();
        disk = held;
        return held;
    }

    void releaseDisk() {
        disk = null;
    }

    /// As after the restoring of an older backup.
    void forgetAll() {
        synchronized (queues) {
            queues.clear();
        }
    }

    @Override
    public boolean isPassing(Throwable problem) {
        return problem instanceof Passing;
    }

    /// How many outcomes are kept for all queues.
    int kept() {
        synchronized (queues) {
            return queues.values().stream().mapToInt(one -> one.outcomes.size()).sum();
        }
    }
}
