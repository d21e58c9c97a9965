package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;

/// The catalogue of a server arrives at a process that has none of its own.
class PluginFollowerTest {
    @TempDir private Path home;
    @TempDir private Path server;

    private final Map<String, Path> served = new HashMap<>();
    private final AtomicInteger fetched = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();
    private final CatalogueOnDemand catalogue = new CatalogueOnDemand();

    @Test
    void startsWhatTheFirstCatalogueSaysAndFetchesWhatIsMissing() throws Exception {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.CLIENT);
                PluginFollower follower = follow(fixture)) {
            catalogue.send(
                    row(plugin("alarm", "1.0.0").requires("map", "*")),
                    row(plugin("map", "1.0.0")));

            assertThat(fixture.states())
                    .containsExactly("alarm 1.0.0 RUNNING", "map 1.0.0 RUNNING");
            assertThat(fetched).hasValue(2);
            assertThat(settled).hasValue(1);
        }
    }

    /// Symptom: a plugin that came in one update with the one it requires stayed refused until the
    /// next update. Cause: installed in the order of the rows. Fix: tried again as long as
    /// something changes.
    @Test
    void installsAPluginAndTheOneItRequiresFromOneUpdateInAnyOrder() throws Exception {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.CLIENT);
                PluginFollower follower = follow(fixture)) {
            catalogue.send();
            catalogue.send(
                    row(plugin("alarm", "1.0.0").requires("map", "*")),
                    row(plugin("map", "1.0.0")));

            assertThat(fixture.states())
                    .containsExactly("alarm 1.0.0 RUNNING", "map 1.0.0 RUNNING");
        }
    }

    @Test
    void upgradesAndRemovesAsTheCatalogueSays() throws Exception {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.CLIENT);
                PluginFollower follower = follow(fixture)) {
            catalogue.send(
                    row(plugin("alarm", "1.0.0")),
                    row(plugin("siren", "1.0.0").requires("map", "*")),
                    row(plugin("map", "1.0.0")));
            catalogue.send(row(plugin("alarm", "1.1.0")));

            assertThat(fixture.states()).containsExactly("alarm 1.1.0 RUNNING");
        }
    }

    @Test
    void aPackageThatCannotBeFetchedHarmsNoOther() throws Exception {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.CLIENT);
                PluginFollower follower = follow(fixture)) {
            InstalledPlugin lost = row(plugin("lost", "1.0.0"));
            served.remove(lost.sha256());
            catalogue.send(row(plugin("map", "1.0.0")), lost);

            assertThat(fixture.states()).anyMatch(state -> state.equals("map 1.0.0 RUNNING"));
            assertThat(fixture.states()).anyMatch(state -> state.startsWith("lost 1.0.0 FAILED"));
        }
    }

    private PluginFollower follow(HostFixture fixture) {
        return new PluginFollower(
                fixture.host,
                fixture.store,
                catalogue,
                sha256 -> {
                    Path zip = served.get(sha256);
                    if (zip == null) {
                        return InputStream.nullInputStream();
                    }
                    fetched.incrementAndGet();
                    return Files.newInputStream(zip);
                },
                settled::incrementAndGet);
    }

    private InstalledPlugin row(TestPlugin plugin) {
        PluginPackage packed = plugin.packageIn(server);
        served.put(packed.sha256(), packed.zip());
        return new InstalledPlugin(
                packed.manifest().name(),
                packed.manifest().version(),
                packed.manifest().info().title(),
                packed.sha256(),
                true,
                HostFixture.NOW);
    }

    private static TestPlugin plugin(String name, String version) {
        return new TestPlugin(name, version).on("client");
    }

    /// Hands the follower one catalogue after the other.
    private static final class CatalogueOnDemand implements TupleObserver {
        private final List<TupleListener<InstalledPlugin>> listeners = new ArrayList<>();

        @Override
        public <T extends Tuple> CompletableFuture<List<T>> ask(TupleSelector<T> selector) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("unchecked") // the follower observes this one type
        public <T extends Tuple> Registration observe(
                TupleSelector<T> selector, TupleListener<T> listener) {
            assertThat(selector.type()).isEqualTo(InstalledPlugin.class);
            listeners.add((TupleListener<InstalledPlugin>) listener);
            return () -> listeners.remove(listener);
        }

        void send(InstalledPlugin... rows) throws Exception {
            List<InstalledPlugin> all = Arrays.asList(rows);
            for (TupleListener<InstalledPlugin> listener : listeners) {
                listener.rows(new TupleUpdate<>(all, all, List.of(), List.of()));
            }
        }
    }
}
