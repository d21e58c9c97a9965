package org.peekplatform.vortex;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a plugin observe tuples of a [TopicSource]: opens frames, and hands its listeners rows and
/// what is new about them. Each selector is decoded once for all listeners of the plugin, and a row
/// that did not change stays the same object.
public final class RowsObserver implements TupleObserver {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(RowsObserver.class);

    private final TopicSource source;
    private final Party party;
    private final Caller caller;
    private final Map<Selector, SharedRows<?>> shared = new HashMap<>();

    /// @param caller whom a source in this process shall take the observer for; a source upstream
    ///   asks the link instead
    public RowsObserver(TopicSource source, Party party, Caller caller) {
        this.source = source;
        this.party = party;
        this.caller = caller;
    }

    @Override
    public <T extends Tuple> Registration observe(
            TupleSelector<T> selector, TupleListener<T> listener) {
        Selector name = party.codec().selector(selector.type(), selector.key());
        SharedRows<T> rows;
        Reader<T> reader;
        synchronized (shared) {
            @SuppressWarnings(
                    "unchecked") // one selector names one type, and a party has one class for it
            SharedRows<T> found =
                    (SharedRows<T>)
                            shared.computeIfAbsent(
                                    name, key -> new SharedRows<>(key, selector.type()));
            rows = found;
            reader = new Reader<>(rows, listener);
            rows.add(reader);
        }
        // Without the lock: the owner may refuse, and closes it then.
        return party.owner().register(() -> remove(rows, reader));
    }

