package org.peekplatform.vortex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a journal of changes amounts to.
final class QueueContents {
    /// The entries that are still to be sent or seen, by their ids.
    final TreeMap<Long, QueueStore.Entry> entries = new TreeMap<>();

    /// How those of the entries ended that a person is still to see.
    final Map<Long, QueueStore.Change.Ended> ended = new HashMap<>();

    /// The next number of each plugin.
    final Map<String, QueueStore.Change.Numbered> numbers = new TreeMap<>();

    long lastId;

    void apply(QueueStore.Change change) {
        switch (change) {
            case QueueStore.Change.Added(QueueStore.Entry entry) -> {
                entries.put(entry.id(), entry);
                lastId = Math.max(lastId, entry.id());
                numbers.put(
                        entry.plugin(),
                        new QueueStore.Change.Numbered(
                                entry.plugin(), entry.queue(), entry.sequence() + 1));
            }
            case QueueStore.Change.Ended end -> {
                if (end.result() == Header.Result.APPLIED) {
                    entries.remove(end.id());
                } else if (entries.containsKey(end.id())) {
                    ended.put(end.id(), end);
                }
            }
            case QueueStore.Change.Removed(long id) -> {
                entries.remove(id);
                ended.remove(id);
            }
            case QueueStore.Change.Numbered numbered -> numbers.put(numbered.plugin(), numbered);
        }
    }

    /// The fewest changes that amount to the same.
    List<QueueStore.Change> changes() {
        List<QueueStore.Change> changes = new ArrayList<>();
        entries.values().forEach(entry -> changes.add(new QueueStore.Change.Added(entry)));
        changes.addAll(ended.values());
        // Last, as every entry has set the number after its own.
        changes.addAll(numbers.values());
        return changes;
    }
}
