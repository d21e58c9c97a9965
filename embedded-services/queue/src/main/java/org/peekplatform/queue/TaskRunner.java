package org.peekplatform.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Sentences;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes tasks from an engine and has them done by handlers, a bounded number at once.
///
/// One thread takes tasks, each task has a thread while it runs, and a timer says once a second
/// that they still run. Where tasks are short, some more are taken than run, so that asking the
/// database does not take longer than the work.
public final class TaskRunner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

    /// So much work is taken in advance.
    private static final double AHEAD_MILLIS = 100;

    private static final int MOST_AHEAD = 15;

    /// As far as is known before any task has ended: nothing is taken in advance then.
    private static final double LONG_MILLIS = 2 * AHEAD_MILLIS;

    /// What has been taken in advance and not been begun for so long is left to others.
    private static final Duration LEFT_LYING = Duration.ofSeconds(1);

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

    /// What a runner is made of.
    ///
    /// @param worker its name, for administrators; more than one may have the same
    /// @param slots how many tasks run at once
    public record Setup(
            String worker,
            int slots,
            TaskEngine engine,
            Transactions transactions,
            PlatformThreads threads,
            Timing timing) {}

    /// How often and how long.
    ///
    /// @param poll between asking for tasks when there is no news of any
    /// @param pulse between saying that tasks still run
    /// @param grace for a handler to end after it was interrupted
    public record Timing(Duration poll, Duration pulse, Duration grace) {
        public static final Timing USUAL =
                new Timing(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    /// Does one type of task.
    public interface Handler {
        /// @return the result as JSON
        byte @Nullable [] handle(Claim claim, Run run) throws Exception;

        /// Whether the task is complete when `handle` returns, as another process has completed it
        /// in a transaction of its own. The result is of no meaning then.
        default boolean completesElsewhere() {
            return false;
        }
    }

    private enum Ending {
        /// By itself.
        NONE,
        CANCELLED,
        OVERDUE,
        /// Another worker has it.
        LOST,
        /// The plugin or the worker stops.
        WITHDRAWN
    }

    private final Setup setup;
    private final ThreadFactory factory =
            PlatformThreads.virtual("peek-task", TaskRunner.class.getClassLoader());
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final Registration wake;

    private final Object lock = new Object();
    private final Map<Long, Run> running = new HashMap<>();
    private final Deque<Claim> ahead = new ArrayDeque<>();
    private boolean news;
    private boolean troubled;
    private boolean closed;
    private double averageMillis = LONG_MILLIS;
    private long startedNanos;

    public TaskRunner(Setup setup) {
        this.setup = setup;
        wake = setup.engine().onDue(this::wakeUp);
    }

    /// Begins to take tasks.
    public void start() {
        factory.newThread(this::take).start();
        setup.threads().later(setup.timing().pulse(), this::pulse);
    }

    /// Has tasks of `type` done by `handler` from now on. Closing the registration interrupts those
    /// that run and waits for them, for the grace; they are done again elsewhere.
    ///
    /// @throws PeekException with `CONFLICT` when the type is done here already
    public Registration handle(String type, Handler handler) {
        if (handlers.putIfAbsent(type, handler) != null) {
            throw new PeekException(
                    ErrorCode.CONFLICT, "tasks of type " + type + " are done here already");
        }
        wakeUp();
        return () -> {
            handlers.remove(type, handler);
            withdraw(type);
        };
    }

    /// How many tasks run now.
    public int running() {
        synchronized (lock) {
            return running.size();
        }
    }

    /// Whether the latest attempt to reach the database failed.
    public boolean isTroubled() {
        synchronized (lock) {
            return troubled;
        }
    }

    /// One attempt at a task.
    public final class Run {
        private final Claim claim;
        private final long startedAt = System.nanoTime();
        // All guarded by the lock of the runner.
        private @Nullable Thread thread;
        private Ending ending = Ending.NONE;
        private long endingSince;
        private double done;
        private @Nullable String step;

        Run(Claim claim) {
            this.claim = claim;
        }

        /// Tells how far the task is.
        public void progress(double fraction, String what) {
            synchronized (lock) {
                done = Math.clamp(fraction, 0.0, 1.0);
                step = what;
            }
        }

        /// What was told last.
        public TaskEngine.Progress told() {
            synchronized (lock) {
                return new TaskEngine.Progress(claim, done, step);
            }
        }

        /// Interrupts the handler; the task is not completed any more. For tasks that were handed
        /// over.
        public void withdraw() {
            end(Ending.WITHDRAWN);
        }

        /// Whether going on is in vain.
        public boolean isCancelled() {
            synchronized (lock) {
                return ending != Ending.NONE;
            }
        }

        /// Interrupts the handler, unless it has ended.
        private void end(Ending why) {
            synchronized (lock) {
                if (ending != Ending.NONE) {
                    return;
                }
                ending = why;
                endingSince = System.nanoTime();
                if (thread != null) {
                    thread.interrupt();
                }
            }
        }

        /// From now on no interruption comes, as it would cut the connection to the database.
        private Ending handlerEnded() {
            synchronized (lock) {
                thread = null;
                Thread.interrupted();
                return ending;
            }
        }

        private boolean hasOverrun() {
            return System.nanoTime() - startedAt > claim.deadline().toNanos();
        }

        private boolean isStuck() {
            return ending != Ending.NONE
                    && thread != null
                    && System.nanoTime() - endingSince > setup.timing().grace().toNanos();
        }
    }

    private void wakeUp() {
        synchronized (lock) {
            news = true;
            lock.notifyAll();
        }
    }

    private void take() {
        try {
            while (true) {
                int room = awaitRoom();
                if (room == 0) {
                    return;
                }
                Set<String> types = Set.copyOf(handlers.keySet());
                List<Claim> claims = types.isEmpty() ? List.of() : claim(types, room);
                synchronized (lock) {
                    ahead.addAll(claims);
                    startSome();
                    if (claims.isEmpty() && !news && !closed) {
                        lock.wait((troubled ? AFTER_TROUBLE : setup.timing().poll()).toMillis());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("Taking tasks was interrupted; worker '{}' takes no more", setup.worker());
        }
    }

    private List<Claim> claim(Set<String> types, int room) {
        try {
            List<Claim> claims = setup.engine().claim(setup.worker(), types, room);
            troubled(null);
            return claims;
        } catch (RuntimeException e) {
            troubled(e);
            return List.of();
        }
    }

    private void troubled(@Nullable RuntimeException problem) {
        boolean changed;
        synchronized (lock) {
            changed = troubled != (problem != null) && !closed;
            troubled = problem != null;
        }
        if (changed && problem != null) {
            log.warn(
                    "Worker '{}' cannot reach the database; it goes on trying",
                    setup.worker(),
                    problem);
        } else if (changed) {
            log.info("Worker '{}' reaches the database again", setup.worker());
        }
    }

    /// @return how many tasks to take; 0 when the runner has been closed
    private int awaitRoom() throws InterruptedException {
        synchronized (lock) {
            while (true) {
                if (closed) {
                    return 0;
                }
                int inAdvance =
                        setup.slots() * (int) Math.min(AHEAD_MILLIS / averageMillis, MOST_AHEAD);
                int room = setup.slots() + inAdvance - running.size() - ahead.size();
                // Not one by one while enough is there.
                if (room > 0 && ahead.size() <= Math.max(setup.slots(), inAdvance) / 2) {
                    news = false;
                    return room;
                }
                lock.wait();
            }
        }
    }

    // Holds the lock.
    private void startSome() {
        while (running.size() < setup.slots() && !ahead.isEmpty() && !closed) {
            Run run = new Run(ahead.remove());
            startedNanos = System.nanoTime();
            running.put(run.claim.id(), run);
            factory.newThread(() -> perform(run)).start();
        }
    }

    private void perform(Run run) {
        try {
            attempt(run);
        } finally {
            synchronized (lock) {
                averageMillis =
                        0.8 * averageMillis + 0.2 * (System.nanoTime() - run.startedAt) / 1e6;
                running.remove(run.claim.id(), run);
                startSome();
                lock.notifyAll();
            }
        }
    }

    // The guard around plugin code: what it throws becomes the reason of the task.
    private void attempt(Run run) {
        Claim claim = run.claim;
        Handler handler = handlers.get(claim.type());
        if (handler == null) {
            giveBack(List.of(claim));
            return;
        }
        try {
            if (handler.completesElsewhere()) {
                callInterruptibly(handler, run);
                setup.engine().endedElsewhere(claim);
            } else {
                complete(handler, run);
            }
        } catch (PeekException e) {
            ended(run, e, e.code());
        } catch (Exception e) {
            ended(run, e, ErrorCode.INTERNAL);
        }
    }

    /// Begins an attempt at a task that another process has taken, and keeps. A runner that only
    /// does such tasks is not started.
    public Run handedOver(Claim claim) {
        return new Run(claim);
    }

    /// Makes the attempt on the calling thread, in a transaction with the end of the task.
    ///
    /// @throws Exception why it failed; the other process ends the attempt
    public void complete(Run run) throws Exception {
        Handler handler = handlers.get(run.claim.type());
        if (handler == null) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "the worker part of plugin '%s' does no tasks of type %s in a process of its own"
                            .formatted(run.claim.plugin(), run.claim.type()));
        }
        complete(handler, run);
    }

    private void complete(Handler handler, Run run) throws Exception {
        Claim claim = run.claim;
        Transactions transactions = setup.transactions();
        Done done =
                transactions.run(
                        claim.plugin(),
                        rollback -> {
                            byte[] result = call(handler, run);
                            boolean inUse = transactions.isInUse();
                            if (inUse) {
                                setup.engine().complete(claim, result);
                            }
                            return new Done(result, inUse);
                        });
        if (!done.stored()) {
            setup.engine().completeWithOthers(claim, done.result());
        }
    }

    /// @param stored whether that the task is done stands in its transaction
    private record Done(byte @Nullable [] result, boolean stored) {}

    private byte @Nullable [] callInterruptibly(Handler handler, Run run) throws Exception {
        synchronized (lock) {
            run.thread = Thread.currentThread();
            if (run.ending != Ending.NONE) {
                run.thread.interrupt();
            }
        }
        try {
            return handler.handle(run.claim, run);
        } finally {
            run.handlerEnded();
        }
    }

    private byte @Nullable [] call(Handler handler, Run run) throws Exception {
        byte[] result = callInterruptibly(handler, run);
        // One that was called off and is done all the same is done.
        Ending ending;
        synchronized (lock) {
            ending = run.ending;
        }
        if (ending != Ending.NONE && ending != Ending.CANCELLED) {
            throw new PeekException(
                    ErrorCode.TIMED_OUT, "the task ended after it had been interrupted");
        }
        return result;
    }

    private void ended(Run run, Exception problem, ErrorCode code) {
        Claim claim = run.claim;
        Ending ending = run.handlerEnded();
        switch (ending) {
            case WITHDRAWN -> giveBack(List.of(claim));
            case LOST -> log.info("Task {} was taken over by another worker", claim.id());
            case OVERDUE -> fail(claim, overdue(claim), problem);
            case NONE, CANCELLED ->
                    fail(
                            claim,
                            new TaskEngine.Failure(
                                    code,
                                    Sentences.of(problem),
                                    code.kind() != ErrorCode.Kind.CALLER),
                            problem);
        }
    }

    private static TaskEngine.Failure overdue(Claim claim) {
        return new TaskEngine.Failure(
                ErrorCode.TIMED_OUT,
                "The task did not end within its deadline of "
                        + claim.deadline().toMillis() / 1000.0
                        + " s.",
                true);
    }

    private void fail(Claim claim, TaskEngine.Failure failure, @Nullable Exception problem) {
        TaskState state;
        try {
            state = setup.engine().fail(claim, failure).orElse(null);
        } catch (RuntimeException e) {
            // The lease runs out, and another attempt follows.
            troubled(e);
            log.warn("That task {} failed could not be stored", claim.id(), problem);
            return;
        }
        if (state == TaskState.FAILED) {
            log.warn(
                    "Task {} ({}) failed at attempt {} of {} and is tried again: {}",
                    claim.id(),
                    claim.type(),
                    claim.attempt(),
                    claim.attempts(),
                    failure.reason(),
                    problem);
        } else if (state == TaskState.DEAD) {
            log.error(
                    "Task {} ({}) is given up after attempt {} of {}: {}",
                    claim.id(),
                    claim.type(),
                    claim.attempt(),
                    claim.attempts(),
                    failure.reason(),
                    problem);
        } else {
            log.info("Task {} was taken over by another worker", claim.id());
        }
    }

    private void giveBack(Collection<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        try {
            setup.engine().giveBack(claims);
        } catch (RuntimeException e) {
            troubled(e);
        }
    }

    private void pulse() {
        List<TaskEngine.Progress> progress = new ArrayList<>();
        List<Run> stuck = new ArrayList<>();
        List<Claim> leftLying = new ArrayList<>();
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (!ahead.isEmpty() && System.nanoTime() - startedNanos > LEFT_LYING.toNanos()) {
                leftLying.addAll(ahead);
                ahead.clear();
                averageMillis = LONG_MILLIS;
            }
            for (Run run : running.values()) {
                if (run.hasOverrun()) {
                    run.end(Ending.OVERDUE);
                }
                if (run.isStuck()) {
                    stuck.add(run);
                } else {
                    progress.add(new TaskEngine.Progress(run.claim, run.done, run.step));
                }
            }
            ahead.forEach(claim -> progress.add(new TaskEngine.Progress(claim, 0, null)));
        }
        giveBack(leftLying);
        stuck.forEach(this::abandon);
        try {
            TaskEngine.Pulse pulse = setup.engine().keep(progress);
            Map<Long, Long> fences = new HashMap<>();
            progress.forEach(one -> fences.put(one.claim().id(), one.claim().fence()));
            pulse.lost().forEach(id -> end(id, fences.get(id), Ending.LOST));
            pulse.cancelled().forEach(id -> end(id, fences.get(id), Ending.CANCELLED));
        } catch (RuntimeException e) {
            troubled(e);
        }
        setup.threads().later(setup.timing().pulse(), this::pulse);
    }

    /// Ends an attempt, but not the next one at the same task, which may run by now.
    private void end(long id, @Nullable Long fence, Ending why) {
        synchronized (lock) {
            Run run = running.get(id);
            if (run != null && fence != null && run.claim.fence() == fence) {
                run.end(why);
            }
        }
    }

    /// Lets go of a task whose handler does not react. Its thread may go on, but what it does in
    /// the database will be rolled back.
    private void abandon(Run run) {
        StackTraceElement[] where;
        Ending ending;
        synchronized (lock) {
            Thread thread = run.thread;
            if (thread == null || !running.remove(run.claim.id(), run)) {
                return;
            }
            where = thread.getStackTrace();
            ending = run.ending;
            run.ending = Ending.LOST;
            startSome();
            lock.notifyAll();
        }
        var problem =
                new PeekException(
                        ErrorCode.TIMED_OUT,
                        "plugin '%s' does not end task %d though it was interrupted; its thread may go on, and nothing of it is kept"
                                .formatted(run.claim.plugin(), run.claim.id()));
        problem.setStackTrace(where);
        switch (ending) {
            case WITHDRAWN -> giveBack(List.of(run.claim));
            case LOST -> log.warn("A task that was taken over does not end", problem);
            case OVERDUE, CANCELLED, NONE -> fail(run.claim, overdue(run.claim), problem);
        }
    }

    private void withdraw(String type) {
        List<Claim> waiting = new ArrayList<>();
        List<Run> mine = new ArrayList<>();
        synchronized (lock) {
            ahead.removeIf(claim -> claim.type().equals(type) && waiting.add(claim));
            for (Run run : running.values()) {
                if (run.claim.type().equals(type)) {
                    run.end(Ending.WITHDRAWN);
                    mine.add(run);
                }
            }
        }
        giveBack(waiting);
        awaitEnd(mine);
    }

    private void awaitEnd(List<Run> ending) {
        long until = System.nanoTime() + setup.timing().grace().toNanos();
        boolean interrupted = false;
        synchronized (lock) {
            while (ending.stream().anyMatch(running::containsValue)) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        ending.forEach(this::abandon);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Interrupts what runs and gives it back.
    @Override
    public void close() {
        List<Claim> waiting;
        List<Run> open;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            waiting = List.copyOf(ahead);
            ahead.clear();
            open = List.copyOf(running.values());
            open.forEach(run -> run.end(Ending.WITHDRAWN));
            lock.notifyAll();
        }
        wake.close();
        giveBack(waiting);
        awaitEnd(open);
    }
}
