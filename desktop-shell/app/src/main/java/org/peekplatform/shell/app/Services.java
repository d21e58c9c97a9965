package org.peekplatform.shell.app;

import java.nio.file.Path;
import java.util.Optional;
import org.peekplatform.pluginhost.PluginHost;

/// The services a window works with: in its own process, or in others.
interface Services extends AutoCloseable {
    /// Starts what is left to start; may take seconds.
    void start();

    /// The plugin parts of this process.
    PluginHost host();

    /// What the workstation is to the services.
    WorkstationDevice device();

    /// Installs or upgrades a plugin; may take seconds.
    ///
    /// @return what has been done, as a sentence
    String install(Path zip);

    /// The address of the site `client` or `admin`. That of the client service is empty while it
    /// does not run, as somebody else could be at its port then.
    Optional<String> url(String site);

    @Override
    void close();
}
