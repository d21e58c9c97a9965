package org.peekplatform.shell.ui;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.shell.model.IconSource;
import org.peekplatform.shell.model.ShellModel;

/// The real window on a stage, with everything round it recorded. Made on the JavaFX thread.
final class Bench {
    final ShellModel model = new ShellModel();
    final DesktopUiHost host = new DesktopUiHost(model);
    final RecordingGuard guard = new RecordingGuard();
    final List<URI> opened = new ArrayList<>();
    final List<Path> dropped = new ArrayList<>();
    final List<String> commands = new ArrayList<>();
    final Deque<CompletableFuture<String>> installs = new ArrayDeque<>();
    final Path preferences;
    final CountDownLatch firstFrame = new CountDownLatch(1);
    volatile Optional<URI> help = Optional.empty();
    final ShellWindow window;
    final Stage stage;

    Bench(Stage stage, Path preferences) throws Exception {
        this.stage = stage;
        this.preferences = preferences;
        if (!Files.exists(preferences)) {
            Files.writeString(preferences, "theme=light\n");
        }
        window =
                new ShellWindow(
                        stage,
                        model,
                        host,
                        new ShellHooks(
                                zip -> {
                                    dropped.add(zip);
                                    CompletableFuture<String> answer = new CompletableFuture<>();
                                    installs.add(answer);
                                    return answer;
                                },
                                opened::add,
                                () -> help,
                                preferences,
                                new ChangeCommands() {
                                    @Override
                                    public CompletableFuture<@Nullable Void> sendAgain(long id) {
                                        commands.add("again " + id);
                                        return CompletableFuture.completedFuture(null);
                                    }

                                    @Override
                                    public CompletableFuture<@Nullable Void> discard(long id) {
                                        commands.add("discard " + id);
                                        return id == 1
                                                ? CompletableFuture.failedFuture(
                                                        new PeekException(
                                                                ErrorCode.CONFLICT,
                                                                "it may have been made already"))
                                                : CompletableFuture.completedFuture(null);
                                    }
                                },
                                Runnable::run));
    }

    void show() {
        window.show(firstFrame::countDown);
    }

    FakePart plugin(String name, String title) {
        return new FakePart(new PluginInfo(name, "1.2.0", title), ServiceKind.DESKTOP, null);
    }

    /// One started part of a plugin and what its context would own.
    final class FakePart {
        final List<AutoCloseable> owned = new ArrayList<>();
        final DesktopUi ui;

        FakePart(PluginInfo info, ServiceKind kind, @Nullable IconSource icon) {
            ui = host.forPlugin(info, kind, new HomeLink(true, null, icon), owned::add, guard);
        }

        /// What the plugin host does when the plugin stops.
        void stop() throws Exception {
            for (AutoCloseable each : owned.reversed()) {
                each.close();
            }
        }
    }

    /// Waits for what was handed to the JavaFX thread until now.
    static void settle() {
        onUi(() -> null);
    }

    static <T extends @Nullable Object> T onUi(Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                done.complete(work.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return get(done);
    }

    static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no result", e);
        }
    }

    /// Waits, pulse by pulse, until something shows.
    static void until(String what, Supplier<Boolean> condition) {
        CompletableFuture<Void> met = new CompletableFuture<>();
        Platform.runLater(() ->
                new javafx.animation.AnimationTimer() {
                    @Override
                    public void handle(long now) {
                        if (condition.get()) {
                            stop();
                            met.complete(null);
                        }
                    }
                }.start());
        try {
            met.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("never happened: " + what, e);
        }
    }

    /// Lets everything through and remembers what for.
    static final class RecordingGuard implements CallGuard {
        final List<String> calls = new ArrayList<>();

        @Override
        public synchronized <R extends @Nullable Object> R call(String what, Callable<R> call)
                throws Exception {
            calls.add(what);
            return call.call();
        }
    }
}
