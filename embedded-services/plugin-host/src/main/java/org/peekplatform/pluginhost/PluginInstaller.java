package org.peekplatform.pluginhost;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.peekplatform.api.PeekException;

/// Installs, upgrades and removes plugins of a system: checks the package, stores it, starts it,
/// and enters it in the catalogue. One at a time; may take as long as the plugin's migrations and
/// hooks do.
public final class PluginInstaller {
    private final PluginStore store;
    private final PluginHost host;
    private final PluginCatalogue catalogue;
    private final InstantSource clock;
    private final Runnable changed;
    private final ReentrantLock oneAtATime = new ReentrantLock(true);

    /// @param changed called after each change of the catalogue
    public PluginInstaller(
            PluginStore store,
            PluginHost host,
            PluginCatalogue catalogue,
            InstantSource clock,
            Runnable changed) {
        this.store = store;
        this.host = host;
        this.catalogue = catalogue;
        this.clock = clock;
        this.changed = changed;
    }

    /// What has been done.
    ///
    /// @param message a whole sentence for people
    public record Result(String name, String version, String message) {}

    /// Installs the package in `zip`, or upgrades to it.
    ///
    /// @throws PeekException when it is refused; nothing has changed then
    public Result install(Path zip) {
        PluginPackage checked = PluginPackage.read(zip);
        oneAtATime.lock();
        try {
            host.check(checked);
            InstalledPackage installed = store.put(checked);
            PluginStatus status = host.install(installed);
            catalogue.put(
                    new CatalogueEntry(
                            installed.name(),
                            installed.version(),
                            installed.sha256(),
                            true,
                            clock.instant()));
            changed.run();
            return new Result(installed.name(), installed.version(), sentence(status));
        } finally {
            oneAtATime.unlock();
        }
    }

    /// Stops a plugin and takes it out of the catalogue. Its data stay.
    ///
    /// @throws PeekException when there is none of that name, or others require it
    public Result remove(String name) {
        oneAtATime.lock();
        try {
            PluginStatus status = host.remove(name);
            catalogue.remove(name);
            changed.run();
            return new Result(
                    name,
                    status.version(),
                    status.title() + " " + status.version() + " was removed; its data were kept.");
        } finally {
            oneAtATime.unlock();
        }
    }

    private static String sentence(PluginStatus status) {
        String what = status.title() + " " + status.version();
        String problem = status.problem();
        return status.state() == PluginStatus.State.RUNNING || problem == null
                ? what + " is installed and running."
                : what + " is installed but does not run: " + problem + ".";
    }
}
