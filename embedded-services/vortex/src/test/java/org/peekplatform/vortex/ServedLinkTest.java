package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;

/// One served link against a source and a device that a test plays by hand.
class ServedLinkTest {
    private static final LinkLimits LIMITS = LinkLimits.device(1 << 20);
    private static final Selector SELECTOR = Selector.of("a.B", Map.of());
    private static final String TEXT = SELECTOR.text();

    private final Source source = new Source();
    private final Gate gate = new Gate();
    private final LinkService service =
            new LinkService(ServiceKind.SERVER, "server", "1", source, gate, LIMITS);
    private final Device device = new Device();
    private final Link.Listener served = service.accept(device, new Caller.Device("d"));

    ServedLinkTest() {
        give(new Header.Hello(1, "device", false));
        device.takeAll();
        device.taken.clear();
    }

    private void give(Header header) {
        served.frame(Frame.of(header));
    }

    // Symptom: a view that was closed and opened again at once stayed empty. Cause: the catch-up of
    // the former observation, computed meanwhile, was booked on the new one, which then counted as
    // served. Fix: every observation is an object of its own, and what was computed for another is
    // thrown away.
    @Test
    void observingAnewWhileACatchUpIsComputedBringsTheWholeRows() throws Exception {
        source.topic.snapshot(snapshot(1));
        give(new Header.Observe(TEXT, "e", 1));
        device.takeAll();
        device.taken.clear();
        Thread publisher;
        synchronized (source.topic) {
            // Stops in the topic, between what it knows of the observation and what it finds.
            publisher = Thread.ofPlatform().start(() -> source.tell());
            while (publisher.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            give(new Header.Unobserve(TEXT));
            give(new Header.Observe(TEXT, null, 0));
        }
        publisher.join();
        device.takeAll();

        assertThat(device.headers()).containsExactly(new Header.Snapshot(TEXT, "e", 1, false));
    }

    // Symptom: a request for a new base was sometimes not answered. Cause: the catch-up computed at
    // that moment booked its own version over the request. Fix: it sees that it is out of date.
    @Test
    void aSnapshotAskedForWhileACatchUpIsComputedComes() throws Exception {
        source.topic.snapshot(snapshot(1));
        give(new Header.Observe(TEXT, "e", 1));
        device.takeAll();
        device.taken.clear();
        Thread publisher;
        synchronized (source.topic) {
            publisher = Thread.ofPlatform().start(() -> source.tell());
            while (publisher.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            give(new Header.SnapshotRequest(TEXT));
        }
        publisher.join();
        device.takeAll();

        assertThat(device.headers()).containsExactly(new Header.Snapshot(TEXT, "e", 1, false));
    }

    // Symptom: a device that connected while a plugin started was told that nobody provides its
    // rows, and never got them. Cause: the provider came after the refusal and before the refusal
    // was noted. Fix: an observation is noted before its topic is asked for.
    @Test
    void aProviderThatComesWhileTheRefusalIsOnItsWayIsNotMissed() {
        source.topic.snapshot(snapshot(1));
        source.refusal = new PeekException(ErrorCode.NOT_OFFERED, "Nobody provides a.B here.");
        source.whileRefusing =
                () -> {
                    source.refusal = null;
                    source.offers.forEach(offer -> offer.accept("a.B"));
                };
        give(new Header.Observe(TEXT, null, 0));
        device.takeAll();

        assertThat(device.headers()).containsExactly(new Header.Snapshot(TEXT, "e", 1, false));
    }

    // Symptom: a link kept sending rows that its device had given up. Cause: a provider was
    // replaced in the meantime, for which the link observed again. Fix: it observes again only what
    // is still observed at the end.
    @Test
    void whatIsGivenUpWhileItsProviderIsReplacedIsNotObservedAgain() {
        source.topic.snapshot(snapshot(1));
        give(new Header.Observe(TEXT, null, 0));
        device.takeAll();
        device.taken.clear();
        source.whileObserving =
                () -> {
                    source.whileObserving = () -> {};
                    give(new Header.Unobserve(TEXT));
                };
        source.offers.forEach(offer -> offer.accept("a.B"));
        source.topic.snapshot(snapshot(2));
        device.takeAll();

        assertThat(device.headers()).isEmpty();
        assertThat(source.topic.isObserved()).isFalse();
    }

    @Test
    void aReplacedProviderThatAdmitsTheDeviceNoMoreEndsItsObservation() {
        source.topic.snapshot(snapshot(1));
        give(new Header.Observe(TEXT, null, 0));
        device.takeAll();
        device.taken.clear();
        source.refusal = new PeekException(ErrorCode.NOT_ALLOWED, "You may not.");
        source.offers.forEach(offer -> offer.accept("a.B"));
        source.topic.snapshot(snapshot(2));
        device.takeAll();

        assertThat(device.headers())
                .containsExactly(new Header.Problem(TEXT, "NOT_ALLOWED", "You may not."));
        assertThat(source.topic.isObserved()).isFalse();
    }

    @Test
    void aProblemIsLiftedByCurrentWhenTheRowsAreTheSame() {
        source.topic.snapshot(snapshot(1));
        give(new Header.Observe(TEXT, null, 0));
        device.takeAll();
        source.topic.problem(Frame.of(new Header.Problem(TEXT, "INTERNAL", "Broken.")));
        device.takeAll();
        source.topic.confirm();
        device.takeAll();

        assertThat(device.headers())
                .containsExactly(
                        new Header.Snapshot(TEXT, "e", 1, false),
                        new Header.Problem(TEXT, "INTERNAL", "Broken."),
                        new Header.Current(TEXT, "e", 1));
    }

    // Symptom: a device that changed from one client service to another saw its rows go back for a
    // moment. Cause: the other was a few versions behind and sent its snapshot. Fix: a service that
    // is behind in the same epoch says nothing until it has caught up.
    @Test
    void aDeviceThatIsAheadIsNotTakenBack() {
        source.topic.snapshot(snapshot(7));
        give(new Header.Observe(TEXT, "e", 9));
        device.takeAll();
        assertThat(device.headers()).isEmpty();

        source.topic.delta(delta(7));
        source.topic.delta(delta(8));
        device.takeAll();
        source.topic.delta(delta(9));
        device.takeAll();

        assertThat(device.headers())
                .startsWith(new Header.Current(TEXT, "e", 9))
                .endsWith(new Header.Delta(TEXT, "e", 9, 10, false))
                .hasSize(2);
    }

    // Symptom: the memory of a service grew without bound. Cause: a device asked and never took the
    // answers, which were kept. Fix: it loses its link.
    @Test
    void whoAsksWithoutTakingAnswersLosesTheLink() {
        give(new Header.Ping());
        long pings = LIMITS.waitingBytes() / 200 + 10;
        for (long i = 0; i < pings && device.closed == null; i++) {
            give(new Header.Ping());
        }

        assertThat(device.closed).isNotNull().contains("not taken");
    }

    // Symptom: a device could send no more actions at all. Cause: an action whose gate failed was
    // neither answered nor counted off. Fix: it is answered as a fault.
    @Test
    void anActionWhoseGateFailsIsAnswered() {
        gate.answer =
                () -> CompletableFuture.failedFuture(new StackOverflowError("provoked by a test"));
        for (int i = 0; i < LIMITS.actions() + 1; i++) {
            give(new Header.Action("" + i, "a.Do", null));
        }
        device.takeAll();

        assertThat(device.headers())
                .hasSize(LIMITS.actions() + 1)
                .allSatisfy(header ->
                        assertThat(header)
                                .isInstanceOfSatisfying(
                                        Header.Outcome.class,
                                        outcome ->
                                                assertThat(outcome.code()).isEqualTo("INTERNAL")));
    }

    @Test
    void moreActionsThanAllowedAtOnceAreRefusedAndOnesThatEndMakeRoom() {
        List<CompletableFuture<ActionGate.Done>> running = new ArrayList<>();
        gate.answer =
                () -> {
                    CompletableFuture<ActionGate.Done> one = new CompletableFuture<>();
                    running.add(one);
                    return one;
                };
        for (int i = 0; i < LIMITS.actions() + 3; i++) {
            give(new Header.Action("" + i, "a.Do", null));
        }
        assertThat(running).hasSize(LIMITS.actions());
        running.getFirst().complete(ActionGate.Done.applied(new byte[0]));
        give(new Header.Action("again", "a.Do", null));

        assertThat(running).hasSize(LIMITS.actions() + 1);
    }

    @Test
    void moreListsThanAllowedAreRefusedOneByOne() {
        for (int i = 0; i <= LIMITS.topics(); i++) {
            give(new Header.Observe(Selector.of("a.B", Map.of("n", "" + i)).text(), null, 0));
        }
        device.takeAll();

        assertThat(device.headers())
                .singleElement()
                .isInstanceOfSatisfying(
                        Header.Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("CONFLICT"));
    }

    @Test
    void selectorsThatAreTooLongTogetherAreRefusedAndOnesGivenUpMakeRoom() {
        String longest = "x".repeat(4_000);
        int fit = (int) (LIMITS.selectorChars() / 4_020);
        for (int i = 0; i <= fit + 1; i++) {
            give(new Header.Observe(selector(longest, i), null, 0));
        }
        device.takeAll();
        assertThat(device.headers()).anyMatch(Header.Problem.class::isInstance);
        device.taken.clear();

        for (int i = 0; i < 4; i++) {
            give(new Header.Unobserve(selector(longest, i)));
        }
        give(new Header.Observe(selector(longest, 9_999), null, 0));
        device.takeAll();
        assertThat(device.headers()).noneMatch(Header.Problem.class::isInstance);
    }

    private static String selector(String longest, int n) {
        return Selector.of("a.B", Map.of("n", longest + n)).text();
    }

    @Test
    void aServiceMayHaveMoreUnderWayThanADevice() {
        Link.Listener other =
                service.accept(device, new Caller.Service(ServiceKind.CLIENT, "client"));
        other.frame(Frame.of(new Header.Hello(1, "client", true)));
        for (int i = 0; i < LIMITS.actions() + 3; i++) {
            other.frame(Frame.of(new Header.Action("" + i, "a.Do", null)));
        }
        device.takeAll();

        assertThat(device.headers()).noneMatch(Header.Outcome.class::isInstance);
    }

    @Test
    void onlyAClientServiceSpeaksForDevices() {
        for (ServiceKind kind : List.of(ServiceKind.CLIENT, ServiceKind.AGENT)) {
            service.accept(device, new Caller.Service(kind, "depot"))
                    .frame(Frame.of(new Header.Hello(1, "depot", true)));
        }
        device.takeAll();

        assertThat(device.headers())
                .filteredOn(Header.Welcome.class::isInstance)
                .extracting(header -> ((Header.Welcome) header).caller())
                .containsExactly("device:of-depot", "service:agent:depot");
    }

    @Test
    void halfACharacterTravelsAsItIs() {
        Selector half = Selector.of("a.B", Map.of("x", "cut \ud83d"));

        Header read = Frame.parse(Frame.of(new Header.Unobserve(half.text())).bytes()).header();

        assertThat(Selector.parse(((Header.Unobserve) read).selector())).isEqualTo(half);
    }

    // Symptom: a plugin's message of a hundred kilobytes ended the link to every device. Cause: the
    // header became longer than allowed. Fix: messages are cut.
    @Test
    void aMessageOfAnyKindCanBeSent() {
        String message = "🦜".repeat(50_000);
        Header read =
                Frame.parse(Frame.of(new Header.Problem(TEXT, "X", "x" + message)).bytes())
                        .header();

        assertThat(((Header.Problem) read).message())
                .startsWith("x🦜🦜")
                .endsWith("…")
                .hasSizeLessThan(5_000);
    }

    @Test
    void aLinkAcceptedByAServiceThatHasStoppedIsEnded() {
        service.close();
        Device late = new Device();
        service.accept(late, new Caller.Device("late"));

        assertThat(late.closed).isEqualTo("the service is stopping");
    }

    @Test
    void anAnswerOvertakesTheRestOfALargeSnapshot() {
        Frame large = large(1);
        source.topic.snapshot(large);
        give(new Header.Observe(TEXT, null, 0));
        device.takeOne();

        give(new Header.Ping());
        device.takeAll();

        int answer = device.headers().indexOf(new Header.Pong());
        assertThat(device.headers().subList(0, answer)).hasSizeLessThan(4);
        assertThat(device.headers().subList(answer + 1, device.headers().size()))
                .hasSizeGreaterThan(4)
                .allMatch(Header.Part.class::isInstance);
        assertThat(device.joined()).containsExactly("pong", large.header().toString());
    }

    @Test
    void whatFollowsALargeSnapshotComesAfterItsLastPiece() {
        source.topic.snapshot(large(1));
        give(new Header.Observe(TEXT, null, 0));
        device.takeOne();

        source.topic.delta(delta(1));
        device.takeAll();

        assertThat(device.headers().getLast()).isEqualTo(new Header.Delta(TEXT, "e", 1, 2, false));
        assertThat(device.headers().get(device.headers().size() - 2))
                .matches(header -> header instanceof Header.Part part && part.last());
    }

    @Test
    void piecesOfMoreThanTheLargestFrameAreRefused() {
        Pieces.Joined joined = new Pieces.Joined();
        byte[] piece = new byte[8 << 20];
        for (int i = 0; i < 4; i++) {
            assertThat(joined.take(new Header.Part(i, false), piece)).isNull();
        }
        assertThatThrownBy(() -> joined.take(new Header.Part(9, false), new byte[1]))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("more than 33554432 bytes together");
    }

    private static Frame large(long version) {
        byte[] payload = new byte[150_000];
        new Random(7).nextBytes(payload);
        return Frame.of(new Header.Snapshot(TEXT, "e", version, false), payload);
    }

    private static Frame snapshot(long version) {
        return Frame.of(new Header.Snapshot(TEXT, "e", version, false), new byte[100]);
    }

    private static Frame delta(long from) {
        return Frame.of(new Header.Delta(TEXT, "e", from, from + 1, false), new byte[10]);
    }

    /// Gives one topic to everybody.
    private static final class Source implements TopicSource {
        private final Topic topic = new Topic(SELECTOR);
        private final List<Consumer<String>> offers = new CopyOnWriteArrayList<>();
        private final List<Topic.Observer> observers = new CopyOnWriteArrayList<>();
        private @Nullable PeekException refusal;
        private Runnable whileRefusing = () -> {};
        private Runnable whileObserving = () -> {};

        @Override
        public Topic observe(Selector selector, Caller caller, Topic.Observer observer) {
            PeekException refused = refusal;
            if (refused != null) {
                whileRefusing.run();
                throw refused;
            }
            Topic given = selector.equals(SELECTOR) ? topic : new Topic(selector);
            given.add(observer);
            observers.add(observer);
            whileObserving.run();
            return given;
        }

        void tell() {
            observers.getLast().changed(topic);
        }

        @Override
        public void unobserve(Topic left, Topic.Observer observer) {
            left.remove(observer);
        }

        @Override
        public Registration onOffer(Consumer<String> listener) {
            offers.add(listener);
            return () -> offers.remove(listener);
        }
    }

    private static final class Gate implements ActionGate {
        private Supplier<CompletableFuture<Done>> answer = CompletableFuture::new;

        @Override
        public boolean handles(String type) {
            return true;
        }

        @Override
        public CompletableFuture<Done> act(String type, byte[] payload, Caller caller) {
            return answer.get();
        }

        @Override
        public CompletableFuture<Done> actQueued(
                String type, byte[] payload, Caller caller, Header.Queued place) {
            return answer.get();
        }
    }

    /// Takes frames when told to.
    private static final class Device implements Link {
        private final List<Frame> taken = new CopyOnWriteArrayList<>();
        private final List<Runnable> unwritten = new CopyOnWriteArrayList<>();
        private volatile @Nullable String closed;

        @Override
        public void send(Frame frame, Runnable written) {
            taken.add(frame);
            unwritten.add(written);
        }

        @Override
        public void close(CloseReason reason) {
            closed = reason.text();
        }

        void takeAll() {
            while (!unwritten.isEmpty()) {
                unwritten.removeFirst().run();
            }
        }

        void takeOne() {
            unwritten.removeFirst().run();
        }

        /// The frames in the order in which they are whole at the receiver.
        List<String> joined() {
            Pieces.Joined joined = new Pieces.Joined();
            List<String> whole = new ArrayList<>();
            for (Frame frame : taken) {
                if (frame.header() instanceof Header.Part part) {
                    Frame made = joined.take(part, frame.payload());
                    if (made != null) {
                        whole.add(made.header().toString());
                    }
                } else {
                    whole.add(frame.header() instanceof Header.Pong ? "pong" : frame.toString());
                }
            }
            return whole;
        }

        List<Header> headers() {
            return taken.stream().map(Frame::header).toList();
        }
    }
}
