package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;

/// The dialing side against a service that a test plays by hand.
class LinkClientTest {
    private static final Selector SELECTOR = Selector.of("a.B", Map.of());
    private static final String TEXT = SELECTOR.text();
    private static final Caller SELF = new Caller.Device("x");
    private static final byte[] PAYLOAD = {'{', '}'};

    private final PlatformThreads threads = new PlatformThreads();
    private final ByHand service = new ByHand();
    private LinkClient client = client(timing());

    @AfterEach
    void close() {
        client.close();
        threads.close();
    }

    private LinkClient client(LinkClient.Timing timing) {
        return new LinkClient("test", false, service, threads, timing);
    }

    private static LinkClient.Timing timing() {
        return new LinkClient.Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofMillis(1));
    }

    private ByHand.Dialed online() throws InterruptedException {
        client.start();
        return service.next().welcome();
    }

    @Test
    void silenceIsBrokenByAPingAndEndsTheLinkWhenNobodyAnswers() throws Exception {
        client =
                client(
                        new LinkClient.Timing(
                                Duration.ofSeconds(5),
                                Duration.ofMillis(20),
                                Duration.ofMillis(20),
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofSeconds(5)));
        ByHand.Dialed link = online();

        assertThat(link.nextHeader()).isEqualTo(new Header.Ping());
        assertThat(link.nextClose()).isEqualTo("nothing was heard for too long");
        service.next();
    }

    @Test
    void aLinkThatAnswersItsPingsIsKept() throws Exception {
        client =
                client(
                        new LinkClient.Timing(
                                Duration.ofSeconds(5),
                                Duration.ofMillis(1),
                                Duration.ofMillis(400),
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofSeconds(5)));
        ByHand.Dialed link = online();
        CountDownLatch pings = new CountDownLatch(3);
        link.beforeSending(header -> {
            if (header instanceof Header.Ping) {
                link.give(new Header.Pong());
                pings.countDown();
            }
        });

        assertThat(pings.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(client.state()).isInstanceOf(LinkState.Online.class);
    }

    @Test
    void aServiceThatCannotBeReachedIsDialedAtGrowingIntervals() throws Exception {
        client =
                client(
                        new LinkClient.Timing(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(8),
                                Duration.ofMillis(32),
                                Duration.ofSeconds(5)));
        client.start();
        List<Duration> rests = new ArrayList<>();
        ByHand.Dialed last = service.next();
        for (int i = 0; i < 5; i++) {
            last.refuse("nobody there");
            ByHand.Dialed next = service.next();
            rests.add(Duration.ofNanos(next.at - last.at));
            last = next;
        }

        assertThat(rests.get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(4));
        assertThat(rests.get(1)).isGreaterThanOrEqualTo(Duration.ofMillis(8));
        assertThat(rests.subList(2, 5))
                .allSatisfy(rest -> assertThat(rest).isGreaterThanOrEqualTo(Duration.ofMillis(16)));
        assertThat(client.state()).isEqualTo(new LinkState.Offline("nobody there"));
    }

    // Symptom: a service that welcomed and then cut the link, for a frame it did not like, was
    // dialed ten times a second for ever. Cause: the welcome reset the back-off. Fix: only a link
    // that has held for a while does.
    @Test
    void aLinkThatIsCutAsSoonAsItIsUpIsDialedAtGrowingIntervalsToo() throws Exception {
        client =
                client(
                        new LinkClient.Timing(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(1),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(5)));
        client.start();
        ByHand.Dialed first = service.next();
        ByHand.Dialed last = first;
        for (int i = 0; i < 7; i++) {
            last.welcome().close(new Link.CloseReason(1008, "I do not like you"));
            last = service.next();
        }

        // At least half of 1 + 2 + 4 + … + 64 ms.
        assertThat(Duration.ofNanos(last.at - first.at))
                .isGreaterThanOrEqualTo(Duration.ofMillis(63));
    }

    // Symptom: a dialer that threw instead of failing its future was never asked again. Cause: the
    // exception ended the timer's task. Fix: it counts as a failed dialing.
    @Test
    void aDialerThatThrowsIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        client =
                new LinkClient(
                        "test",
                        false,
                        listener -> {
                            if (asked.incrementAndGet() < 3) {
                                throw new IllegalStateException("no key to show");
                            }
                            return service.dial(listener);
                        },
                        threads,
                        timing());
        client.start();

        service.next().welcome();

        assertThat(client.state()).isInstanceOf(LinkState.Online.class);
    }

    @Test
    void anActionWithoutAnAnswerEndsAsTimedOut() throws Exception {
        client =
                client(
                        new LinkClient.Timing(
                                Duration.ofMillis(20),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofSeconds(5)));
        ByHand.Dialed link = online();
        CompletableFuture<ActionGate.Done> done = client.act("a.Do", PAYLOAD, SELF);
        Header.Action sent = (Header.Action) link.nextHeader();

        assertThat(done.get(5, TimeUnit.SECONDS).code()).isEqualTo("TIMED_OUT");
        // An answer that comes later finds nobody.
        link.give(new Header.Outcome(sent.id(), Header.Result.APPLIED, null, null), "[]");
        assertThat(client.state()).isInstanceOf(LinkState.Online.class);
    }

    @Test
    void anActionUnderWayWhenTheLinkIsLostEndsAndIsNotSentAgain() throws Exception {
        ByHand.Dialed first = online();
        CompletableFuture<ActionGate.Done> done = client.act("a.Do", PAYLOAD, SELF);
        first.close(new Link.CloseReason(1001, "cut"));

        assertThat(done.get(5, TimeUnit.SECONDS).code()).isEqualTo("TIMED_OUT");
        ByHand.Dialed second = service.next().welcome();
        assertThat(second.hasSentNothing()).isTrue();
    }

    @Test
    void withoutALinkAnActionIsNotSent() throws Exception {
        client.start();
        service.next();

        assertThat(client.act("a.Do", PAYLOAD, SELF).get(5, TimeUnit.SECONDS).code())
                .isEqualTo("OFFLINE");
    }

    // Symptom: one device could cut the link of all devices of its client service. Cause: an action
    // just below the limit grew beyond it by the header added on the way up. Fix: refused here.
    @Test
    void anActionThatWouldEndTheLinkIsNotSent() throws Exception {
        ByHand.Dialed link = online();

        assertThat(client.act("a.Do", new byte[Frame.MAX_BYTES_FROM_DEVICE - 50], SELF))
                .succeedsWithin(Duration.ofSeconds(5))
                .extracting(ActionGate.Done::code)
                .isEqualTo("BAD_REQUEST");
        assertThat(client.act("a." + "x".repeat(70_000), PAYLOAD, SELF))
                .succeedsWithin(Duration.ofSeconds(5))
                .extracting(ActionGate.Done::code)
                .isEqualTo("BAD_REQUEST");
        assertThat(link.hasSentNothing()).isTrue();
        assertThat(
                        Frame.of(
                                        new Header.Action(
                                                "123456789",
                                                "\u0001".repeat(TupleCodec.MAX_NAME),
                                                "device:" + "\u0001".repeat(193)),
                                        new byte[LinkClient.MAX_ACTION_BYTES])
                                .bytes())
                .hasSizeLessThanOrEqualTo(Frame.MAX_BYTES_FROM_DEVICE);
    }

    // Symptom: actions sent over a new link failed, and the service was dialed once more beside it,
    // when the end of the link before was told late. Cause: whatever closed counted as the present
    // link. Fix: only the current connection counts.
    @Test
    void theLateEndOfALinkDoesNotHarmTheNextOne() throws Exception {
        ByHand.Dialed first = online();
        first.close(new Link.CloseReason(1001, "cut"));
        ByHand.Dialed second = service.next().welcome();
        CompletableFuture<ActionGate.Done> done = client.act("a.Do", PAYLOAD, SELF);

        first.listener.closed("cut, once more");

        Header.Action sent = (Header.Action) second.nextHeader();
        second.give(new Header.Outcome(sent.id(), Header.Result.APPLIED, null, null), "[]");
        assertThat(done.get(5, TimeUnit.SECONDS).result()).isEqualTo(Header.Result.APPLIED);
        assertThat(client.state()).isInstanceOf(LinkState.Online.class);
        assertThat(service.isDialedWithin(50)).isFalse();
    }

    // Symptom: rows of before a lost link came back over newer ones. Cause: a frame of the dead
    // connection was still dealt with. Fix: frames of another connection than the current are
    // dropped.
    @Test
    void lateFramesOfALinkThatIsLostAreIgnored() throws Exception {
        ByHand.Dialed first = online();
        Topic topic = client.observe(SELECTOR, SELF, changed -> {});
        first.close(new Link.CloseReason(1001, "cut"));
        ByHand.Dialed second = service.next().welcome();
        second.give(new Header.Snapshot(TEXT, "new", 7, false), "{}");

        first.give(new Header.Snapshot(TEXT, "old", 99, false), "{}");
        first.give(new Header.Welcome(1, "server", "the old one", "0", "device:x"));

        assertThat(topic.epoch()).isEqualTo("new");
        assertThat(topic.version()).isEqualTo(7);
        assertThat(client.state()).isEqualTo(new LinkState.Online("by hand", "1"));
    }

    // Symptom: after closing, the service still had a link of this client, for ever. Cause: a link
    // that opened only after the close was greeted as if nothing had happened. Fix: it is closed.
    @Test
    void aLinkThatOpensAfterTheClientWasClosedIsClosed() throws Exception {
        client.start();
        ByHand.Dialed dialed = service.next();
        client.close();
        dialed.open();

        assertThat(dialed.nextClose()).isEqualTo("done");
        assertThat(dialed.hasSentNothing()).isTrue();
        assertThat(client.state()).isEqualTo(new LinkState.Closed());
    }

    @Test
    void statesAreToldInTheirOrder() throws Exception {
        List<LinkState> states = new CopyOnWriteArrayList<>();
        client.onState(state -> {
            throw new IllegalStateException("a listener that fails harms no other");
        });
        client.onState(states::add);
        ByHand.Dialed link = online();
        link.close(new Link.CloseReason(1001, "cut"));
        service.next().welcome();
        client.close();

        assertThat(states)
                .containsExactly(
                        new LinkState.Online("by hand", "1"),
                        new LinkState.Offline("cut"),
                        new LinkState.Online("by hand", "1"),
                        new LinkState.Closed());
    }

    // Symptom: rows stopped coming for who observed again at the moment at which the unobserved
    // topic was given up. Cause: the unobserve left after the new observe, because it was sent
    // after the lock. Fix: frames get their place under the lock.
    @Test
    void observingAgainWhileATopicIsGivenUpEndsAsObserved() throws Exception {
        ByHand.Dialed link = online();
        Topic.Observer observer = changed -> {};
        Topic topic = client.observe(SELECTOR, SELF, observer);
        assertThat(link.nextHeader()).isInstanceOf(Header.Observe.class);
        CountDownLatch givenUp = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        link.beforeSending(header -> {
            if (header instanceof Header.Unobserve) {
                givenUp.countDown();
                awaitUninterruptibly(go);
            }
        });
        client.unobserve(topic, observer);
        assertThat(givenUp.await(5, TimeUnit.SECONDS)).isTrue();
        client.observe(SELECTOR, SELF, observer);
        go.countDown();

        assertThat(link.nextHeader()).isEqualTo(new Header.Unobserve(TEXT));
        assertThat(link.nextHeader()).isEqualTo(new Header.Observe(TEXT, null, 0));
    }

    // Symptom: a client service and its server exchanged snapshots without end once a log of deltas
    // had grown long. Cause: a service answers the request for a new base with its base and the
    // deltas after it, of which each that was held already was taken for a gap and answered by
    // observing anew. Fix: deltas of the same epoch that lead no further are old news.
    @Test
    void aNewBaseOlderThanWhatIsHeldCausesNoFurtherRequests() throws Exception {
        ByHand.Dialed link = online();
        Topic topic = client.observe(SELECTOR, SELF, changed -> {});
        assertThat(link.nextHeader()).isEqualTo(new Header.Observe(TEXT, null, 0));
        link.give(new Header.Snapshot(TEXT, "e", 1, false), "{}");
        int last = Topic.MAX_LOG_FRAMES + 5;
        for (int from = 1; from < last; from++) {
            link.give(new Header.Delta(TEXT, "e", from, from + 1, false), "{}");
        }
        assertThat(link.nextHeader()).isEqualTo(new Header.SnapshotRequest(TEXT));
        assertThat(link.hasSentNothing()).as("one request is enough").isTrue();

        link.give(new Header.Snapshot(TEXT, "e", last - 20, false), "{}");
        for (int from = last - 20; from < last + 2; from++) {
            link.give(new Header.Delta(TEXT, "e", from, from + 1, false), "{}");
        }

        assertThat(link.hasSentNothing()).isTrue();
        assertThat(topic.version()).isEqualTo(last + 2);
        assertThat(topic.since(null, 0).frames()).hasSize(1 + 22);
    }

    // Symptom: each large change of a list made a device and its client service exchange the same
    // rows several times. Cause: the service had no newer base yet and answered with its old one
    // and the deltas after it, which were asked to be shortened again at once. Fix: only news asks.
    @Test
    void aServiceThatHasNoNewerBaseIsNotAskedAgainBeforeThereIsNews() throws Exception {
        ByHand.Dialed link = online();
        client.observe(SELECTOR, SELF, changed -> {});
        assertThat(link.nextHeader()).isEqualTo(new Header.Observe(TEXT, null, 0));
        link.give(new Header.Snapshot(TEXT, "e", 1, false), "{}");
        String large = "x".repeat(Topic.MAX_LOG_BYTES + 1);
        link.give(new Header.Delta(TEXT, "e", 1, 2, false), large);
        assertThat(link.nextHeader()).isEqualTo(new Header.SnapshotRequest(TEXT));

        link.give(new Header.Snapshot(TEXT, "e", 1, false), "{}");
        link.give(new Header.Delta(TEXT, "e", 1, 2, false), large);
        assertThat(link.hasSentNothing()).isTrue();

        link.give(new Header.Delta(TEXT, "e", 2, 3, false), "{}");
        assertThat(link.nextHeader()).isEqualTo(new Header.SnapshotRequest(TEXT));
    }

    @Test
    void aGapIsAskedAboutOnceUntilTheSnapshotComes() throws Exception {
        ByHand.Dialed link = online();
        Topic topic = client.observe(SELECTOR, SELF, changed -> {});
        link.nextHeader();
        link.give(new Header.Snapshot(TEXT, "e", 1, false), "{}");
        for (int from = 5; from < 10; from++) {
            link.give(new Header.Delta(TEXT, "e", from, from + 1, false), "{}");
        }
        assertThat(link.nextHeader()).isEqualTo(new Header.Observe(TEXT, null, 0));
        assertThat(link.hasSentNothing()).isTrue();

        link.give(new Header.Snapshot(TEXT, "e", 10, false), "{}");
        assertThat(topic.version()).isEqualTo(10);
        link.give(new Header.Delta(TEXT, "f", 10, 11, false), "{}");
        assertThat(link.nextHeader()).isEqualTo(new Header.Observe(TEXT, null, 0));
    }

    // Symptom: the caller of close, and with it the thread of the link, ran what a plugin had hung
    // on the answer to its action. Fix: answers are given on threads of their own.
    @Test
    void whoWaitsForAnActionGoesOnWithoutTheThreadOfTheLink() throws Exception {
        online();
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Boolean> entered = new CompletableFuture<>();
        var _ =
                client.act("a.Do", PAYLOAD, SELF)
                        .thenAccept(done -> {
                            entered.complete(Thread.currentThread().isVirtual());
                            awaitUninterruptibly(never);
                        });

        client.close();

        assertThat(entered.get(5, TimeUnit.SECONDS)).isTrue();
        never.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
