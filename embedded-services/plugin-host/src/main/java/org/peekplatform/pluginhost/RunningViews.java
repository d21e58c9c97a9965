package org.peekplatform.pluginhost;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.peekplatform.api.ServiceKind;

/// The web views of the plugins that run now.
public final class RunningViews {
    private RunningViews() {}

    /// @param service `MOBILE`, `ADMIN` or `DESKTOP`
    public static List<View> of(PluginHost host, ServiceKind service) {
        Set<String> running =
                host.statuses().stream()
                        .filter(status -> status.state() == PluginStatus.State.RUNNING)
                        .map(PluginStatus::name)
                        .collect(Collectors.toSet());
        return host.installed().stream()
                .filter(installed -> running.contains(installed.name()))
                .map(installed -> View.of(installed, service))
                .flatMap(Optional::stream)
                .toList();
    }
}
