package org.peekplatform.shell.ui;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices when the JavaFX thread does not come round, and says in the log which plugin it is in
/// and where. It asks the thread for a sign a few times a second and looks at its stack when the
/// sign is overdue; each standstill is logged once, with its length when it is over.
public final class UiWatchdog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UiWatchdog.class);
    private static final Duration LIMIT = Duration.ofMillis(500);

    private final DesktopUiHost host;
    private final long limit;
    private final ScheduledFuture<?> ticking;
    // Guarded by this.
    private @Nullable Thread uiThread;
    private boolean asked;
    private boolean reported;
    private long askedAt;

    /// @param timer its tasks must not block, and this one does not
    public UiWatchdog(DesktopUiHost host, ScheduledExecutorService timer) {
        this(host, timer, LIMIT);
    }

    UiWatchdog(DesktopUiHost host, ScheduledExecutorService timer, Duration limit) {
        this.host = host;
        this.limit = limit.toNanos();
        // The first sign also tells which thread to look at.
        tick();
        ticking =
                timer.scheduleAtFixedRate(
                        this::tick,
                        Math.max(1, limit.toMillis() / 2),
                        Math.max(1, limit.toMillis() / 2),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ticking.cancel(false);
    }

    private synchronized void tick() {
        long now = System.nanoTime();
        if (!asked) {
            asked = true;
            askedAt = now;
            Platform.runLater(this::sign);
        } else if (!reported && uiThread != null && now - askedAt > limit) {
            reported = true;
            String inside = host.running();
            Standstill where = new Standstill(uiThread);
            log.warn(
                    "The window has not reacted for {} ms; it is inside {}",
                    TimeUnit.NANOSECONDS.toMillis(now - askedAt),
                    inside == null ? "no plugin" : inside,
                    where);
        }
    }

    private synchronized void sign() {
        uiThread = Thread.currentThread();
        if (reported) {
            log.info(
                    "The window reacts again after {} ms",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedAt));
        }
        asked = false;
        reported = false;
    }

    /// Carries the stack of the JavaFX thread into the log.
    private static final class Standstill extends Throwable {
        private static final long serialVersionUID = 1L;

        Standstill(Thread thread) {
            super("what the JavaFX thread was doing", null, false, true);
            setStackTrace(thread.getStackTrace());
        }
    }
}
