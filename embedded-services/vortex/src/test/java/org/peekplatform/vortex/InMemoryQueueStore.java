package org.peekplatform.vortex;

import java.util.ArrayList;
import java.util.List;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The journal of a queue in memory: what a device has on its disk, over several openings.
final class InMemoryQueueStore implements QueueStore {
    /// The disk, which outlives the store that is opened on it.
    static final class Disk {
        private final List<Change> changes = new ArrayList<>();
        private boolean full;

        synchronized List<Change> read() {
            return List.copyOf(changes);
        }

        synchronized void full(boolean now) {
            full = now;
        }

        private synchronized void add(List<Change> more) {
            if (full) {
                throw new PeekException(ErrorCode.INTERNAL, "the disk is full");
            }
            changes.addAll(more);
        }

        private synchronized void set(List<Change> instead) {
            changes.clear();
            changes.addAll(instead);
        }
    }

    private final Disk disk;
    private int appends;

    InMemoryQueueStore(Disk disk) {
        this.disk = disk;
    }

    @Override
    public List<Change> load() {
        return disk.read();
    }

    @Override
    public void append(List<Change> changes) {
        disk.add(changes);
        appends++;
    }

    @Override
    public boolean wantsReplacing() {
        // Often, so that tests see it.
        return appends >= 7;
    }

    @Override
    public void replace(List<Change> changes) {
        disk.set(changes);
        appends = 0;
    }

    @Override
    public void close() {}
}
