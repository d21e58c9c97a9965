package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forces what has been committed onto the disk, once for all who wait: who comes while a sync runs
/// shares the next one. How many can wait is bounded by those who ask, which is one for each action
/// under way.
///
/// Has a connection of its own, so that it never waits for one that a plugin holds.
final class GroupSync implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupSync.class);

    private final Engine engine;
    private final ThreadFactory threads =
            PlatformThreads.virtual("peek-sync", GroupSync.class.getClassLoader());
    private final Object lock = new Object();
    private List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();
    private boolean running;
    private boolean closed;
    // Touched by the one thread that runs only.
    private @Nullable Connection connection;

    GroupSync(Engine engine) {
        this.engine = engine;
    }

    /// Completes when a sync that began after this call has ended; exceptionally when it failed.
    CompletableFuture<@Nullable Void> durable() {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        synchronized (lock) {
            if (closed) {
                mine.completeExceptionally(
                        new PeekException(ErrorCode.STOPPED, "the database is closed"));
                return mine;
            }
            if (engine.commitsToDisk()) {
                mine.complete(null);
                return mine;
            }
            waiting.add(mine);
            if (running) {
                return mine;
            }
            running = true;
        }
        threads.newThread(this::run).start();
        return mine;
    }

    private void run() {
        for (List<CompletableFuture<@Nullable Void>> group = next();
                group != null;
                group = next()) {
            SQLException problem = sync();
            for (CompletableFuture<@Nullable Void> one : group) {
                // A thread of its own would cost more than what is done here: answers are handed
                // on.
                if (problem == null) {
                    one.complete(null);
                } else {
                    one.completeExceptionally(
                            new PeekException(
                                    StorageErrors.DATABASE_UNAVAILABLE,
                                    "what was committed could not be forced to the disk: "
                                            + engine.plainMessage(problem),
                                    problem));
                }
            }
        }
    }

    private @Nullable List<CompletableFuture<@Nullable Void>> next() {
        synchronized (lock) {
            if (waiting.isEmpty()) {
                running = false;
                lock.notifyAll();
                return null;
            }
            List<CompletableFuture<@Nullable Void>> group = waiting;
            waiting = new ArrayList<>();
            return group;
        }
    }

    private @Nullable SQLException sync() {
        SQLException problem = null;
        // A second try, as the connection may have died since it was last used.
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                Connection open = connection;
                if (open == null) {
                    open = engine.dataSource().getConnection();
                    connection = open;
                }
                engine.sync(open);
                return null;
            } catch (SQLException e) {
                problem = e;
                drop();
            }
        }
        return problem;
    }

    private void drop() {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException e) {
                log.debug("A broken connection could not be closed", e);
            }
        }
    }

    /// Waits for the sync that runs and ends the connection.
    @Override
    public void close() {
        boolean interrupted = false;
        synchronized (lock) {
            closed = true;
            while (running) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        drop();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
