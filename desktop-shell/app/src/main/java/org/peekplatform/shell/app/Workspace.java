package org.peekplatform.shell.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.launcher.Config;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginStatus;
import org.peekplatform.shell.model.BrowserAddress;
import org.peekplatform.shell.model.LinkStatus;
import org.peekplatform.shell.model.Notice;
import org.peekplatform.shell.model.PluginCount;
import org.peekplatform.shell.model.Problem;
import org.peekplatform.shell.model.QueuedChange;
import org.peekplatform.shell.model.QueuedChanges;
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.ui.ChangeCommands;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.vortex.ActionQueue;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Sentences;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is behind the window: opens the services in this process, or joins those that run on the
/// home already, and keeps the [ShellModel] up to date. Methods may be called from any thread; the
/// model is touched on the JavaFX thread only.
final class Workspace implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Workspace.class);

    private final Home home;
    private final Config config;
    private final PlatformThreads threads;
    private final ShellModel model;
    private final DesktopUiHost views;
    private final Consumer<URI> browser;
    private @Nullable Services services;
    private @Nullable ShellWebLink webLink;
    private @Nullable WebViews webViews;
    private boolean closed;

    Workspace(
            Home home,
            Config config,
            PlatformThreads threads,
            ShellModel model,
            DesktopUiHost views,
            Consumer<URI> browser) {
        this.home = home;
        this.config = config;
        this.threads = threads;
        this.model = model;
        this.views = views;
        this.browser = browser;
    }

    /// Opens or joins the services; may take seconds. What goes wrong is shown in the window.
    void open() {
        try {
            Optional<RunningAdmin> running = RunningAdmin.find(home);
            words(
                    running.isPresent()
                            ? "Joining the services that run on this home"
                            : "Starting the services");
            Services made =
                    running.isPresent()
                            ? RunningServices.join(home, running.get(), threads, views)
                            : EmbeddedServices.open(home, config, views);
            synchronized (this) {
                if (closed) {
                    made.close();
                    return;
                }
                services = made;
                showWebViews(made);
            }
            watch(made);
            made.start();
            show(made);
        } catch (PeekException e) {
            log.error("The services cannot be started", e);
            Platform.runLater(() -> {
                model.setServices("Not running");
                model.setReady(true);
                model.tell(Notice.Kind.FAILED, Sentences.of(e));
            });
        }
    }

    CompletableFuture<String> install(Path zip) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Services made;
                    synchronized (this) {
                        made = services;
                    }
                    if (made == null) {
                        throw new PeekException(
                                ErrorCode.OFFLINE,
                                "The services are still starting; drop the plugin again in a moment.");
                    }
                    try {
                        return made.install(zip);
                    } catch (PeekException e) {
                        throw new PeekException(e.code(), Sentences.of(e), e);
                    }
                },
                threads.work());
    }

    @Override
    public void close() {
        Services made;
        WebViews web;
        ShellWebLink links;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            made = services;
            web = webViews;
            links = webLink;
        }
        if (web != null) {
            web.close();
        }
        if (links != null) {
            links.close();
        }
        if (made != null) {
            made.close();
        }
    }

    /// What is done in the window about the queue.
    ChangeCommands changes() {
        return new ChangeCommands() {
            @Override
            public CompletableFuture<@Nullable Void> sendAgain(long id) {
                return onQueue(queue -> queue.sendAgain(id));
            }

            @Override
            public CompletableFuture<@Nullable Void> discard(long id) {
                return onQueue(queue -> queue.discard(id).thenApply(was -> null));
            }
        };
    }

    private CompletableFuture<@Nullable Void> onQueue(
            Function<ActionQueue, CompletableFuture<@Nullable Void>> work) {
        Services made;
        synchronized (this) {
            made = services;
        }
        return made != null
                        && made.device().queue()
                                instanceof WorkstationDevice.Queue.Open(ActionQueue queue)
                ? work.apply(queue).exceptionallyCompose(Workspace::inWords)
                : CompletableFuture.completedFuture(null);
    }

    /// The same failure, as a sentence for people.
    static <T extends @Nullable Object> CompletableFuture<T> inWords(Throwable problem) {
        return CompletableFuture.failedFuture(
                (problem instanceof CompletionException ? problem.getCause() : problem)
                                instanceof PeekException e
                        ? new PeekException(e.code(), Sentences.of(e), e)
                        : problem);
    }

    private void watchQueue(Services made) {
        switch (made.device().queue()) {
            case WorkstationDevice.Queue.Open(ActionQueue queue) -> {
                AtomicBoolean due = new AtomicBoolean();
                Runnable show =
                        () -> {
                            if (due.compareAndSet(false, true)) {
                                Platform.runLater(() -> {
                                    due.set(false);
                                    model.setChanges(changes(queue, made.host()));
                                });
                            }
                        };
                queue.onChange(show);
                show.run();
            }
            case WorkstationDevice.Queue.Missing(PeekException why) ->
                    Platform.runLater(() ->
                            model.tell(
                                    Notice.Kind.FAILED,
                                    "Changes cannot wait in this window: " + Sentences.of(why)));
        }
    }

    private static QueuedChanges changes(ActionQueue queue, PluginHost host) {
        List<ActionQueue.Listed> all = queue.list();
        if (all.isEmpty()) {
            return QueuedChanges.NONE;
        }
        Map<String, String> titles =
                host.statuses().stream()
                        .collect(Collectors.toMap(PluginStatus::name, PluginStatus::title));
        return QueuedChanges.of(
                all.stream()
                        .map(one ->
                                new QueuedChange(
                                        one.id(),
                                        title(one.type()),
                                        titles.getOrDefault(one.plugin(), one.plugin()),
                                        one.at(),
                                        state(one.state()),
                                        one.message() == null ? null : Sentences.of(one.message())))
                        .toList());
    }

    private static QueuedChange.State state(ActionQueue.State state) {
        return switch (state) {
            case WAITING -> QueuedChange.State.WAITING;
            case SENT -> QueuedChange.State.SENDING;
            case REJECTED -> QueuedChange.State.REJECTED;
            case FAILED -> QueuedChange.State.FAILED;
        };
    }

    /// `tutorial.SaveRow` as "Save row".
    static String title(String type) {
        String words =
                type.substring(type.indexOf('.') + 1)
                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT);
        return words.isEmpty()
                ? type
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    // Under the lock of whoever closes.
    private void showWebViews(Services made) {
        ShellWebLink links = new ShellWebLink(made.device());
        webLink = links;
        webViews =
                new WebViews(
                        made.host(),
                        views,
                        links,
                        plugin -> new ShellWebQueue(plugin, made.device().queue()),
                        () -> made.url("client").map(URI::create),
                        browser,
                        threads.work());
    }

    private void watch(Services made) {
        watchQueue(made);
        made.device()
                .link()
                .onState(state -> {
                    // A client service that comes back may have another port.
                    List<BrowserAddress> addresses = addresses(made);
                    Platform.runLater(() -> {
                        model.setLink(status(state));
                        model.setAddresses(addresses);
                    });
                });
        made.host().onChange(() -> plugins(made.host()));
    }

    private void show(Services made) {
        List<BrowserAddress> addresses = addresses(made);
        LinkState link = made.device().link().state();
        plugins(made.host());
        Platform.runLater(() -> {
            model.setAddresses(addresses);
            model.setAdministrator(true);
            model.setLink(status(link));
            model.setServices("");
            model.setReady(true);
        });
    }

    private static List<BrowserAddress> addresses(Services made) {
        List<BrowserAddress> addresses = new ArrayList<>();
        made.url("client")
                .ifPresent(url ->
                        addresses.add(
                                new BrowserAddress(BrowserAddress.Site.USERS, URI.create(url))));
        made.url("admin")
                .ifPresent(url ->
                        addresses.add(
                                new BrowserAddress(
                                        BrowserAddress.Site.ADMINISTRATION, URI.create(url))));
        return addresses;
    }

    private void plugins(PluginHost host) {
        List<PluginStatus> all = host.statuses();
        int running =
                (int) all.stream().filter(one -> one.state() == PluginStatus.State.RUNNING).count();
        List<Problem> problems =
                all.stream()
                        .filter(one -> one.state() == PluginStatus.State.FAILED)
                        .map(one -> new Problem(one.title(), problem(one)))
                        .toList();
        Platform.runLater(() -> {
            model.setPlugins(new PluginCount(running, all.size()));
            model.setProblems(problems);
        });
    }

    private static String problem(PluginStatus status) {
        String problem = status.problem();
        return problem == null ? "It does not run." : Sentences.of(problem);
    }

    private void words(String text) {
        Platform.runLater(() -> model.setServices(text));
    }

    private static LinkStatus status(LinkState state) {
        return switch (state) {
            case LinkState.Connecting _ -> new LinkStatus.Connecting();
            case LinkState.Online online -> new LinkStatus.Online(online.service());
            case LinkState.Offline offline -> new LinkStatus.Offline(Instant.now(), offline.why());
            case LinkState.Closed _ -> new LinkStatus.Connecting();
        };
    }
}
