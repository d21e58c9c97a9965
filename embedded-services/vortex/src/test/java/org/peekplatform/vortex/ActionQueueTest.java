package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The queue of a device against a service that a test plays.
class ActionQueueTest {
    private final PlatformThreads threads = new PlatformThreads();
    private final ByHand service = new ByHand();
    private final InMemoryQueueStore.Disk disk = new InMemoryQueueStore.Disk();
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private LinkClient link;
    private ActionQueue queue;

    @BeforeEach
    void open() {
        link =
                new LinkClient(
                        "device",
                        false,
                        service,
                        threads,
                        new LinkClient.Timing(
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(20),
                                Duration.ofMillis(1),
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)));
        link.start();
        queue = openQueue();
    }

    private ActionQueue openQueue() {
        return openQueue(new ActionQueue.Retries(Duration.ofMillis(5), Duration.ofMillis(20)));
    }

    private ActionQueue openQueue(ActionQueue.Retries retries) {
        return ActionQueue.open(
                new InMemoryQueueStore(disk),
                link,
                new Caller.Device("ignored"),
                threads,
                InstantSource.system(),
                retries);
    }

    @AfterEach
    void close() {
        queue.close();
        link.close();
        threads.close();
    }

    private ActionQueue.Ticket put(String plugin, String text) {
        return queue.enqueue(
                plugin,
                plugin + ".Do",
                text.getBytes(StandardCharsets.UTF_8),
                done -> outcomes.add(text + " " + done.result()));
    }

    private void putStored(String plugin, String text) {
        assertThat(put(plugin, text).stored()).succeedsWithin(Duration.ofSeconds(5));
    }

    private static Header.Action next(ByHand.Dialed server) throws InterruptedException {
        return (Header.Action) server.nextHeader();
    }

    private static Header.Queued place(Header.Action action) {
        Header.Queued place = action.queued();
        assertThat(place).isNotNull();
        return place;
    }

    private static void answer(ByHand.Dialed server, Header.Action action, ErrorCode code) {
        server.give(
                new Header.Outcome(action.id(), Header.Result.FAILED, code.name(), "A sentence."));
    }

    private static void apply(ByHand.Dialed server, Header.Action action) {
        server.give(new Header.Outcome(action.id(), Header.Result.APPLIED, null, null), "[]");
    }

    private String outcome() throws InterruptedException {
        String outcome = outcomes.poll(5, TimeUnit.SECONDS);
        assertThat(outcome).as("an outcome within 5 s").isNotNull();
        return outcome;
    }

    @Test
    void whatIsPutInWithoutALinkIsStoredAndSentInOrderWhenThereIsOne() throws Exception {
        putStored("a", "1");
        putStored("a", "2");
        putStored("b", "3");
        assertThat(disk.read()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(queue.waiting()).isEqualTo(3);
        assertThat(queue.list())
                .extracting(ActionQueue.Listed::state)
                .containsOnly(ActionQueue.State.WAITING);

        ByHand.Dialed server = service.next().welcome();
        List<Header.Action> sent = List.of(next(server), next(server), next(server));

        assertThat(
                        sent.stream()
                                .filter(one -> one.type().equals("a.Do"))
                                .map(one -> place(one).sequence()))
                .containsExactly(1L, 2L);
        assertThat(
                        sent.stream()
                                .filter(one -> one.type().equals("b.Do"))
                                .map(one -> place(one).sequence()))
                .containsExactly(1L);
        sent.forEach(one -> apply(server, one));
        assertThat(List.of(outcome(), outcome(), outcome()))
                .containsExactlyInAnyOrder("1 APPLIED", "2 APPLIED", "3 APPLIED");
        assertThat(queue.list()).isEmpty();
    }

    @Test
    void afterALostLinkTheSameNumbersAreSentAgain() throws Exception {
        putStored("a", "1");
        putStored("a", "2");
        ByHand.Dialed first = service.next().welcome();
        Header.Queued one = place(next(first));
        Header.Queued two = place(next(first));
        first.close(new Link.CloseReason(1001, "cut"));
        ByHand.Dialed second = service.next().welcome();

        assertThat(List.of(place(next(second)), place(next(second)))).containsExactly(one, two);
    }

    @Test
    void noMoreThanAWindowIsUnderWayAndItMovesWithTheAnswers() throws Exception {
        for (int i = 1; i <= ActionQueue.WINDOW + 3; i++) {
            putStored("a", "" + i);
        }
        ByHand.Dialed server = service.next().welcome();
        List<Header.Action> sent = new ArrayList<>();
        for (int i = 0; i < ActionQueue.WINDOW; i++) {
            sent.add(next(server));
        }
        assertThat(server.hasSentNothing()).isTrue();

        apply(server, sent.getFirst());
        assertThat(outcome()).isEqualTo("1 APPLIED");

        Header.Queued more = place(next(server));
        assertThat(more.sequence()).isEqualTo(ActionQueue.WINDOW + 1);
    }

    // Only what is stored may be acknowledged: the server forgets it, and a device that is switched
    // off before it has stored an outcome must be able to ask again.
    @Test
    void anOutcomeIsAcknowledgedAfterItIsStored() throws Exception {
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        Header.Action one = next(server);
        assertThat(place(one).acknowledged()).isZero();
        disk.full(true);
        apply(server, one);
        // Could not be stored, so it is asked for again.
        Header.Action again = next(server);
        assertThat(place(again)).isEqualTo(place(one));
        disk.full(false);
        apply(server, again);
        assertThat(outcome()).isEqualTo("1 APPLIED");
        putStored("a", "2");

        assertThat(place(next(server)).acknowledged()).isEqualTo(1);
    }

    @Test
    void whatIsNotTakenNowIsSentAgainWithAllThatFollows() throws Exception {
        putStored("a", "1");
        putStored("a", "2");
        ByHand.Dialed server = service.next().welcome();
        Header.Action one = next(server);
        Header.Action two = next(server);
        answer(server, one, ErrorCode.NOT_OFFERED);
        answer(server, two, ErrorCode.OUT_OF_ORDER);

        Header.Action oneAgain = next(server);
        Header.Action twoAgain = next(server);
        assertThat(place(oneAgain)).isEqualTo(place(one));
        assertThat(place(twoAgain)).isEqualTo(place(two));
        apply(server, oneAgain);
        apply(server, twoAgain);
        assertThat(List.of(outcome(), outcome())).contains("1 APPLIED", "2 APPLIED");
    }

    @Test
    void aPluginWhoseActionsAreNotTakenHoldsUpNoOther() throws Exception {
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        Header.Action stuck = next(server);
        putStored("b", "2");
        Header.Action other = next(server);
        apply(server, other);
        assertThat(outcome()).isEqualTo("2 APPLIED");
        answer(server, stuck, ErrorCode.STOPPED);

        assertThat(place(next(server))).isEqualTo(place(stuck));
    }

    @Test
    void aRejectedActionStaysInTheListUntilItIsRemovedAndIsNotSentAgain() throws Exception {
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        server.give(
                new Header.Outcome(
                        next(server).id(), Header.Result.REJECTED, "A_NO", "No, because."));
        assertThat(outcome()).isEqualTo("1 REJECTED");
        queue.close();
        queue = openQueue();

        assertThat(queue.waiting()).isZero();
        ActionQueue.Listed left = queue.list().getFirst();
        assertThat(left.state()).isEqualTo(ActionQueue.State.REJECTED);
        assertThat(left.message()).isEqualTo("No, because.");
        putStored("a", "2");
        assertThat(place(next(server)).sequence()).isEqualTo(2);

        assertThat(queue.discard(left.id())).succeedsWithin(Duration.ofSeconds(5));
        assertThat(queue.list()).extracting(ActionQueue.Listed::id).doesNotContain(left.id());
    }

    @Test
    void aRejectedActionIsSentAgainWithANewNumberWhenThePersonWantsIt() throws Exception {
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        Header.Action first = next(server);
        server.give(new Header.Outcome(first.id(), Header.Result.REJECTED, "A_NO", "No."));
        assertThat(outcome()).isEqualTo("1 REJECTED");
        ActionQueue.Listed rejected = queue.list().getFirst();

        assertThat(queue.sendAgain(rejected.id())).succeedsWithin(Duration.ofSeconds(5));

        Header.Action again = next(server);
        assertThat(place(again)).isEqualTo(new Header.Queued(place(first).queue(), 2, 1));
        assertThat(queue.list()).hasSize(1);
        assertThat(queue.list().getFirst().id()).isGreaterThan(rejected.id());
        queue.close();
        queue = openQueue();
        assertThat(queue.list()).hasSize(1);
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void whatWasNeverSentCanBeDiscardedAndTheRestMovesUp() throws Exception {
        putStored("a", "1");
        putStored("a", "2");
        putStored("a", "3");
        putStored("b", "4");

        assertThat(queue.discard(queue.list().get(1).id())).succeedsWithin(Duration.ofSeconds(5));

        assertThat(outcome()).isEqualTo("2 FAILED");
        assertThat(queue.waiting()).isEqualTo(3);
        List<QueueStore.Entry> kept = entries();
        assertThat(kept).extracting(QueueStore.Entry::sequence).containsExactly(1L, 2L, 1L);
        putStored("a", "5");
        ByHand.Dialed server = service.next().welcome();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Frame frame = server.nextFrame();
            sent.add(
                    place((Header.Action) frame.header()).sequence()
                            + " "
                            + new String(frame.payload(), StandardCharsets.UTF_8));
        }
        assertThat(sent).containsExactlyInAnyOrder("1 1", "2 3", "3 5", "1 4");
    }

    @Test
    void theLastOneDiscardedGivesItsNumberToTheNext() {
        putStored("a", "1");
        putStored("a", "2");
        assertThat(queue.discard(queue.list().get(1).id())).succeedsWithin(Duration.ofSeconds(5));
        queue.close();
        queue = openQueue();
        putStored("a", "3");

        assertThat(entries()).extracting(QueueStore.Entry::sequence).containsExactly(1L, 2L);
    }

    // It may have been carried out, so that taking it out would not take it back, and giving its
    // number
    // to another would have that one taken for it.
    @Test
    void whatMayHaveBeenCarriedOutCannotBeDiscarded() throws Exception {
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        putStored("a", "2");
        Header.Action one = next(server);
        next(server);
        long id = queue.list().getFirst().id();
        assertThat(queue.discard(id))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("may have been made already");

        server.close(new Link.CloseReason(1001, "cut"));
        Awaiting.until(() -> queue.list().getFirst().state() == ActionQueue.State.WAITING);
        assertThat(queue.discard(id)).failsWithin(Duration.ofSeconds(5));
        queue.close();
        queue = openQueue();
        assertThat(queue.discard(id)).failsWithin(Duration.ofSeconds(5));
        assertThat(place(next(service.next().welcome()))).isEqualTo(place(one));
    }

    @Test
    void whatTheServerSaysItHasNotCarriedOutCanBeDiscardedAndTheRestBecomesANewQueue()
            throws Exception {
        queue.close();
        queue = openQueue(new ActionQueue.Retries(Duration.ofHours(1), Duration.ofHours(1)));
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        putStored("a", "2");
        Header.Action one = next(server);
        Header.Action two = next(server);
        answer(server, one, ErrorCode.NOT_OFFERED);
        answer(server, two, ErrorCode.OUT_OF_ORDER);
        Awaiting.until(
                () -> queue.list().stream().allMatch(each -> "A sentence.".equals(each.message())));

        assertThat(queue.discard(queue.list().getFirst().id()))
                .succeedsWithin(Duration.ofSeconds(5));

        assertThat(outcome()).isEqualTo("1 FAILED");
        Header.Queued left = place(next(server));
        assertThat(left.queue()).isNotEqualTo(place(one).queue());
        assertThat(left.sequence()).isEqualTo(1);
        assertThat(entries()).extracting(QueueStore.Entry::queue).containsExactly(left.queue());
    }

    @Test
    void whoeverDoesNotWantToWaitForThePauseSendsAtOnce() throws Exception {
        queue.close();
        queue = openQueue(new ActionQueue.Retries(Duration.ofHours(1), Duration.ofHours(1)));
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        Header.Action one = next(server);
        answer(server, one, ErrorCode.TIMED_OUT);
        Awaiting.until(() -> queue.list().getFirst().message() != null);

        assertThat(queue.sendAgain(queue.list().getFirst().id()))
                .succeedsWithin(Duration.ofSeconds(5));

        assertThat(place(next(server))).isEqualTo(place(one));
    }

    @Test
    void aDiscardThatCannotBeStoredChangesNothing() throws Exception {
        putStored("a", "1");
        putStored("a", "2");
        disk.full(true);
        assertThat(queue.discard(queue.list().getFirst().id())).failsWithin(Duration.ofSeconds(5));
        disk.full(false);

        assertThat(queue.waiting()).isEqualTo(2);
        ByHand.Dialed server = service.next().welcome();
        assertThat(place(next(server)).sequence()).isEqualTo(1);
        assertThat(place(next(server)).sequence()).isEqualTo(2);
    }

    private List<QueueStore.Entry> entries() {
        QueueContents contents = new QueueContents();
        disk.read().forEach(contents::apply);
        return List.copyOf(contents.entries.values());
    }

    @Test
    void aQueueOpenedAgainGoesOnWithItsNumbersAndItsName() throws Exception {
        putStored("a", "1");
        putStored("a", "2");
        queue.close();
        queue = openQueue();
        putStored("a", "3");

        ByHand.Dialed server = service.next().welcome();
        List<Header.Queued> places =
                List.of(place(next(server)), place(next(server)), place(next(server)));
        assertThat(places).extracting(Header.Queued::sequence).containsExactly(1L, 2L, 3L);
        assertThat(places).extracting(Header.Queued::queue).containsOnly(places.getFirst().queue());
    }

    // After an older backup was put back at the server, it asks for numbers the device has thrown
    // away. What is left has not been carried out there, and must not wait for ever.
    @Test
    void aServerThatHasForgottenTheQueueGetsTheRestAsANewOne() throws Exception {
        ByHand.Dialed server = service.next().welcome();
        putStored("a", "1");
        apply(server, next(server));
        outcome();
        putStored("a", "2");
        putStored("a", "3");
        Header.Action two = next(server);
        Header.Action three = next(server);
        answer(server, two, ErrorCode.OUT_OF_ORDER);
        answer(server, three, ErrorCode.OUT_OF_ORDER);

        Header.Queued anew = place(next(server));
        Header.Queued then = place(next(server));
        assertThat(anew.sequence()).isEqualTo(1);
        assertThat(then.sequence()).isEqualTo(2);
        assertThat(anew.queue()).isEqualTo(then.queue()).isNotEqualTo(place(two).queue());
    }

    @Test
    void aFullDiskRefusesWithoutAGapInTheNumbers() throws Exception {
        disk.full(true);
        assertThat(put("a", "lost").stored())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("the disk is full");
        disk.full(false);
        putStored("a", "1");
        ByHand.Dialed server = service.next().welcome();

        assertThat(place(next(server)).sequence()).isEqualTo(1);
        assertThat(queue.list()).hasSize(1);
    }

    @Test
    void aFullQueueSaysSoAndTakesAgainWhenThereIsRoom() {
        String large = "x".repeat(1_000_000);
        List<ActionQueue.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            tickets.add(put("a", large));
        }
        assertThat(tickets.getFirst().stored()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(tickets.getLast().stored())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("the queue of this device is full");
    }

    @Test
    void anActionThatNoFrameHoldsIsRefusedBeforeItGetsANumber() {
        byte[] tooLarge = new byte[LinkClient.MAX_ACTION_BYTES + 1];
        assertThatThrownBy(() -> queue.enqueue("a", "a.Do", tooLarge, done -> {}))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("queue less at once");
    }
}
