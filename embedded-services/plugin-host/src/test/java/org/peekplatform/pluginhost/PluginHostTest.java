package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.PluginStatus.State;
import org.peekplatform.vortex.PlatformThreads;

@Timeout(60)
class PluginHostTest {
    @TempDir private Path home;

    private static TestPlugin plugin(String name, String version) {
        return new TestPlugin(name, version);
    }

    @Test
    void startsEachPluginAfterThoseItRequiresOtherwiseByName() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(
                    plugin("alarm", "1.0.0").requires("user", "^1.0.0").requires("map", "*"),
                    plugin("map", "1.0.0").requires("user", "^1.0.0"),
                    plugin("bus", "1.0.0"),
                    plugin("user", "1.2.0"));

            assertThat(fixture.events("start"))
                    .containsExactly(
                            "start user 1.2.0 on server",
                            "start map 1.0.0 on server",
                            "start alarm 1.0.0 on server",
                            "start bus 1.0.0 on server");
            assertThat(fixture.states())
                    .containsExactly(
                            "alarm 1.0.0 RUNNING",
                            "bus 1.0.0 RUNNING",
                            "map 1.0.0 RUNNING",
                            "user 1.2.0 RUNNING");
        }
    }

    @Test
    void preparesLoadsAndThenStartsThePartsFromServerToDesktopAndStopsThemTheOtherWayRound() {
        HostFixture fixture =
                new HostFixture(
                        home,
                        ServiceKind.DESKTOP,
                        ServiceKind.ADMIN,
                        ServiceKind.CLIENT,
                        ServiceKind.SERVER);
        try (fixture) {
            fixture.start(plugin("map", "1.0.0").on("desktop", "admin", "client", "server"));

            assertThat(fixture.events())
                    .containsExactly(
                            "prepare map 1.0.0 on server",
                            "prepare map 1.0.0 on client",
                            "prepare map 1.0.0 on admin",
                            "prepare map 1.0.0 on desktop",
                            "load map 1.0.0 on server",
                            "load map 1.0.0 on client",
                            "load map 1.0.0 on admin",
                            "load map 1.0.0 on desktop",
                            "start map 1.0.0 on server",
                            "start map 1.0.0 on client",
                            "start map 1.0.0 on admin",
                            "start map 1.0.0 on desktop");
            assertThat(fixture.host.statuses())
                    .containsExactly(
                            new PluginStatus(
                                    "map",
                                    "1.0.0",
                                    "The map",
                                    fixture.host.installed().getFirst().sha256(),
                                    State.RUNNING,
                                    null,
                                    HostFixture.NOW,
                                    List.of(
                                            ServiceKind.SERVER,
                                            ServiceKind.CLIENT,
                                            ServiceKind.ADMIN,
                                            ServiceKind.DESKTOP)));
        }
        assertThat(fixture.events())
                .containsExactly(
                        "stop map 1.0.0 on desktop",
                        "stop map 1.0.0 on admin",
                        "stop map 1.0.0 on client",
                        "stop map 1.0.0 on server",
                        "unload map 1.0.0 on desktop",
                        "released map 1.0.0 on desktop",
                        "unload map 1.0.0 on admin",
                        "released map 1.0.0 on admin",
                        "unload map 1.0.0 on client",
                        "released map 1.0.0 on client",
                        "unload map 1.0.0 on server",
                        "released map 1.0.0 on server");
    }

    @Test
    void allPartsOfAPluginInOneProcessShareItsClassLoader() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER, ServiceKind.CLIENT)) {
            AtomicReference<@Nullable ClassLoader> server = new AtomicReference<>();
            AtomicReference<@Nullable ClassLoader> client = new AtomicReference<>();
            fixture.when("load map 1.0.0 on server", () -> server.set(currentLoader()));
            fixture.when("load map 1.0.0 on client", () -> client.set(currentLoader()));

            fixture.start(plugin("map", "1.0.0").on("server", "client"));

            assertThat(server.get()).isInstanceOf(PluginClassLoader.class).isSameAs(client.get());
        }
    }

    @Test
    void runsOnlyThePartsOfTheServicesOfThisProcess() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.CLIENT)) {
            fixture.start(
                    plugin("map", "1.0.0").on("server", "client", "mobile"),
                    plugin("user", "1.0.0"));

            assertThat(fixture.events())
                    .containsExactly(
                            "prepare map 1.0.0 on client",
                            "load map 1.0.0 on client",
                            "start map 1.0.0 on client");
            assertThat(fixture.states()).containsExactly("map 1.0.0 RUNNING", "user 1.0.0 RUNNING");
        }
    }

    @Test
    void preparesAPluginThatHasAViewOnly() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.MOBILE)) {
            fixture.start(plugin("map", "1.0.0").on("mobile"));

            assertThat(fixture.events()).containsExactly("prepare map 1.0.0 on mobile");
            assertThat(fixture.states()).containsExactly("map 1.0.0 RUNNING");
        }
    }

    @Test
    void stopsAllInReverseOrderOfTheirStart() {
        HostFixture fixture = new HostFixture(home, ServiceKind.SERVER);
        fixture.start(
                plugin("alarm", "1.0.0").requires("user", "*"),
                plugin("bus", "1.0.0"),
                plugin("user", "1.0.0"));

        fixture.close();

        assertThat(fixture.events("stop"))
                .containsExactly(
                        "stop bus 1.0.0 on server",
                        "stop alarm 1.0.0 on server",
                        "stop user 1.0.0 on server");
        assertThat(fixture.states())
                .containsExactly("alarm 1.0.0 STOPPED", "bus 1.0.0 STOPPED", "user 1.0.0 STOPPED");
        InstalledPackage late = fixture.stored(plugin("late", "1.0.0"));
        assertThatThrownBy(() -> fixture.host.install(late))
                .hasMessage("this service is stopping; ask again when it has started");
    }

    @Test
    void aPluginThatFailsAndThoseThatRequireItAreFailedAndTheRestRuns() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.when(
                    "start user 1.0.0 on server",
                    () -> {
                        throw new IOException("the directory does not answer");
                    });

            fixture.start(
                    plugin("user", "1.0.0"),
                    plugin("alarm", "1.0.0").requires("user", "^1.0.0"),
                    plugin("siren", "1.0.0").requires("alarm", "^1.0.0"),
                    plugin("map", "1.0.0"));

            assertThat(fixture.states())
                    .containsExactly(
                            "alarm 1.0.0 FAILED: plugin 'alarm' 1.0.0 requires plugin 'user', which has failed; put that right first",
                            "map 1.0.0 RUNNING",
                            "siren 1.0.0 FAILED: plugin 'siren' 1.0.0 requires plugin 'alarm', which has failed; put that right first",
                            "user 1.0.0 FAILED: plugin 'user': 'start' on server failed: the directory does not answer");
            assertThat(fixture.events())
                    .doesNotContain("load alarm 1.0.0 on server", "stop user 1.0.0 on server")
                    .contains("unload user 1.0.0 on server", "released user 1.0.0 on server");
        }
    }

    @Test
    void whenOnePartFailsTheStartedOnesAreStoppedAgain() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER, ServiceKind.CLIENT)) {
            fixture.when(
                    "start map 1.0.0 on client",
                    () -> {
                        throw new IllegalStateException("no");
                    });

            fixture.start(plugin("map", "1.0.0").on("server", "client"));

            assertThat(fixture.events("start", "stop", "unload", "released"))
                    .containsExactly(
                            "start map 1.0.0 on server",
                            "start map 1.0.0 on client",
                            "stop map 1.0.0 on server",
                            "unload map 1.0.0 on client",
                            "released map 1.0.0 on client",
                            "unload map 1.0.0 on server",
                            "released map 1.0.0 on server");
            assertThat(fixture.states())
                    .containsExactly(
                            "map 1.0.0 FAILED: plugin 'map': 'start' on client failed: no");
        }
    }

    @Test
    void whatAServiceRefusesWhilePreparingIsTheReason() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.when(
                    "prepare map 1.0.0 on server",
                    () -> {
                        throw new PeekException(
                                ErrorCode.INTERNAL, "migrations/V2__x.sql of plugin 'map' failed");
                    });
            fixture.when(
                    "prepare bus 1.0.0 on server",
                    () -> {
                        throw new IllegalStateException("oops");
                    });

            fixture.start(plugin("map", "1.0.0"), plugin("bus", "1.0.0"));

            assertThat(fixture.events())
                    .containsExactly(
                            "prepare bus 1.0.0 on server",
                            "released bus 1.0.0 on server",
                            "prepare map 1.0.0 on server",
                            "released map 1.0.0 on server");
            assertThat(fixture.states())
                    .containsExactly(
                            "bus 1.0.0 FAILED: plugin 'bus': preparing it on server failed: oops",
                            "map 1.0.0 FAILED: migrations/V2__x.sql of plugin 'map' failed");
        }
    }

    @Test
    void classesThatCannotBeHooksAreNamed() {
        String abstractHook =
                "package test.plugin; public abstract class Abstract implements org.peekplatform.api.PeekPlugin {}";
        String noPlugin = "package test.plugin; public class NoPlugin {}";
        String argument =
                "package test.plugin; public class Argument implements org.peekplatform.api.PeekPlugin {"
                        + " public Argument(String x) {} public void start(org.peekplatform.api.PluginContext c) {} }";
        String linked =
                "package test.plugin; public class Linked implements org.peekplatform.api.PeekPlugin {"
                        + " public void start(org.peekplatform.api.PluginContext c) { new org.peekplatform.vortex.PlatformThreads(); } }";
        String initializer =
                "package test.plugin; public class Initializer implements org.peekplatform.api.PeekPlugin {"
                        + " static final int X = Integer.parseInt(\"x\"); public void start(org.peekplatform.api.PluginContext c) {} }";
        String endless =
                "package test.plugin; public class Endless implements org.peekplatform.api.PeekPlugin {"
                        + " public void start(org.peekplatform.api.PluginContext c) { start(c); } }";
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(
                    plugin("p1", "1.0.0").hook("test.plugin.Abstract", abstractHook),
                    plugin("p2", "1.0.0").hook("test.plugin.NoPlugin", noPlugin),
                    plugin("p3", "1.0.0").hook("test.plugin.Argument", argument),
                    plugin("p4", "1.0.0").hook("test.plugin.Linked", linked),
                    plugin("p5", "1.0.0").hook("test.plugin.Initializer", initializer),
                    plugin("p6", "1.0.0").hook("test.plugin.Endless", endless),
                    plugin("p7", "1.0.0"));

            String unusable =
                    "the class must be public, not abstract, and have a public constructor without parameters";
            assertThat(fixture.states())
                    .containsExactly(
                            "p1 1.0.0 FAILED: plugin 'p1': 'making test.plugin.Abstract' on server failed: "
                                    + unusable,
                            "p2 1.0.0 FAILED: plugin 'p2': 'making test.plugin.NoPlugin' on server failed: the class does not implement org.peekplatform.api.PeekPlugin; correct 'server.entryHook' or the class",
                            "p3 1.0.0 FAILED: plugin 'p3': 'making test.plugin.Argument' on server failed: "
                                    + unusable,
                            "p4 1.0.0 FAILED: plugin 'p4': 'start' on server failed: the class org.peekplatform.vortex.PlatformThreads is not in the package and not offered by the platform",
                            "p5 1.0.0 FAILED: plugin 'p5': 'making test.plugin.Initializer' on server failed: a static initializer threw java.lang.NumberFormatException: For input string: \"x\"",
                            "p6 1.0.0 FAILED: plugin 'p6': 'start' on server failed: java.lang.StackOverflowError",
                            "p7 1.0.0 RUNNING");
        }
    }

    @Test
    void requirementsThatDoNotHoldAreSentences() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(
                    plugin("missing", "1.0.0").requires("ghost", "^1.0.0"),
                    plugin("range", "1.0.0").requires("user", "^2.0.0"),
                    plugin("future", "1.0.0").platform(">=9.0.0"),
                    plugin("ring_a", "1.0.0").requires("ring_b", "*"),
                    plugin("ring_b", "1.0.0").requires("ring_c", "*"),
                    plugin("ring_c", "1.0.0").requires("ring_a", "*"),
                    plugin("user", "1.0.0"));

            assertThat(fixture.states())
                    .containsExactly(
                            "future 1.0.0 FAILED: plugin 'future' 1.0.0 requires platform >=9.0.0, but this is Peek 0.1.0; get the version of the plugin made for it",
                            "missing 1.0.0 FAILED: plugin 'missing' 1.0.0 requires plugin 'ghost' ^1.0.0, which is not installed; install it first",
                            "range 1.0.0 FAILED: plugin 'range' 1.0.0 requires plugin 'user' ^2.0.0, but 1.0.0 is installed; install a version in that range",
                            "ring_a 1.0.0 FAILED: plugin 'ring_a' requires itself in a circle (ring_a → ring_b → ring_c → ring_a); remove one of these requirements",
                            "ring_b 1.0.0 FAILED: plugin 'ring_b' requires itself in a circle (ring_b → ring_c → ring_a → ring_b); remove one of these requirements",
                            "ring_c 1.0.0 FAILED: plugin 'ring_c' requires itself in a circle (ring_c → ring_a → ring_b → ring_c); remove one of these requirements",
                            "user 1.0.0 RUNNING");
        }
    }

    @Test
    void disabledPluginsStayStoppedAndMissingOrDamagedPackagesFail() throws IOException {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            CatalogueEntry user = fixture.entry(plugin("user", "1.0.0"));
            CatalogueEntry alarm = fixture.entry(plugin("alarm", "1.0.0").requires("user", "*"));
            CatalogueEntry gone = fixture.entry(plugin("gone", "1.0.0"));
            CatalogueEntry damaged = fixture.entry(plugin("hurt", "1.0.0"));
            fixture.store.remove("gone", "1.0.0", gone.sha256());
            Files.write(
                    fixture.store.find("hurt", "1.0.0", damaged.sha256()).orElseThrow().zip(),
                    new byte[] {1});

            fixture.host.start(
                    List.of(
                            alarm,
                            gone,
                            damaged,
                            new CatalogueEntry(
                                    "user", "1.0.0", user.sha256(), false, HostFixture.NOW)));

            assertThat(fixture.states())
                    .containsExactly(
                            "alarm 1.0.0 FAILED: plugin 'alarm' 1.0.0 requires plugin 'user', which is disabled; enable it first",
                            "gone 1.0.0 FAILED: the package of plugin 'gone' 1.0.0 is not in the store; install it again",
                            "hurt 1.0.0 FAILED: the stored package of plugin 'hurt' 1.0.0 is damaged; install it again",
                            "user 1.0.0 STOPPED");

            assertThat(fixture.host.enable("user").state()).isEqualTo(State.RUNNING);

            assertThat(fixture.states()).contains("alarm 1.0.0 RUNNING", "user 1.0.0 RUNNING");
            assertThatThrownBy(() -> fixture.host.disable("user"))
                    .hasMessage(
                            "plugin 'user' cannot be disabled while it is required by 'alarm'; disable that one first");
            fixture.host.disable("alarm");
            assertThat(fixture.host.disable("user").state()).isEqualTo(State.STOPPED);
            assertThat(fixture.events("stop"))
                    .containsExactly("stop alarm 1.0.0 on server", "stop user 1.0.0 on server");
        }
    }

    @Test
    void anUpgradeStopsTheDependantsThenTheOldVersionAndStartsAllAgain() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(
                    plugin("user", "1.0.0"),
                    plugin("alarm", "1.0.0").requires("user", "^1.0.0"),
                    plugin("siren", "1.0.0").requires("alarm", "*"),
                    plugin("map", "1.0.0"));
            fixture.events();

            PluginStatus status = fixture.host.install(fixture.stored(plugin("user", "1.1.0")));

            assertThat(HostFixture.text(status)).isEqualTo("user 1.1.0 RUNNING");
            assertThat(fixture.events("start", "stop", "unload", "load"))
                    .containsExactly(
                            "stop siren 1.0.0 on server",
                            "unload siren 1.0.0 on server",
                            "stop alarm 1.0.0 on server",
                            "unload alarm 1.0.0 on server",
                            "stop user 1.0.0 on server",
                            "unload user 1.0.0 on server",
                            "load user 1.1.0 on server",
                            "start user 1.1.0 on server",
                            "load alarm 1.0.0 on server",
                            "start alarm 1.0.0 on server",
                            "load siren 1.0.0 on server",
                            "start siren 1.0.0 on server");
            assertThat(fixture.states())
                    .containsExactly(
                            "alarm 1.0.0 RUNNING",
                            "map 1.0.0 RUNNING",
                            "siren 1.0.0 RUNNING",
                            "user 1.1.0 RUNNING");
        }
    }

    @Test
    void aNewPluginStartsAndThoseThatWaitedForItToo() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(plugin("alarm", "1.0.0").requires("user", "^1.0.0"));

            fixture.host.install(fixture.stored(plugin("user", "1.0.0")));

            assertThat(fixture.states())
                    .containsExactly("alarm 1.0.0 RUNNING", "user 1.0.0 RUNNING");
        }
    }

    @Test
    void installingWhatRunsChangesNothing() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(plugin("map", "1.0.0"));
            fixture.events();

            PluginStatus status = fixture.host.install(fixture.stored(plugin("map", "1.0.0")));

            assertThat(HostFixture.text(status)).isEqualTo("map 1.0.0 RUNNING");
            assertThat(fixture.events()).isEmpty();
        }
    }

    @Test
    void installingAFailedPluginAgainTriesAgain() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.when(
                    "start map 1.0.0 on server",
                    () -> {
                        throw new IOException("not yet");
                    });
            fixture.start(plugin("map", "1.0.0"));
            assertThat(fixture.states())
                    .containsExactly(
                            "map 1.0.0 FAILED: plugin 'map': 'start' on server failed: not yet");

            fixture.never("start map 1.0.0 on server");
            fixture.host.install(fixture.stored(plugin("map", "1.0.0")));

            assertThat(fixture.states()).containsExactly("map 1.0.0 RUNNING");
        }
    }

    @Test
    void anUpgradeThatDoesNotStartIsUndoneAndSaysSo() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.when(
                    "start user 1.1.0 on server",
                    () -> {
                        throw new IOException("no licence");
                    });
            fixture.start(
                    plugin("user", "1.0.0"), plugin("alarm", "1.0.0").requires("user", "^1.0.0"));
            InstalledPackage bad = fixture.stored(plugin("user", "1.1.0"));

            assertThatThrownBy(() -> fixture.host.install(bad))
                    .hasMessage(
                            "version 1.1.0 of plugin 'user' did not start, so 1.0.0 runs again in its place: plugin 'user': 'start' on server failed: no licence");

            assertThat(fixture.states())
                    .containsExactly("alarm 1.0.0 RUNNING", "user 1.0.0 RUNNING");
        }
    }

    @Test
    void anUpgradeThatBroughtMigrationsIsNotUndoneWhenItDoesNotStart() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.when(
                    "start user 1.1.0 on server",
                    () -> {
                        throw new IOException("no licence");
                    });
            fixture.start(
                    plugin("user", "1.0.0").on("server", "storage"),
                    plugin("alarm", "1.0.0").requires("user", "^1.0.0"));

            PluginStatus status =
                    fixture.host.install(
                            fixture.stored(
                                    plugin("user", "1.1.0")
                                            .on("server", "storage")
                                            .file("migrations/V1__x.sql", "select 1;")));

            assertThat(HostFixture.text(status))
                    .isEqualTo(
                            "user 1.1.0 FAILED: plugin 'user': 'start' on server failed: no licence");
            assertThat(fixture.states())
                    .contains(
                            "alarm 1.0.0 FAILED: plugin 'alarm' 1.0.0 requires plugin 'user', which has failed; put that right first");
        }
    }

    @Test
    void refusesPackagesThatDoNotGoWithWhatIsInstalled() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(
                    plugin("user", "1.2.0").on("server"),
                    plugin("alarm", "1.0.0").requires("user", "^1.0.0"),
                    plugin("waiting", "1.0.0").requires("ring", "*"));

            assertRefused(
                    fixture,
                    plugin("user", "1.2.0").file("docs/a.md", "other"),
                    "version 1.2.0 of plugin 'user' is installed with other content; raise the version");
            assertRefused(
                    fixture,
                    plugin("user", "1.1.9"),
                    "version 1.1.9 of plugin 'user' is older than the installed 1.2.0; remove the newer one first");
            assertRefused(
                    fixture,
                    plugin("user", "2.0.0"),
                    "plugin 'alarm' 1.0.0, which is installed, requires plugin 'user' ^1.0.0, so 2.0.0 would break it; upgrade 'alarm' first or choose a version in that range");
            assertRefused(
                    fixture,
                    plugin("map", "1.0.0").requires("ghost", "~1.0.0"),
                    "plugin 'map' 1.0.0 requires plugin 'ghost' ~1.0.0, which is not installed; install it first");
            assertRefused(
                    fixture,
                    plugin("map", "1.0.0").requires("user", "^2.0.0"),
                    "plugin 'map' 1.0.0 requires plugin 'user' ^2.0.0, but 1.2.0 is installed; install a version in that range");
            assertRefused(
                    fixture,
                    plugin("map", "1.0.0").platform("^1.0.0"),
                    "plugin 'map' 1.0.0 requires platform ^1.0.0, but this is Peek 0.1.0; get the version of the plugin made for it");
            assertRefused(
                    fixture,
                    plugin("ring", "1.0.0").requires("waiting", "*"),
                    "plugin 'ring' requires itself in a circle (ring → waiting → ring); remove one of these requirements");
            assertRefused(
                    fixture,
                    plugin("map", "1.0.0").platform("^1.0.0").requires("ghost", "*"),
                    "plugin 'map' 1.0.0 requires platform ^1.0.0, but this is Peek 0.1.0; get the version of the plugin made for it; also, plugin 'map' 1.0.0 requires plugin 'ghost' *, which is not installed; install it first");
            assertThat(fixture.states())
                    .containsExactly(
                            "alarm 1.0.0 RUNNING",
                            "user 1.2.0 RUNNING",
                            "waiting 1.0.0 FAILED: plugin 'waiting' 1.0.0 requires plugin 'ring' *, which is not installed; install it first");
        }
    }

    private static void assertRefused(HostFixture fixture, TestPlugin plugin, String message) {
        PluginPackage packed = fixture.packed(plugin);
        InstalledPackage stored = fixture.store.put(packed);
        assertThatThrownBy(() -> fixture.host.check(packed))
                .isInstanceOf(PeekException.class)
                .hasMessage(message)
                .extracting(problem -> ((PeekException) problem).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThatThrownBy(() -> fixture.host.install(stored)).hasMessage(message);
    }

    @Test
    void removesAPluginThatNobodyRequires() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(
                    plugin("user", "1.0.0"),
                    plugin("alarm", "1.0.0").requires("user", "*"),
                    plugin("map", "1.0.0").requires("user", "*"));

            assertThatThrownBy(() -> fixture.host.remove("user"))
                    .hasMessage(
                            "plugin 'user' cannot be removed while it is required by 'alarm' and 'map'; remove these first");
            assertThatThrownBy(() -> fixture.host.remove("ghost"))
                    .hasMessage(
                            "there is no plugin 'ghost' here; the list of plugins has those there are");

            fixture.host.remove("alarm");
            fixture.host.remove("map");
            assertThat(HostFixture.text(fixture.host.remove("user")))
                    .isEqualTo("user 1.0.0 STOPPED");

            assertThat(fixture.states()).isEmpty();
            assertThat(fixture.events("stop", "unload", "released"))
                    .contains("stop user 1.0.0 on server", "released user 1.0.0 on server");
        }
    }

    @Test
    void aHookThatOverrunsItsDeadlineIsNamedAndItsCallerReleased() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (HostFixture fixture =
                new HostFixture(
                        home, Duration.ofSeconds(2), ServiceKind.SERVER, ServiceKind.CLIENT)) {
            fixture.when(
                    "start slow 1.0.0 on client",
                    () -> {
                        try {
                            never.await();
                        } catch (InterruptedException problem) {
                            interrupted.countDown();
                            throw problem;
                        }
                    });

            fixture.start(plugin("slow", "1.0.0").on("server", "client"), plugin("map", "1.0.0"));

            assertThat(fixture.states())
                    .containsExactly(
                            "map 1.0.0 RUNNING",
                            "slow 1.0.0 FAILED: plugin 'slow': 'start' on client did not end within 2 s; it was interrupted and may still be running");
            assertThat(fixture.events("stop", "unload"))
                    .as("no other hook of the part that overran")
                    .containsExactly("stop slow 1.0.0 on server", "unload slow 1.0.0 on server");
            assertThat(interrupted.getCount()).isZero();
        }
    }

    @Test
    void aStopThatFailsIsReportedAndTheNextVersionStartsAllTheSame() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.when(
                    "stop map 1.0.0 on server",
                    () -> {
                        throw new IOException("socket in use");
                    });
            fixture.start(plugin("map", "1.0.0"));

            fixture.host.disable("map");

            assertThat(fixture.states())
                    .containsExactly(
                            "map 1.0.0 FAILED: plugin 'map': 'stop' on server failed: socket in use");
            assertThat(fixture.events("unload", "released"))
                    .containsExactly("unload map 1.0.0 on server", "released map 1.0.0 on server");

            fixture.host.install(fixture.stored(plugin("map", "1.1.0")));

            assertThat(fixture.states()).containsExactly("map 1.1.0 RUNNING");
        }
    }

    @Test
    void statusesAndChecksDoNotWaitForARunningHookAndOperationsComeOneByOne() throws Exception {
        CountDownLatch inHook = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER);
                ExecutorService executor = PlatformThreads.perTask("test")) {
            fixture.start(plugin("user", "1.0.0"));
            fixture.when(
                    "start map 1.0.0 on server",
                    () -> {
                        inHook.countDown();
                        goOn.await();
                    });
            InstalledPackage map = fixture.stored(plugin("map", "1.0.0"));
            InstalledPackage bus = fixture.stored(plugin("bus", "1.0.0"));
            PluginPackage alarm = fixture.packed(plugin("alarm", "1.0.0").requires("user", "*"));

            CompletableFuture<PluginStatus> first =
                    CompletableFuture.supplyAsync(() -> fixture.host.install(map), executor);
            assertThat(inHook.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<PluginStatus> second =
                    CompletableFuture.supplyAsync(() -> fixture.host.install(bus), executor);

            assertThat(fixture.states())
                    .containsExactly("map 1.0.0 STARTING", "user 1.0.0 RUNNING");
            fixture.host.check(alarm);
            assertThat(second).isNotDone();

            goOn.countDown();
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);
            assertThat(fixture.events("load", "start"))
                    .containsSubsequence(
                            "start map 1.0.0 on server",
                            "load bus 1.0.0 on server",
                            "start bus 1.0.0 on server");
        }
    }

    @Test
    void tellsListenersOfEveryChangeUntilTheyLeave() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start();
            List<String> seen = new java.util.ArrayList<>();
            Registration registration = fixture.host.onChange(() -> seen.addAll(fixture.states()));
            fixture.host.onChange(() -> {
                throw new IllegalStateException("a listener that fails");
            });

            fixture.host.install(fixture.stored(plugin("map", "1.0.0")));
            fixture.host.disable("map");
            registration.close();
            fixture.host.enable("map");

            assertThat(seen)
                    .containsExactly(
                            "map 1.0.0 STARTING",
                            "map 1.0.0 RUNNING",
                            "map 1.0.0 STOPPING",
                            "map 1.0.0 STOPPED");
        }
    }

    @Test
    void anOperationFromWithinAnotherIsRefusedInsteadOfWaitingForever() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start();
            AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
            fixture.host.onChange(() -> {
                try {
                    fixture.host.disable("map");
                } catch (IllegalStateException refused) {
                    problem.set(refused);
                }
            });

            fixture.host.install(fixture.stored(plugin("map", "1.0.0")));

            assertThat(problem.get())
                    .hasMessage("an operation of the plugin host was started from within another");
        }
    }

    @Test
    void countsTheCallsOfAPlugin() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            fixture.start(plugin("map", "1.0.0"));

            PluginCalls calls = fixture.host.calls("map").orElseThrow();

            assertThat(calls.calls()).as("made, loaded, started").isEqualTo(3);
            assertThat(calls.failures()).isZero();
            assertThat(calls.busy()).isPositive();
            assertThat(fixture.host.calls("ghost")).isEmpty();
        }
    }

    @Test
    void servicesAreAddedOnceAndBeforeTheStart() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            AtomicInteger told = new AtomicInteger();
            FakeOffer second = new FakeOffer(ServiceKind.SERVER, _ -> told.incrementAndGet());
            FakeOffer late = new FakeOffer(ServiceKind.CLIENT, _ -> told.incrementAndGet());

            assertThatThrownBy(() -> fixture.host.addService(second))
                    .hasMessage("there is a service of kind server");
            fixture.start();
            assertThatThrownBy(() -> fixture.host.addService(late))
                    .hasMessage("services are added before the plugins start");
            assertThatThrownBy(() -> fixture.host.start(List.of()))
                    .hasMessage("the plugins have been started");
        }
    }

    private static ClassLoader currentLoader() {
        return Thread.currentThread().getContextClassLoader();
    }
}
