package org.peekplatform.launcher;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.PluginInstaller;
import org.peekplatform.pluginhost.PluginStatus;
import org.peekplatform.vortex.Sentences;

/// What the command line does with a home: runs Peek on it, or works with the Peek that runs on it.
/// With none running, plugins are installed and removed in the home itself.
public final class HomeOperations implements CliOperations {
    private final @Nullable Workstation workstation;
    private final PrintStream out;

    /// @param workstation opens the window; `null` where there is none
    public HomeOperations(@Nullable Workstation workstation) {
        this(workstation, System.out);
    }

    /// @param out for what people read
    HomeOperations(@Nullable Workstation workstation, PrintStream out) {
        this.workstation = workstation;
        this.out = out;
    }

    /// Shows the workstation. Implemented by the desktop.
    @FunctionalInterface
    public interface Workstation {
        /// Runs until the window is closed.
        ///
        /// @return exit code of the process; empty when the display cannot be opened, and nothing
        ///   was done
        OptionalInt run(CliOptions options);
    }

    @Override
    public int run(CliOptions options) {
        Workstation window = workstation;
        if (options.wantsWindow() && window != null && Cli.hasDisplay()) {
            OptionalInt code = window.run(options);
            if (code.isPresent()) {
                return code.getAsInt();
            }
            out.println("The display cannot be opened, so Peek runs without a window.");
        }
        return runHeadless(options);
    }

    @Override
    public List<PluginLine> plugins(CliOptions options) {
        Optional<RunningAdmin> running = RunningAdmin.find(options.home());
        if (running.isPresent()) {
            return running.get().plugins();
        }
        return offline(
                options,
                system -> system.host().statuses().stream().map(HomeOperations::line).toList());
    }

    @Override
    public String install(CliOptions options, Path zip) {
        Optional<RunningAdmin> running = RunningAdmin.find(options.home());
        if (running.isPresent()) {
            return running.get().install(zip);
        }
        return offline(
                options,
                system -> {
                    PluginInstaller.Result result = installer(system).install(zip);
                    boolean failed =
                            system.host().statuses().stream()
                                    .anyMatch(status ->
                                            status.name().equals(result.name())
                                                    && status.state() == PluginStatus.State.FAILED);
                    if (failed) {
                        return result.message();
                    }
                    return result.name()
                            + " "
                            + result.version()
                            + " is installed in "
                            + options.home().root()
                            + ", where nothing runs now; it starts with the next start of Peek.";
                });
    }

    @Override
    public String remove(CliOptions options, String plugin) {
        Optional<RunningAdmin> running = RunningAdmin.find(options.home());
        if (running.isPresent()) {
            return running.get().remove(plugin);
        }
        return offline(options, system -> installer(system).remove(plugin).message());
    }

    @Override
    public String backup(CliOptions options, Path file, boolean withReloadable) {
        Optional<RunningAdmin> running = RunningAdmin.find(options.home());
        if (running.isPresent()) {
            return running.get().backup(file, withReloadable);
        }
        return offline(
                options,
                system -> file + " is written. " + system.backup(file, withReloadable).sentence());
    }

    @Override
    public String restore(CliOptions options, Path file) {
        return new Restore(options.home().prepare(), Cli.version())
                .restore(file, options.settings());
    }

    @Override
    public String moveStorage(CliOptions options, StoragePlace to, Consumer<String> progress) {
        Home home = existing(options);
        Config config = Config.load(home, options.settings());
        try (Logging logging =
                Logging.start(home, "peek", config.values().logging(), config.secrets())) {
            logging.level("WARN");
            return new StorageMove(home, config, progress).to(to);
        }
    }

    private int runHeadless(CliOptions options) {
        Home home = options.home().prepare();
        Restore.finish(home);
        Config config = Config.load(home, options.settings());
        Set<ServiceKind> services =
                options.services().isEmpty() ? PeekSystem.ALL : options.services();
        String name =
                services.size() == 1
                        ? PeekSystem.runName(config, services.iterator().next())
                        : "peek";
        try (Logging logging =
                        Logging.start(home, name, config.values().logging(), config.secrets());
                PeekSystem system = PeekSystem.open(home, config, services)) {
            config.warnings().forEach(warning -> out.println("peek: " + warning));
            Shutdown.closeOnSignal(system, logging);
            system.start();
            announce(system, home);
            system.awaitClosed();
            return Cli.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Cli.FAILED;
        }
    }

    private void announce(PeekSystem system, Home home) {
        if (system.isClosing()) {
            return;
        }
        out.println("Peek " + Cli.version() + " is running on " + home.root() + ".");
        String client = system.url("client");
        if (client != null) {
            out.println("  Phones and browsers: " + client);
        }
        String admin = system.url("admin");
        if (admin != null) {
            out.println(
                    "  Administration:      "
                            + admin
                            + "  (user recovery, password in "
                            + home.recoveryPasswordFile()
                            + ")");
        }
        out.println("Stop it with Ctrl-C.");
        out.flush();
    }

    private interface Work<R> {
        R on(PeekSystem system);
    }

    /// Opens the home without any port that others could use, does the work, and closes it.
    private <R> R offline(CliOptions options, Work<R> work) {
        Home home = existing(options);
        Config config = Config.load(home, options.settings());
        try (Logging logging =
                        Logging.start(home, "peek", config.values().logging(), config.secrets());
                PeekSystem system = PeekSystem.open(home, config, Set.of(ServiceKind.SERVER))) {
            logging.level("WARN");
            system.startPluginsOnly();
            return work.on(system);
        }
    }

    private static Home existing(CliOptions options) {
        if (!options.home().exists()) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "there is no Peek at "
                            + options.home().root()
                            + "; start one with peek --home DIR first");
        }
        Home home = options.home().prepare();
        Restore.finish(home);
        return home;
    }

    private static PluginInstaller installer(PeekSystem system) {
        PluginInstaller installer = system.installer();
        if (installer == null) {
            throw new IllegalStateException("a system with a server has an installer");
        }
        return installer;
    }

    private static PluginLine line(PluginStatus status) {
        String problem = status.problem();
        // Nothing of it goes on running when this command ends.
        PluginStatus.State state =
                status.state() == PluginStatus.State.RUNNING
                        ? PluginStatus.State.STOPPED
                        : status.state();
        return new PluginLine(
                status.name(),
                status.version(),
                state.name().toLowerCase(Locale.ROOT),
                problem == null ? null : Sentences.of(problem));
    }
}
