package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.action.QueuedAction;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.api.tuple.TupleUpdate;

/// A server, a client service before it and devices before that, over any kind of link: what holds
/// within a process holds between processes.
abstract class ExchangeContract {
    private static final TupleSelector<Row> ALL = TupleSelector.of(Row.class);

    private final PlatformThreads threads = new PlatformThreads();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final List<Row> table = new CopyOnWriteArrayList<>();
    private final AtomicInteger providerCalls = new AtomicInteger();
    private final SwitchedAuthorisation rights = new SwitchedAuthorisation();
    private final ObservableHub hub =
            new ObservableHub(
                    threads,
                    Transactions.none(),
                    rights,
                    Duration.ofMillis(50),
                    Duration.ofSeconds(5));
    private final InMemoryActionLog actionLog = new InMemoryActionLog();
    private final ActionHub actions =
            new ActionHub(Transactions.none(), hub, rights, actionLog, Duration.ofSeconds(5));
    private final LinkService server =
            own(new LinkService(ServiceKind.SERVER, "server", "1", hub, actions));
    private final Party plugin = Party.platform("test");
    private final PartyTuples tuples = new PartyTuples(hub, plugin);
    private LinkClient upstream;
    private LinkService clientService;

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, String text) implements Tuple {}

    @TupleType(name = "test.Rename")
    record Rename(long id, String text) implements ActionTuple {}

    @TupleType(name = "other.Do")
    record Other(long id) implements ActionTuple {}

    @TupleType(name = "test.Secret")
    record Secret(@TupleKey long id) implements Tuple {}

    /// A dialer that reaches `service`, which takes this side for `caller`.
    abstract LinkDialer dialer(Link.Acceptor service, Caller caller);

    /// What else must be closed at the end of a test.
    void closeTransport() throws Exception {}

    @BeforeEach
    void connect() {
        upstream = own(forDevices("client", () -> clientService));
        clientService = own(new LinkService(ServiceKind.CLIENT, "client", "1", upstream, upstream));
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
    void aDeviceSeesRowsAndThenTheirChanges() throws Exception {
        table.add(new Row(1, "a"));
        table.add(new Row(2, "b"));
        provideRows();
        Recorder device = observe(device("d1"));
        assertThat(device.next().rows()).containsExactly(new Row(1, "a"), new Row(2, "b"));

        table.set(1, new Row(2, "changed"));
        table.add(0, new Row(3, "c"));
        tuples.changed(ALL);

        TupleUpdate<Row> update = device.next();
        assertThat(update.rows())
                .containsExactly(new Row(3, "c"), new Row(1, "a"), new Row(2, "changed"));
        assertThat(update.added()).containsExactly(new Row(3, "c"));
        assertThat(update.changed()).containsExactly(new Row(2, "changed"));
        assertThat(update.removed()).isEmpty();
    }

    @Test
    void oneProviderCallServesAllDevices() throws Exception {
        table.add(new Row(1, "a"));
        CountDownLatch all = new CountDownLatch(1);
        tuples.provide(
                Row.class,
                Audience.DEVICES,
                selector -> {
                    providerCalls.incrementAndGet();
                    all.await();
                    return List.copyOf(table);
                });
        List<Recorder> devices = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            devices.add(observe(device("d" + i)));
        }
        all.countDown();

        for (Recorder device : devices) {
            assertThat(device.next().rows()).containsExactly(new Row(1, "a"));
        }
        assertThat(providerCalls).hasValue(1);
    }

    @Test
    void changesWhileTheProviderRunsCostOneMoreCall() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        table.add(new Row(1, "a"));
        tuples.provide(
                Row.class,
                Audience.DEVICES,
                selector -> {
                    int call = providerCalls.incrementAndGet();
                    List<Row> rows = List.copyOf(table);
                    if (call == 2) {
                        entered.countDown();
                        go.await();
                    }
                    return rows;
                });
        Recorder device = observe(device("d1"));
        device.next();
        table.set(0, new Row(1, "b"));
        tuples.changed(ALL);
        entered.await();
        table.set(0, new Row(1, "newest"));
        for (int i = 0; i < 50; i++) {
            tuples.changed(ALL);
        }
        go.countDown();

        device.awaitRows(List.of(new Row(1, "newest")));
        assertThat(providerCalls).hasValue(3);
    }

    @Test
    void rowsThatDidNotChangeAreNotSentAgain() throws Exception {
        table.add(new Row(1, "a"));
        provideRows();
        Recorder device = observe(device("d1"));
        device.next();
        tuples.changed(ALL);
        table.add(new Row(2, "b"));
        tuples.changed(ALL);

        assertThat(device.next().added()).containsExactly(new Row(2, "b"));
    }

    @Test
    void aProviderThatThrowsTellsItsObserversAndRecovers() throws Exception {
        table.add(new Row(1, "a"));
        AtomicReference<@Nullable String> broken = new AtomicReference<>();
        tuples.provide(
                Row.class,
                Audience.DEVICES,
                selector -> {
                    if (broken.get() != null) {
                        throw new IllegalStateException("secret detail");
                    }
                    return List.copyOf(table);
                });
        Recorder device = observe(device("d1"));
        device.next();

        broken.set("yes");
        tuples.changed(ALL);
        assertThat(device.problem()).startsWith("INTERNAL The rows of test.Row cannot be read now");

        broken.set(null);
        table.set(0, new Row(1, "again"));
        tuples.changed(ALL);
        device.awaitRows(List.of(new Row(1, "again")));
    }

    @Test
    void whoObservesBeforeThePluginIsThereGetsItsRowsWhenItComes() throws Exception {
        Recorder device = observe(device("d1"));
        assertThat(device.problem()).isEqualTo("NOT_OFFERED Nobody provides test.Row here.");

        table.add(new Row(1, "a"));
        provideRows();

        device.awaitRows(List.of(new Row(1, "a")));
    }

    @Test
    void aReplacedProviderServesTheSameObservers() throws Exception {
        table.add(new Row(1, "old"));
        var registration = provideRows();
        Recorder device = observe(device("d1"));
        device.next();

        registration.close();
        assertThat(device.problem()).startsWith("STOPPED");
        table.set(0, new Row(1, "new"));
        provideRows();

        device.awaitRows(List.of(new Row(1, "new")));
    }

    @Test
    void devicesGetNoMoreRightsThroughAClientService() throws Exception {
        tuples.provide(Secret.class, Audience.SERVICES, selector -> List.of(new Secret(1)));
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        LinkClient device = device("d1");
        observer(device).observe(TupleSelector.of(Secret.class), listener(seen));
        assertThat(seen.poll(5, TimeUnit.SECONDS))
                .isEqualTo("NOT_ALLOWED You may not observe test.Secret.");

        LinkClient service =
                own(client(server, new Caller.Service(ServiceKind.CLIENT, "c"), false));
        BlockingQueue<String> atService = new LinkedBlockingQueue<>();
        observer(service).observe(TupleSelector.of(Secret.class), listener(atService));
        assertThat(atService.poll(5, TimeUnit.SECONDS)).isEqualTo("rows 1");
    }

    @Test
    void rowsThatDependOnTheViewerReachEachAsItsOwn() throws Exception {
        table.add(new Row(1, "a"));
        tuples.providePerViewer(
                Row.class,
                Audience.DEVICES,
                (selector, viewer) -> {
                    providerCalls.incrementAndGet();
                    return table.stream()
                            .map(row -> new Row(row.id(), row.text() + " for " + viewer))
                            .toList();
                });
        Recorder one = observe(device("d1"));
        Recorder two = observe(device("d2"));
        LinkClient service =
                own(client(server, new Caller.Service(ServiceKind.CLIENT, "c"), false));
        Recorder third = observe(service);
        one.awaitRows(List.of(new Row(1, "a for Device[id=d1]")));
        two.awaitRows(List.of(new Row(1, "a for Device[id=d2]")));
        third.awaitRows(List.of(new Row(1, "a for Service[kind=CLIENT, name=c]")));

        table.set(0, new Row(1, "b"));
        tuples.changed(ALL);

        one.awaitRows(List.of(new Row(1, "b for Device[id=d1]")));
        two.awaitRows(List.of(new Row(1, "b for Device[id=d2]")));
        third.awaitRows(List.of(new Row(1, "b for Service[kind=CLIENT, name=c]")));
        assertThat(providerCalls).as("calls for three viewers, twice").hasValue(6);
        assertThat(one.seesNoProblem()).isTrue();
    }

    @Test
    void aDeviceCannotObserveAsAnother() throws Exception {
        tuples.providePerViewer(
                Row.class, Audience.DEVICES, (selector, viewer) -> List.of(new Row(1, "secret")));
        Raw raw = raw(clientService);
        raw.link().send(Frame.of(new Header.Hello(1, "raw", false)), () -> {});
        assertThat(raw.next()).startsWith("Welcome");
        raw.link()
                .send(
                        Frame.of(
                                new Header.Observe(
                                        "[\"test.Row\",\"@viewer\",\"device:d2\"]", null, 0)),
                        () -> {});

        assertThat(raw.next()).startsWith("closed: names of values that begin with @ are not for");
    }

    @Test
    void rowsAreAskedForOnce() throws Exception {
        table.add(new Row(1, "a"));
        LinkClient link = device("d1");
        assertThat(observer(link).ask(TupleSelector.of(Secret.class)))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("Nobody provides test.Secret here.");

        provideRows();
        assertThat(observer(link).ask(ALL))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(List.of(new Row(1, "a")));
    }

    // Only the row with the key is read, and only it travels.
    @Test
    void aChangeThatIsToldByItsKeysCostsTheseRows() throws Exception {
        for (int i = 1; i <= 1_000; i++) {
            table.add(new Row(i, "row " + i));
        }
        List<Set<String>> asked = new CopyOnWriteArrayList<>();
        tuples.provide(
                Row.class,
                Audience.DEVICES,
                new TupleProvider<>() {
                    @Override
                    public List<Row> load(TupleSelector<Row> selector) {
                        providerCalls.incrementAndGet();
                        return List.copyOf(table);
                    }

                    @Override
                    public Optional<List<Row>> loadRows(
                            TupleSelector<Row> selector, Set<String> keys) {
                        asked.add(keys);
                        return Optional.of(
                                table.stream()
                                        .filter(row -> keys.contains("" + row.id()))
                                        .toList());
                    }
                });
        Recorder device = observe(device("d1"));
        device.next();

        table.set(6, new Row(7, "changed"));
        tuples.changed(ALL, List.of(7));
        TupleUpdate<Row> changed = device.next();
        table.remove(2);
        tuples.changed(ALL, List.of(3));
        TupleUpdate<Row> removed = device.next();

        assertThat(changed.changed()).containsExactly(new Row(7, "changed"));
        assertThat(removed.removed()).containsExactly(new Row(3, "row 3"));
        assertThat(removed.rows()).isEqualTo(List.copyOf(table));
        assertThat(asked).containsExactly(Set.of("7"), Set.of("3"));
        assertThat(providerCalls).hasValue(1);

        table.add(0, new Row(2_000, "new"));
        tuples.changed(ALL, List.of(2_000));
        assertThat(device.next().rows()).isEqualTo(List.copyOf(table));
        assertThat(providerCalls).as("calls for all rows").hasValue(2);
    }

    @Test
    void rightsThatAreTakenAwayEndASubscriptionAndGivenBackRenewIt() throws Exception {
        table.add(new Row(1, "a"));
        provideRows();
        Recorder device = observe(device("d1"));
        device.next();

        rights.take("test.Row");
        assertThat(device.problem()).isEqualTo("NOT_ALLOWED You may not observe test.Row.");
        table.set(0, new Row(1, "not for this device"));
        tuples.changed(ALL);
        Recorder service = new Recorder();
        LinkClient other = own(client(server, new Caller.Service(ServiceKind.CLIENT, "c"), false));
        observer(other).observe(ALL, service);
        assertThat(service.problem()).startsWith("NOT_ALLOWED");
        assertThat(device.hasNoRows()).isTrue();

        rights.giveBack("test.Row");
        device.awaitRows(List.of(new Row(1, "not for this device")));
    }

    @Test
    void anActionThatTheRightsDoNotPermitReachesNoHandler() {
        new PartyActions(actions, plugin)
                .handle(
                        Rename.class,
                        Audience.DEVICES,
                        (action, context) -> {
                            table.add(new Row(action.id(), action.text()));
                            return new ActionOutcome.Applied();
                        });
        LinkClient link = device("d1");
        rights.take("test.Rename");

        assertThat(failure(sender(link).send(new Rename(1, "x"))))
                .hasMessage("You may not send the action test.Rename.");

        rights.giveBack("test.Rename");
        assertThat(sender(link).send(new Rename(1, "x"))).succeedsWithin(Duration.ofSeconds(5));
        assertThat(table).containsExactly(new Row(1, "x"));
        assertThat(rights.asked()).contains("ACT test.Rename {}");
    }

    @Test
    void anActionReachesItsHandlerWithTheProvenCallerAndIsAnswered() throws Exception {
        table.add(new Row(1, "a"));
        provideRows();
        List<Caller> callers = new CopyOnWriteArrayList<>();
        new PartyActions(actions, plugin)
                .handle(
                        Rename.class,
                        Audience.DEVICES,
                        (action, context) -> {
                            callers.add(context.caller());
                            table.set(0, new Row(action.id(), action.text()));
                            context.changed(ALL);
                            return new ActionOutcome.Applied(new Row(action.id(), action.text()));
                        });
        LinkClient link = device("d1");
        Recorder device = observe(link);
        device.next();

        ActionOutcome outcome =
                sender(link).send(new Rename(1, "renamed"), Row.class).get(5, TimeUnit.SECONDS);

        assertThat(outcome).isEqualTo(new ActionOutcome.Applied(new Row(1, "renamed")));
        assertThat(callers).containsExactly(new Caller.Device("d1"));
        device.awaitRows(List.of(new Row(1, "renamed")));
    }

    @Test
    void aRejectionAFaultAndAnUnknownActionAreTold() {
        new PartyActions(actions, plugin)
                .handle(
                        Rename.class,
                        Audience.DEVICES,
                        (action, context) ->
                                switch (action.text()) {
                                    case "no" ->
                                            new ActionOutcome.Rejected(
                                                    new ErrorCode("TEST_NO", ErrorCode.Kind.CALLER),
                                                    "No, because.");
                                    default -> throw new IllegalStateException("secret detail");
                                });
        LinkClient link = device("d1");

        assertThat(sender(link).send(new Rename(1, "no")))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(
                        new ActionOutcome.Rejected(
                                new ErrorCode("TEST_NO", ErrorCode.Kind.CALLER), "No, because."));
        assertThat(failure(sender(link).send(new Rename(1, "fault"))))
                .satisfies(failed -> {
                    assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(failed).hasMessageNotContaining("secret detail");
                });
    }

    @Test
    void queuedActionsAreCarriedOutInOrderThoughNobodyWaitsForAnswers() {
        List<String> done = recordRenames();
        LinkClient link = device("d1");
        List<CompletableFuture<ActionGate.Done>> answers = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            sent.add("device:d1 " + i);
            answers.add(queued(link, "q", i, 0, "" + i));
        }

        answers.forEach(
                answer -> assertThat(finished(answer).result()).isEqualTo(Header.Result.APPLIED));
        assertThat(done).isEqualTo(sent);
    }

    // Symptom in the peer: an offline queue that repeated an action had it carried out twice. A
    // lost
    // answer is such a repetition, and so is a frame that arrives twice.
    @Test
    void aNumberThatIsSentAgainIsAnsweredWithItsOutcomeAndCarriedOutOnce() {
        List<String> done = recordRenames();
        LinkClient link = device("d1");
        ActionGate.Done first = finished(queued(link, "q", 1, 0, "a"));
        LinkClient later = device("d1");
        ActionGate.Done again = finished(queued(later, "q", 1, 0, "a"));

        assertThat(again.result()).isEqualTo(Header.Result.APPLIED);
        assertThat(new String(again.values(), StandardCharsets.UTF_8))
                .isEqualTo(new String(first.values(), StandardCharsets.UTF_8))
                .contains("\"text\":\"a\"");
        assertThat(done).containsExactly("device:d1 a");
    }

    @Test
    void aNumberThatIsNotTheNextIsRefusedWithTheOneThatIs() {
        List<String> done = recordRenames();
        LinkClient link = device("d1");
        finished(queued(link, "q", 1, 0, "a"));

        ActionGate.Done early = finished(queued(link, "q", 3, 0, "c"));
        assertThat(early.code()).isEqualTo("OUT_OF_ORDER");
        assertThat(early.message()).contains("2");
        assertThat(early.isFinal()).isFalse();
        finished(queued(link, "q", 2, 0, "b"));
        assertThat(finished(queued(link, "q", 3, 0, "c")).result())
                .isEqualTo(Header.Result.APPLIED);
        assertThat(done).containsExactly("device:d1 a", "device:d1 b", "device:d1 c");
    }

    @Test
    void aNumberThatWasAcknowledgedIsNotCarriedOutAgain() {
        List<String> done = recordRenames();
        LinkClient link = device("d1");
        finished(queued(link, "q", 1, 0, "a"));
        finished(queued(link, "q", 2, 1, "b"));

        ActionGate.Done late = finished(queued(link, "q", 1, 0, "a"));
        assertThat(late.code()).isEqualTo("FORGOTTEN");
        assertThat(late.isFinal()).isTrue();
        assertThat(done).hasSize(2);
        assertThat(actionLog.kept()).isEqualTo(1);
    }

    @Test
    void everyQueueAndEveryDeviceIsCountedOnItsOwn() {
        List<String> done = recordRenames();
        LinkClient one = device("d1");
        LinkClient two = device("d2");
        finished(queued(one, "q", 1, 0, "a"));

        assertThat(finished(queued(one, "begun anew", 1, 0, "b")).isFinal()).isTrue();
        assertThat(finished(queued(two, "q", 2, 0, "not of d1")).code()).isEqualTo("OUT_OF_ORDER");
        assertThat(finished(queued(two, "q", 1, 0, "c")).isFinal()).isTrue();
        assertThat(done).containsExactly("device:d1 a", "device:d1 b", "device:d2 c");
    }

    @Test
    void oneNumberOverTwoLinksOfADeviceRunsOnce() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        handleRenames(action -> {
            done.add(action.text());
            entered.countDown();
            go.await();
            return new ActionOutcome.Applied();
        });
        CompletableFuture<ActionGate.Done> first = queued(device("d1"), "q", 1, 0, "a");
        entered.await();
        CompletableFuture<ActionGate.Done> second = queued(device("d1"), "q", 1, 0, "a");
        CompletableFuture<ActionGate.Done> other = queued(device("d2"), "q", 1, 0, "b");
        go.countDown();

        assertThat(finished(first).isFinal()).isTrue();
        assertThat(finished(second).isFinal()).isTrue();
        assertThat(finished(other).isFinal()).isTrue();
        assertThat(done).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whatAHandlerThrowsIsAnOutcomeUnlessItMayPass() {
        AtomicReference<@Nullable Exception> problem = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        handleRenames(action -> {
            calls.incrementAndGet();
            Exception thrown = problem.get();
            if (thrown != null) {
                throw thrown;
            }
            return action.text().equals("no")
                    ? new ActionOutcome.Rejected(
                            new ErrorCode("TEST_NO", ErrorCode.Kind.CALLER), "No, because.")
                    : new ActionOutcome.Applied();
        });
        LinkClient link = device("d1");
        problem.set(new IllegalStateException("secret detail"));
        assertThat(twice(link, 1).code()).isEqualTo("INTERNAL");
        problem.set(new PeekException(ErrorCode.CONFLICT, "Somebody was faster."));
        assertThat(twice(link, 2).message()).isEqualTo("Somebody was faster.");
        problem.set(new PeekException(ErrorCode.BAD_REQUEST, "That is not a name."));
        assertThat(twice(link, 3).code()).isEqualTo("BAD_REQUEST");
        assertThat(calls).hasValue(3);

        problem.set(
                new PeekException(
                        new ErrorCode("TEST_LINE_BUSY", ErrorCode.Kind.UNAVAILABLE),
                        "The line is busy."));
        assertThat(finished(queued(link, "q", 4, 3, "x")))
                .satisfies(busy -> assertThat(busy.isFinal()).isFalse())
                .satisfies(busy -> assertThat(busy.message()).isEqualTo("The line is busy."));
        problem.set(new InMemoryActionLog.Passing());
        assertThat(finished(queued(link, "q", 4, 3, "x")).isFinal()).isFalse();
        problem.set(new InterruptedException());
        assertThat(finished(queued(link, "q", 4, 3, "x")).code()).isEqualTo("STOPPED");
        problem.set(null);
        assertThat(finished(queued(link, "q", 4, 3, "x")).result())
                .isEqualTo(Header.Result.APPLIED);
        assertThat(finished(queued(link, "q", 5, 4, "no")).code()).isEqualTo("TEST_NO");
    }

    private ActionGate.Done twice(LinkClient link, long sequence) {
        ActionGate.Done done = finished(queued(link, "q", sequence, 0, "x"));
        assertThat(done.isFinal()).isTrue();
        ActionGate.Done again = finished(queued(link, "q", sequence, 0, "x"));
        assertThat(again.code()).isEqualTo(done.code());
        assertThat(again.message()).isEqualTo(done.message());
        return done;
    }

    @Test
    void aPluginThatIsNotThereUsesUpNoNumber() {
        LinkClient link = device("d1");
        ActionGate.Done early = finished(queued(link, "q", 1, 0, "a"));
        assertThat(early.code()).isEqualTo("NOT_OFFERED");
        assertThat(early.isFinal()).isFalse();

        List<String> done = recordRenames();
        assertThat(finished(queued(link, "q", 1, 0, "a")).isFinal()).isTrue();
        assertThat(done).containsExactly("device:d1 a");
    }

    // Symptom: a device was told that nobody takes an action which had been carried out; when the
    // person
    // discarded what waited, the rest was sent under a new name, and that action again. Cause: who
    // takes
    // it was asked before what had been done. Fix: the log is asked first.
    @Test
    void whatWasCarriedOutIsAnsweredThoughThePluginHasGone() {
        Registration handler = handleRenames(action -> new ActionOutcome.Applied());
        LinkClient link = device("d1");
        finished(queued(link, "q", 1, 0, "a"));
        handler.close();

        assertThat(finished(queued(link, "q", 1, 0, "a")).result())
                .isEqualTo(Header.Result.APPLIED);
        assertThat(finished(queued(link, "q", 2, 0, "b")).code()).isEqualTo("NOT_OFFERED");
    }

    @Test
    void aQueuedActionThatTheRightsDoNotPermitIsAnOutcomeAndReachesNoHandler() {
        List<String> done = recordRenames();
        LinkClient link = device("d1");
        finished(queued(link, "q", 1, 0, "a"));
        rights.take("test.Rename");

        assertThat(twice(link, 2).code()).isEqualTo("NOT_ALLOWED");
        ActionGate.Done earlier = finished(queued(link, "q", 1, 0, "a"));
        assertThat(earlier.result()).isEqualTo(Header.Result.APPLIED);
        assertThat(earlier.values()).asString(StandardCharsets.UTF_8).isEqualTo("[]");
        rights.giveBack("test.Rename");
        assertThat(finished(queued(link, "q", 3, 0, "c")).result())
                .isEqualTo(Header.Result.APPLIED);
        assertThat(done).containsExactly("device:d1 a", "device:d1 c");
    }

    @Test
    void anAnswerIsGivenWhenItsOutcomeIsOnTheDiskAndOthersDoNotWaitForThat() {
        List<String> done = recordRenames();
        LinkClient link = device("d1");
        CompletableFuture<@Nullable Void> disk = actionLog.holdDisk();
        CompletableFuture<ActionGate.Done> first = queued(link, "q", 1, 0, "a");
        CompletableFuture<ActionGate.Done> second = queued(link, "q", 2, 0, "b");
        Awaiting.until(() -> done.size() == 2);
        assertThat(first).isNotDone();
        actionLog.releaseDisk();
        disk.complete(null);

        assertThat(finished(first).isFinal()).isTrue();
        assertThat(finished(second).isFinal()).isTrue();
    }

    @Test
    void aQueueOverALinkThatIsCutAgainAndAgainArrivesWholeAndInOrder() {
        List<String> done = recordRenames();
        AtomicReference<@Nullable Link> current = new AtomicReference<>();
        LinkDialer watched =
                listener ->
                        dialer(clientService, new Caller.Device("d1"))
                                .dial(listener)
                                .thenApply(link -> {
                                    current.set(link);
                                    return link;
                                });
        LinkClient link = own(new LinkClient("device", false, watched, threads, quick()));
        ActionQueue queue =
                own(
                        ActionQueue.open(
                                new InMemoryQueueStore(new InMemoryQueueStore.Disk()),
                                link,
                                new Caller.Device("ignored"),
                                threads,
                                InstantSource.system(),
                                new ActionQueue.Retries(
                                        Duration.ofMillis(1), Duration.ofMillis(20))));
        link.start();
        PartySender sender = new PartySender(link, plugin, new Caller.Device("ignored"), queue);
        List<String> sent = new ArrayList<>();
        CompletableFuture<ActionOutcome> last = new CompletableFuture<>();
        for (int i = 1; i <= 60; i++) {
            sent.add("device:d1 " + i);
            QueuedAction one = sender.enqueue(new Rename(i, "" + i));
            assertThat(one.stored()).succeedsWithin(Duration.ofSeconds(5));
            last = one.outcome();
            Link open = current.get();
            if (i % 7 == 0 && open != null) {
                open.close(new Link.CloseReason(1001, "cut"));
            }
        }

        assertThat(last).succeedsWithin(Duration.ofSeconds(10));
        assertThat(done).isEqualTo(sent);
        // The answer to an earlier one may have been lost with a link, so that it is asked for
        // again.
        Awaiting.until(() -> queue.waiting() == 0);
        assertThat(done).isEqualTo(sent);
    }

    private List<String> recordRenames() {
        List<String> done = new CopyOnWriteArrayList<>();
        new PartyActions(actions, plugin)
                .handle(
                        Rename.class,
                        Audience.DEVICES,
                        (action, context) -> {
                            done.add(Callers.format(context.caller()) + " " + action.text());
                            return new ActionOutcome.Applied(new Row(action.id(), action.text()));
                        });
        return done;
    }

    /// What a handler of a test does.
    @FunctionalInterface
    private interface Renaming {
        ActionOutcome of(Rename action) throws Exception;
    }

    private Registration handleRenames(Renaming renaming) {
        return new PartyActions(actions, plugin)
                .handle(Rename.class, Audience.DEVICES, (action, context) -> renaming.of(action));
    }

    private CompletableFuture<ActionGate.Done> queued(
            LinkClient link, String queue, long sequence, long acknowledged, String text) {
        return link.actQueued(
                "test.Rename",
                plugin.codec().encode(new Rename(sequence, text)),
                new Caller.Device("ignored"),
                new Header.Queued(queue, sequence, acknowledged));
    }

    private static ActionGate.Done finished(CompletableFuture<ActionGate.Done> answer) {
        return answer.orTimeout(5, TimeUnit.SECONDS).join();
    }

    // ---- from the server to a device

    /// A device whose `plugin` handles renames.
    private LinkClient performing(LinkService service, String id, Party of, Renaming renaming) {
        ActionHub handlers = own(new ActionHub(Transactions.none(), hub, rights));
        new PartyActions(handlers, of)
                .handle(Rename.class, Audience.SERVICES, (action, context) -> renaming.of(action));
        return performing(service, id, handlers);
    }

    private LinkClient performing(LinkService service, String id, ActionHub handlers) {
        return own(
                client(
                        service,
                        new Caller.Device(id),
                        false,
                        (device, type, payload) ->
                                handlers.act(
                                        type,
                                        payload,
                                        new Caller.Service(ServiceKind.SERVER, "server"))));
    }

    private CompletableFuture<ActionOutcome> toDevice(String id, String text) {
        return new PartyDevices(server, plugin, threads)
                .send(new Caller.Device(id), new Rename(1, text), Row.class);
    }

    @Test
    void whatTheServerSendsToADeviceIsCarriedOutThereAndAnswered() {
        List<String> done = new CopyOnWriteArrayList<>();
        for (String id : List.of("d1", "d2")) {
            performing(
                    clientService,
                    id,
                    plugin,
                    action -> {
                        done.add(id + " " + action.text());
                        return new ActionOutcome.Applied(new Row(action.id(), "by " + id));
                    });
        }

        assertThat(toDevice("d2", "a"))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new ActionOutcome.Applied(new Row(1, "by d2")));
        assertThat(done).containsExactly("d2 a");
    }

    @Test
    void aDeviceRefusesOrFailsAndTheServerIsToldWhy() {
        performing(
                clientService,
                "d1",
                plugin,
                action ->
                        switch (action.text()) {
                            case "no" ->
                                    new ActionOutcome.Rejected(
                                            new ErrorCode("TEST_NO", ErrorCode.Kind.CALLER),
                                            "No, because.");
                            case "conflict" ->
                                    throw new PeekException(ErrorCode.CONFLICT, "Not twice.");
                            default -> throw new IllegalStateException("secret detail");
                        });

        assertThat(toDevice("d1", "no"))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(
                        new ActionOutcome.Rejected(
                                new ErrorCode("TEST_NO", ErrorCode.Kind.CALLER), "No, because."));
        assertThat(failure(toDevice("d1", "conflict"))).hasMessage("Not twice.");
        assertThat(failure(toDevice("d1", "fault")))
                .satisfies(failed -> {
                    assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(failed).hasMessageNotContaining("secret detail");
                });
    }

    @Test
    void aDeviceThatIsNotConnectedOrDoesNotHandleTheTypeIsToldAtOnce() throws Exception {
        PeekException away = failure(toDevice("d1", "a"));
        assertThat(away.code()).isEqualTo(ErrorCode.OFFLINE);
        assertThat(away).hasMessage("The device d1 is not connected; test.Rename was not sent.");

        LinkClient link =
                own(
                        performing(
                                clientService,
                                "d1",
                                own(new ActionHub(Transactions.none(), hub, rights))));
        PeekException idle = failure(toDevice("d1", "a"));
        assertThat(idle.code()).isEqualTo(ErrorCode.NOT_OFFERED);
        assertThat(idle).hasMessage("Nobody handles the action test.Rename here.");

        link.close();
        Awaiting.until(() -> failure(toDevice("d1", "a")).code().equals(ErrorCode.OFFLINE));
    }

    @Test
    void onlyTypesOfThePluginAreSentToDevices() {
        PartyDevices other = new PartyDevices(server, Party.platform("other"), threads);

        assertThatThrownBy(() -> other.send(new Caller.Device("d1"), new Rename(1, "a")))
                .hasMessageContaining("test.Rename must start with 'other.'");
    }

    @Test
    void aDeviceIsFoundBehindWhicheverClientServiceItIsConnectedTo() {
        AtomicReference<@Nullable LinkService> second = new AtomicReference<>();
        LinkClient secondUpstream =
                own(
                        forDevices(
                                "second",
                                () -> {
                                    LinkService links = second.get();
                                    return links == null ? clientService : links;
                                }));
        LinkService links =
                own(
                        new LinkService(
                                ServiceKind.CLIENT, "second", "1", secondUpstream, secondUpstream));
        second.set(links);
        for (LinkService one : List.of(clientService, links)) {
            String id = one == links ? "at second" : "at first";
            performing(
                    one, id, plugin, action -> new ActionOutcome.Applied(new Row(1, "by " + id)));
        }

        assertThat(toDevice("at first", "a"))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new ActionOutcome.Applied(new Row(1, "by at first")));
        assertThat(toDevice("at second", "a"))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new ActionOutcome.Applied(new Row(1, "by at second")));
        assertThat(failure(toDevice("nowhere", "a")).code()).isEqualTo(ErrorCode.OFFLINE);
    }

    @Test
    void ofTheWindowsOfADeviceTheNewestThatHandlesTheTypeCarriesItOut() {
        List<String> done = new CopyOnWriteArrayList<>();
        for (String window : List.of("oldest", "older")) {
            performing(
                    clientService,
                    "d1",
                    plugin,
                    action -> {
                        done.add(window);
                        return new ActionOutcome.Applied();
                    });
        }
        device("d1");

        assertThat(toDevice("d1", "a")).succeedsWithin(Duration.ofSeconds(5));
        assertThat(done).containsExactly("older");
    }

    @Test
    void aDeviceThatHangsIsWaitedForAWhileAndOneThatIsLostNot() {
        LinkService impatient =
                own(
                        new LinkService(
                                ServiceKind.SERVER,
                                "impatient",
                                "1",
                                hub,
                                actions,
                                LinkLimits.device(1 << 20),
                                Duration.ofMillis(50)));
        LinkService patient =
                own(new LinkService(ServiceKind.SERVER, "patient", "1", hub, actions));
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(2);
        Renaming hanging =
                action -> {
                    entered.countDown();
                    never.await();
                    return new ActionOutcome.Applied();
                };
        performing(impatient, "d1", plugin, hanging);
        LinkClient lost = performing(patient, "d1", plugin, hanging);
        Caller.Device device = new Caller.Device("d1");
        Rename action = new Rename(1, "a");

        PeekException late =
                failure(new PartyDevices(impatient, plugin, threads).send(device, action));
        assertThat(late.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(late).hasMessageContaining("whether it was done is not known");

        CompletableFuture<ActionOutcome> cut =
                new PartyDevices(patient, plugin, threads).send(device, action);
        Awaiting.until(() -> entered.getCount() == 0);
        lost.close();
        assertThat(failure(cut))
                .hasMessageStartingWith("The connection to the device was lost before it answered");
        never.countDown();
    }

    @Test
    void whatHangsOnADeviceUsesUpTheShareOfItsPluginOnly() {
        CountDownLatch go = new CountDownLatch(1);
        ActionHub handlers = own(new ActionHub(Transactions.none(), hub, rights));
        new PartyActions(handlers, plugin)
                .handle(
                        Rename.class,
                        Audience.SERVICES,
                        (action, context) -> {
                            go.await();
                            return new ActionOutcome.Applied();
                        });
        Party other = Party.platform("other");
        new PartyActions(handlers, other)
                .handle(
                        Other.class,
                        Audience.SERVICES,
                        (action, context) -> new ActionOutcome.Applied());
        performing(clientService, "d1", handlers);
        List<CompletableFuture<ActionOutcome>> hanging = new ArrayList<>();
        for (int i = 0; i < PerformLink.MAX_OF_PLUGIN_AND_DEVICE; i++) {
            hanging.add(toDevice("d1", "" + i));
        }

        assertThat(failure(toDevice("d1", "one more")))
                .satisfies(failed -> assertThat(failed.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("The plugin 'test' has too many actions for devices");
        assertThat(
                        new PartyDevices(server, other, threads)
                                .send(new Caller.Device("d1"), new Other(1)))
                .succeedsWithin(Duration.ofSeconds(5));
        go.countDown();
        hanging.forEach(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(5)));
        assertThat(toDevice("d1", "again")).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void largeActionsAndAnswersGoToDevicesAndBack() {
        performing(
                clientService,
                "d1",
                plugin,
                action -> new ActionOutcome.Applied(new Row(1, action.text() + action.text())));
        String half = "ä".repeat(200_000);

        assertThat(toDevice("d1", half))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new ActionOutcome.Applied(new Row(1, half + half)));
        PeekException tooMuch = failure(toDevice("d1", half + half));
        assertThat(tooMuch.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(tooMuch).hasMessageContaining("It was carried out, but its answer is larger");
        assertThatThrownBy(() -> toDevice("d1", half + half + half))
                .hasMessageContaining("the action test.Rename is larger than 1016 KiB");
    }

    @Test
    void anAnswerThatNobodyAskedForChangesNothing() throws Exception {
        performing(clientService, "d1", plugin, action -> new ActionOutcome.Applied());
        Raw raw = raw(clientService);
        raw.link().send(Frame.of(new Header.Hello(1, "raw", false)), () -> {});
        assertThat(raw.next()).startsWith("Welcome");
        for (String id : List.of("0", "1", "x")) {
            raw.link()
                    .send(
                            Frame.of(new Header.Performed(id, Header.Result.APPLIED, null, null)),
                            () -> {});
        }
        raw.link().send(Frame.of(new Header.Ping()), () -> {});

        assertThat(raw.next()).isEqualTo("Pong[]");
        assertThat(toDevice("d1", "a"))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new ActionOutcome.Applied());
    }

    @Test
    void afterALostLinkRowsResumeAndNothingIsSentAgainThatIsHeld() throws Exception {
        for (int i = 1; i <= 20; i++) {
            table.add(new Row(i, "row " + i));
        }
        provideRows();
        AtomicReference<@Nullable Link> current = new AtomicReference<>();
        AtomicInteger snapshots = new AtomicInteger();
        LinkDialer counted =
                listener ->
                        dialer(clientService, new Caller.Device("d1"))
                                .dial(
                                        new Link.Listener() {
                                            @Override
                                            public void frame(Frame frame) {
                                                if (frame.header() instanceof Header.Snapshot) {
                                                    snapshots.incrementAndGet();
                                                }
                                                listener.frame(frame);
                                            }

                                            @Override
                                            public void closed(String reason) {
                                                listener.closed(reason);
                                            }
                                        })
                                .thenApply(link -> {
                                    current.set(link);
                                    return link;
                                });
        LinkClient link = own(new LinkClient("device", false, counted, threads, quick()));
        link.start();
        Recorder device = observe(link);
        device.next();

        Link first = current.get();
        assertThat(first).isNotNull();
        first.close(new Link.CloseReason(1000, "cut"));
        table.add(new Row(21, "b"));
        tuples.changed(ALL);

        device.awaitRows(List.copyOf(table));
        assertThat(snapshots).hasValue(1);
    }

    @Test
    void aDeviceThatTakesNothingHoldsUpNobodyAndGetsTheNewestInTheEnd() throws Exception {
        table.add(new Row(1, "0"));
        provideRows();
        List<Runnable> unwritten = new CopyOnWriteArrayList<>();
        List<Frame> taken = new CopyOnWriteArrayList<>();
        Link stalled =
                new Link() {
                    @Override
                    public void send(Frame frame, Runnable written) {
                        taken.add(frame);
                        unwritten.add(written);
                    }

                    @Override
                    public void close(CloseReason reason) {}
                };
        Link.Listener slow = clientService.accept(stalled, new Caller.Device("slow"));
        slow.frame(Frame.of(new Header.Hello(1, "slow", false)));
        slow.frame(Frame.of(new Header.Observe("[\"test.Row\"]", null, 0)));
        Recorder quick = observe(device("quick"));
        quick.next();
        for (int i = 1; i <= 100; i++) {
            table.set(0, new Row(1, "" + i));
            tuples.changed(ALL);
            quick.awaitRows(List.of(new Row(1, "" + i)));
        }
        assertThat(taken).hasSizeLessThanOrEqualTo(2);

        for (int i = 0; i < unwritten.size(); i++) {
            unwritten.get(i).run();
        }

        TupleCodec codec = new TupleCodec(getClass().getClassLoader());
        DecodedRows<Row> rows = DecodedRows.empty();
        for (Frame frame : taken) {
            if (frame.header() instanceof Header.Snapshot
                    || frame.header() instanceof Header.Delta) {
                rows = rows.apply(frame, codec, Row.class);
            }
        }
        assertThat(rows.rows()).containsExactly(new Row(1, "100"));
        slow.closed("done");
    }

    @Test
    void rowsOfSeveralMegabytesArrive() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            table.add(new Row(i, "row " + i + " " + Long.toHexString(i * 0x9E3779B97F4A7C15L)));
        }
        table.add(new Row(-1, "ÄÖÜ 🦜 ".repeat(200_000)));
        provideRows();

        Recorder device = observe(device("d1"));

        assertThat(device.next().rows()).isEqualTo(List.copyOf(table));
    }

    // Symptom: over a memory link, a device of another protocol saw its link end without the
    // promised error. Cause: closing dropped what had been sent before. Fix: a close arrives after
    // the frames before it.
    @Test
    void whoSpeaksAnotherProtocolIsToldSoBeforeTheLinkEnds() throws Exception {
        Raw raw = raw();
        raw.link().send(Frame.of(new Header.Hello(99, "from the future", false)), () -> {});

        assertThat(raw.next())
                .isEqualTo(
                        new Header.Refused("BAD_REQUEST", "Protocol 99 is not spoken here, 1 is.")
                                .toString());
        assertThat(raw.next()).isEqualTo("closed: protocol 99 is not spoken here");
    }

    @Test
    void aFrameThatBreaksTheRulesEndsTheLinkWithItsReason() throws Exception {
        Raw raw = raw();
        raw.link().send(Frame.of(new Header.Ping()), () -> {});

        assertThat(raw.next()).isEqualTo("closed: the first frame on a link must be hello");
    }

    // Symptom: what was sent last, and the reason of a close, did not always arrive; over a
    // WebSocket the service saw an abnormal end with status 1006. Cause: the link was cut at once.
    // Fix: a close goes the way of the frames before it; a socket is aborted only when the other
    // side has not answered for a while.
    @Test
    void whatWasSentBeforeACloseArrivesAndThenItsReason() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Raw raw =
                raw((link, caller) ->
                        new Link.Listener() {
                            @Override
                            public void frame(Frame frame) {
                                seen.add(frame.header() + " " + frame.payload().length);
                            }

                            @Override
                            public void closed(String reason) {
                                seen.add("closed: " + reason);
                            }
                        });
        byte[] payload = new byte[300_000];
        for (int i = 0; i < 30; i++) {
            raw.link().send(Frame.of(new Header.Action("" + i, "a.Do", null), payload), () -> {});
        }
        raw.link().close(new Link.CloseReason(4401, "das Fenster „Übersicht“ ist zu"));

        assertThat(raw.next()).isEqualTo("closed: das Fenster „Übersicht“ ist zu");
        for (int i = 0; i < 30; i++) {
            assertThat(seen.poll(5, TimeUnit.SECONDS))
                    .isEqualTo(new Header.Action("" + i, "a.Do", null) + " 300000");
        }
        assertThat(seen.poll(5, TimeUnit.SECONDS))
                .isEqualTo("closed: das Fenster „Übersicht“ ist zu");
    }

    /// One link without anything that interprets its frames.
    private record Raw(Link link, BlockingQueue<String> seen) {
        String next() throws InterruptedException {
            String next = seen.poll(5, TimeUnit.SECONDS);
            assertThat(next).as("a frame or the end within 5 s").isNotNull();
            return next;
        }
    }

    private Raw raw() {
        return raw(server);
    }

    private Raw raw(Link.Acceptor acceptor) {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Link link =
                dialer(acceptor, new Caller.Device("raw"))
                        .dial(
                                new Link.Listener() {
                                    @Override
                                    public void frame(Frame frame) {
                                        seen.add(frame.header().toString());
                                    }

                                    @Override
                                    public void closed(String reason) {
                                        seen.add("closed: " + reason);
                                    }
                                })
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join();
        return new Raw(link, seen);
    }

    private static PeekException failure(CompletableFuture<ActionOutcome> sent) {
        return (PeekException)
                sent.handle((outcome, problem) ->
                                problem == null ? new AssertionError(outcome) : problem)
                        .thenApply(problem ->
                                problem.getCause() == null ? problem : problem.getCause())
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join();
    }

    private Registration provideRows() {
        return tuples.provide(
                Row.class,
                Audience.DEVICES,
                selector -> {
                    providerCalls.incrementAndGet();
                    return List.copyOf(table);
                });
    }

    private LinkClient device(String id) {
        return own(client(clientService, new Caller.Device(id), false));
    }

    private LinkClient client(LinkService service, Caller caller, boolean onBehalfOfDevices) {
        return client(service, caller, onBehalfOfDevices, DeviceGate.none());
    }

    /// @param links of the client service, once there is one
    private LinkClient forDevices(String name, Supplier<LinkService> links) {
        return client(
                server,
                new Caller.Service(ServiceKind.CLIENT, name),
                true,
                (device, type, payload) -> links.get().perform(device, type, payload));
    }

    private LinkClient client(
            LinkService service, Caller caller, boolean onBehalfOfDevices, DeviceGate gate) {
        CountDownLatch online = new CountDownLatch(1);
        LinkClient client =
                new LinkClient(
                        "test", onBehalfOfDevices, dialer(service, caller), threads, quick());
        client.perform(gate);
        client.onState(state -> {
            if (state instanceof LinkState.Online) {
                online.countDown();
            }
        });
        client.start();
        try {
            assertThat(online.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return client;
    }

    private static LinkClient.Timing quick() {
        return new LinkClient.Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofMillis(50),
                Duration.ofMillis(50));
    }

    private RowsObserver observer(LinkClient link) {
        return new RowsObserver(link, plugin, new Caller.Device("ignored"));
    }

    private PartySender sender(LinkClient link) {
        return new PartySender(link, plugin, new Caller.Device("ignored"));
    }

    private Recorder observe(LinkClient link) {
        Recorder recorder = new Recorder();
        observer(link).observe(ALL, recorder);
        return recorder;
    }

    private static <T extends Tuple> TupleListener<T> listener(BlockingQueue<String> seen) {
        return new TupleListener<>() {
            @Override
            public void rows(TupleUpdate<T> update) {
                seen.add("rows " + update.rows().size());
            }

            @Override
            public void problem(ErrorCode code, String message) {
                seen.add(code.name() + " " + message);
            }
        };
    }

    private <C extends AutoCloseable> C own(C one) {
        closing.add(one);
        return one;
    }

    static final class Recorder implements TupleListener<Row> {
        private final BlockingQueue<TupleUpdate<Row>> updates = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();

        @Override
        public void rows(TupleUpdate<Row> update) {
            updates.add(update);
        }

        @Override
        public void problem(ErrorCode code, String message) {
            problems.add(code.name() + " " + message);
        }

        boolean seesNoProblem() {
            return problems.isEmpty();
        }

        boolean hasNoRows() {
            return updates.isEmpty();
        }

        TupleUpdate<Row> next() throws InterruptedException {
            TupleUpdate<Row> update = updates.poll(5, TimeUnit.SECONDS);
            assertThat(update).as("an update within 5 s").isNotNull();
            return update;
        }

        void awaitRows(List<Row> rows) throws InterruptedException {
            TupleUpdate<Row> update = next();
            while (!update.rows().equals(rows)) {
                update = next();
            }
        }

        String problem() throws InterruptedException {
            String problem = problems.poll(5, TimeUnit.SECONDS);
            assertThat(problem).as("a problem within 5 s").isNotNull();
            return problem;
        }
    }
}
