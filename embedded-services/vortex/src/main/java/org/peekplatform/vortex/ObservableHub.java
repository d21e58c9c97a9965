package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.ViewerTupleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The observables of one service: providers, and a topic for every selector somebody observes.
///
/// One change costs one provider call and one encoding of the rows that differ, however many
/// observe. Changes that come while the provider runs cost one more call together. Providers run on
/// virtual threads, at most [#CALLS_PER_PARTY] at once for each plugin. One that does not answer
/// holds up its own selector only: after a while it no longer counts, and observers are told.
public final class ObservableHub implements TopicSource, AutoCloseable {
    static final int CALLS_PER_PARTY = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(ObservableHub.class);

    private final PlatformThreads threads;
    private final Transactions transactions;
    private final Authorisation authorisation;
    private final Registration rights;
    private final Duration keepUnobserved;
    private final Duration patience;
    private final ExecutorService calls = PlatformThreads.perTask("provider");
    private final Map<String, Offer<?>> offers = new ConcurrentHashMap<>();
    private final Map<String, Semaphore> limits = new ConcurrentHashMap<>();
    private final Map<Selector, Entry> entries = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    public ObservableHub(
            PlatformThreads threads, Transactions transactions, Authorisation authorisation) {
        this(threads, transactions, authorisation, Duration.ofSeconds(30), PATIENCE);
    }

    /// @param keepUnobserved how long a topic nobody observes is kept
    /// @param patience how long a provider may take before its observers are told
    ObservableHub(
            PlatformThreads threads,
            Transactions transactions,
            Authorisation authorisation,
            Duration keepUnobserved,
            Duration patience) {
        this.threads = threads;
        this.transactions = transactions;
        this.authorisation = authorisation;
        this.keepUnobserved = keepUnobserved;
        this.patience = patience;
        // Whoever observes asks again, and is refused or admitted by the rights as they are now.
        rights =
                authorisation.onChange(() ->
                        offers.keySet()
                                .forEach(type ->
                                        listeners.forEach(listener -> listener.accept(type))));
    }

    /// Whether a provider for the type is registered.
    public boolean offers(String typeName) {
        return offers.containsKey(typeName);
    }

    /// Whether the topic is one of this hub's.
    public boolean holds(Topic topic) {
        Entry entry = entries.get(topic.selector());
        return entry != null && entry.topic == topic;
    }

    <T extends Tuple> Registration provide(
            Party party, Class<T> type, Audience audience, TupleProvider<T> provider) {
        return offer(party, type, audience, provider, null);
    }

    <T extends Tuple> Registration providePerViewer(
            Party party, Class<T> type, Audience audience, ViewerTupleProvider<T> provider) {
        return offer(party, type, audience, null, provider);
    }

    private <T extends Tuple> Registration offer(
            Party party,
            Class<T> type,
            Audience audience,
            @Nullable TupleProvider<T> shared,
            @Nullable ViewerTupleProvider<T> perViewer) {
        String name = party.codec().nameOf(type);
        checkPrefix(party, name);
        Offer<T> offer =
                new Offer<>(party, name, type, audience, shared, perViewer, new AtomicBoolean());
        if (offers.putIfAbsent(name, offer) != null) {
            throw new PeekException(
                    ErrorCode.CONFLICT, "tuple type " + name + " has a provider already");
        }
        // Nothing is loaded before: who observes by the rights of a former offer has to be asked
        // again first.
        listeners.forEach(listener -> listener.accept(name));
        offer.open().set(true);
        entriesOf(name).forEach(Entry::refresh);
        return () -> {
            if (offers.remove(name, offer)) {
                entriesOf(name).forEach(Entry::withdrawn);
            }
        };
    }

    void changed(Selector selector) {
        transactions.afterCommit(() -> entriesOf(selector).forEach(Entry::refresh));
    }

    /// @param keys of the rows that may have changed or gone
    void changed(Selector selector, Set<String> keys) {
        if (!keys.isEmpty()) {
            transactions.afterCommit(
                    () -> entriesOf(selector).forEach(entry -> entry.refresh(keys)));
        }
    }

    void changed(String typeName) {
        transactions.afterCommit(() -> entriesOf(typeName).forEach(Entry::refresh));
    }

