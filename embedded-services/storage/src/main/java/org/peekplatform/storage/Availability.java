package org.peekplatform.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the database can be used. Looks every second, or when told that a connection was lost;
/// while it cannot, tries to take it again, less and less often.
final class Availability implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Availability.class);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Engine engine;
    private final Runnable prepare;
    private final Runnable cut;
    private final ThreadFactory threads =
            PlatformThreads.virtual("peek-availability", Availability.class.getClassLoader());
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final List<Runnable> waiting = new ArrayList<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> watch;
    private volatile @Nullable String problem = "the database has not been opened yet";
    private volatile boolean closed;

    // Of the one who looks.
    private long nextTry;
    private Duration pause = LOOK;

    /// @param prepare what must be done before the database is used; throws like [Engine#claim]
    /// @param cut ends the connections that are left when the database is lost
    Availability(Engine engine, Runnable prepare, Runnable cut) {
        this.engine = engine;
        this.prepare = prepare;
        this.cut = cut;
    }

    private void open() {
        engine.claim();
        prepare.run();
        problem = null;
    }

    /// Takes the database, and again when it turns out later that it was lost.
    ///
    /// @throws PeekException when it cannot be used
    void open(PlatformThreads platform) {
        open();
        watch(
                platform,
                () -> {
                    if (problem != null) {
                        lookSoon();
                    }
                });
    }

    /// Takes the database, now or as soon as it can be used, and looks after it from then on.
    void keep(PlatformThreads platform) {
        attempt();
        watch(platform, this::lookSoon);
    }

    private void watch(PlatformThreads platform, Runnable look) {
        watch =
                platform.timer()
                        .scheduleWithFixedDelay(
                                look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Why the database cannot be used; `null` when it can.
    @Nullable String problem() {
        return problem;
    }

    /// Calls `then` when the database can be used: at once, or on another thread.
    void whenUsable(Runnable then) {
        synchronized (lock) {
            if (problem != null) {
                waiting.add(then);
                return;
            }
        }
        then.run();
    }

    Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// To be called when a connection turned out to be broken: others may be as well.
    void suspect() {
        if (problem == null) {
            lookSoon();
        }
    }

    private void lookSoon() {
        if (looking.compareAndSet(false, true)) {
            threads.newThread(
                            () -> {
                                try {
                                    look();
                                } finally {
                                    looking.set(false);
                                }
                            })
                    .start();
        }
    }

    private void look() {
        if (closed) {
            return;
        }
        if (problem != null) {
            if (System.nanoTime() - nextTry >= 0) {
                attempt();
            }
            return;
        }
        try {
            engine.check();
        } catch (PeekException e) {
            lost(String.valueOf(e.getMessage()));
        }
    }

    private void attempt() {
        try {
            open();
        } catch (PeekException e) {
            lost(String.valueOf(e.getMessage()));
            nextTry = System.nanoTime() + pause.toNanos();
            pause = pause.multipliedBy(2);
            if (pause.compareTo(LONGEST_PAUSE) > 0) {
                pause = LONGEST_PAUSE;
            }
            return;
        }
        pause = LOOK;
        nextTry = System.nanoTime();
        log.info("The database can be used");
        List<Runnable> due;
        synchronized (lock) {
            due = List.copyOf(waiting);
            waiting.clear();
        }
        due.forEach(then -> threads.newThread(then).start());
        listeners.forEach(Runnable::run);
    }

    private void lost(String why) {
        String before = problem;
        problem = why;
        if (!why.equals(before)) {
            log.warn("The database cannot be used until it returns: {}", why);
            cut.run();
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public void close() {
        closed = true;
        ScheduledFuture<?> running = watch;
        if (running != null) {
            running.cancel(false);
        }
    }
}
