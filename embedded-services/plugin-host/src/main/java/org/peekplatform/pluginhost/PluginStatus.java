package org.peekplatform.pluginhost;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ServiceKind;

/// How a plugin fares in this process.
///
/// @param version the one that runs or should run
/// @param title the name of the plugin while its package is not there to tell
/// @param problem a sentence that says what is wrong; always there when the state is `FAILED`
/// @param since when this became so
/// @param services those of this process on which the plugin has a part; empty unless it runs
public record PluginStatus(
        String name,
        String version,
        String title,
        String sha256,
        State state,
        @Nullable String problem,
        Instant since,
        List<ServiceKind> services) {

    public PluginStatus {
        services = List.copyOf(services);
    }

    /// Where a plugin is in its life.
    public enum State {
        STARTING,
        RUNNING,
        /// Not running, though it should; everything else goes on.
        FAILED,
        STOPPING,
        /// Not running, on purpose.
        STOPPED
    }
}
