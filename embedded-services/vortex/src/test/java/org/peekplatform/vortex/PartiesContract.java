package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.vortex.Awaiting.until;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PartyStatus;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;

/// Who is connected to a system, as its services see it, over any kind of link.
abstract class PartiesContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final TupleSelector<PartyStatus> ALL = TupleSelector.of(PartyStatus.class);
    private static final LinkClient.Timing TIMING =
            new LinkClient.Timing(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofMillis(50));

    private final PlatformThreads threads = new PlatformThreads();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private Server server;

    /// A dialer that reaches `service`, which takes this side for `caller`.
    abstract LinkDialer dialer(Link.Acceptor service, Caller caller);

    abstract Link.Transport transport();

    /// What else must be closed at the end of a test.
    void closeTransport() throws Exception {}

    @BeforeEach
    void start() {
        server = own(new Server());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
        closeTransport();
        threads.close();
    }

    @Test
    void servicesAndDevicesAreListedFromComingToGoingAndAfterwards() throws Exception {
        Client front = own(new Client("front"));
        LinkClient north = own(dial(ServiceKind.AGENT, "north"));
        Seen seen = new Seen(north, ServiceKind.AGENT, "north", ALL);
        LinkClient phone = own(front.device("d-1", "Phone"));

        until(() -> seen.rows().size() == 4);
        assertThat(seen.rows())
                .containsExactly(
                        new PartyStatus(
                                "service:server:server",
                                "server",
                                "server",
                                true,
                                NOW,
                                null,
                                "9.1",
                                null),
                        service("client", "front", true),
                        service("agent", "north", true),
                        device("d-1", "Phone", true, "service:client:front"));

        phone.close();
        until(() -> !seen.rows().getLast().online());
        assertThat(seen.rows().getLast())
                .isEqualTo(device("d-1", "Phone", false, "service:client:front"));

        own(front.device("d-2", "Tablet"));
        until(() -> seen.rows().size() == 5);
        front.close();
        until(() -> seen.rows().stream().filter(PartyStatus::online).count() == 2);
        assertThat(seen.rows().subList(1, 5))
                .containsExactly(
                        service("client", "front", false),
                        service("agent", "north", true),
                        device("d-1", "Phone", false, "service:client:front"),
                        device("d-2", "Tablet", false, "service:client:front"));
    }

    @Test
    void afterTheServerHasComeBackAllAreReportedAgain() throws Exception {
        Client front = own(new Client("front"));
        LinkClient north = own(dial(ServiceKind.AGENT, "north"));
        own(front.device("d-1", "Phone"));
        LinkClient tablet = own(front.device("d-2", "Tablet"));
        Seen seen = new Seen(north, ServiceKind.AGENT, "north", ALL);
        until(() -> seen.rows().size() == 5);

        server.close();
        until(() -> !(front.own.state() instanceof LinkState.Online));
        tablet.close();
        own(front.device("d-3", "Watch"));
        server = own(new Server());

        until(() -> seen.names().equals(List.of("server", "front", "north", "Phone", "Watch")));
        assertThat(seen.rows()).allMatch(PartyStatus::online);
    }

    @Test
    void aDeviceIsThereAsLongAsOneOfItsLinksIs() throws Exception {
        Client front = own(new Client("front"));
        LinkClient first = own(front.device("d-1", "One tab"));
        own(front.device("d-1", "Other tab"));
        until(() -> server.names(ALL).contains("Other tab"));

        first.close();
        own(front.device("d-2", "Another"));
        until(() -> server.names(ALL).contains("Another"));

        assertThat(server.names(ALL)).containsExactly("server", "front", "Another", "Other tab");
        assertThat(server.registry.load(ALL)).allMatch(PartyStatus::online);
    }

    @Test
    void aClientServiceThatHangsDoesNotHoldUpActionsForDevicesOfAnother() {
        Client front = own(new Client("front"));
        LinkClient phone = own(front.device("d-1", "Phone"));
        phone.perform((device, type, payload) ->
                CompletableFuture.completedFuture(ActionGate.Done.applied(new byte[0])));
        until(() -> server.names(ALL).contains("Phone"));
        own(new Client("hanging", (device, type, payload) -> new CompletableFuture<>()));

        assertThat(
                        server.links.perform(
                                new Caller.Device("d-1"), "test.Ring", new byte[] {'{', '}'}))
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(done -> assertThat(done.result()).isEqualTo(Header.Result.APPLIED));
    }

    @Test
    void oneKindCanBeObservedByItself() throws Exception {
        Client front = own(new Client("front"));
        LinkClient north = own(dial(ServiceKind.AGENT, "north"));
        Seen agents = new Seen(north, ServiceKind.AGENT, "north", ALL.with("kind", "agent"));
        Seen devices = new Seen(north, ServiceKind.AGENT, "north", ALL.with("kind", "device"));
        own(front.device("d-1", "Phone"));
        until(() -> devices.names().equals(List.of("Phone")));

        own(dial(ServiceKind.AGENT, "east")).close();
        until(() -> agents.names().equals(List.of("east", "north")));
        until(() -> !agents.rows().getFirst().online());

        assertThat(devices.names()).containsExactly("Phone");
        Seen wrong = new Seen(north, ServiceKind.AGENT, "north", ALL.with("kind", "printer"));
        until(() -> wrong.problem.get() != null);
        assertThat(wrong.problem.get()).contains("server, client, agent, worker, device");
    }

    @Test
    void devicesDoNotSeeWhoElseIsThere() throws Exception {
        Client front = own(new Client("front"));
        LinkClient phone = own(front.device("d-1", "Phone"));
        AtomicReference<@Nullable String> problem = new AtomicReference<>();
        new RowsObserver(phone, Party.platform("peek"), new Caller.Device("d-1"))
                .observe(
                        ALL,
                        new TupleListener<PartyStatus>() {
                            @Override
                            public void rows(TupleUpdate<PartyStatus> update) {
                                problem.set("rows: " + update.rows());
                            }

                            @Override
                            public void problem(ErrorCode code, String message) {
                                problem.set(code.name());
                            }
                        });
        until(() -> problem.get() != null);
        assertThat(problem.get()).isEqualTo(ErrorCode.NOT_ALLOWED.name());
    }

    @Test
    void devicesAreReportedByTheClientServiceTheyAreConnectedToOnly() throws Exception {
        Client front = own(new Client("front"));
        own(front.device("d-1", "Phone"));
        until(() -> server.names(ALL).contains("Phone"));
        LinkClient north = own(dial(ServiceKind.AGENT, "north"));
        LinkClient back = own(dial(ServiceKind.CLIENT, "back"));
        DeviceReport takesAll =
                new DeviceReport(
                        true, true, List.of(), List.of("device:d-1", "service:agent:north"));

        assertThat(report(north, ServiceKind.AGENT, "north", takesAll))
                .isEqualTo(
                        new ActionOutcome.Rejected(
                                ErrorCode.NOT_ALLOWED,
                                "Devices are reported by client services only."));
        assertThat(report(back, ServiceKind.CLIENT, "back", takesAll))
                .isInstanceOf(ActionOutcome.Applied.class);

        assertThat(server.registry.load(ALL)).hasSize(5).allMatch(PartyStatus::online);
    }

    @Test
    void fiveThousandDevicesAreReportedAndReportedAgain() throws Exception {
        Client front = own(new Client("front"));
        LinkClient north = own(dial(ServiceKind.AGENT, "north"));
        Seen seen = new Seen(north, ServiceKind.AGENT, "north", ALL.with("kind", "device"));
        List<LinkService.Peer> devices =
                IntStream.range(0, 5_000)
                        .mapToObj(number ->
                                new LinkService.Peer(
                                        new Caller.Device("d-" + number),
                                        "Device %04d".formatted(number),
                                        null,
                                        Link.Transport.WEBSOCKET))
                        .toList();
        devices.forEach(front.reporter::joined);
        until(() -> seen.rows().size() == 5_000);

        server.close();
        server = own(new Server());
        until(() -> server.registry.load(ALL.with("kind", "device")).size() == 5_000);
        devices.subList(0, 4_999).forEach(front.reporter::left);

        until(() -> seen.rows().stream().filter(PartyStatus::online).count() == 1);
        assertThat(seen.names())
                .as("the last thousand who have gone, and the one who is there")
                .hasSize(PartyRegistry.MAX_GONE + 1)
                .contains("Device 4999");
    }

    private PartyStatus service(String kind, String name, boolean online) {
        return new PartyStatus(
                "service:" + kind + ":" + name, kind, name, online, NOW, wire(), "9.1", null);
    }

    private PartyStatus device(String id, String name, boolean online, String via) {
        return new PartyStatus("device:" + id, "device", name, online, NOW, "memory", null, via);
    }

    private String wire() {
        return transport().name().toLowerCase(Locale.ROOT);
    }

    private static ActionOutcome report(
            LinkClient link, ServiceKind kind, String name, DeviceReport report) throws Exception {
        return new PartySender(link, Party.platform("peek"), new Caller.Service(kind, name))
                .send(report)
                .get(5, TimeUnit.SECONDS);
    }

    private LinkClient dial(ServiceKind kind, String name) {
        LinkClient link =
                new LinkClient(
                        name,
                        false,
                        listener -> server.dialer(new Caller.Service(kind, name)).dial(listener),
                        threads,
                        TIMING);
        link.announce("9.1");
        link.start();
        until(() -> link.state() instanceof LinkState.Online);
        return link;
    }

    /// The server of a system; there is one at a time.
    private final class Server implements AutoCloseable {
        final ObservableHub observables =
                new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
        final ActionHub actions =
                new ActionHub(Transactions.none(), observables, Authorisation.asDeclared());
        final LinkService links =
                new LinkService(ServiceKind.SERVER, "server", "9.1", observables, actions);
        final PartyRegistry registry;

        Server() {
            Party party = Party.platform("peek");
            registry =
                    new PartyRegistry(
                            new Caller.Service(ServiceKind.SERVER, "server"),
                            "9.1",
                            new PartyTuples(observables, party),
                            new PartyActions(actions, party),
                            threads,
                            CLOCK);
            links.watch(registry);
        }

        LinkDialer dialer(Caller caller) {
            return PartiesContract.this.dialer(links, caller);
        }

        List<String> names(TupleSelector<PartyStatus> selector) {
            return registry.load(selector).stream().map(PartyStatus::name).toList();
        }

        @Override
        public void close() {
            links.close();
            actions.close();
            observables.close();
        }
    }

    /// A client service, with devices in memory.
    private final class Client implements AutoCloseable {
        final LinkClient own;
        final LinkClient forDevices;
        final DeviceReporter reporter;
        final LinkService links;

        Client(String name) {
            this(name, null);
        }

        /// @param gate where actions for devices end; to the devices when there is none
        Client(String name, @Nullable DeviceGate gate) {
            own =
                    new LinkClient(
                            name,
                            false,
                            listener ->
                                    server.dialer(new Caller.Service(ServiceKind.CLIENT, name))
                                            .dial(listener),
                            threads,
                            TIMING);
            own.announce("9.1");
            reporter =
                    new DeviceReporter(
                            own, new Caller.Service(ServiceKind.CLIENT, name), threads, CLOCK);
            forDevices =
                    new LinkClient(
                            name + " for its devices",
                            true,
                            listener ->
                                    server.dialer(new Caller.Service(ServiceKind.CLIENT, name))
                                            .dial(listener),
                            threads,
                            TIMING);
            links = new LinkService(ServiceKind.CLIENT, name, "9.1", forDevices, forDevices);
            links.watch(reporter);
            forDevices.perform(gate == null ? links : gate);
            own.start();
            forDevices.start();
            until(() -> own.state() instanceof LinkState.Online);
            until(() -> forDevices.state() instanceof LinkState.Online);
        }

        LinkClient device(String id, String name) {
            LinkClient device =
                    new LinkClient(
                            name,
                            false,
                            MemoryLink.dialer(links, new Caller.Device(id)),
                            threads,
                            TIMING);
            device.start();
            until(() -> device.state() instanceof LinkState.Online);
            return device;
        }

        @Override
        public void close() {
            reporter.close();
            links.close();
            forDevices.close();
            own.close();
        }
    }

    /// What a plugin part on a service sees.
    private static final class Seen implements TupleListener<PartyStatus> {
        private final AtomicReference<List<PartyStatus>> rows = new AtomicReference<>(List.of());
        private final AtomicReference<@Nullable String> problem = new AtomicReference<>();

        Seen(LinkClient link, ServiceKind kind, String name, TupleSelector<PartyStatus> selector) {
            new RowsObserver(link, Party.platform("plugin"), new Caller.Service(kind, name))
                    .observe(selector, this);
        }

        List<PartyStatus> rows() {
            return rows.get();
        }

        List<String> names() {
            return rows.get().stream().map(PartyStatus::name).toList();
        }

        @Override
        public void rows(TupleUpdate<PartyStatus> update) {
            rows.set(update.rows());
        }

        @Override
        public void problem(ErrorCode code, String message) {
            problem.set(message);
        }
    }

    private <T extends AutoCloseable> T own(T one) {
        closing.add(one);
        return one;
    }
}
