package org.peekplatform.shell.app;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.peekplatform.launcher.Cli;
import org.peekplatform.launcher.CliOptions;
import org.peekplatform.launcher.Config;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.Logging;
import org.peekplatform.launcher.Restore;
import org.peekplatform.launcher.Shutdown;
import org.peekplatform.shell.model.BrowserAddress;
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.shell.ui.ShellHooks;
import org.peekplatform.shell.ui.ShellWindow;
import org.peekplatform.shell.ui.UiWatchdog;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workstation as a JavaFX application: shows the window first, and starts or joins the
/// services behind it.
public final class WorkstationApplication extends Application {
    private static final Logger log = LoggerFactory.getLogger(WorkstationApplication.class);
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

    // JavaFX makes the application itself, so what it needs is handed over here.
    private static volatile @Nullable Launch launch;
    private static volatile @Nullable WorkstationApplication running;

    private record Launch(Home home, Config config, PlatformThreads threads) {}

    private @Nullable Workspace workspace;
    private @Nullable ShellWindow window;
    private @Nullable DesktopUiHost views;
    private @Nullable UiWatchdog watchdog;

    /// Runs the workstation until its window is closed.
    ///
    /// @return exit code of the process; empty when the display cannot be opened
    public static OptionalInt run(CliOptions options) {
        Home home = options.home().prepare();
        Restore.finish(home);
        Config config = Config.load(home, options.settings());
        try (Logging logging =
                        Logging.start(home, "peek", config.values().logging(), config.secrets());
                PlatformThreads threads = new PlatformThreads()) {
            log.debug("Logging to {}", logging.file());
            launch = new Launch(home, config, threads);
            Shutdown.closeOnSignal(WorkstationApplication::closeFromOutside);
            launch(WorkstationApplication.class);
            return OptionalInt.of(Cli.DONE);
        } catch (UnsupportedOperationException e) {
            if (String.valueOf(e.getMessage()).contains("DISPLAY")) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    @Override
    public void start(Stage stage) {
        Launch made = launch;
        if (made == null) {
            throw new IllegalStateException("the workstation is started by run");
        }
        running = this;
        ShellModel model = new ShellModel();
        DesktopUiHost host = new DesktopUiHost(model);
        Consumer<URI> browser = address -> getHostServices().showDocument(address.toString());
        Workspace space =
                new Workspace(made.home(), made.config(), made.threads(), model, host, browser);
        ShellHooks hooks =
                new ShellHooks(
                        space::install,
                        browser,
                        () -> help(model),
                        made.home().data().resolve("workstation.properties"),
                        space.changes(),
                        made.threads().work());
        ShellWindow shell = new ShellWindow(stage, model, host, hooks);
        workspace = space;
        window = shell;
        views = host;
        watchdog = new UiWatchdog(host, made.threads().timer());
        shell.show(() -> made.threads().work().execute(space::open));
    }

    @Override
    public void stop() {
        closeWindow();
        Workspace space = workspace;
        if (space != null) {
            space.close();
        }
    }

    private void closeWindow() {
        UiWatchdog watching = watchdog;
        if (watching != null) {
            watching.close();
        }
        ShellWindow shell = window;
        if (shell != null) {
            shell.close();
        }
        closeViews();
    }

    private void closeViews() {
        DesktopUiHost host = views;
        if (host != null) {
            host.close();
        }
    }

    /// The process was told to end. JavaFX is going down by itself at the same time, so the window
    /// is left to it; only the views are closed, and the services behind them.
    private static void closeFromOutside() throws InterruptedException {
        WorkstationApplication application = running;
        if (application == null) {
            return;
        }
        CountDownLatch closed = new CountDownLatch(1);
        Platform.runLater(() -> {
            application.closeViews();
            closed.countDown();
        });
        if (!closed.await(LONGEST_GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("The views did not close in time; going on without them");
        }
        Workspace space = application.workspace;
        if (space != null) {
            space.close();
        }
    }

    private static Optional<URI> help(ShellModel model) {
        return model.address(BrowserAddress.Site.USERS)
                .map(address -> address.uri().resolve("/docs/"));
    }
}
