package org.peekplatform.shell.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.ui.DesktopUiHost;
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
    private @Nullable Services services;
    private boolean closed;

    Workspace(
            Home home,
            Config config,
            PlatformThreads threads,
            ShellModel model,
            DesktopUiHost views) {
        this.home = home;
        this.config = config;
        this.threads = threads;
        this.model = model;
        this.views = views;
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
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            made = services;
        }
        if (made != null) {
            made.close();
        }
    }

    private void watch(Services made) {
        made.device()
                .link()
                .onState(state -> Platform.runLater(() -> model.setLink(status(state))));
        made.host().onChange(() -> plugins(made.host()));
    }

    private void show(Services made) {
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
