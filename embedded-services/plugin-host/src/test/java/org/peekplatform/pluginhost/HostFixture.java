package org.peekplatform.pluginhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.vortex.PlatformThreads;

/// A host with recording services in a folder of its own.
final class HostFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    /// What a hook does when the test wants it to do something.
    interface Behaviour {
        void run() throws Exception;
    }

    final PlatformThreads threads = new PlatformThreads();
    final PluginStore store;
    final Path home;
    final PluginHost host;

    /// What happened, such as `start NAME VERSION on SERVICE`.
    final List<String> events = new CopyOnWriteArrayList<>();

    /// Contexts by `NAME VERSION on SERVICE`, of plugins that have started.
    final Map<String, PluginContext> contexts = new ConcurrentHashMap<>();

    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Path incoming;

    HostFixture(Path home, ServiceKind... services) {
        this(home, Duration.ofSeconds(30), services);
    }

    HostFixture(Path home, Duration hookDeadline, ServiceKind... services) {
        this.home = home;
        store = new PluginStore(home.resolve("plugins"));
        host =
                new PluginHost(
                        store,
                        home.resolve("data"),
                        "0.1.0",
                        threads,
                        new PluginHost.Deadlines(hookDeadline, Duration.ofMillis(300)),
                        Clock.fixed(NOW, ZoneOffset.UTC));
        for (ServiceKind service : services) {
            host.addService(new FakeOffer(service, this::told));
        }
        try {
            incoming = Files.createDirectories(home.resolve("incoming"));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// Makes the plugin do something when it reports `event`; what that throws, the hook throws.
    HostFixture when(String event, Behaviour behaviour) {
        behaviours.put(event, behaviour);
        return this;
    }

    HostFixture never(String event) {
        behaviours.remove(event);
        return this;
    }

    PluginPackage packed(TestPlugin plugin) {
        return plugin.packageIn(incoming);
    }

    InstalledPackage stored(TestPlugin plugin) {
        return store.put(packed(plugin));
    }

    CatalogueEntry entry(TestPlugin plugin) {
        InstalledPackage stored = stored(plugin);
        return new CatalogueEntry(stored.name(), stored.version(), stored.sha256(), true, NOW);
    }

    HostFixture start(TestPlugin... plugins) {
        host.start(Arrays.stream(plugins).map(this::entry).toList());
        return this;
    }

    /// Statuses as `NAME VERSION STATE` or, with a problem, `NAME VERSION STATE: PROBLEM`.
    List<String> states() {
        return host.statuses().stream().map(HostFixture::text).toList();
    }

    static String text(PluginStatus status) {
        return status.name()
                + " "
                + status.version()
                + " "
                + status.state()
                + (status.problem() == null ? "" : ": " + status.problem());
    }

    /// What happened since the last call.
    List<String> events() {
        List<String> all = new ArrayList<>(events);
        events.clear();
        return all;
    }

    /// The same, hooks of one kind only.
    List<String> events(String... kinds) {
        return events().stream()
                .filter(event ->
                        Arrays.stream(kinds).anyMatch(kind -> event.startsWith(kind + " ")))
                .toList();
    }

    PluginContext context(String plugin) {
        PluginContext context = contexts.get(plugin);
        if (context == null) {
            throw new AssertionError("no context of " + plugin + " among " + contexts.keySet());
        }
        return context;
    }

    @Override
    public void close() {
        host.close();
        threads.close();
    }

    private void told(Object what) {
        if (what instanceof PluginContext context) {
            contexts.put(
                    context.plugin().name()
                            + " "
                            + context.plugin().version()
                            + " on "
                            + context.service().id(),
                    context);
            return;
        }
        String event = String.valueOf(what);
        events.add(event);
        Behaviour behaviour = behaviours.get(event);
        if (behaviour != null) {
            try {
                behaviour.run();
            } catch (Exception problem) {
                throw sneak(problem);
            }
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> RuntimeException sneak(Exception problem) throws E {
        throw (E) problem;
    }
}
