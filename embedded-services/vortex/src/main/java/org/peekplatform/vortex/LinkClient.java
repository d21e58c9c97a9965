package org.peekplatform.vortex;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dialing side of a link: a client service, a workstation, or an administrator's window.
///
/// Holds one upstream subscription and one topic for each selector, whoever observes it here. A
/// lost link is a state: it is dialed again with back-off and jitter, and every topic resumes from
/// the version it holds. Actions under way when the link is lost end as timed out, because nobody
/// knows whether they were carried out; they are never sent twice.
public final class LinkClient implements TopicSource, ActionGate, CallGate, AutoCloseable {
    static final int MAX_ACTIONS = 1_000;
    // On behalf of devices.
    static final int MAX_ACTIONS_OF_DEVICES = 10_000;
    // Of all actions that wait for an answer, together.
    static final long MAX_BYTES_UNDER_WAY = 16L << 20;
    // With a header, a frame that a service still takes from a device.
    static final int MAX_ACTION_BYTES = Frame.MAX_BYTES_FROM_DEVICE - (8 << 10);
    private static final Logger log = LoggerFactory.getLogger(LinkClient.class);

    private final String name;
    private final boolean onBehalfOfDevices;
    private final LinkDialer dialer;
    private final PlatformThreads threads;
    private final Timing timing;
    private final Object lock = new Object();
    private final Map<String, Topic> topics = new HashMap<>();
    private final List<Consumer<LinkState>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> offerListeners = new CopyOnWriteArrayList<>();
    // Types whose rows depend on the viewer, as far as upstream has said so.
    private final Set<String> perViewer = ConcurrentHashMap.newKeySet();
    // What is sent and told gets its place under the lock and leaves without it.
    private final SerialExecutor sends = SerialExecutor.inline();
    private final SerialExecutor tellings = SerialExecutor.inline();
    private volatile LinkState state = new LinkState.Connecting();
    // From being dialed to being lost; whatever comes from another than this one is too late.
    private volatile @Nullable Connection current;
    private CallGate served = CallGate.none();
    private DeviceGate performing = DeviceGate.none();
    private @Nullable String version;
    private long nextAction;
    private int failures;
    private boolean closed;