    @Override
    public <T extends Tuple> CompletableFuture<List<T>> ask(TupleSelector<T> selector) {
        CompletableFuture<List<T>> answer = new CompletableFuture<>();
        Registration asking =
                observe(
                        selector,
                        new TupleListener<>() {
                            @Override
                            public void rows(TupleUpdate<T> update) {
                                answer.complete(update.rows());
                            }

                            @Override
                            public void problem(ErrorCode code, String message) {
                                answer.completeExceptionally(new PeekException(code, message));
                            }
                        });
        answer.whenComplete((rows, problem) -> asking.close());
        return answer.completeOnTimeout(null, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .thenApply(rows -> {
                    if (rows == null) {
                        throw new PeekException(
                                ErrorCode.TIMED_OUT,
                                party.codec().nameOf(selector.type())
                                        + " was not answered within "
                                        + PATIENCE.toSeconds()
                                        + " seconds");
                    }
                    return rows;
                });
    }

    private <T extends Tuple> void remove(SharedRows<T> rows, Reader<T> reader) {
        synchronized (shared) {
            reader.ended = true;
            if (rows.remove(reader)) {
                shared.remove(rows.selector, rows);
            }
        }
    }

    /// The rows of one selector, decoded.
    private final class SharedRows<T extends Tuple> implements Topic.Observer {
        private final Selector selector;
        private final Class<T> type;
        private final SerialExecutor work;
        private final Set<Reader<T>> readers = new HashSet<>();
        // Touched by the work only.
        private @Nullable Registration offers;
        private @Nullable Topic topic;
        private DecodedRows<T> rows = DecodedRows.empty();
        private @Nullable String epoch;
        private long version;
        private @Nullable Frame problem;

        SharedRows(Selector selector, Class<T> type) {
            this.selector = selector;
            this.type = type;
            work = new SerialExecutor("observer-" + party.name());
        }

        void add(Reader<T> reader) {
            synchronized (readers) {
                readers.add(reader);
            }
            work.execute(() -> {
                if (offers == null) {
                    begin();
                    return;
                }
                if (epoch != null) {
                    reader.offer(rows);
                }
                Frame trouble = problem;
                if (trouble != null) {
                    reader.offer(trouble);
                }
            });
        }

        /// @return whether nobody is left
        boolean remove(Reader<T> reader) {
            boolean empty;
            synchronized (readers) {
                readers.remove(reader);
                empty = readers.isEmpty();
            }
            if (empty) {
                work.execute(this::end);
            }
            return empty;
        }

        @Override
        public void changed(Topic changed) {
            work.execute(this::catchUp);
        }

        private void begin() {
            offers =
                    source.onOffer(type -> {
                        if (type.equals(selector.typeName())) {
                            work.execute(this::offered);
                        }
                    });
            observe();
        }

        /// A provider has come or been replaced; who was refused may be admitted now.
        private void offered() {
            if (offers != null) {
                observe();
            }
        }

        private void observe() {
            Topic former = topic;
            try {
                topic = source.observe(selector, caller, this);
            } catch (PeekException e) {
                topic = null;
                trouble(e.code().name(), String.valueOf(e.getMessage()));
            }
            if (former != null && former != topic) {
                source.unobserve(former, this);
            }
            catchUp();
        }

        private void end() {
            synchronized (readers) {
                if (!readers.isEmpty()) {
                    return;
                }
            }
            Registration watched = offers;
            offers = null;
            if (watched != null) {
                watched.close();
            }
            Topic observed = topic;
            topic = null;
            if (observed != null) {
                source.unobserve(observed, this);
            }
        }

        private void catchUp() {
            Topic observed = topic;
            if (observed == null) {
                return;
            }
            Topic.CatchUp news = observed.since(epoch, version);
            boolean fresh = news.epoch() != null && !news.frames().isEmpty();
            if (fresh) {
                try {
                    // The plugin's constructors run here.
                    rows = party.guard().call("rows of " + selector, () -> read(news.frames()));
                } catch (Exception | LinkageError e) {
                    log.error("Rows of {} cannot be read by plugin {}", selector, party.name(), e);
                    trouble(
                            ErrorCode.INTERNAL.name(),
                            e instanceof PeekException refused
                                    ? String.valueOf(refused.getMessage())
                                    : "The rows cannot be read here; the log says why.");
                    return;
                }
                epoch = news.epoch();
                version = news.version();
            }
            if (fresh || (problem != null && news.problem() == null && epoch != null)) {
                tell(reader -> reader.offer(rows));
            }
            Frame now = news.problem();
            if (now != null && now != problem) {
                tell(reader -> reader.offer(now));
            }
            problem = now;
        }

        private DecodedRows<T> read(List<Frame> frames) {
            DecodedRows<T> next = rows;
            for (Frame frame : frames) {
                next = next.apply(frame, party.codec(), type);
            }
            return next;
        }

        private void trouble(String code, String message) {
            Frame told = Frame.of(new Header.Problem(selector.text(), code, message));
            problem = told;
            tell(reader -> reader.offer(told));
        }

        private void tell(Consumer<Reader<T>> what) {
            List<Reader<T>> all;
            synchronized (readers) {
                all = List.copyOf(readers);
            }
            all.forEach(what);
        }
    }

    /// One listener, which gets the newest rows as fast as it can take them.
    private final class Reader<T extends Tuple> {
        private final SharedRows<T> rows;
        private final TupleListener<T> listener;
        private final SerialExecutor calls;
        private final Object lock = new Object();
        private @Nullable DecodedRows<T> newest;
        private @Nullable Frame problem;
        private boolean scheduled;
        private volatile boolean ended;
        // Touched by the calls only.
        private DecodedRows<T> delivered = DecodedRows.empty();
        private boolean troubled;

        Reader(SharedRows<T> rows, TupleListener<T> listener) {
            this.rows = rows;
            this.listener = listener;
            calls = new SerialExecutor("listener-" + party.name());
        }

        void offer(DecodedRows<T> next) {
            synchronized (lock) {
                newest = next;
                problem = null;
                schedule();
            }
        }

        void offer(Frame next) {
            synchronized (lock) {
                problem = next;
                schedule();
            }
        }

        private void schedule() {
            if (!scheduled) {
                scheduled = true;
                calls.execute(this::deliver);
            }
        }

        private void deliver() {
            DecodedRows<T> next;
            Frame trouble;
            synchronized (lock) {
                scheduled = false;
                next = newest;
                newest = null;
                trouble = problem;
                problem = null;
            }
            // The same rows are news only as the end of a problem.
            if (next != null && (next != delivered || troubled)) {
                DecodedRows<T> former = delivered;
                delivered = next;
                troubled = false;
                call(() -> listener.rows(next.since(former)));
            }
            if (trouble != null
                    && trouble.header()
                            instanceof Header.Problem(var _, String code, String message)) {
                troubled = true;
                call(() -> listener.problem(WireErrors.codeOf(code), message));
            }
        }

        private void call(Call call) {
            if (ended) {
                return;
            }
            try {
                party.guard()
                        .call(
                                "listener of " + rows.selector,
                                () -> {
                                    call.run();
                                    return true;
                                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception | LinkageError e) {
                log.error("Listener of {} in plugin {} failed", rows.selector, party.name(), e);
            }
        }
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }
}
