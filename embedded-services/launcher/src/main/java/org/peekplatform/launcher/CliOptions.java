package org.peekplatform.launcher;

import java.util.Map;
import java.util.Set;
import org.peekplatform.api.ServiceKind;

/// What the command line asks for.
///
/// @param services those named with `--service`; empty for all of them and the workstation
/// @param headless no window, whatever display there is
/// @param settings from `--set`, by key
public record CliOptions(
        Home home, Set<ServiceKind> services, boolean headless, Map<String, String> settings) {
    public CliOptions {
        services = Set.copyOf(services);
        settings = Map.copyOf(settings);
    }

    /// Whether the workstation's window is wanted, provided there is a display.
    public boolean wantsWindow() {
        return services.isEmpty() && !headless;
    }
}
