package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleType;

/// Providers that misbehave, and what comes and goes round them.
class ObservableHubTest {
    private static final Caller DEVICE = new Caller.Device("d");

    private final PlatformThreads threads = new PlatformThreads();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private ObservableHub hub = hub(Duration.ofSeconds(30));
    private final Party plugin = Party.platform("test");

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, String text) implements Tuple {}

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing) {
            one.close();
        }
        threads.close();
    }

    private ObservableHub hub(Duration patience) {
        ObservableHub made =
                new ObservableHub(
                        threads,
                        Transactions.none(),
                        Authorisation.asDeclared(),
                        Duration.ofMillis(1),
                        patience);
        closing.add(made);
        return made;
    }

    private Registration provide(TupleProvider<Row> provider) {
        return new PartyTuples(hub, plugin).provide(Row.class, Audience.DEVICES, provider);
    }

    private static List<Row> rows(String text) {
        return List.of(new Row(1, text));
    }

    private static TupleSelector<Row> selector(int n) {
        return TupleSelector.of(Row.class).with("n", "" + n);
    }

    // Symptom: rows of a plugin that had been stopped replaced the notice that it has. Cause: its
    // provider was still running and its answer was published. Fix: an answer counts only while its
    // offer does.
    @Test
    void anAnswerThatComesAfterItsProviderWasWithdrawnIsNotPublished() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Registration old =
                provide(selector -> {
                    entered.countDown();
                    go.await();
                    answered.countDown();
                    return rows("of the stopped plugin");
                });
        Observed seen = observe(1);
        entered.await();
        old.close();
        assertThat(seen.next()).startsWith("STOPPED");
        go.countDown();
        answered.await();
        provide(selector -> rows("of the next"));

        assertThat(seen.next()).isEqualTo("[Row[id=1, text=of the next]]");
        assertThat(seen.isQuiet()).isTrue();
    }

    // After a failure, what the keys tell is not all that is missing.
    @Test
    void afterAFailureAllRowsAreLoadedThoughOnlySomeAreSaidToHaveChanged() throws Exception {
        AtomicReference<List<Row>> table = new AtomicReference<>(rows("first"));
        AtomicBoolean failing = new AtomicBoolean();
        provide(
                new TupleProvider<>() {
                    @Override
                    public List<Row> load(TupleSelector<Row> selector) {
                        if (failing.get()) {
                            throw new IllegalStateException("provoked by a test");
                        }
                        return table.get();
                    }

                    @Override
                    public Optional<List<Row>> loadRows(
                            TupleSelector<Row> selector, Set<String> keys) {
                        return Optional.of(
                                load(selector).stream()
                                        .filter(row -> keys.contains("" + row.id()))
                                        .toList());
                    }
                });
        Observed seen = observe(1);
        seen.next();
        failing.set(true);
        table.set(List.of(new Row(1, "second"), new Row(2, "new")));
        new PartyTuples(hub, plugin).changed(selector(1), List.of(1));
        assertThat(seen.next()).startsWith("INTERNAL");

        failing.set(false);
        new PartyTuples(hub, plugin).changed(selector(1), List.of(1));

        assertThat(seen.next()).isEqualTo("[Row[id=1, text=second], Row[id=2, text=new]]");
    }

    // Symptom: a plugin that hung in its provider could not be mended by replacing it. Cause: the
    // call of the former provider was waited for. Fix: a call belongs to its offer.
    @Test
    void aReplacedProviderIsCalledThoughTheFormerOneHangs() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Registration old =
                provide(selector -> {
                    entered.countDown();
                    never.await();
                    return rows("too late");
                });
        Observed seen = observe(1);
        entered.await();
        old.close();
        assertThat(seen.next()).startsWith("STOPPED");
        provide(selector -> rows("mended"));

        assertThat(seen.next()).isEqualTo("[Row[id=1, text=mended]]");
        never.countDown();
        assertThat(seen.isQuiet()).isTrue();
    }

    // Symptom: sixteen lists that hung stopped all lists of their plugin, without a word. Fix: a
    // call that takes too long no longer counts, and its observers are told.
    @Test
    void providersThatHangHarmOnlyTheirOwnSelectors() throws Exception {
        hub = hub(Duration.ofMillis(20));
        CountDownLatch go = new CountDownLatch(1);
        provide(selector -> {
            if (!selector.require("n").equals("99")) {
                go.await();
            }
            return rows("row");
        });
        List<Observed> hanging = new ArrayList<>();
        for (int i = 0; i < ObservableHub.CALLS_PER_PARTY; i++) {
            hanging.add(observe(i));
        }
        Observed healthy = observe(99);

        assertThat(healthy.next()).isEqualTo("[Row[id=1, text=row]]");
        for (Observed one : hanging) {
            assertThat(one.next())
                    .isEqualTo(
                            "TIMED_OUT The plugin takes too long to provide test.Row; the rows come when it answers.");
        }
        go.countDown();
        for (Observed one : hanging) {
            assertThat(one.next()).isEqualTo("[Row[id=1, text=row]]");
        }
    }

    // Symptom: a list that hung was called again and again for every new observer, until the plugin
    // had no calls left. Cause: its entry was dropped when nobody observed it. Fix: not while its
    // provider runs.
    @Test
    void aProviderThatHangsIsNotCalledTwiceForTheSameSelector() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        provide(selector -> {
            if (selector.require("n").equals("1")) {
                calls.incrementAndGet();
                go.await();
            }
            return rows("row");
        });
        for (int i = 0; i < 5; i++) {
            Observed seen = observe(1);
            seen.registration.close();
            // What is dropped a millisecond after another list was, would have been dropped too.
            Observed other = observe(100 + i);
            other.next();
            other.registration.close();
            awaitDropped(other.topic);
        }
        Observed last = observe(1);
        go.countDown();

        assertThat(last.next()).isEqualTo("[Row[id=1, text=row]]");
        assertThat(calls).hasValue(1);
    }

    // Symptom: after a provider had been interrupted once, its rows stayed old. Cause: the
    // interrupt
    // ended the waiting of the next call, whose change was then forgotten. Fix: cleared before each
    // call, and an interrupted call counts as failed.
    @Test
    void anInterruptLeftBehindByAProviderLosesNoChange() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        provide(selector -> {
            if (calls.incrementAndGet() == 1) {
                entered.countDown();
                go.await();
                Thread.currentThread().interrupt();
                return rows("old");
            }
            return rows("new");
        });
        Observed seen = observe(1);
        entered.await();
        hub.changed("test.Row");
        go.countDown();

        seen.awaitRows("[Row[id=1, text=new]]");
    }

    @Test
    void anInterruptedProviderCountsAsFailed() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean(true);
        provide(selector -> {
            if (interrupted.get()) {
                throw new InterruptedException();
            }
            return rows("again");
        });
        Observed seen = observe(1);
        assertThat(seen.next()).startsWith("INTERNAL");

        interrupted.set(false);
        hub.changed("test.Row");
        seen.awaitRows("[Row[id=1, text=again]]");
    }

    // Symptom: after an endless recursion in a provider its selector was dead for good. Cause: an
    // error ended the thread, and the selector stayed marked as running. Fix: errors count as
    // failures.
    @Test
    void anErrorInAProviderIsToldAndForgotten() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        provide(selector -> {
            if (broken.get()) {
                throw new StackOverflowError("provoked by a test");
            }
            return rows("again");
        });
        Observed seen = observe(1);
        assertThat(seen.next()).startsWith("INTERNAL The rows of test.Row cannot be read now");

        broken.set(false);
        hub.changed("test.Row");
        seen.awaitRows("[Row[id=1, text=again]]");
    }

    // Symptom: a provider that says at each call that its rows have changed used up a processor.
    // Cause: it was called for ever. Fix: what it says itself is good for one more call.
    @Test
    void aProviderThatSaysAtEachCallThatItChangedComesToRest() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch tooMany = new CountDownLatch(5);
        AtomicReference<String> text = new AtomicReference<>("a");
        provide(selector -> {
            calls.incrementAndGet();
            tooMany.countDown();
            hub.changed("test.Row");
            return rows(text.get());
        });
        Observed seen = observe(1);
        seen.awaitRows("[Row[id=1, text=a]]");
        text.set("b");
        hub.changed("test.Row");
        seen.awaitRows("[Row[id=1, text=b]]");

        assertThat(tooMany.await(100, TimeUnit.MILLISECONDS))
                .as("five calls; %s so far", calls)
                .isFalse();
    }

    // Symptom: devices could see the first rows of a provider that is for administrators only, if
    // they observed the former one. Cause: it was called before they were asked again for their
    // rights. Fix: it is called after that.
    @Test
    void aProviderIsNotCalledBeforeObserversOfTheFormerOneWereAskedAgain() throws Exception {
        Registration old = provide(selector -> rows("for all"));
        Observed seen = observe(1);
        seen.next();
        old.close();
        AtomicBoolean early = new AtomicBoolean();
        CountDownLatch called = new CountDownLatch(1);
        hub.onOffer(type -> {
            hub.changed(type);
            early.set(calledWithin(called, 50));
        });
        new PartyTuples(hub, plugin)
                .provide(
                        Row.class,
                        Audience.ADMINISTRATORS,
                        selector -> {
                            called.countDown();
                            return rows("secret");
                        });

        assertThat(early).isFalse();
        assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
    }

    // Symptom: rows beyond what a frame holds ended the link of each receiver, which dialed again
    // for the same. Fix: they are a problem of their selector.
    @Test
    void rowsBeyondWhatAFrameHoldsAreAProblemOfTheirSelector() throws Exception {
        AtomicReference<String> text = new AtomicReference<>("x".repeat(Frame.MAX_BYTES));
        provide(selector -> rows(text.get()));
        Observed seen = observe(1);
        assertThat(seen.next())
                .startsWith("CONFLICT the 1 rows of [\"test.Row\",\"n\",\"1\"] take");

        text.set("small");
        hub.changed("test.Row");
        seen.awaitRows("[Row[id=1, text=small]]");
        text.set("x".repeat(Frame.MAX_BYTES));
        hub.changed("test.Row");
        assertThat(seen.next()).startsWith("CONFLICT");
        text.set("smaller");
        hub.changed("test.Row");
        seen.awaitRows("[Row[id=1, text=smaller]]");
    }

    @Test
    void aProviderThatAnswersNullIsNamed() throws Exception {
        AtomicReference<String> text = new AtomicReference<>("none");
        provide(selector -> nullFor(text.get()));
        Observed seen = observe(1);

        assertThat(seen.next()).isEqualTo("INTERNAL the provider of test.Row answered null");
    }

    @SuppressWarnings("NullAway") // what a plugin compiled without the check may do
    private static List<Row> nullFor(String text) {
        return text.equals("none") ? null : rows(text);
    }

    // Symptom: names of classes reached devices. Cause: the sentence of a PeekException was passed
    // on whatever it quoted. Fix: what wraps a fault of the kind INTERNAL stays in the log.
    @Test
    void namesOfClassesDoNotReachObservers() throws Exception {
        provide(selector -> {
            Error fault = new NoClassDefFoundError("org/secret/Thing");
            throw new PeekException(ErrorCode.INTERNAL, "provider failed: " + fault, fault);
        });
        Observed seen = observe(1);

        assertThat(seen.next())
                .isEqualTo(
                        "INTERNAL The rows of test.Row cannot be read now; the log of the service says why.");
    }

    // Symptom: after a plugin had been replaced, its former class loader stayed in memory as long
    // as
    // somebody observed. Cause: the entry remembered whose codec had written the rows. Fix: rows
    // are compared as bytes, whoever wrote them.
    @Test
    void aReplacedProviderContinuesTheVersionsOfTheFormer() throws Exception {
        Registration old = provide(selector -> rows("a"));
        Observed seen = observe(1);
        seen.next();
        String epoch = seen.topic.epoch();
        old.close();
        seen.next();
        new PartyTuples(hub, Party.platform("test"))
                .provide(Row.class, Audience.DEVICES, selector -> rows("b"));
        seen.awaitRows("[Row[id=1, text=b]]");

        assertThat(seen.topic.epoch()).isEqualTo(epoch);
        assertThat(seen.topic.version()).isEqualTo(2);
    }

    private static boolean calledWithin(CountDownLatch called, long millis) {
        try {
            return called.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitDropped(Topic topic) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (hub.holds(topic)) {
            assertThat(System.nanoTime()).as("dropped within 5 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private Observed observe(int n) {
        Observed observed = new Observed();
        Topic topic =
                hub.observe(
                        plugin.codec().selector(Row.class, selector(n).key()), DEVICE, observed);
        observed.topic = topic;
        observed.registration = () -> hub.unobserve(topic, observed);
        observed.changed(topic);
        return observed;
    }

    /// What an observer that takes everything sees, as text.
    private final class Observed implements Topic.Observer {
        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        private Topic topic = new Topic(Selector.of("test.None", Map.of()));
        private Registration registration = () -> {};
        private DecodedRows<Row> rows = DecodedRows.empty();
        private @Nullable String epoch;
        private long version;
        private @Nullable Frame problem;

        @Override
        public synchronized void changed(Topic changed) {
            Topic.CatchUp news = changed.since(epoch, version);
            for (Frame frame : news.frames()) {
                rows = rows.apply(frame, plugin.codec(), Row.class);
            }
            if (!news.frames().isEmpty()) {
                String text = rows.rows().toString();
                seen.add(text);
            }
            if (news.epoch() != null) {
                epoch = news.epoch();
                version = news.version();
            }
            if (news.problem() != null
                    && news.problem() != problem
                    && news.problem().header()
                            instanceof Header.Problem(var _, String code, String message)) {
                seen.add(code + " " + message);
            }
            problem = news.problem();
        }

        String next() throws InterruptedException {
            String next = seen.poll(5, TimeUnit.SECONDS);
            assertThat(next).as("something within 5 s").isNotNull();
            return next;
        }

        void awaitRows(String expected) throws InterruptedException {
            String next = next();
            while (!next.equals(expected)) {
                next = next();
            }
        }

        boolean isQuiet() throws InterruptedException {
            return seen.poll(50, TimeUnit.MILLISECONDS) == null;
        }
    }
}
