package org.peekplatform.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The futures of tasks that are not over yet.
///
/// The database is asked at once, in case the task is over already, and when one ends in this
/// process. For the rest it is asked now and then; where there is [EndNews], that is asked instead,
/// the more often the shorter somebody has waited, and the database only in case something was not
/// told.
final class EndedFutures {
    private static final Logger log = LoggerFactory.getLogger(EndedFutures.class);

    private static final int MOST = 100_000;
    private static final int AT_ONCE = 1_000;
    private static final Duration BESIDE_NEWS = Duration.ofSeconds(2);
    private static final long SHORTEST_NAP_NANOS = 1_000_000;
    private static final int REST = 8;

    private final TaskTable table;
    private final @Nullable EndNews news;
    private final PlatformThreads threads;
    private final Duration watch;
    private final Object lock = new Object();
    // All guarded by the lock.
    private final Map<Long, List<CompletableFuture<Task>>> open = new LinkedHashMap<>();
    private final Set<Long> toLookAt = new HashSet<>();
    // The database has not been asked yet.
    private final Set<Long> fresh = new HashSet<>();
    private boolean watching;
    private boolean closed;
    private long newestNanos;
    private long askedNanos;

    /// @param watch between asking the database
    EndedFutures(TaskTable table, @Nullable EndNews news, PlatformThreads threads, Duration watch) {
        this.table = table;
        this.news = news;
        this.threads = threads;
        this.watch = watch;
    }

    void add(long id, CompletableFuture<Task> future) {
        synchronized (lock) {
            if (closed) {
                future.completeExceptionally(stopped());
                return;
            }
            if (open.size() >= MOST) {
                future.completeExceptionally(
                        new PeekException(
                                ErrorCode.TIMED_OUT,
                                "%,d tasks are waited for in this service already; task %d goes on, ask for its status later"
                                        .formatted(MOST, id)));
                return;
            }
            open.computeIfAbsent(id, any -> new ArrayList<>(1)).add(future);
            fresh.add(id);
            newestNanos = System.nanoTime();
        }
        look(id);
        synchronized (lock) {
            if (watching) {
                return;
            }
            watching = true;
            askedNanos = newestNanos;
        }
        threads.later(Duration.ZERO, this::watchOn);
    }

    /// Looks at this one soon, on another thread, as the caller may be in the middle of something.
    void look(long id) {
        synchronized (lock) {
            if (!open.containsKey(id)) {
                return;
            }
            toLookAt.add(id);
            if (toLookAt.size() > 1) {
                return;
            }
        }
        threads.later(
                Duration.ZERO,
                () -> {
                    List<Long> ids;
                    synchronized (lock) {
                        ids = List.copyOf(toLookAt);
                        toLookAt.clear();
                    }
                    askTable(ids);
                    synchronized (lock) {
                        fresh.removeAll(ids);
                    }
                });
    }

    void close() {
        List<CompletableFuture<Task>> all = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            open.values().forEach(all::addAll);
            open.clear();
        }
        all.forEach(future -> future.completeExceptionally(stopped()));
    }

    private void watchOn() {
        long begun = System.nanoTime();
        List<Long> ids;
        synchronized (lock) {
            ids = open.keySet().stream().filter(id -> !fresh.contains(id)).toList();
        }
        boolean told = askNews(ids);
        boolean ask;
        synchronized (lock) {
            long now = System.nanoTime();
            ask = !told || now - askedNanos > BESIDE_NEWS.toNanos();
            askedNanos = ask ? now : askedNanos;
            ids = List.copyOf(open.keySet());
        }
        if (ask) {
            askTable(ids);
        }
        Duration nap;
        synchronized (lock) {
            watching = !open.isEmpty() && !closed;
            if (!watching) {
                return;
            }
            long now = System.nanoTime();
            long waited = now - newestNanos;
            // Where many are waited for, asking must not take the place of the work.
            long rest = Math.min(REST * (now - begun), watch.toNanos());
            nap =
                    told
                            ? Duration.ofNanos(
                                    Math.clamp(
                                            Math.max(waited / 8, rest),
                                            SHORTEST_NAP_NANOS,
                                            watch.toNanos()))
                            : watch;
        }
        threads.later(nap, this::watchOn);
    }

    /// @return whether there was somebody to ask
    private boolean askNews(List<Long> ids) {
        if (news == null || !news.isThere()) {
            return false;
        }
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            news.ended(ids.subList(from, Math.min(from + AT_ONCE, ids.size())))
                    .forEach((id, task) -> complete(id, Optional.of(task)));
        }
        return true;
    }

    private void askTable(List<Long> ids) {
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            List<Long> some = ids.subList(from, Math.min(from + AT_ONCE, ids.size()));
            Map<Long, Optional<Task>> found;
            try {
                found = table.over(some);
            } catch (RuntimeException e) {
                log.debug("Asking for the end of tasks failed; asked again soon", e);
                return;
            }
            for (long id : some) {
                Optional<Task> known = found.get(id);
                if (known == null) {
                    complete(id, Optional.empty());
                } else if (known.isPresent()) {
                    complete(id, known);
                }
            }
        }
    }

    /// @param task empty when it is not known any more
    private void complete(long id, Optional<Task> task) {
        Collection<CompletableFuture<Task>> futures;
        synchronized (lock) {
            List<CompletableFuture<Task>> waiting = open.remove(id);
            futures = waiting == null ? List.of() : waiting;
        }
        for (CompletableFuture<Task> future : futures) {
            // What hangs on the future may block.
            if (task.isEmpty()) {
                threads.later(Duration.ZERO, () -> future.completeExceptionally(forgotten(id)));
            } else {
                threads.later(Duration.ZERO, () -> future.complete(task.get()));
            }
        }
    }

    static PeekException forgotten(long id) {
        return new PeekException(
                ErrorCode.FORGOTTEN,
                "there is no task "
                        + id
                        + "; its transaction was rolled back, or it was over for longer than it is"
                        + " kept");
    }

    private static PeekException stopped() {
        return new PeekException(
                ErrorCode.STOPPED, "the service stops; the task goes on, but is not heard of here");
    }
}
