package org.peekplatform.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;

/// Stores the ends of tasks that have nothing else to store, those that come while another commit
/// is under way in one transaction. At most as many wait as tasks run at once.
final class GroupedCompletions {
    private static final int MOST = 200;

    private final TaskTable table;
    private final Queue<Completion> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock leading = new ReentrantLock();

    GroupedCompletions(TaskTable table) {
        this.table = table;
    }

    /// @param stored with the ids of the tasks that waited for this one
    record Completion(
            Claim claim, byte @Nullable [] result, CompletableFuture<List<Long>> stored) {}

    /// @return ids of the tasks that waited for this one
    List<Long> complete(Claim claim, byte @Nullable [] result) {
        Completion mine = new Completion(claim, result, new CompletableFuture<>());
        waiting.add(mine);
        leading.lock();
        try {
            // Whoever led before may have done it.
            while (!mine.stored().isDone()) {
                lead();
            }
        } finally {
            leading.unlock();
        }
        try {
            return mine.stored().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PeekException known ? known : e;
        }
    }

    private void lead() {
        List<Completion> group = new ArrayList<>();
        for (Completion next; group.size() < MOST && (next = waiting.poll()) != null; ) {
            group.add(next);
        }
        try {
            List<@Nullable List<Long>> followers = table.completeAll(group);
            for (int i = 0; i < group.size(); i++) {
                Completion one = group.get(i);
                List<Long> its = followers.get(i);
                if (its == null) {
                    one.stored().completeExceptionally(TaskTable.takenOver(one.claim()));
                } else {
                    one.stored().complete(its);
                }
            }
        } catch (RuntimeException e) {
            group.forEach(one -> one.stored().completeExceptionally(e));
        }
    }
}