    @Override
    public Topic observe(Selector selector, Caller caller, Topic.Observer observer) {
        Offer<?> offer = offers.get(selector.typeName());
        if (offer == null) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED, "Nobody provides " + selector.typeName() + " here.");
        }
        if (!authorisation.permits(
                caller,
                Authorisation.Request.of(
                        Authorisation.Kind.OBSERVE,
                        selector.typeName(),
                        selector.key(),
                        offer.audience()))) {
            throw new PeekException(
                    ErrorCode.NOT_ALLOWED, "You may not observe " + selector.typeName() + ".");
        }
        Entry entry =
                entries.compute(
                        offer.perViewer() == null ? selector : selector.forViewer(caller),
                        (ofTopic, old) ->
                                (old == null ? new Entry(ofTopic, selector, caller) : old)
                                        .with(observer));
        entry.refreshIfNew();
        return entry.topic;
    }

    @Override
    public boolean dependsOnViewer(String typeName) {
        Offer<?> offer = offers.get(typeName);
        return offer != null && offer.perViewer() != null;
    }

    @Override
    public void unobserve(Topic topic, Topic.Observer observer) {
        if (topic.remove(observer)) {
            threads.later(keepUnobserved, () -> drop(topic));
        }
    }

    private void drop(Topic topic) {
        Entry left =
                entries.computeIfPresent(
                        topic.selector(),
                        (key, entry) ->
                                entry.topic == topic && !topic.isObserved() && !entry.isRunning()
                                        ? null
                                        : entry);
        if (left != null && left.topic == topic && !topic.isObserved()) {
            // A provider that still runs must not be called a second time for the same selector.
            threads.later(keepUnobserved, () -> drop(topic));
        }
    }

    @Override
    public Registration onOffer(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        rights.close();
        calls.shutdownNow();
    }

    static void checkPrefix(Party party, String typeName) {
        if (!typeName.startsWith(party.name() + ".")) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "type name "
                            + typeName
                            + " must start with '"
                            + party.name()
                            + ".', the name of its plugin");
        }
    }

    /// One for everybody, or one for each viewer.
    private List<Entry> entriesOf(Selector selector) {
        if (dependsOnViewer(selector.typeName())) {
            return entriesOf(selector.typeName()).stream()
                    .filter(entry -> entry.asked.equals(selector))
                    .toList();
        }
        Entry entry = entries.get(selector);
        return entry == null ? List.of() : List.of(entry);
    }

    private List<Entry> entriesOf(String typeName) {
        return entries.values().stream()
                .filter(entry -> entry.topic.selector().typeName().equals(typeName))
                .toList();
    }

    /// @param open whether its provider may be called by now; makes every offer equal to itself
    ///   only
    private record Offer<T extends Tuple>(
            Party party,
            String name,
            Class<T> type,
            Audience audience,
            @Nullable TupleProvider<T> shared,
            @Nullable ViewerTupleProvider<T> perViewer,
            AtomicBoolean open) {
        /// @param keys of the rows that are asked for; `null` for all of them
        Answer load(Selector selector, Caller viewer, @Nullable Set<String> keys) throws Exception {
            return party.guard()
                    .call(
                            "provider of " + name,
                            () -> {
                                TupleSelector<T> asked = new TupleSelector<>(type, selector.key());
                                Optional<List<T>> some =
                                        keys == null || shared == null
                                                ? Optional.empty()
                                                : shared.loadRows(asked, keys);
                                boolean partly = some != null && some.isPresent();
                                List<T> rows = partly ? some.get() : all(asked, viewer);
                                if (rows == null) {
                                    throw new PeekException(
                                            ErrorCode.INTERNAL,
                                            "the provider of " + name + " answered null");
                                }
                                // In here as well, because rows are written by their own methods.
                                return new Answer(
                                        EncodedRows.encode(
                                                new ArrayList<>(rows),
                                                party.codec(),
                                                party.codec().isKeyed(type)),
                                        partly ? keys : null);
                            });
        }

        private @Nullable List<T> all(TupleSelector<T> asked, Caller viewer) throws Exception {
            return perViewer != null
                    ? perViewer.load(asked, viewer)
                    : requireNonNull(shared).load(asked);
        }
    }

    /// What a provider answered.
    ///
    /// @param keys of the rows that were asked for; `null` when `rows` are all there are
    private record Answer(EncodedRows rows, @Nullable Set<String> keys) {}

    /// One topic and the state of its refreshing.
    private final class Entry {
        private final Topic topic;
        private final Selector asked;
        private final Caller viewer;
        // What is done to the topic, one step after the other and without a lock over those told.
        private final SerialExecutor publishing = SerialExecutor.inline();
        private @Nullable Run run;
        private boolean loaded;
        // What is published lacks no change but those told by their keys.
        private boolean complete;
        // Touched by the publishing only.
        private @Nullable EncodedRows rows;

        /// @param ofTopic names the topic
        /// @param asked the same without the viewer
        /// @param viewer of whom the rows are, if they depend on the viewer
        Entry(Selector ofTopic, Selector asked, Caller viewer) {
            topic = new Topic(ofTopic);
            this.asked = asked;
            this.viewer = viewer;
        }

        Entry with(Topic.Observer observer) {
            topic.add(observer);
            return this;
        }

        synchronized boolean isRunning() {
            return run != null;
        }

        void refreshIfNew() {
            synchronized (this) {
                if (loaded) {
                    return;
                }
            }
            refresh();
            if (!offers.containsKey(topic.selector().typeName())) {
                // Withdrawn between the question whether it is offered and this entry.
                withdrawn();
            }
        }

        void refresh() {
            refresh(null);
        }

        /// @param keys of the rows that may have changed; `null` for all
        void refresh(@Nullable Set<String> keys) {
            Run started;
            synchronized (this) {
                Offer<?> offer = offers.get(topic.selector().typeName());
                started = offer == null || !offer.open().get() ? null : next(offer, keys);
            }
            if (started == null) {
                return;
            }
            try {
                calls.execute(started);
            } catch (RejectedExecutionException e) {
                log.debug("{} is not loaded any more: the service is stopping", topic.selector());
            }
        }

        /// @return what is to be started, or `null` when the provider is running, and will be
        ///   called once more. One of a former offer is not waited for: it may never end.
        private @Nullable Run next(Offer<?> offer, @Nullable Set<String> keys) {
            loaded = true;
            if (run != null && run.offer.equals(offer)) {
                run.again(keys);
                return null;
            }
            run = new Run(this, offer, complete ? keys : null);
            return run;
        }

        void withdrawn() {
            synchronized (this) {
                loaded = false;
                complete = false;
            }
            String name = topic.selector().typeName();
            publishing.execute(() -> {
                if (!offers.containsKey(name)) {
                    topic.problem(
                            problem(
                                    ErrorCode.STOPPED,
                                    "The plugin behind these rows has stopped; they stay as they were."));
                }
            });
        }

        private void loaded(Offer<?> offer, Answer answer) {
            settle(
                    offer,
                    () -> {
                        try {
                            EncodedRows after = whole(answer);
                            if (after == null) {
                                refresh();
                                return;
                            }
                            publish(after);
                            synchronized (this) {
                                complete |= answer.keys() == null;
                            }
                        } catch (RuntimeException | Error e) {
                            failed(offer, e);
                        }
                    });
        }

        /// Does `step` unless the offer has been withdrawn: whoever withdraws an offer has what he
        /// says of it published after that.
        private void settle(Offer<?> offer, Runnable step) {
            publishing.execute(() -> {
                if (offer.equals(offers.get(offer.name()))) {
                    step.run();
                }
            });
        }

        /// @return `null` when some rows are not enough to know all of them
        private @Nullable EncodedRows whole(Answer answer) {
            Set<String> keys = answer.keys();
            if (keys == null) {
                return answer.rows();
            }
            EncodedRows before = rows;
            return before == null ? null : before.with(keys, answer.rows());
        }

        private void publish(EncodedRows after) {
            String selector = topic.selector().text();
            EncodedRows before = rows;
            if (before == null) {
                topic.snapshot(after.snapshot(selector, Epochs.next(), 1));
                rows = after;
                return;
            }
            long from = topic.version();
            switch (after.differenceFrom(before)) {
                case EncodedRows.Difference.None() -> topic.confirm();
                case EncodedRows.Difference.Other() ->
                        topic.snapshot(after.snapshot(selector, topic.epoch(), from + 1));
                case EncodedRows.Difference.Delta(byte[] payload) -> {
                    Frame delta = delta(payload, from);
                    // Before anything is told, so that rows which no base can hold are refused.
                    Frame base =
                            topic.wantsNewBaseWith(delta)
                                    ? after.snapshot(selector, topic.epoch(), from + 1)
                                    : null;
                    topic.delta(delta);
                    if (base != null) {
                        topic.snapshot(base);
                    }
                }
            }
            // Last: what was not published must not count as published.
            rows = after;
        }

        private Frame delta(byte[] payload, long from) {
            boolean gzip = Frame.worthCompressing(payload.length);
            return Frame.of(
                    new Header.Delta(topic.selector().text(), topic.epoch(), from, from + 1, gzip),
                    gzip ? Frame.compress(payload) : payload);
        }

        private void failed(Offer<?> offer, Throwable e) {
            synchronized (this) {
                loaded = false;
                complete = false;
            }
            if (calls.isShutdown()) {
                log.debug("{} was being loaded when the service stopped", topic.selector(), e);
                return;
            }
            log.warn("Provider of {} failed for {}", offer.name(), topic.selector(), e);
            Frame why =
                    e instanceof PeekException refused && WireErrors.isForPeople(refused)
                            ? problem(refused.code(), String.valueOf(refused.getMessage()))
                            : problem(
                                    ErrorCode.INTERNAL,
                                    "The rows of "
                                            + offer.name()
                                            + " cannot be read now; the log of the service says why.");
            settle(offer, () -> topic.problem(why));
        }

        private void overdue(Offer<?> offer, AtomicBoolean answered) {
            log.warn(
                    "Provider of {} has not answered for {} after {} s and may still be running",
                    offer.name(),
                    topic.selector(),
                    patience.toSeconds());
            Frame why =
                    problem(
                            ErrorCode.TIMED_OUT,
                            "The plugin takes too long to provide "
                                    + offer.name()
                                    + "; the rows come when it answers.");
            settle(
                    offer,
                    () -> {
                        if (!answered.get()) {
                            topic.problem(why);
                        }
                    });
        }

        private Frame problem(ErrorCode code, String message) {
            return Frame.of(new Header.Problem(topic.selector().text(), code.name(), message));
        }
    }

    /// Calls the provider of one offer for one entry, and again as long as changes come meanwhile.
    /// Guarded by the entry.
    private final class Run implements Runnable {
        private final Entry entry;
        private final Offer<?> offer;
        private @Nullable Thread thread;
        // What is asked for; `null` for all rows.
        private @Nullable Set<String> keys;
        private @Nullable Set<String> nextKeys;
        private boolean again;
        private boolean againByItself;
        private boolean calledByItself;

        Run(Entry entry, Offer<?> offer, @Nullable Set<String> keys) {
            this.entry = entry;
            this.offer = offer;
            this.keys = keys;
        }

        /// A provider that says at each call that its answer has changed is called once more, and
        /// not for ever.
        ///
        /// @param more keys of the rows that may have changed; `null` for all
        void again(@Nullable Set<String> more) {
            boolean byItself = Thread.currentThread().equals(thread);
            if (byItself && (again || calledByItself)) {
                return;
            }
            if (!again) {
                nextKeys = more;
            } else if (nextKeys != null && more != null) {
                Set<String> both = new HashSet<>(nextKeys);
                both.addAll(more);
                nextKeys = both;
            } else {
                nextKeys = null;
            }
            again = true;
            againByItself = byItself;
        }

        @Override
        public void run() {
            synchronized (entry) {
                thread = Thread.currentThread();
            }
            do {
                // An interrupt that a provider left behind must not end the next call.
                Thread.interrupted();
                load();
            } while (goesOn());
        }

        private boolean goesOn() {
            synchronized (entry) {
                boolean current = entry.run == this;
                if (current && again) {
                    again = false;
                    calledByItself = againByItself;
                    // After a failure more is missing than the keys tell.
                    keys = entry.complete ? nextKeys : null;
                    nextKeys = null;
                    return true;
                }
                if (current) {
                    entry.run = null;
                }
                return false;
            }
        }

        private void load() {
            Set<String> wanted;
            synchronized (entry) {
                wanted = keys;
            }
            try {
                entry.loaded(offer, limited(wanted));
            } catch (Throwable e) {
                // Also errors: rows that are too many for the memory are one selector's trouble.
                entry.failed(offer, e);
            }
        }

        private Answer limited(@Nullable Set<String> wanted) throws Exception {
            Semaphore limit =
                    limits.computeIfAbsent(
                            offer.party().name(), name -> new Semaphore(CALLS_PER_PARTY));
            limit.acquire();
            AtomicBoolean answered = new AtomicBoolean();
            AtomicBoolean counted = new AtomicBoolean(true);
            Runnable giveBack =
                    () -> {
                        if (counted.getAndSet(false)) {
                            limit.release();
                        }
                    };
            Future<?> watch =
                    threads.cancellable(
                            patience,
                            () -> {
                                giveBack.run();
                                entry.overdue(offer, answered);
                            });
            try {
                return offer.load(entry.asked, entry.viewer, wanted);
            } finally {
                answered.set(true);
                watch.cancel(false);
                giveBack.run();
            }
        }
    }
}
