package org.peekplatform.pluginhost;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the plugins of a process that has no catalogue of its own on what the server's catalogue
/// says: fetches packages that are not in the store, installs, upgrades and removes.
public final class PluginFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginFollower.class);

    private final PluginHost host;
    private final PluginStore store;
    private final Source source;
    private final Runnable settled;
    private final Registration observation;
    private boolean started;

    /// Where packages come from.
    @FunctionalInterface
    public interface Source {
        /// Opens the zip of a package; the caller closes it. May block.
        InputStream open(String sha256) throws IOException, InterruptedException;
    }

    /// @param host not started yet; started with the first catalogue that arrives
    /// @param observer of the server's tuples
    /// @param settled called each time the plugins are as the catalogue says
    public PluginFollower(
            PluginHost host,
            PluginStore store,
            TupleObserver observer,
            Source source,
            Runnable settled) {
        this.host = host;
        this.store = store;
        this.source = source;
        this.settled = settled;
        observation = observer.observe(TupleSelector.of(InstalledPlugin.class), this::follow);
    }

    @Override
    public void close() {
        observation.close();
    }

    private void follow(TupleUpdate<InstalledPlugin> update) throws InterruptedException {
        for (InstalledPlugin plugin : update.rows()) {
            fetchIfMissing(plugin);
        }
        if (!started) {
            started = true;
            host.start(update.rows().stream().map(InstalledPlugin::entry).toList());
        } else {
            adapt(update.rows());
        }
        settled.run();
    }

    /// Makes one change after another until nothing is left or nothing goes through any more: a
    /// plugin can be refused only because one it requires, or one that requires it, comes later in
    /// the list.
    private void adapt(List<InstalledPlugin> wanted) {
        Map<String, PeekException> refused = new LinkedHashMap<>();
        int left = Integer.MAX_VALUE;
        for (List<Change> changes = changes(wanted);
                !changes.isEmpty() && changes.size() < left;
                changes = changes(wanted)) {
            left = changes.size();
            refused.clear();
            for (Change change : changes) {
                try {
                    change.work().run();
                } catch (PeekException e) {
                    refused.put(change.plugin(), e);
                }
            }
        }
        refused.forEach((plugin, why) ->
                log.error("Plugin {} cannot be made as the catalogue says", plugin, why));
    }

    private record Change(String plugin, Runnable work) {}

    private List<Change> changes(List<InstalledPlugin> wanted) {
        Map<String, PluginStatus> known =
                host.statuses().stream()
                        .collect(Collectors.toMap(PluginStatus::name, Function.identity()));
        Set<String> names = wanted.stream().map(InstalledPlugin::name).collect(Collectors.toSet());
        List<Change> changes = new ArrayList<>();
        for (String name : known.keySet()) {
            if (!names.contains(name)) {
                changes.add(new Change(name, () -> host.remove(name)));
            }
        }
        for (InstalledPlugin plugin : wanted) {
            PluginStatus status = known.get(plugin.name());
            if (status == null || !status.sha256().equals(plugin.sha256())) {
                store.find(plugin.name(), plugin.version(), plugin.sha256())
                        .ifPresent(installed ->
                                changes.add(
                                        new Change(plugin.name(), () -> host.install(installed))));
            }
        }
        return changes;
    }

    private void fetchIfMissing(InstalledPlugin plugin) throws InterruptedException {
        if (store.find(plugin.name(), plugin.version(), plugin.sha256()).isPresent()) {
            return;
        }
        try {
            Path zip = Files.createTempFile("peek-" + plugin.name(), ".zip");
            try (InputStream in = source.open(plugin.sha256())) {
                Files.copy(in, zip, StandardCopyOption.REPLACE_EXISTING);
                PluginPackage fetched = PluginPackage.read(zip);
                if (!fetched.sha256().equals(plugin.sha256())) {
                    throw new PeekException(
                            ErrorCode.CONFLICT,
                            "the package of " + plugin.name() + " arrived with other content");
                }
                store.put(fetched);
            } finally {
                Files.deleteIfExists(zip);
            }
        } catch (IOException | PeekException e) {
            log.error(
                    "The package of plugin {} {} could not be fetched",
                    plugin.name(),
                    plugin.version(),
                    e);
        }
    }
}
