package org.peekplatform.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Registration;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What engines share: the table in which every task stands, the care for workers that are gone,
/// and the futures of those who wait. How what is due comes to the workers is left to the engine.
abstract class TableTaskEngine implements TaskEngine {
    private static final Logger log = LoggerFactory.getLogger(TableTaskEngine.class);

    private static final Duration FORGET = Duration.ofMinutes(1);

    private final TaskTable table;
    private final Transactions transactions;
    private final PlatformThreads threads;
    private final InstantSource clock;
    private final Timing timing;
    private final EndedFutures futures;
    private final GroupedCompletions completions;
    private final List<Runnable> onDue = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private boolean troubled;
    private boolean closed;
    private Instant forgotAt;

    /// @param news tells of ends sooner than the table is asked; `null` for none
    TableTaskEngine(
            TaskTable table,
            Transactions transactions,
            PlatformThreads threads,
            InstantSource clock,
            Timing timing,
            @Nullable EndNews news) {
        this.table = table;
        this.transactions = transactions;
        this.threads = threads;
        this.clock = clock;
        this.timing = timing;
        futures = new EndedFutures(table, news, threads, timing.watch());
        completions = new GroupedCompletions(table);
        forgotAt = clock.instant();
        threads.later(timing.tidy(), this::tidyAgain);
    }

    /// These tasks may be claimed; they stand so in the database.
    abstract void due(List<TaskTable.Due> tasks);

    /// These tasks may be claimed, if not something else has become of them.
    abstract void perhapsDue(Collection<Long> ids);

    /// Tasks may be due of which nothing is known.
    abstract void somethingDue();

    /// This task may be over.
    void perhapsOver(long id) {
        futures.look(id);
    }

    /// Tells those who wait for work in this process.
    final void ring() {
        onDue.forEach(Runnable::run);
    }

    final Transactions transactions() {
        return transactions;
    }

    final TaskTable table() {
        return table;
    }

    final boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    @Override
    public long submit(NewTask task) {
        TaskTable.Submitted submitted = table.submit(task);
        if (submitted.fresh() && !task.options().delay().isPositive()) {
            transactions.afterCommit(
                    () -> due(List.of(new TaskTable.Due(submitted.id(), task.type()))));
        }
        return submitted.id();
    }

    @Override
    public List<Long> submitAll(List<NewTask> tasks) {
        List<TaskTable.Submitted> all = table.submitAll(tasks);
        List<TaskTable.Due> due = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            NewTask task = tasks.get(i);
            ids.add(all.get(i).id());
            if (all.get(i).fresh() && !task.options().delay().isPositive()) {
                due.add(new TaskTable.Due(all.get(i).id(), task.type()));
            }
        }
        transactions.afterCommit(() -> due(due));
        return ids;
    }

    @Override
    public Optional<Task> find(long id) {
        return table.find(id);
    }

    @Override
    public CompletableFuture<Task> ended(long id) {
        CompletableFuture<Task> future = new CompletableFuture<>();
        // Not before the commit: until then there is no such task for anyone else.
        transactions.afterCommit(() -> futures.add(id, future));
        return future;
    }

    @Override
    public boolean cancel(long id) {
        boolean wasThere = table.cancel(id);
        transactions.afterCommit(() -> perhapsOver(id));
        return wasThere;
    }

    @Override
    public boolean retry(long id) {
        boolean wasDead = table.retry(id);
        transactions.afterCommit(() -> perhapsDue(List.of(id)));
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
    public Pulse keep(Collection<Progress> running) {
        return table.keep(running);
    }

    @Override
    public void complete(Claim claim, byte @Nullable [] result) {
        List<Long> followers = table.complete(claim, result);
        transactions.afterCommit(() -> {
            perhapsOver(claim.id());
            if (!followers.isEmpty()) {
                perhapsDue(followers);
            }
        });
    }

    @Override
    public void completeWithOthers(Claim claim, byte @Nullable [] result) {
        List<Long> followers = completions.complete(claim, result);
        perhapsOver(claim.id());
        if (!followers.isEmpty()) {
            perhapsDue(followers);
        }
    }

    @Override
    public void endedElsewhere(Claim claim) {
        perhapsOver(claim.id());
        if (claim.followed()) {
            somethingDue();
        }
    }

    @Override
    public Optional<TaskState> fail(Claim claim, Failure failure) {
        Optional<TaskState> state = table.fail(claim, failure);
        transactions.afterCommit(() -> {
            if (state.equals(Optional.of(TaskState.FAILED))) {
                perhapsDue(List.of(claim.id()));
            } else {
                perhapsOver(claim.id());
            }
        });
        return state;
    }

    @Override
    public void giveBack(Collection<Claim> claims) {
        table.giveBack(claims);
        transactions.afterCommit(() -> perhapsDue(claims.stream().map(Claim::id).toList()));
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
            taken.forEach(claim -> perhapsOver(claim.id()));
            perhapsDue(taken.stream().map(Claim::id).toList());
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
        synchronized (lock) {
            closed = true;
        }
        futures.close();
    }

    private void tidyAgain() {
        if (isClosed()) {
            return;
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
}
