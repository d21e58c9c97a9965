package org.peekplatform.pluginhost;

import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;

/// One run of one plugin on one service: who it is, and what it has registered. Usable from any
/// thread.
public interface PluginScope {
    /// The plugin, as its own code sees it.
    PluginInfo plugin();

    /// What its package says of it.
    PluginManifest manifest();

    /// Its files.
    InstalledPackage installed();

    /// The service it runs on here.
    ServiceKind service();

    /// Loads the plugin's classes; the same for all services of this process.
    ClassLoader loader();

    /// What calls into the plugin go through; the same for all services of this process.
    PluginGuard guard();

    /// Closes `resource` when the plugin stops, in reverse order of registration.
    ///
    /// @return the same resource
    /// @throws org.peekplatform.api.PeekException with `STOPPED` when the plugin has stopped; the
    ///   resource has then been closed
    <T extends AutoCloseable> T own(T resource);

    /// The same for something that may be withdrawn before the plugin stops, which is then
    /// forgotten here.
    ///
    /// @return what to give to the plugin; closing it again does nothing
    /// @throws org.peekplatform.api.PeekException with `STOPPED` when the plugin has stopped; the
    ///   registration has then been closed
    Registration register(Registration registration);
}