    /// How long things may take.
    ///
    /// @param answer for an action
    /// @param silence without a frame until a ping
    /// @param pong for its answer
    /// @param firstRetry wait before the first dialing again; doubles up to `lastRetry`
    /// @param keepUnobserved how long a topic nobody observes stays subscribed
    public record Timing(
            Duration answer,
            Duration silence,
            Duration pong,
            Duration firstRetry,
            Duration lastRetry,
            Duration keepUnobserved) {
        public static final Timing USUAL =
                new Timing(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30));
    }

    private record Pending(CompletableFuture<Done> done, Future<?> deadline, int bytes) {
        /// Whoever waits goes on by a thread of its own and not by that of the link.
        void end(Done how, PlatformThreads threads) {
            deadline.cancel(false);
            try {
                done.completeAsync(() -> how, threads.work());
            } catch (RejectedExecutionException e) {
                // The platform is stopping.
                done.complete(how);
            }
        }
    }

    /// @param name what this party is, for people
    /// @param onBehalfOfDevices whether the link carries what devices observe and send
    public LinkClient(
            String name,
            boolean onBehalfOfDevices,
            LinkDialer dialer,
            PlatformThreads threads,
            Timing timing) {
        this.name = name;
        this.onBehalfOfDevices = onBehalfOfDevices;
        this.dialer = dialer;
        this.threads = threads;
        this.timing = timing;
    }

    /// Says who carries out what other services call here; call before [#start].
    public void serve(CallGate gate) {
        served = gate;
    }

    /// Says who carries out what the service sends to this device, or to the devices this link is
    /// for; call before [#start].
    public void perform(DeviceGate gate) {
        performing = gate;
    }

    /// Says which version of the platform dials; call before [#start].
    public void announce(String platform) {
        version = platform;
    }

    /// Begins to dial; call once.
    public void start() {
        dial();
    }

    public LinkState state() {
        return state;
    }

    /// Tells `listener` every state from now on, on any thread.
    public Registration onState(Consumer<LinkState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Topic observe(Selector selector, Caller caller, Topic.Observer observer) {
        Selector asked =
                perViewer.contains(selector.typeName()) ? selector.forViewer(caller) : selector;
        Topic topic;
        synchronized (lock) {
            topic = topics.get(asked.text());
            if (topic == null) {
                topic = new Topic(asked);
                topics.put(asked.text(), topic);
                Connection now = current;
                if (now != null && now.online) {
                    now.observe(topic);
                }
            }
            topic.add(observer);
        }
        sends.run();
        return topic;
    }

    @Override
    public void unobserve(Topic topic, Topic.Observer observer) {
        if (topic.remove(observer)) {
            threads.later(timing.keepUnobserved(), () -> drop(topic));
        }
    }

    /// Tells of types whose rows turn out to depend on the viewer; what else is offered upstream is
    /// upstream's to say.
    @Override
    public Registration onOffer(Consumer<String> listener) {
        offerListeners.add(listener);
        return () -> offerListeners.remove(listener);
    }

    /// Everybody who observes the type observes it again, each for themselves.
    private void dependsOnViewer(Selector selector) {
        if (onBehalfOfDevices && perViewer.add(selector.typeName())) {
            threads.work()
                    .execute(() ->
                            offerListeners.forEach(
                                    listener -> listener.accept(selector.typeName())));
        }
    }

    @Override
    public boolean handles(String type) {
        return true;
    }

    @Override
    public CompletableFuture<Done> act(String type, byte[] payload, Caller caller) {
        return act(type, payload, caller, null);
    }

    @Override
    public CompletableFuture<Done> actQueued(
            String type, byte[] payload, Caller caller, Header.Queued place) {
        return act(type, payload, caller, place);
    }

    private CompletableFuture<Done> act(
            String type, byte[] payload, Caller caller, Header.@Nullable Queued place) {
        if (payload.length > MAX_ACTION_BYTES || type.length() > TupleCodec.MAX_NAME) {
            // Would end the link for everybody who uses it.
            return failed(
                    ErrorCode.BAD_REQUEST,
                    "The action is larger than "
                            + (MAX_ACTION_BYTES >> 10)
                            + " KiB; send less at once.");
        }
        CompletableFuture<Done> done = new CompletableFuture<>();
        synchronized (lock) {
            Connection now = current;
            if (now == null || !now.online) {
                return failed(
                        ErrorCode.OFFLINE,
                        "There is no connection to the service; nothing was sent.");
            }
            if (now.pending.size() >= (onBehalfOfDevices ? MAX_ACTIONS_OF_DEVICES : MAX_ACTIONS)
                    || now.pendingBytes > MAX_BYTES_UNDER_WAY) {
                return failed(
                        place == null ? ErrorCode.CONFLICT : ErrorCode.OFFLINE,
                        "Too many actions are waiting for an answer; send this one later.");
            }
            String id = Long.toString(nextAction++);
            Future<?> deadline = threads.cancellable(timing.answer(), () -> now.timedOut(id, type));
            now.pending.put(id, new Pending(done, deadline, payload.length));
            now.pendingBytes += payload.length;
            now.add(
                    Frame.of(
                            new Header.Action(
                                    id,
                                    type,
                                    onBehalfOfDevices ? Callers.format(caller) : null,
                                    place),
                            payload));
        }
        sends.run();
        return done;
    }

    /// Calls another service, through the one that has been dialed.
    @Override
    public CompletableFuture<Answer> call(Request request) {
        Connection now;
        synchronized (lock) {
            now = current != null && current.online ? current : null;
        }
        return now != null
                ? now.calls.call(request)
                : CompletableFuture.completedFuture(
                        Answer.failed(
                                ErrorCode.OFFLINE,
                                "There is no connection to the server; "
                                        + request.method()
                                        + " was not sent."));
    }

    private static CompletableFuture<Done> failed(ErrorCode code, String message) {
        return CompletableFuture.completedFuture(Done.failed(code.name(), message));
    }

    @Override
    public void close() {
        Connection last;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            last = current;
            current = null;
            become(new LinkState.Closed());
        }
        if (last != null) {
            last.end(
                    new Link.CloseReason(1000, "done"),
                    "The connection was closed before the answer came.");
        }
        tellings.run();
    }

    private void dial() {
        Connection dialed;
        synchronized (lock) {
            if (closed || current != null) {
                return;
            }
            dialed = new Connection();
            current = dialed;
        }
        CompletableFuture<Link> dialing;
        try {
            dialing = dialer.dial(dialed);
        } catch (RuntimeException e) {
            dialing = CompletableFuture.failedFuture(e);
        }
        dialing.whenComplete((link, problem) -> {
            if (problem == null) {
                dialed.opened(link);
            } else {
                dialed.closed(reason(problem));
            }
        });
    }

    private static String reason(Throwable problem) {
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        String message = cause.getMessage();
        return message == null
                ? "it cannot be reached (" + cause.getClass().getSimpleName() + ")"
                : message;
    }

    private void lost(Connection down, String why) {
        long wait;
        synchronized (lock) {
            if (current != down) {
                return;
            }
            current = null;
            if (down.online
                    && System.nanoTime() - down.onlineSince >= timing.lastRetry().toNanos()) {
                // Only a link that has held counts as a success, or one that is accepted and cut
                // at once would be dialed without any rest.
                failures = 0;
            }
            wait = backOff(failures++);
            if (!(state instanceof LinkState.Offline)) {
                log.info("Link of {} is down: {}; dialing again", name, why);
            }
            become(new LinkState.Offline(why));
        }
        down.end(
                null,
                "The connection was lost before the answer came; whether it was done is not known.");
        tellings.run();
        threads.later(Duration.ofMillis(wait), this::dial);
    }

    private long backOff(int failedBefore) {
        long full =
                Math.min(
                        timing.lastRetry().toMillis(),
                        timing.firstRetry().toMillis() << Math.min(failedBefore, 16));
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
    }

    /// Told in this order, without the lock; to be called with it.
    private void become(LinkState next) {
        state = next;
        listeners.forEach(listener -> tellings.add(() -> listener.accept(next)));
    }

    private void drop(Topic topic) {
        synchronized (lock) {
            String selector = topic.selector().text();
            if (topic.isObserved() || !topics.remove(selector, topic)) {
                return;
            }
            Connection now = current;
            if (now != null && now.online) {
                now.awaited.remove(selector);
                now.add(Frame.of(new Header.Unobserve(selector)));
            }
        }
        sends.run();
    }

    /// One link from being dialed to being lost.
    private final class Connection implements Link.Listener {
        // These are guarded by the lock of the client.
        private final Map<String, Pending> pending = new LinkedHashMap<>();
        private long pendingBytes;
        // Selectors of which a snapshot must come: deltas that do not fit need no second request.
        private final Set<String> awaited = new HashSet<>();
        // Touched by the link only.
        private final Pieces.Joined pieces = new Pieces.Joined();
        private final RpcLink calls = new RpcLink(served, threads, this::offer, null);
        // Of large calls and answers, what has not left yet.
        private long waitingBytes;
        private @Nullable Link link;
        private @Nullable Future<?> watch;
        private boolean online;
        private long onlineSince;
        // How the service knows this side. Touched by the link only.
        private @Nullable String welcomedAs;

        private volatile long heard;
        private volatile boolean pinged;

        void opened(Link open) {
            boolean late;
            synchronized (lock) {
                late = current != this;
                if (!late) {
                    link = open;
                    heard = System.nanoTime();
                    add(
                            Frame.of(
                                    new Header.Hello(
                                            LinkService.PROTOCOL,
                                            name,
                                            onBehalfOfDevices,
                                            version)));
                    watchAgain();
                }
            }
            if (late) {
                open.close(new Link.CloseReason(1000, "done"));
            } else {
                sends.run();
            }
        }

        /// Gives a frame its place among those to be sent.
        void add(Frame frame) {
            Link to = link;
            if (to != null) {
                sends.add(() -> to.send(frame, () -> {}));
            }
        }

        /// Sends a frame of a call, unless so much waits that a large one would be too much.
        private boolean offer(Frame frame) {
            int size = frame.payload().length > RpcLink.SMALL ? frame.size() : 0;
            synchronized (lock) {
                Link to = link;
                if (current != this
                        || to == null
                        || (size > 0
                                && waitingBytes > 0
                                && waitingBytes + size > RpcLink.MAX_WAITING_BYTES)) {
                    return false;
                }
                waitingBytes += size;
                sends.add(() -> to.send(frame, () -> left(size)));
            }
            sends.run();
            return true;
        }

        private void left(int size) {
            synchronized (lock) {
                waitingBytes -= size;
            }
        }

        void observe(Topic topic) {
            boolean holds = topic.hasRows();
            if (holds) {
                awaited.remove(topic.selector().text());
            } else {
                awaited.add(topic.selector().text());
            }
            add(
                    Frame.of(
                            new Header.Observe(
                                    topic.selector().text(),
                                    holds ? topic.epoch() : null,
                                    holds ? topic.version() : 0)));
        }

        @Override
        public void frame(Frame frame) {
            if (current != this) {
                return;
            }
            heard = System.nanoTime();
            pinged = false;
            switch (frame.header()) {
                case Header.Welcome welcome -> welcomed(welcome);
                case Header.Snapshot(String selector, var _, var _, var _) -> {
                    synchronized (lock) {
                        awaited.remove(selector);
                    }
                    Topic topic = topic(selector);
                    if (topic != null) {
                        topic.snapshot(frame);
                    }
                }
                case Header.Delta(String selector, var _, var _, var _, var _) ->
                        delta(selector, frame);
                case Header.Current(String selector, var _, var _) -> {
                    Topic topic = topic(selector);
                    if (topic != null) {
                        topic.confirm();
                    }
                }
                case Header.Problem(String selector, String code, var _) -> {
                    Topic topic = topic(selector);
                    if (topic != null && code.equals(WireErrors.VIEWER_NEEDED.name())) {
                        dependsOnViewer(topic.selector());
                    } else if (topic != null) {
                        topic.problem(frame);
                    }
                }
                case Header.Outcome(
                                String id,
                                var result,
                                @Nullable String code,
                                @Nullable String message) ->
                        finish(id, new Done(result, code, message, frame.payload()));
                case Header.Call _, Header.Returned _, Header.Cancel _ -> calls.frame(frame);
                case Header.Perform perform -> perform(perform, frame.payload());
                case Header.Pong() -> {}
                case Header.Part part -> {
                    Frame whole = pieces.take(part, frame.payload());
                    if (whole != null) {
                        frame(whole);
                    }
                }
                case Header.Refused(String code, String message) ->
                        log.warn("The service refused a frame of {}: {} ({})", name, message, code);
                case Header.Hello _,
                        Header.Observe _,
                        Header.Unobserve _,
                        Header.SnapshotRequest _,
                        Header.Action _,
                        Header.Performed _,
                        Header.Ping _,
                        Header.Unknown _ ->
                        log.debug("A service sent {}, which is not for devices", frame.header());
            }
        }

        private void perform(Header.Perform wanted, byte[] payload) {
            String device = onBehalfOfDevices ? wanted.to() : welcomedAs;
            CompletableFuture<Done> doing;
            try {
                doing =
                        device == null
                                ? failed(ErrorCode.BAD_REQUEST, "It is not said for which device.")
                                : performing.perform(
                                        Callers.device(device), wanted.type(), payload);
            } catch (PeekException e) {
                doing = failed(e.code(), Sentences.of(e));
            }
            doing.whenComplete((done, problem) -> {
                if (problem != null) {
                    log.error("The action {} ended without an outcome", wanted.type(), problem);
                }
                performed(
                        wanted.id(),
                        done != null
                                ? done
                                : Done.failed(
                                        ErrorCode.INTERNAL.name(),
                                        "The device failed to carry out "
                                                + wanted.type()
                                                + "; its log says why."));
            });
        }

        private void performed(String id, Done done) {
            Header.Performed header =
                    new Header.Performed(id, done.result(), done.code(), done.message());
            if (done.values().length > MAX_ACTION_BYTES
                    || !offer(Frame.of(header, done.values()))) {
                offer(
                        Frame.of(
                                new Header.Performed(
                                        id,
                                        Header.Result.FAILED,
                                        ErrorCode.CONFLICT.name(),
                                        "It was carried out, but its answer is larger than "
                                                + (MAX_ACTION_BYTES >> 10)
                                                + " KiB or than the connection takes now; ask for"
                                                + " less at once.")));
            }
        }

        @Override
        public void closed(String reason) {
            lost(this, reason);
        }

        /// Ends what belongs to this connection, which is not the current one any more.
        void end(Link.@Nullable CloseReason reason, String why) {
            List<Pending> orphans;
            Link open;
            synchronized (lock) {
                orphans = new ArrayList<>(pending.values());
                pending.clear();
                open = link;
                if (watch != null) {
                    watch.cancel(false);
                }
            }
            if (open != null && reason != null) {
                open.close(reason);
            }
            calls.lost("The connection to the server was lost");
            for (Pending one : orphans) {
                one.end(Done.failed(ErrorCode.TIMED_OUT.name(), why), threads);
            }
        }

        void timedOut(String id, String type) {
            finish(
                    id,
                    Done.failed(
                            ErrorCode.TIMED_OUT.name(),
                            "No answer to "
                                    + type
                                    + " came in "
                                    + timing.answer().toSeconds()
                                    + " seconds."));
        }

        private void finish(String id, Done done) {
            Pending one;
            synchronized (lock) {
                one = pending.remove(id);
                pendingBytes -= one == null ? 0 : one.bytes();
            }
            if (one != null) {
                one.end(done, threads);
            }
        }

        private void welcomed(Header.Welcome welcome) {
            synchronized (lock) {
                if (current != this || online) {
                    return;
                }
                online = true;
                welcomedAs = welcome.caller();
                onlineSince = System.nanoTime();
                topics.values().forEach(this::observe);
                become(new LinkState.Online(welcome.name(), welcome.version()));
            }
            sends.run();
            tellings.run();
        }

        private @Nullable Topic topic(String selector) {
            synchronized (lock) {
                return topics.get(selector);
            }
        }

        private void delta(String selector, Frame frame) {
            Topic topic = topic(selector);
            if (topic == null) {
                return;
            }
            long before = topic.version();
            if (!topic.delta(frame)) {
                ask(new Header.Observe(selector, null, 0), selector);
            } else if (topic.version() != before && topic.wantsNewBase()) {
                ask(new Header.SnapshotRequest(selector), selector);
            }
        }

        /// Asks for a snapshot, once until it comes.
        private void ask(Header request, String selector) {
            synchronized (lock) {
                if (current != this || !awaited.add(selector)) {
                    return;
                }
                add(Frame.of(request));
            }
            sends.run();
        }

        private void watchAgain() {
            Duration every = timing.pong().dividedBy(2).plusMillis(1);
            watch = threads.cancellable(every, this::watch);
        }

        private void watch() {
            Link open;
            boolean dead;
            synchronized (lock) {
                open = link;
                if (current != this || open == null) {
                    return;
                }
                long silent = System.nanoTime() - heard;
                dead = silent > timing.silence().plus(timing.pong()).toNanos();
                if (!dead && silent > timing.silence().toNanos() && !pinged) {
                    pinged = true;
                    add(Frame.of(new Header.Ping()));
                }
                watchAgain();
            }
            if (dead) {
                open.close(new Link.CloseReason(1001, "nothing was heard for too long"));
            } else {
                sends.run();
            }
        }
    }
}
