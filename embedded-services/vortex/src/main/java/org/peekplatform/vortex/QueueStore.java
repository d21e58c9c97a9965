package org.peekplatform.vortex;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an [ActionQueue] keeps its actions: a journal of changes. Called by one thread at a time;
/// may block.
public interface QueueStore extends AutoCloseable {
    /// Everything appended, in order.
    ///
    /// @throws org.peekplatform.api.PeekException with a sentence for people when what is kept is
    ///   damaged; it has then been left as it is
    List<Change> load();

    /// Adds `changes`, all or none. When this returns they survive a power cut; when it throws,
    /// they are not there.
    ///
    /// @throws org.peekplatform.api.PeekException with a sentence for people
    void append(List<Change> changes);

    /// Whether most of what is kept is out of date.
    boolean wantsReplacing();

    /// Keeps `changes` instead of everything before, all or nothing.
    ///
    /// @throws org.peekplatform.api.PeekException when it cannot; what was kept before still is
    void replace(List<Change> changes);

    @Override
    void close();

    /// One action of the queue.
    ///
    /// @param id counts up in the queue, in the order of arrival
    /// @param plugin whose action it is
    /// @param payload the action as JSON
    /// @param queue with which name it is sent
    /// @param sequence with which number it is sent
    record Entry(
            long id,
            String plugin,
            String type,
            byte[] payload,
            Instant at,
            String queue,
            long sequence) {
        Entry numbered(String otherQueue, long otherSequence) {
            return new Entry(id, plugin, type, payload, at, otherQueue, otherSequence);
        }
    }

    /// What happened in the queue.
    sealed interface Change {
        /// An action was put in, or has got another number.
        record Added(Entry entry) implements Change {}

        /// An action has its outcome; one that was applied leaves the queue.
        ///
        /// @param code `null` when applied
        /// @param message `null` when applied
        record Ended(long id, Header.Result result, @Nullable String code, @Nullable String message)
                implements Change {}

        /// An ended action was taken out of the list.
        record Removed(long id) implements Change {}

        /// The next action of the plugin gets this number in this queue.
        record Numbered(String plugin, String queue, long next) implements Change {}
    }
}
