package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.admin.OpenSite;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;

class PeekSystemTest {
    private final TestSystems systems = new TestSystems();
    private List<String> events = List.of();
    private Home home;

    private static final Set<ServiceKind> AGENT = Set.of(ServiceKind.AGENT);
    private static final Set<ServiceKind> WORKER = Set.of(ServiceKind.WORKER);

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        events = TestPlugin.events();
        home = new Home(folder.resolve("home"));
    }

    @AfterEach
    void stop() {
        TestPlugin.openGates();
        systems.close();
    }

    // Health.

    @Test
    void healthGoesFromStartingOverRunningToStopping() throws Exception {
        try (PeekSystem before = systems.start(home, PeekSystem.ALL)) {
            TestSystems.install(before, new TestPlugin("pump", "1.0.0").in(folder));
        }
        CountDownLatch atStart = TestPlugin.gateAt("start pump 1.0.0 on server");
        CountDownLatch atStop = TestPlugin.gateAt("stop pump 1.0.0 on server");

        PeekSystem system = systems.open(home, PeekSystem.ALL);
        events.clear();
        CompletableFuture<Void> started = CompletableFuture.runAsync(system::start);
        untilTold("start pump 1.0.0 on server");
        for (String site : List.of("admin", "client")) {
            TestSystems.Answer starting = systems.health(system, site);
            assertThat(starting.status()).isEqualTo(503);
            assertThat(starting.state()).isEqualTo("starting");
            assertThat(starting.plugins()).containsExactly("pump 1.0.0 starting");
        }

        atStart.countDown();
        started.orTimeout(10, TimeUnit.SECONDS).join();
        TestSystems.Answer server = systems.health(system, "admin");
        assertThat(server.status()).isEqualTo(200);
        assertThat(server.state()).isEqualTo("running");
        assertThat(server.plugins()).containsExactly("pump 1.0.0 running");
        assertThat(server.json().path("service").asString()).isEqualTo("server");
        assertThat(server.json().path("version").asString()).isEqualTo(Cli.version());
        assertThat(server.json().path("links")).isEmpty();
        TestSystems.Answer client =
                systems.until(system, "client", answer -> answer.state().equals("running"));
        assertThat(client.json().path("service").asString()).isEqualTo("client");
        assertThat(client.json().path("links").path(0).path("to").asString()).isEqualTo("server");
        assertThat(client.json().path("links").path(0).path("state").asString())
                .isEqualTo("online");

        CompletableFuture<Void> closed = CompletableFuture.runAsync(system::close);
        untilTold("stop pump 1.0.0 on server");
        for (String site : List.of("admin", "client")) {
            TestSystems.Answer stopping = systems.health(system, site);
            assertThat(stopping.status()).isEqualTo(503);
            assertThat(stopping.state()).isEqualTo("stopping");
        }
        atStop.countDown();
        closed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void pluginsThatFailAreNamedWithTheirReasonAndTheOthersRun() throws Exception {
        PeekSystem system = systems.start(home, PeekSystem.ALL);
        Instant running = since(systems.health(system, "admin"));
        TestSystems.install(system, new TestPlugin("pump", "1.0.0").in(folder));
        assertThat(systems.health(system, "admin").state()).isEqualTo("running");

        String loading =
                TestSystems.install(
                        system, new TestPlugin("loader", "1.0.0").failingIn("load").in(folder));
        TestSystems.install(
                system, new TestPlugin("starter", "1.0.0").failingIn("start").in(folder));

        assertThat(loading)
                .startsWith("The loader 1.0.0 is installed but does not run: ")
                .contains("the valve of loader is stuck");
        for (String site : List.of("admin", "client")) {
            TestSystems.Answer answer =
                    systems.until(system, site, one -> one.state().equals("degraded"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.plugins()).hasSize(3);
            assertThat(answer.plugins().get(0))
                    .startsWith("loader 1.0.0 failed: ")
                    .contains("the valve of loader is stuck")
                    .endsWith(".");
            assertThat(answer.plugins().get(1)).isEqualTo("pump 1.0.0 running");
            assertThat(answer.plugins().get(2))
                    .startsWith("starter 1.0.0 failed: ")
                    .contains("the valve of starter is stuck");
        }
        Instant degraded = since(systems.health(system, "admin"));
        assertThat(degraded).isAfter(running);
        assertThat(since(systems.health(system, "admin"))).isEqualTo(degraded);

        system.close();
        PeekSystem again = systems.start(home, PeekSystem.ALL);
        assertThat(systems.health(again, "admin").state()).isEqualTo("degraded");
        HomeOperationsTest.installer(again).remove("loader");
        HomeOperationsTest.installer(again).remove("starter");
        assertThat(systems.health(again, "admin").state()).isEqualTo("running");
    }

    // Start and end.

    @Test
    void runFilesSayWhatRunsAndGoWithIt() throws IOException {
        PeekSystem system = systems.start(home, PeekSystem.ALL);

        assertThat(TestSystems.runFiles(home))
                .containsExactly(
                        "agent.json", "client.json", "database.key", "server.json", "worker.json");
        RunFiles.Running server = RunFiles.findRunning(home, "server").orElseThrow();
        assertThat(server.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(system.url("admin")).endsWith(":" + server.ports().get("admin"));
        assertThat(systems.health("http://127.0.0.1:" + server.ports().get("dataExchange")).state())
                .isEqualTo("running");
        assertThat(system.url("client"))
                .endsWith(
                        ":"
                                + RunFiles.findRunning(home, "client")
                                        .orElseThrow()
                                        .ports()
                                        .get("http"));

        String admin = Objects.requireNonNull(system.url("admin"));
        system.close();
        system.close();

        assertThat(TestSystems.runFiles(home)).isEmpty();
        assertThatThrownBy(() -> systems.health(admin)).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void pluginsStopInReverseOrderOfTheirStart() {
        PeekSystem system = systems.start(home, PeekSystem.ALL);
        TestSystems.install(system, new TestPlugin("zeta", "1.0.0").in(folder));
        TestSystems.install(
                system,
                new TestPlugin("alpha", "1.0.0")
                        .on("server", "client")
                        .requires("zeta")
                        .in(folder));
        system.close();
        PeekSystem again = systems.open(home, PeekSystem.ALL);
        events.clear();
        again.start();
        again.close();

        assertThat(TestPlugin.only(events, "start", "stop"))
                .containsExactly(
                        "start zeta 1.0.0 on server",
                        "start alpha 1.0.0 on server",
                        "start alpha 1.0.0 on client",
                        "stop alpha 1.0.0 on client",
                        "stop alpha 1.0.0 on server",
                        "stop zeta 1.0.0 on server");
    }

    @Test
    void aPluginThatFailsToStopDoesNotKeepTheRestFromStopping() throws IOException {
        PeekSystem system = systems.start(home, PeekSystem.ALL);
        TestSystems.install(system, new TestPlugin("alpha", "1.0.0").in(folder));
        TestSystems.install(system, new TestPlugin("beta", "1.0.0").failingIn("stop").in(folder));

        system.close();

        assertThat(TestPlugin.only(events, "stop"))
                .containsExactly("stop beta 1.0.0 on server", "stop alpha 1.0.0 on server");
        assertThat(TestSystems.runFiles(home)).isEmpty();
        assertThat(systems.start(home, PeekSystem.ALL).host().statuses()).hasSize(2);
    }

    @Test
    void aTakenPortIsNamedAndLeavesNothingBehind() throws IOException {
        int adminPort;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            adminPort = free.getLocalPort();
        }
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PeekSystem system =
                    systems.open(
                            home,
                            PeekSystem.ALL,
                            "server.admin.port=" + adminPort,
                            "client.port=" + other.getLocalPort());
            assertThatThrownBy(system::start)
                    .isInstanceOf(PeekException.class)
                    .hasMessage(
                            "Port %d of the client site is in use by another program. Close that program, or choose another port with --set client.port=NUMBER or in config.json."
                                    .formatted(other.getLocalPort()));
        }

        // The admin site was open already when the client's port was found taken.
        assertThatThrownBy(() -> systems.health("http://127.0.0.1:" + adminPort))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(TestSystems.runFiles(home)).isEmpty();
        PeekSystem next = systems.start(home, PeekSystem.ALL, "server.admin.port=" + adminPort);
        assertThat(systems.health(next, "admin").state()).isEqualTo("running");
    }

    @Test
    void aSecondStartOnTheSameHomeIsRefused() {
        PeekSystem first = systems.start(home, PeekSystem.ALL);

        assertThatThrownBy(() -> systems.open(home, PeekSystem.ALL))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("is in use")
                .hasMessageContaining(home.root().toString());

        assertThat(systems.health(first, "admin").state()).isEqualTo("running");
        assertThat(RunFiles.findRunning(home)).hasSize(4);
    }

    @Test
    void aSystemClosedBeforeItStartedStaysClosed() throws IOException {
        PeekSystem system = systems.open(home, PeekSystem.ALL);

        system.close();

        assertThatThrownBy(system::start)
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STOPPED));
        assertThat(TestSystems.runFiles(home)).isEmpty();
    }

    // The administrator's switches.

    @Test
    void openingASiteIsKeptInTheConfiguration() throws Exception {
        PeekSystem system = systems.start(home, PeekSystem.ALL);

        assertThat(open(system, "client", true)).isEqualTo(new ActionOutcome.Applied());

        assertThat(Config.load(home, Map.of()).values().client().network()).isTrue();
        assertThat(Config.load(home, Map.of()).values().server().admin().network()).isFalse();
        assertThat(open(system, "client", false)).isEqualTo(new ActionOutcome.Applied());
        assertThat(Config.load(home, Map.of()).values().client().network()).isFalse();
    }

    @Test
    void aSiteWhoseNetworkIsSetOnTheCommandLineIsNotSwitched() throws Exception {
        PeekSystem system = systems.start(home, PeekSystem.ALL, "server.admin.network=false");
        String before = Files.readString(home.config());

        assertThat(open(system, "admin", true))
                .isInstanceOfSatisfying(
                        ActionOutcome.Rejected.class,
                        rejected ->
                                assertThat(rejected.message())
                                        .containsIgnoringCase("server.admin.network is set to")
                                        .contains("--set")
                                        .endsWith("."));
        assertThat(Files.readString(home.config())).isEqualTo(before);
    }

    // Server and client in processes of their own.

    @Test
    void aClientElsewhereFollowsInstallsUpgradesRemovalsAndRestarts() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        TestSystems.install(
                server, new TestPlugin("pump", "1.0.0").on("server", "client").in(folder));
        int port = TestSystems.exchangePort(home);
        Home elsewhere = withKeyOf(home);
        PeekSystem client =
                systems.start(
                        elsewhere,
                        TestSystems.CLIENT,
                        "client.server.url=http://127.0.0.1:" + port);
        systems.until(client, "client", running("pump 1.0.0 running"));

        TestSystems.install(
                server, new TestPlugin("valve", "1.0.0").on("server", "client").in(folder));
        systems.until(client, "client", running("pump 1.0.0 running", "valve 1.0.0 running"));
        TestSystems.install(
                server, new TestPlugin("pump", "1.1.0").on("server", "client").in(folder));
        systems.until(client, "client", running("pump 1.1.0 running", "valve 1.0.0 running"));
        HomeOperationsTest.installer(server).remove("valve");
        systems.until(client, "client", running("pump 1.1.0 running"));

        server.close();
        TestSystems.Answer alone =
                systems.until(client, "client", answer -> answer.state().equals("degraded"));
        assertThat(alone.status()).isEqualTo(200);
        assertThat(alone.plugins()).containsExactly("pump 1.1.0 running");
        assertThat(alone.json().path("links").path(0).path("state").asString())
                .isEqualTo("offline");
        assertThat(alone.json().path("links").path(0).path("problem").asString("")).isNotEmpty();

        PeekSystem next =
                systems.start(home, TestSystems.SERVER, "server.dataExchange.port=" + port);
        systems.until(client, "client", running("pump 1.1.0 running"));
        TestSystems.install(
                next, new TestPlugin("pump", "1.2.0").on("server", "client").in(folder));
        systems.until(client, "client", running("pump 1.2.0 running"));
        assertThat(TestPlugin.only(events, "start"))
                .contains("start pump 1.0.0 on client", "start pump 1.2.0 on client");
    }

    @Test
    void aClientOfTheSameHomeFindsTheServerAtItsNewPort() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        int before = TestSystems.exchangePort(home);
        PeekSystem client = systems.start(home, TestSystems.CLIENT);
        systems.until(client, "client", running());

        server.close();
        systems.until(client, "client", answer -> answer.state().equals("degraded"));
        try (ServerSocket taken = new ServerSocket(before, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            systems.start(home, TestSystems.SERVER);
            assertThat(TestSystems.exchangePort(home)).isNotEqualTo(before);
            systems.until(client, "client", running());
        }
    }

    @Test
    void aClientWithoutAServerStartsAndSaysWhatItWaitsFor() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        PeekSystem client =
                systems.start(
                        home, TestSystems.CLIENT, "client.server.url=http://127.0.0.1:" + free);

        TestSystems.Answer answer = systems.until(client, "client", PeekSystemTest::isOffline);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.state()).isEqualTo("starting");
        assertThat(answer.json().path("links").path(0).path("problem").asString())
                .isEqualTo("127.0.0.1:" + free + " cannot be reached");
    }

    @Test
    void aClientWithAForeignLinkKeyIsRefusedAndToldTheCure() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        TestSystems.install(
                server, new TestPlugin("pump", "1.0.0").on("server", "client").in(folder));
        Home elsewhere = new Home(folder.resolve("elsewhere"));

        PeekSystem client =
                systems.start(
                        elsewhere,
                        TestSystems.CLIENT,
                        "client.server.url=http://127.0.0.1:" + TestSystems.exchangePort(home));

        TestSystems.Answer answer = systems.until(client, "client", PeekSystemTest::isOffline);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("links").path(0).path("problem").asString())
                .isEqualTo(
                        "this home has not joined the server; have a token for a client made in the server's admin and run 'peek join TOKEN --home "
                                + elsewhere.root()
                                + "'");
        assertThat(answer.plugins()).isEmpty();
        assertThat(client.host().statuses()).isEmpty();
    }

    @Test
    void severalAgentsFollowTheCatalogueAndComeBackAfterTheServer() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        TestSystems.install(
                server, new TestPlugin("pump", "1.0.0").on("server", "agent").in(folder));
        int port = TestSystems.exchangePort(home);
        PeekSystem sameHome = systems.start(home, AGENT, "agent.name=here");
        PeekSystem elsewhere =
                systems.start(
                        withKeyOf(home),
                        AGENT,
                        "agent.name=there",
                        "agent.server.url=ws://127.0.0.1:" + port);
        for (PeekSystem agent : List.of(sameHome, elsewhere)) {
            systems.until(agent, "agent", running("pump 1.0.0 running"));
        }
        assertThat(TestSystems.runFiles(home)).contains("agent.json");

        server.close();
        for (PeekSystem agent : List.of(sameHome, elsewhere)) {
            TestSystems.Answer alone =
                    systems.until(agent, "agent", answer -> answer.state().equals("degraded"));
            assertThat(alone.plugins()).containsExactly("pump 1.0.0 running");
        }
        PeekSystem next =
                systems.start(home, TestSystems.SERVER, "server.dataExchange.port=" + port);
        TestSystems.install(next, new TestPlugin("pump", "1.1.0").on("server", "agent").in(folder));

        for (PeekSystem agent : List.of(sameHome, elsewhere)) {
            systems.until(agent, "agent", running("pump 1.1.0 running"));
        }
        assertThat(TestPlugin.only(events, "start"))
                .contains("start pump 1.0.0 on agent", "start pump 1.1.0 on agent");
    }

    @Test
    void workersOfTheHomeReachTheDatabaseAgainAfterTheServerCameBack() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        TestSystems.install(
                server, new TestPlugin("pump", "1.0.0").on("server", "worker").in(folder));
        PeekSystem first = systems.start(home, WORKER);
        PeekSystem second = systems.start(home, WORKER, "worker.name=second");
        for (PeekSystem worker : List.of(first, second)) {
            systems.until(worker, "worker", running("pump 1.0.0 running"));
        }
        assertThat(TestSystems.runFiles(home))
                .containsExactly(
                        "database.key", "server.json", "worker-second.json", "worker.json");

        server.close();
        assertThat(TestSystems.runFiles(home)).doesNotContain("database.key");
        for (PeekSystem worker : List.of(first, second)) {
            systems.until(worker, "worker", answer -> answer.state().equals("degraded"));
        }
        systems.start(home, TestSystems.SERVER);
        for (PeekSystem worker : List.of(first, second)) {
            systems.until(worker, "worker", running("pump 1.0.0 running"));
        }
    }

    @Test
    void aClientAndAnAgentShareAProcessWithoutTheServer() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        PeekSystem both = systems.start(home, Set.of(ServiceKind.CLIENT, ServiceKind.AGENT));
        TestSystems.install(
                server, new TestPlugin("pump", "1.0.0").on("server", "client", "agent").in(folder));

        systems.until(both, "client", running("pump 1.0.0 running"));
        systems.until(both, "agent", running("pump 1.0.0 running"));

        assertThat(TestPlugin.only(events, "start"))
                .containsExactlyInAnyOrder(
                        "start pump 1.0.0 on server",
                        "start pump 1.0.0 on client",
                        "start pump 1.0.0 on agent");
    }

    private Home withKeyOf(Home server) throws IOException {
        Home elsewhere = new Home(folder.resolve("elsewhere")).prepare();
        Files.copy(server.data().resolve("link.key"), elsewhere.data().resolve("link.key"));
        return elsewhere;
    }

    private static Predicate<TestSystems.Answer> running(String... plugins) {
        return answer ->
                answer.state().equals("running") && answer.plugins().equals(List.of(plugins));
    }

    private static boolean isOffline(TestSystems.Answer answer) {
        return answer.json().path("links").path(0).path("state").asString("").equals("offline");
    }

    private static Instant since(TestSystems.Answer answer) {
        return Instant.parse(answer.json().path("since").asString());
    }

    private void untilTold(String event) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!events.contains(event)) {
            assertThat(System.nanoTime()).as(event + " never came").isLessThan(end);
            TestSystems.breathe();
        }
    }

    private static ActionOutcome open(PeekSystem system, String site, boolean network) {
        LinkClient link =
                new LinkClient(
                        "test",
                        false,
                        system.administratorDialer(),
                        system.threads(),
                        LinkClient.Timing.USUAL);
        CompletableFuture<LinkState> online = new CompletableFuture<>();
        link.onState(state -> {
            if (state instanceof LinkState.Online) {
                online.complete(state);
            }
        });
        link.start();
        online.orTimeout(5, TimeUnit.SECONDS).join();
        try {
            return new PartySender(link, Party.platform("admin"), new Caller.Administrator("owner"))
                    .send(new OpenSite(site, network))
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        } finally {
            link.close();
        }
    }
}
