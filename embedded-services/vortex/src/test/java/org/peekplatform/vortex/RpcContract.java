package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.rpc.RpcInterface;
import org.peekplatform.api.rpc.RpcPeer;
import org.peekplatform.api.rpc.RpcTarget;

/// A server, two agents and a client service that call each other, over any kind of link.
abstract class RpcContract {
    private static final Set<ServiceKind> EVERYBODY =
            Set.of(ServiceKind.SERVER, ServiceKind.AGENT, ServiceKind.CLIENT);
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
    private final RpcHub hub =
            own(new RpcHub(service(ServiceKind.SERVER, "server"), Authorisation.asDeclared()));
    private final RpcRouter router = new RpcRouter(hub, threads);
    private final LinkService server = serving();
    private Node north;
    private Node south;
    private Node client;

    record Reading(String site, double value, @Nullable Instant at, List<Integer> samples) {}

    @RpcInterface(name = "test.Station")
    interface Station {
        Reading read(String site, int count, List<Reading> known) throws Exception;

        String nameOf();

        void note(Map<String, String> values);

        CompletableFuture<String> later(String text);

        default String twice() {
            return nameOf() + nameOf();
        }
    }

    /// The same name with other methods, as an older version of the plugin may have.
    @RpcInterface(name = "test.Station")
    interface OtherStation {
        String gone();

        Reading read(int wrong);

        void note(String wrong);
    }

    @RpcInterface(name = "other.Station")
    interface Foreign {
        String nameOf();
    }

    /// Does what a test says.
    private static class Fake implements Station {
        final String name;
        final AtomicReference<@Nullable Map<String, String>> noted = new AtomicReference<>();

        Fake(String name) {
            this.name = name;
        }

        @Override
        public Reading read(String site, int count, List<Reading> known) throws Exception {
            return new Reading(site, count, Instant.EPOCH, List.of(known.size(), 7));
        }

        @Override
        public String nameOf() {
            return name;
        }

        @Override
        public void note(Map<String, String> values) {
            noted.set(values);
        }

        @Override
        public CompletableFuture<String> later(String text) {
            return CompletableFuture.completedFuture(text + " from " + name);
        }
    }

    /// Blocks until it is interrupted, and says so.
    private static final class Hanging extends Fake {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        final AtomicInteger calls = new AtomicInteger();

        Hanging() {
            super("hanging");
        }

        @Override
        public String nameOf() {
            calls.incrementAndGet();
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.countDown();
                return "interrupted";
            }
        }

