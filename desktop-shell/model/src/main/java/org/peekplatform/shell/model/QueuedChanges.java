package org.peekplatform.shell.model;

import java.util.List;

/// The queue of this device.
///
/// @param count of all changes in it
/// @param needAttention how many of these somebody has to decide about
/// @param first as many as are shown, oldest first
public record QueuedChanges(int count, int needAttention, List<QueuedChange> first) {
    /// How many are shown: the list is for looking, and a queue can be much longer.
    public static final int MOST_SHOWN = 200;

    public static final QueuedChanges NONE = new QueuedChanges(0, 0, List.of());

    public QueuedChanges {
        first = List.copyOf(first);
    }

    public static QueuedChanges of(List<QueuedChange> all) {
        return new QueuedChanges(
                all.size(),
                (int) all.stream().filter(QueuedChange::needsAttention).count(),
                all.subList(0, Math.min(all.size(), MOST_SHOWN)));
    }
}
