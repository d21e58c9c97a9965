package org.peekplatform.pluginhost;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;

/// What `plugin_package.json` says, checked. The keys are described in
/// `docs/developer/plugin-package.md`.
///
/// @param requiresServices in the order of [ServiceKind]; unmodifiable
public record PluginManifest(
        Plugin plugin,
        List<ServiceKind> requiresServices,
        Requires requires,
        @Nullable Server server,
        @Nullable Storage storage,
        @Nullable Client client,
        @Nullable Agent agent,
        @Nullable Worker worker,
        @Nullable Admin admin,
        @Nullable Mobile mobile,
        @Nullable Desktop desktop) {

    public PluginManifest {
        requiresServices = requiresServices.stream().distinct().sorted().toList();
    }

    /// Identity of the plugin.
    ///
    /// @param version a semantic version
    public record Plugin(
            String name,
            String title,
            String version,
            @Nullable String creator,
            @Nullable String website) {}

    /// What must be there for the plugin to start.
    ///
    /// @param platform range of versions of Peek; `null` when any will do
    /// @param plugins ranges by name of plugin, sorted by name; unmodifiable
    public record Requires(@Nullable String platform, Map<String, String> plugins) {
        public Requires {
            plugins = Collections.unmodifiableMap(new TreeMap<>(plugins));
        }
    }

    /// The part on the server.
    public record Server(String entryHook) {}

    /// Its tables.
    ///
    /// @param reloadableTables those that it can fill again by itself; unmodifiable
    public record Storage(List<String> reloadableTables) {
        public Storage {
            reloadableTables = List.copyOf(reloadableTables);
        }
    }

    /// The part on client services.
    public record Client(String entryHook) {}

    /// The part on agents.
    public record Agent(String entryHook) {}

    /// The part on workers.
    public record Worker(String entryHook) {}

    /// The part for administrators: JavaFX, a web view, or both.
    ///
    /// @param entryHook class of the JavaFX part
    /// @param module path in the package of the web view's ES module; `element` comes with it
    /// @param homeLinkText text of the tile; the plugin's title unless the manifest says otherwise
    public record Admin(
            @Nullable String entryHook,
            @Nullable String module,
            @Nullable String element,
            boolean showHomeLink,
            String homeLinkText,
            @Nullable String icon) {}

    /// The view in the mobile app.
    ///
    /// @param module path in the package
    public record Mobile(
            String module,
            String element,
            boolean showHomeLink,
            String homeLinkText,
            @Nullable String icon) {}

    /// The part in the workstation: JavaFX, a web view, or both.
    ///
    /// @param entryHook class of the JavaFX part
    /// @param module path in the package of the web view's ES module; `element` comes with it
    /// @param viewText what the tab of the web view says
    public record Desktop(
            @Nullable String entryHook,
            @Nullable String module,
            @Nullable String element,
            String viewText,
            boolean showHomeLink,
            String homeLinkText,
            @Nullable String icon) {}

    public String name() {
        return plugin.name();
    }

    public String version() {
        return plugin.version();
    }

    /// The same as the plugin's own code sees it.
    public PluginInfo info() {
        return new PluginInfo(plugin.name(), plugin.version(), plugin.title());
    }

    public boolean requires(ServiceKind service) {
        return requiresServices.contains(service);
    }

    /// The tables that it can fill again by itself, so that a backup may leave out their rows.
    public List<String> reloadableTables() {
        return storage == null ? List.of() : storage.reloadableTables();
    }

    /// The class that is the plugin's part on `service`; empty where it has none.
    public Optional<String> entryHook(ServiceKind service) {
        return switch (service) {
            case SERVER -> server == null ? Optional.empty() : Optional.of(server.entryHook());
            case CLIENT -> client == null ? Optional.empty() : Optional.of(client.entryHook());
            case ADMIN -> admin == null ? Optional.empty() : Optional.ofNullable(admin.entryHook());
            case DESKTOP ->
                    desktop == null ? Optional.empty() : Optional.ofNullable(desktop.entryHook());
            case AGENT -> agent == null ? Optional.empty() : Optional.of(agent.entryHook());
            case WORKER -> worker == null ? Optional.empty() : Optional.of(worker.entryHook());
            case STORAGE, MOBILE -> Optional.empty();
        };
    }
}
