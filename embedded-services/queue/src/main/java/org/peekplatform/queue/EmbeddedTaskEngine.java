package org.peekplatform.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine that needs nothing but the database: workers take what is due from the table, each
/// passing over what another is just taking.
///
/// Within a process a commit wakes whoever waits; across processes everyone asks now and then.
public final class EmbeddedTaskEngine implements TaskEngine {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedTaskEngine.class);

    /// How often the engine does what.
    ///
    /// @param lease after which a worker that has not been heard of loses its tasks
    /// @param tidy between looking for such workers
    /// @param watch between asking for the end of tasks that are waited for
    public record Timing(Duration lease, Duration tidy, Duration watch) {
        public static final Timing USUAL =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(2), Duration.ofMillis(250));
    }

    private static final Duration FORGET = Duration.ofMinutes(1);

    private final TaskTable table;
    private final Transactions transactions;
    private final PlatformThreads threads;
    private final InstantSource clock;
    private final Timing timing;
    private final List<Runnable> onDue = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final Map<Long, List<CompletableFuture<Task>>> watched = new HashMap<>();
    private boolean watching;
    private boolean troubled;
    private boolean closed;
    private Instant forgotAt;

    /// @param storage of the platform
    /// @param transactions of the same database
    /// @param threads must outlive the engine
    public EmbeddedTaskEngine(
            PluginStorage storage,
            Transactions transactions,
            PlatformThreads threads,
            InstantSource clock,
            Timing timing) {
        table = new TaskTable(storage, clock, timing.lease());
        this.transactions = transactions;
        this.threads = threads;
        this.clock = clock;
        this.timing = timing;
        forgotAt = clock.instant();
        threads.later(timing.tidy(), this::tidyAgain);
    }

    @Override
    public long submit(NewTask task) {
        TaskTable.Submitted submitted = table.submit(task);
        if (submitted.fresh()) {
            transactions.afterCommit(this::due);
        }
        return submitted.id();
    }

    @Override
    public Optional<Task> find(long id) {
        return table.find(id);
    }

    @Override
    public CompletableFuture<Task> ended(long id) {
        CompletableFuture<Task> future = new CompletableFuture<>();
        // Not before the commit: until then there is no such task for anyone else.
        transactions.afterCommit(() -> watch(id, future));
        return future;
    }

    @Override
    public boolean cancel(long id) {
        boolean wasThere = table.cancel(id);
        transactions.afterCommit(this::look);
        return wasThere;
    }

    @Override
    public boolean retry(long id) {
        boolean wasDead = table.retry(id);
        transactions.afterCommit(this::due);
        return wasDead;
    }

    @Override
    public List<Task> list(Query query) {
        return table.list(query);
    }

    @Override
    public Map<TaskState, Long> counts() {
        return table.counts();
    }

    @Override
    public List<Claim> claim(String worker, Set<String> types, int most) {
        table.makeDue();
        return table.claim(worker, types, most);
    }

    @Override
    public Pulse keep(Collection<Progress> running) {
        return table.keep(running);
    }

    @Override
    public void complete(Claim claim, byte @Nullable [] result) {
        table.complete(claim, result);
        transactions.afterCommit(() -> {
            look();
            if (claim.followed()) {
                due();
            }
        });
    }

    @Override
    public Optional<TaskState> fail(Claim claim, Failure failure) {
        Optional<TaskState> state = table.fail(claim, failure);
        transactions.afterCommit(this::look);
        return state;
    }

    @Override
    public void giveBack(Collection<Claim> claims) {
        table.giveBack(claims);
        transactions.afterCommit(this::due);
    }

    @Override
    public Registration onDue(Runnable listener) {
        onDue.add(listener);
        return () -> onDue.remove(listener);
    }

    @Override
    public void tidy() {
        List<Claim> taken = table.expire();
        for (Claim claim : taken) {
            log.warn(
                    "Task {} ({}) was taken from a worker that is not heard of any more",
                    claim.id(),
                    claim.type());
        }
        if (!taken.isEmpty()) {
            look();
            due();
        }
        boolean forget;
        synchronized (lock) {
            Instant now = clock.instant();
            forget = !forgotAt.plus(FORGET).isAfter(now);
            forgotAt = forget ? now : forgotAt;
        }
        if (forget) {
            table.forget();
        }
    }

    @Override
    public void close() {
        List<CompletableFuture<Task>> open = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            watched.values().forEach(open::addAll);
            watched.clear();
        }
        open.forEach(future -> future.completeExceptionally(stopped()));
    }

    private void due() {
        onDue.forEach(Runnable::run);
    }

    private void tidyAgain() {
        synchronized (lock) {
            if (closed) {
                return;
            }
        }
        try {
            tidy();
            troubled(null);
        } catch (RuntimeException e) {
            troubled(e);
        }
        threads.later(timing.tidy(), this::tidyAgain);
    }

    /// A database that is away is said once.
    private void troubled(@Nullable RuntimeException problem) {
        boolean news;
        synchronized (lock) {
            news = troubled != (problem != null) && !closed;
            troubled = problem != null;
        }
        if (news && problem != null) {
            log.warn("The task queue cannot reach the database; it goes on trying", problem);
        } else if (news) {
            log.info("The task queue reaches the database again");
        }
    }

    /// Looks now, on another thread, as the caller may be in the middle of something.
    private void look() {
        synchronized (lock) {
            if (watched.isEmpty()) {
                return;
            }
        }
        threads.later(Duration.ZERO, this::answer);
    }

    private void watch(long id, CompletableFuture<Task> future) {
        synchronized (lock) {
            if (closed) {
                future.completeExceptionally(stopped());
                return;
            }
            watched.computeIfAbsent(id, any -> new ArrayList<>()).add(future);
            if (watching) {
                return;
            }
            watching = true;
        }
        threads.later(Duration.ZERO, this::watchOn);
    }

    private void watchOn() {
        answer();
        synchronized (lock) {
            watching = !watched.isEmpty() && !closed;
            if (!watching) {
                return;
            }
        }
        threads.later(timing.watch(), this::watchOn);
    }

    private void answer() {
        List<Long> ids;
        synchronized (lock) {
            ids = List.copyOf(watched.keySet());
        }
        if (ids.isEmpty()) {
            return;
        }
        Map<Long, Optional<Task>> found;
        try {
            found = table.over(ids);
        } catch (RuntimeException e) {
            log.debug("Asking for the end of tasks failed; asked again soon", e);
            return;
        }
        for (long id : ids) {
            Optional<Task> known = found.get(id);
            if (known != null && known.isEmpty()) {
                continue;
            }
            List<CompletableFuture<Task>> futures;
            synchronized (lock) {
                List<CompletableFuture<Task>> waiting = watched.remove(id);
                futures = waiting == null ? List.of() : waiting;
            }
            for (CompletableFuture<Task> future : futures) {
                // What hangs on the future may block.
                if (known == null) {
                    threads.later(Duration.ZERO, () -> future.completeExceptionally(forgotten(id)));
                } else {
                    threads.later(Duration.ZERO, () -> future.complete(known.get()));
                }
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