        @Override
        public CompletableFuture<String> later(String text) {
            CompletableFuture<String> never = new CompletableFuture<>();
            never.whenComplete((value, problem) -> interrupted.countDown());
            begun.countDown();
            return never;
        }
    }

    /// A service that is not the server.
    private final class Node implements AutoCloseable {
        final RpcHub served;
        final LinkClient link;

        Node(ServiceKind kind, String name, LinkDialer dialer) {
            served = new RpcHub(service(kind, name), Authorisation.asDeclared());
            link = new LinkClient(name, false, dialer, threads, TIMING);
            link.serve(served);
            CountDownLatch online = new CountDownLatch(1);
            link.onState(state -> {
                if (state instanceof LinkState.Online) {
                    online.countDown();
                }
            });
            link.start();
            await(online);
        }

        Rpc rpc() {
            return rpc("test");
        }

        Rpc rpc(String plugin) {
            return new PartyRpc(served, link, Party.platform(plugin), threads);
        }

        @Override
        public void close() {
            link.close();
            served.close();
        }
    }

    /// A dialer that reaches `service`, which takes this side for `caller`.
    abstract LinkDialer dialer(Link.Acceptor service, Caller caller);

    /// What else must be closed at the end of a test.
    void closeTransport() throws Exception {}

    @BeforeEach
    void connect() {
        router.servePeers();
        north = own(node(ServiceKind.AGENT, "north"));
        south = own(node(ServiceKind.AGENT, "south"));
        client = own(node(ServiceKind.CLIENT, "front"));
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
    void theServerCallsAnAgentAndGetsWhatItReturns() throws Exception {
        north.rpc().serve(Station.class, EVERYBODY, new Fake("north"));
        Station station =
                atServer().client(Station.class, RpcTarget.named(ServiceKind.AGENT, "north"));

        Reading known = new Reading("a", 1.5, null, List.of());
        assertThat(station.read("dam", 3, List.of(known)))
                .isEqualTo(new Reading("dam", 3, Instant.EPOCH, List.of(1, 7)));
        assertThat(station.later("greetings").get(5, TimeUnit.SECONDS))
                .isEqualTo("greetings from north");
        assertThat(station.twice()).isEqualTo("northnorth");
    }

    @Test
    void anAgentCallsTheServer() {
        Fake fake = new Fake("server");
        atServer().serve(Station.class, EVERYBODY, fake);
        Station station = north.rpc().client(Station.class, RpcTarget.any(ServiceKind.SERVER));

        station.note(Map.of("key", "value"));

        assertThat(fake.noted.get()).isEqualTo(Map.of("key", "value"));
        assertThat(station.nameOf()).isEqualTo("server");
    }

    @Test
    void aClientServiceCallsAnAgentThroughTheServer() {
        south.rpc().serve(Station.class, Set.of(ServiceKind.CLIENT), new Fake("south"));
        Station station =
                client.rpc().client(Station.class, RpcTarget.named(ServiceKind.AGENT, "south"));

        assertThat(station.nameOf()).isEqualTo("south");
    }

    @Test
    void anyOfAKindTakesTurnsAndAllCanBeCalled() {
        north.rpc().serve(Station.class, EVERYBODY, new Fake("north"));
        south.rpc().serve(Station.class, EVERYBODY, new Fake("south"));
        Station any = client.rpc().client(Station.class, RpcTarget.any(ServiceKind.AGENT));
        assertThat(List.of(any.nameOf(), any.nameOf())).containsExactlyInAnyOrder("north", "south");

        List<RpcPeer> agents = client.rpc().peers(ServiceKind.AGENT);
        assertThat(agents)
                .containsExactly(
                        new RpcPeer("service:agent:north", ServiceKind.AGENT, "north"),
                        new RpcPeer("service:agent:south", ServiceKind.AGENT, "south"));
        assertThat(atServer().peers(ServiceKind.AGENT)).isEqualTo(agents);
        assertThat(
                        agents.stream()
                                .map(one ->
                                        client.rpc().client(Station.class, one.target()).nameOf()))
                .containsExactly("north", "south");
    }

    @Test
    void whatAnImplementationThrowsOfOursArrivesWithCodeAndMessage() {
        ErrorCode code = new ErrorCode("TEST_DRY", ErrorCode.Kind.INTERNAL);
        north.rpc()
                .serve(
                        Station.class,
                        EVERYBODY,
                        new Fake("north") {
                            @Override
                            public String nameOf() {
                                throw new PeekException(code, "the river is dry");
                            }
                        });

        assertThat(failure(() -> agent("north").nameOf()))
                .hasMessage("the river is dry")
                .extracting(PeekException::code)
                .isEqualTo(code);
    }

    @Test
    void whatElseAnImplementationThrowsSaysNothingOfItsInside() {
        north.rpc()
                .serve(
                        Station.class,
                        EVERYBODY,
                        new Fake("north") {
                            @Override
                            public String nameOf() {
                                throw new IllegalStateException("/secret/path in Some.class");
                            }

                            @Override
                            public CompletableFuture<String> later(String text) {
                                return CompletableFuture.failedFuture(
                                        new IllegalStateException("/secret/path"));
                            }
                        });

        PeekException problem = failure(() -> agent("north").nameOf());
        assertThat(problem.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(problem)
                .hasMessage(
                        "The call of test.Station.nameOf failed on the agent 'north'; its log says why.");
        assertThat(agent("north").later("x"))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(PeekException.class)
                .withMessageNotContaining("secret");
    }

    @Test
    void aDeadlineEndsTheCallHereAndInterruptsItThere() {
        Hanging hanging = new Hanging();
        north.rpc().serve(Station.class, EVERYBODY, hanging);
        Station station =
                client.rpc()
                        .client(
                                Station.class,
                                RpcTarget.named(ServiceKind.AGENT, "north"),
                                Duration.ofMillis(300));

        PeekException problem = failure(station::nameOf);

        assertThat(problem.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(problem)
                .hasMessage(
                        "No answer to test.Station.nameOf came within 300 ms; whether it was done is not known.");
        await(hanging.interrupted);
    }

    @Test
    void cancellingTheFutureCallsOffWhatRunsThere() {
        Hanging hanging = new Hanging();
        north.rpc().serve(Station.class, EVERYBODY, hanging);
        CompletableFuture<String> answer = agent("north").later("x");
        await(hanging.begun);

        answer.cancel(true);

        await(hanging.interrupted);
    }

    @Test
    void interruptingTheCallerInterruptsWhatRunsThere() throws Exception {
        Hanging hanging = new Hanging();
        north.rpc().serve(Station.class, EVERYBODY, hanging);
        Station station = agent("north");
        BlockingQueue<PeekException> problems = new LinkedBlockingQueue<>();
        BlockingQueue<Boolean> flags = new LinkedBlockingQueue<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() -> {
                            problems.add(failure(station::nameOf));
                            flags.add(Thread.currentThread().isInterrupted());
                        });
        await(hanging.begun);

        caller.interrupt();

        await(hanging.interrupted);
        assertThat(taken(problems).code()).isEqualTo(ErrorCode.STOPPED);
        assertThat(taken(flags)).isTrue();
    }

    @Test
    void aKindOfServiceThatMayNotCallIsRefusedAtOnce() {
        Fake fake = new Fake("north");
        north.rpc().serve(Station.class, Set.of(ServiceKind.SERVER), fake);
        Station station =
                client.rpc().client(Station.class, RpcTarget.named(ServiceKind.AGENT, "north"));

        PeekException problem = failure(() -> station.note(Map.of()));

        assertThat(problem.code()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(problem).hasMessage("The client 'front' may not call test.Station.note.");
        assertThat(fake.noted.get()).isNull();
        agent("north").note(Map.of());
        assertThat(fake.noted.get()).isEmpty();
    }

    @Test
    void whoSaysInACallWhoItIsIsRefused() throws Exception {
        Fake fake = new Fake("server");
        atServer().serve(Station.class, Set.of(ServiceKind.SERVER), fake);
        ByHandLink forger = new ByHandLink(service(ServiceKind.CLIENT, "front"));
        forger.send(
                new Header.Call("1", "server", "test.Station.note", 5_000, "service:server:server"),
                "[{}]");

        assertThat(forger.next(Header.Returned.class))
                .isEqualTo(
                        new Header.Returned(
                                "1",
                                "BAD_REQUEST",
                                "Who calls is said by the server, not by the caller."));
        assertThat(fake.noted.get()).isNull();
    }

    @Test
    void devicesAndAdministratorsCannotCallAndCannotBeCalled() throws Exception {
        atServer().serve(Station.class, EVERYBODY, new Fake("server"));
        for (Caller caller : List.of(new Caller.Device("d"), new Caller.Administrator("root"))) {
            ByHandLink link = new ByHandLink(caller);
            link.send(new Header.Call("1", "server", "test.Station.nameOf", 5_000, null), "[]");
            assertThat(link.next(Header.Returned.class).code()).isEqualTo("NOT_ALLOWED");
        }
        assertThat(failure(() -> calling("id:device:d").nameOf()).code())
                .isEqualTo(ErrorCode.OFFLINE);
    }

    @Test
    void theLinkAClientServiceHasForItsDevicesCannotCall() throws Exception {
        atServer().serve(Station.class, EVERYBODY, new Fake("server"));
        ByHandLink link = new ByHandLink(service(ServiceKind.CLIENT, "front"), true);
        link.send(new Header.Call("1", "server", "test.Station.nameOf", 5_000, null), "[]");

        assertThat(link.next(Header.Returned.class).code()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void whatIsNotServedIsRefusedAtOnce() {
        north.rpc().serve(Station.class, EVERYBODY, new Fake("north"));

        PeekException noMethod =
                failure(() ->
                        atServer()
                                .client(OtherStation.class, RpcTarget.id("service:agent:north"))
                                .gone());
        PeekException noInterface = failure(() -> agent("south").nameOf());

        assertThat(noMethod.code()).isEqualTo(ErrorCode.NOT_OFFERED);
        assertThat(noInterface.code()).isEqualTo(ErrorCode.NOT_OFFERED);
        assertThat(noInterface)
                .hasMessage(
                        "The agent 'south' does not serve test.Station.nameOf; the plugin does not run there, or has no such method.");
    }

    @Test
    void argumentsThatDoNotFitAreRefusedWithTheirPlace() {
        Fake fake = new Fake("north");
        north.rpc().serve(Station.class, EVERYBODY, fake);
        OtherStation other =
                atServer().client(OtherStation.class, RpcTarget.named(ServiceKind.AGENT, "north"));

        PeekException tooFew = failure(() -> other.read(1));
        PeekException wrong = failure(() -> other.note("text"));

        assertThat(tooFew.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(tooFew)
                .hasMessage("test.Station.read takes 3 arguments, and not as many as were given");
        assertThat(wrong.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(wrong)
                .hasMessage(
                        "the arguments of test.Station.note cannot be read: the value does not fit its type");
        assertThat(fake.noted.get()).isNull();
    }

    @Test
    void argumentsAndResultsBeyondTheLimitAreRefused() {
        atServer()
                .serve(
                        Station.class,
                        EVERYBODY,
                        new Fake("server") {
                            @Override
                            public String nameOf() {
                                return "x".repeat(CallGate.MAX_BYTES);
                            }
                        });
        Station station = atServer().client(Station.class, RpcTarget.any(ServiceKind.SERVER));

        PeekException much =
                failure(() -> station.note(Map.of("much", "x".repeat(CallGate.MAX_BYTES))));
        PeekException answer = failure(station::nameOf);

        assertThat(much.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(much).hasMessage("test.Station.note is larger than 8 MiB; send less at once.");
        assertThat(answer.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(answer).hasMessageContaining("the answer to test.Station.nameOf");
    }

    @Test
    void withoutSuchAServiceTheCallerIsToldSo() {
        PeekException named = failure(() -> agent("west").nameOf());
        PeekException worker = failure(() -> calling("worker").nameOf());

        assertThat(named.code()).isEqualTo(ErrorCode.OFFLINE);
        assertThat(named)
                .hasMessage(
                        "No agent called 'west' is connected to the server; test.Station.nameOf was not sent.");
        assertThat(worker.code()).isEqualTo(ErrorCode.OFFLINE);
    }

    @Test
    void withoutALinkNothingIsSent() {
        Node lonely = own(node(ServiceKind.AGENT, "lonely"));
        lonely.link.close();
        Station station = lonely.rpc().client(Station.class, RpcTarget.any(ServiceKind.SERVER));

        assertThat(failure(station::nameOf).code()).isEqualTo(ErrorCode.OFFLINE);
    }

    @Test
    void losingTheLinkEndsWhatWaitsForItAtOnceAndInterruptsWhatNobodyWaitsFor() {
        Hanging atNorth = new Hanging();
        Hanging atSouth = new Hanging();
        north.rpc().serve(Station.class, EVERYBODY, atNorth);
        south.rpc().serve(Station.class, EVERYBODY, atSouth);
        // The server waits for north, and north for south.
        CompletableFuture<String> toNorth = agent("north").later("x");
        CompletableFuture<String> fromNorth =
                north.rpc()
                        .client(Station.class, RpcTarget.named(ServiceKind.AGENT, "south"))
                        .later("x");
        await(atNorth.begun);
        await(atSouth.begun);

        north.link.close();

        for (CompletableFuture<String> waiting : List.of(toNorth, fromNorth)) {
            assertThat(waiting)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withMessageContaining("whether it was done is not known")
                    .havingCause()
                    .isInstanceOfSatisfying(
                            PeekException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ErrorCode.TIMED_OUT));
        }
        await(atNorth.interrupted);
        await(atSouth.interrupted);
    }

    @Test
    void aServiceThatDialsAgainIsFoundAgain() {
        north.rpc().serve(Station.class, EVERYBODY, new Fake("north"));
        assertThat(agent("north").nameOf()).isEqualTo("north");
        north.close();
        Node again = own(node(ServiceKind.AGENT, "north"));
        again.rpc().serve(Station.class, EVERYBODY, new Fake("north again"));

        assertThat(agent("north").nameOf()).isEqualTo("north again");
    }

    @Test
    void anAnswerThatComesTooLateIsDropped() throws Exception {
        ByHandLink agent = new ByHandLink(service(ServiceKind.AGENT, "west"));
        agent.next(Header.Welcome.class);
        Station late =
                atServer()
                        .client(
                                Station.class,
                                RpcTarget.named(ServiceKind.AGENT, "west"),
                                Duration.ofMillis(200));
        assertThat(failure(late::nameOf).code()).isEqualTo(ErrorCode.TIMED_OUT);
        Header.Call missed = agent.next(Header.Call.class);
        assertThat(agent.next(Header.Cancel.class)).isEqualTo(new Header.Cancel(missed.id()));

        agent.send(new Header.Returned(missed.id(), null, null), "\"late\"");
        CompletableFuture<String> second = agent("west").later("x");
        Header.Call call = agent.next(Header.Call.class);
        agent.send(new Header.Returned(call.id(), null, null), "\"in time\"");

        assertThat(call.id()).isNotEqualTo(missed.id());
        assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo("in time");
    }

    @Test
    void theServerSaysWhoCallsAndHowLongIsLeft() throws Exception {
        ByHandLink agent = new ByHandLink(service(ServiceKind.AGENT, "west"));
        agent.next(Header.Welcome.class);
        client.rpc()
                .client(
                        Station.class,
                        RpcTarget.named(ServiceKind.AGENT, "west"),
                        Duration.ofSeconds(7))
                .later("x");

        Header.Call call = agent.next(Header.Call.class);

        assertThat(call.from()).isEqualTo("service:client:front");
        assertThat(call.method()).isEqualTo("test.Station.later");
        assertThat(call.deadlineMillis()).isBetween(1L, 7_000L);
    }

    @Test
    void aHangingPluginLeavesOthersAlone() throws Exception {
        Hanging hanging = new Hanging();
        north.rpc().serve(Station.class, EVERYBODY, hanging);
        north.rpc("other").serve(Foreign.class, EVERYBODY, () -> "alive");
        Station stuck = agent("north");
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < RpcHub.MAX_RUNNING; i++) {
            waiting.add(stuck.later("x"));
        }

        assertThat(stuck.later("one more"))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("carries out 256 calls on the agent 'north' already");
        assertThat(
                        new PartyRpc(hub, router, Party.platform("other"), threads)
                                .client(Foreign.class, RpcTarget.named(ServiceKind.AGENT, "north"))
                                .nameOf())
                .isEqualTo("alive");
        waiting.forEach(one -> one.cancel(true));
        await(hanging.interrupted);
    }

    @Test
    void manyCallsAtOnceEachGetTheirOwnAnswer() throws Exception {
        north.rpc()
                .serve(
                        Station.class,
                        EVERYBODY,
                        new Fake("north") {
                            @Override
                            public CompletableFuture<String> later(String text) {
                                return CompletableFuture.completedFuture(text);
                            }
                        });
        Station station =
                client.rpc().client(Station.class, RpcTarget.named(ServiceKind.AGENT, "north"));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            answers.add(station.later("call " + i));
        }
        for (int i = 0; i < 64; i++) {
            assertThat(answers.get(i).get(5, TimeUnit.SECONDS)).isEqualTo("call " + i);
        }
    }

    @Test
    void aPluginThatStopsWaitsNoMoreAndIsNotServedAnyMore() throws Exception {
        List<org.peekplatform.api.Registration> registered = new ArrayList<>();
        Party plugin =
                new Party(
                        "test",
                        new TupleCodec(RpcContract.class.getClassLoader()),
                        CallGuard.none(),
                        registration -> {
                            registered.add(registration);
                            return registration;
                        });
        Rpc rpc = new PartyRpc(north.served, north.link, plugin, threads);
        Hanging hanging = new Hanging();
        south.rpc().serve(Station.class, EVERYBODY, hanging);
        rpc.serve(Station.class, EVERYBODY, new Fake("north"));
        CompletableFuture<String> waiting =
                rpc.client(Station.class, RpcTarget.named(ServiceKind.AGENT, "south")).later("x");
        await(hanging.begun);

        registered.reversed().forEach(org.peekplatform.api.Registration::close);

        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("The plugin 'test' stopped before the answer");
        await(hanging.interrupted);
        assertThat(failure(() -> agent("north").nameOf()).code()).isEqualTo(ErrorCode.NOT_OFFERED);
    }

    @Test
    void interfacesThatCannotBeCalledAreRefusedWithTheCure() {
        assertThat(
                        failure(() ->
                                atServer().client(Foreign.class, RpcTarget.any(ServiceKind.AGENT))))
                .hasMessageContaining("must start with 'test.'");
        assertThat(
                        failure(() ->
                                atServer()
                                        .client(
                                                Overloaded.class,
                                                RpcTarget.any(ServiceKind.AGENT))))
                .hasMessage("test.Overloaded has two methods called read; rename one");
        assertThat(
                        failure(() ->
                                atServer().client(Untyped.class, RpcTarget.any(ServiceKind.AGENT))))
                .hasMessage(
                        "the result of test.Untyped.read has a java.lang.Object, which cannot travel; use records, lists, maps by text and simple values");
        assertThat(
                        failure(() ->
                                atServer()
                                        .client(Runnable.class, RpcTarget.any(ServiceKind.AGENT))))
                .hasMessage(
                        "java.lang.Runnable must be an interface with the annotation @RpcInterface");
        assertThat(failure(() -> atServer().serve(Station.class, Set.of(), new Fake("x"))))
                .hasMessage("nobody may call test.Station; name the services that may");
        atServer().serve(Station.class, EVERYBODY, new Fake("x"));
        assertThat(failure(() -> atServer().serve(Station.class, EVERYBODY, new Fake("y"))).code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @RpcInterface(name = "test.Overloaded")
    interface Overloaded {
        void read(int one);

        void read(String other);
    }

    @RpcInterface(name = "test.Untyped")
    interface Untyped {
        Object read();
    }

    /// The dialing side of a link to the server, played by a test.
    private final class ByHandLink implements Link.Listener {
        private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final Link link;

        ByHandLink(Caller caller) throws Exception {
            this(caller, false);
        }

        ByHandLink(Caller caller, boolean onBehalfOfDevices) throws Exception {
            link = dialer(server, caller).dial(this).get(5, TimeUnit.SECONDS);
            closing.add(() -> link.close(Link.CloseReason.GOING_AWAY));
            link.send(Frame.of(new Header.Hello(1, "by hand", onBehalfOfDevices)), () -> {});
        }

        void send(Header header, String payload) {
            link.send(Frame.of(header, payload.getBytes(StandardCharsets.UTF_8)), () -> {});
        }

        /// The next frame of that kind.
        <H extends Header> H next(Class<H> kind) throws InterruptedException {
            while (true) {
                Frame frame = frames.poll(5, TimeUnit.SECONDS);
                assertThat(frame).as("a " + kind.getSimpleName() + " within 5 s").isNotNull();
                if (kind.isInstance(frame.header())) {
                    return kind.cast(frame.header());
                }
            }
        }

        @Override
        public void frame(Frame frame) {
            frames.add(frame);
        }

        @Override
        public void closed(String reason) {}
    }

    private LinkService serving() {
        ObservableHub observables =
                own(new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared()));
        ActionHub actions =
                own(new ActionHub(Transactions.none(), observables, Authorisation.asDeclared()));
        LinkService links =
                own(new LinkService(ServiceKind.SERVER, "server", "1", observables, actions));
        links.route(router);
        return links;
    }

    private Node node(ServiceKind kind, String name) {
        return new Node(kind, name, dialer(server, service(kind, name)));
    }

    private Rpc atServer() {
        return new PartyRpc(hub, router, Party.platform("test"), threads);
    }

    private Station agent(String name) {
        return atServer().client(Station.class, RpcTarget.named(ServiceKind.AGENT, name));
    }

    private Station calling(String target) {
        return atServer().client(Station.class, RpcTargets.parse(target));
    }

    private static Caller.Service service(ServiceKind kind, String name) {
        return new Caller.Service(kind, name);
    }

    private <T extends AutoCloseable> T own(T one) {
        closing.add(one);
        return one;
    }

    private interface Doing {
        void run() throws Exception;
    }

    private static PeekException failure(Doing doing) {
        return catchThrowableOfType(PeekException.class, doing::run);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).as("within 5 s").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T one = queue.poll(5, TimeUnit.SECONDS);
        assertThat(one).as("within 5 s").isNotNull();
        return one;
    }
}
