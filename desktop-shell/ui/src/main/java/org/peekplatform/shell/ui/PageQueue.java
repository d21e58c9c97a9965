package org.peekplatform.shell.ui;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Registration;

/// The queue of actions as one page has it, from being loaded to being left. Used on the JavaFX
/// thread; what is told on other threads goes on there, and no more after the end.
final class PageQueue implements AutoCloseable {
    // As many as a page lists for people.
    private static final int MOST_LISTED = 200;

    private final WebQueue queue;
    private final Executor ui;
    private final Page page;
    private final Registration watch;
    private final AtomicBoolean due = new AtomicBoolean();
    // Those whose outcome has not been told, by the page's own number.
    private final Map<String, Registration> underWay = new HashMap<>();
    private boolean closed;

    /// Calls a function of the page.
    interface Page {
        void call(String function, Object... arguments);
    }

    PageQueue(WebQueue queue, Executor ui, Page page) {
        this.queue = queue;
        this.ui = ui;
        this.page = page;
        watch = queue.onChange(this::listSoon);
        listSoon();
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        underWay.values().forEach(Registration::close);
        underWay.clear();
    }

    void enqueue(String call, String type, String fields) {
        WebQueue.Put put =
                queue.enqueue(type, fields, outcome -> tell(() -> settled(call, outcome)));
        underWay.put(call, put.listening());
        put.stored()
                .whenComplete((id, problem) ->
                        tell(() -> {
                            if (problem != null) {
                                underWay.remove(call);
                            }
                            page.call("answered", call, id == null ? "" : id, words(problem));
                        }));
    }

    void sendAgain(String call, String id) {
        answer(call, queue.sendAgain(id));
    }

    void discard(String call, String id) {
        answer(call, queue.discard(id));
    }

    private void answer(String call, CompletableFuture<@Nullable Void> done) {
        done.whenComplete(
                (nothing, problem) -> tell(() -> page.call("answered", call, "", words(problem))));
    }

    private void settled(String call, WebQueue.Outcome outcome) {
        underWay.remove(call);
        page.call(
                "settled",
                call,
                outcome.result(),
                text(outcome.code()),
                text(outcome.message()),
                outcome.values());
    }

    /// Changes that come before the list is handed over are told with it.
    private void listSoon() {
        if (due.compareAndSet(false, true)) {
            tell(() -> {
                due.set(false);
                for (WebQueue.Entry one : queue.first(MOST_LISTED)) {
                    page.call(
                            "entry",
                            one.id(),
                            one.type(),
                            one.label(),
                            (double) one.at().toEpochMilli(),
                            one.state(),
                            text(one.code()),
                            text(one.message()));
                }
                page.call("listed");
            });
        }
    }

    private void tell(Runnable news) {
        ui.execute(() -> {
            if (!closed) {
                news.run();
            }
        });
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String words(@Nullable Throwable problem) {
        if (problem == null) {
            return "";
        }
        Throwable cause = problem.getCause();
        return DesktopUiHost.words(
                problem instanceof CompletionException && cause != null ? cause : problem);
    }
}
