package org.peekplatform.vortex;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's side of one link: answers what the other side asks and sends it what changes.
///
/// Nothing grows with a slow receiver. A changed topic is a mark, not a message: when the frames
/// sent before have left, the topic is asked what takes the receiver from the version it holds to
/// the newest. Answers to requests are kept up to the limits of the link; who asks on without
/// taking them loses it.
///
/// No lock is held while a topic, a gate or the link is called. The order of frames is kept by
/// there being one sender at a time, and every observation is an object of its own that counts only
/// as long as it is the one in `observed`: what was computed for another is thrown away.
final class ServedLink implements Link.Listener {
    static final long MAX_ACTION_BYTES = 32L << 20;
    private static final String STATUS_PREFIX = "peek.";
    private static final Logger log = LoggerFactory.getLogger(ServedLink.class);

    private final LinkService service;
    private final Link link;
    private final LinkLimits limits;
    private final Object lock = new Object();
    private final Map<String, Observation> observed = new HashMap<>();
    private final SequencedSet<Observation> dirty = new LinkedHashSet<>();
    // What the platform itself says, such as how a link stands; goes before what plugins say.
    private final SequencedSet<Observation> dirtyStatus = new LinkedHashSet<>();
    private final Queue<Frame> answers = new ArrayDeque<>();
    // What is large, and what has to come after it: sent in pieces, one a turn.
    private final Queue<Bulk> bulk = new ArrayDeque<>();
    private Pieces.@Nullable Cut cut;
    private boolean statusInBulk;
    private final AtomicInteger turns = new AtomicInteger();
    private final Caller proven;
    private volatile Caller caller;
    // Of services that call and can be called; the others have none.
    private volatile @Nullable RpcLink calls;
    // What the service has devices carry out over this link.
    private final PerformLink performs;
    private volatile boolean greeted;
    private LinkService.@Nullable Peer peer;
    private boolean forDevices;
    private long answerBytes;
    private long selectorChars;
    private boolean sending;
    private boolean closed;
    private int actions;
    private long actionBytes;

    ServedLink(LinkService service, Link link, Caller caller, LinkLimits limits) {
        this.service = service;
        this.link = link;
        this.limits = limits;
        this.caller = caller;
        proven = caller;
        performs = new PerformLink(this::offerUnasked);
    }

    /// @param answerBytes what it counts among the answers that are kept
    private record Bulk(Frame frame, long answerBytes) {}

    /// What the receiver observes by one selector and holds of it, as far as has been sent.
    /// Replaced and not changed when the receiver or a new provider begins it anew. Guarded by
    /// `lock`.
    private final class Observation implements Topic.Observer {
        // That of the topic once it is known: one text for all who observe it, which otherwise is
        // most of what an idle device keeps.
        private Selector selector;
        // Unset until the source has given it, and when it has refused.
        private @Nullable Topic topic;
        private @Nullable Frame refusal;
        private @Nullable String epoch;
        private long version;
        private @Nullable Frame problem;
        private boolean confirm;

        Observation(Selector selector, @Nullable String epoch, long version) {
            this.selector = selector;
            this.epoch = epoch;
            this.version = version;
            confirm = epoch != null;
        }

        /// The same once more, asked of the source again.
        Observation again() {
            Observation next = new Observation(selector, epoch, version);
            next.problem = problem;
            return next;
        }

        /// Whether the topic is that of one viewer, which the receiver does not know of.
        boolean isUnderAnotherName() {
            Topic observed = topic;
            return observed != null && !observed.selector().equals(selector);
        }

        /// Whether the platform itself says it, and not a plugin.
        boolean isStatus() {
            return selector.typeName().startsWith(STATUS_PREFIX);
        }

        @Override
        public void changed(Topic changed) {
            mark(this);
        }
    }

    @Override
    public void frame(Frame frame) {
        if (!greeted && !(frame.header() instanceof Header.Hello)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "the first frame on a link must be hello");
        }
        switch (frame.header()) {
            case Header.Hello hello -> greet(hello);
            case Header.Observe(String selector, @Nullable String epoch, long version) ->
                    observe(new Observation(checked(selector), epoch, version));
            case Header.Unobserve(String selector) -> unobserve(selector);
            case Header.SnapshotRequest(String selector) -> snapshot(selector);
            case Header.Action action -> act(action, frame.payload());
            case Header.Ping() -> answer(Frame.of(new Header.Pong()));
            case Header.Unknown(String kind) ->
                    answer(error("The kind '" + kind + "' is not known."));
            case Header.Welcome _,
                    Header.Snapshot _,
                    Header.Delta _,
                    Header.Current _,
                    Header.Problem _,
                    Header.Outcome _,
                    Header.Perform _,
                    Header.Part _,
                    Header.Pong _,
                    Header.Refused _ ->
                    answer(error("This kind is sent by services only."));
            case Header.Call _, Header.Returned _, Header.Cancel _ -> calls(frame);
            case Header.Performed performed -> performs.performed(performed, frame.payload());
        }
    }

    @Override
    public void closed(String reason) {
        List<Observation> left;
        synchronized (lock) {
            closed = true;
            left = List.copyOf(observed.values());
            observed.clear();
            dirty.clear();
            dirtyStatus.clear();
            answers.clear();
            bulk.clear();
            cut = null;
        }
        left.forEach(this::release);
        performs.lost();
        LinkService.Watcher watcher = service.watcher();
        if (watcher != null && peer != null) {
            watcher.left(peer);
        }
        RpcRouter router = service.calls();
        RpcLink ended = calls;
        if (router != null && ended != null && caller instanceof Caller.Service self) {
            router.disconnected(self, ended);
        }
        service.ended(this);
        log.debug("Link of {} ended: {}", caller, reason);
    }

    /// A provider of the type has come or been replaced: asks again for everything of that type,
    /// with the rights as they are now.
    void offered(String typeName) {
        List<Observation> concerned;
        synchronized (lock) {
            concerned =
                    observed.values().stream()
                            .filter(one -> one.selector.typeName().equals(typeName))
                            .toList();
        }
        concerned.forEach(this::observeAgain);
    }

    void end(Link.CloseReason reason) {
        link.close(reason);
    }

    Caller caller() {
        return caller;
    }

    /// Who it was when the link was accepted.
    Caller proven() {
        return proven;
    }

    /// Has the other side carry out an action, or one of its devices.
    CompletableFuture<ActionGate.Done> perform(
            Caller.Device device, String type, byte[] payload, Duration patience) {
        return greeted
                ? performs.send(device, forDevices, type, payload, patience)
                : CompletableFuture.completedFuture(
                        ActionGate.Done.failed(
                                ErrorCode.OFFLINE.name(),
                                "The device is connecting; nothing was sent."));
    }

    private void greet(Header.Hello hello) {
        if (greeted) {
            answer(error("This link has said hello already."));
            return;
        }
        if (hello.protocol() != LinkService.PROTOCOL) {
            answer(
                    error(
                            "Protocol "
                                    + hello.protocol()
                                    + " is not spoken here, "
                                    + LinkService.PROTOCOL
                                    + " is."));
            link.close(
                    Link.CloseReason.refused(
                            "protocol " + hello.protocol() + " is not spoken here"));
            return;
        }
        if (hello.onBehalfOfDevices()
                && caller instanceof Caller.Service(var kind, String name)
                && kind == ServiceKind.CLIENT) {
            forDevices = true;
            caller = new Caller.Device("of-" + name);
        }
        // Whoever hears of this link can send over it at once, and that comes after the welcome. It
        // leaves last, so that whoever is welcomed has been heard of.
        synchronized (lock) {
            Frame welcome =
                    Frame.of(
                            new Header.Welcome(
                                    LinkService.PROTOCOL,
                                    service.kind().id(),
                                    service.name(),
                                    service.version(),
                                    Callers.format(caller)));
            answers.add(welcome);
            answerBytes += welcome.size();
            greeted = true;
        }
        if (forDevices) {
            service.carriesDevices(this);
        }
        RpcRouter router = service.calls();
        if (router != null && caller instanceof Caller.Service self) {
            calls = router.connected(self, this::offer);
        }
        LinkService.Watcher watcher = service.watcher();
        if (watcher != null && !forDevices) {
            peer = new LinkService.Peer(caller, hello.name(), hello.version(), link.transport());
            watcher.joined(peer);
        }
        wake();
    }

    private void observe(Observation next) {
        Observation former;
        boolean full;
        synchronized (lock) {
            if (closed) {
                return;
            }
            former = observed.get(next.selector.text());
            int chars = next.selector.text().length();
            full =
                    former == null
                            && (observed.size() >= limits.topics()
                                    || selectorChars + chars > limits.selectorChars());
            if (!full) {
                selectorChars += former == null ? chars : 0;
                replace(former, next);
            }
        }
        if (full) {
            String message =
                    "More than "
                            + limits.topics()
                            + " lists are observed at once, or their selectors are too long; close some views.";
            answer(problem(next.selector, ErrorCode.CONFLICT, message));
        } else {
            ask(former, next);
        }
    }

    private void observeAgain(Observation former) {
        Observation next;
        synchronized (lock) {
            if (!isCurrent(former)) {
                return;
            }
            next = former.again();
            replace(former, next);
        }
        ask(former, next);
    }

    private void replace(@Nullable Observation former, Observation next) {
        observed.put(next.selector.text(), next);
        if (former != null) {
            dirty(former).remove(former);
        }
    }

    /// Asks the source for the topic of `next`. It is among the observed already, so that a
    /// provider that comes meanwhile finds it.
    private void ask(@Nullable Observation former, Observation next) {
        synchronized (lock) {
            if (!isCurrent(next)) {
                return;
            }
        }
        Topic topic = null;
        Frame refusal = null;
        try {
            topic = topicOf(next);
        } catch (PeekException e) {
            refusal = problem(next.selector, e.code(), String.valueOf(e.getMessage()));
        }
        boolean late;
        synchronized (lock) {
            next.topic = topic;
            next.refusal = refusal;
            late = !isCurrent(next);
            if (!late && topic != null && !next.isUnderAnotherName()) {
                observed.remove(next.selector.text());
                next.selector = topic.selector();
                observed.put(next.selector.text(), next);
            }
        }
        // Not earlier, so that a topic observed anew is not left by its last observer in between.
        if (former != null) {
            release(former);
        }
        if (late) {
            release(next);
        } else {
            mark(next);
        }
    }

    private Topic topicOf(Observation one) {
        String viewer = one.selector.viewer();
        if (viewer != null) {
            return service.topics()
                    .observe(one.selector.withoutViewer(), Callers.device(viewer), one);
        }
        if (forDevices && service.topics().dependsOnViewer(one.selector.typeName())) {
            throw new PeekException(
                    WireErrors.VIEWER_NEEDED,
                    "The rows of "
                            + one.selector.typeName()
                            + " depend on the device; name the one that observes.");
        }
        return service.topics().observe(one.selector, caller, one);
    }

    private Selector checked(String text) {
        Selector selector = Selector.parse(text);
        if (!selector.key().isEmpty()
                && selector.key().keySet().stream().anyMatch(name -> name.startsWith("@"))
                && !(forDevices && selector.viewer() != null)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "names of values that begin with @ are not for this link: " + text);
        }
        return selector;
    }

    private void release(Observation one) {
        Topic topic;
        synchronized (lock) {
            topic = one.topic;
            one.topic = null;
        }
        if (topic != null) {
            service.topics().unobserve(topic, one);
        }
    }

    private boolean isCurrent(Observation one) {
        return observed.get(one.selector.text()) == one;
    }

    private void unobserve(String selector) {
        Observation gone;
        synchronized (lock) {
            gone = observed.remove(selector);
            if (gone == null) {
                return;
            }
            selectorChars -= selector.length();
            dirty(gone).remove(gone);
        }
        release(gone);
    }

    private void snapshot(String selector) {
        synchronized (lock) {
            Observation one = observed.get(selector);
            if (one == null) {
                return;
            }
            one.epoch = null;
            one.version = 0;
            dirty(one).add(one);
        }
        wake();
    }

    private void act(Header.Action action, byte[] payload) {
        if (action.type().length() > TupleCodec.MAX_NAME) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the type of an action is longer than " + TupleCodec.MAX_NAME + " characters");
        }
        String sender = action.caller();
        Caller actor = forDevices && sender != null ? Callers.device(sender) : caller;
        boolean tooMany;
        synchronized (lock) {
            tooMany = actions >= limits.actions() || actionBytes > MAX_ACTION_BYTES;
            actions += tooMany ? 0 : 1;
            actionBytes += tooMany ? 0 : payload.length;
        }
        Header.Queued place = action.queued();
        // A code after which a queue sends the same action again later.
        String busy = place == null ? ErrorCode.CONFLICT.name() : ErrorCode.OFFLINE.name();
        if (tooMany) {
            answer(
                    outcome(
                            action.id(),
                            ActionGate.Done.failed(
                                    busy,
                                    "More than "
                                            + limits.actions()
                                            + " actions, or "
                                            + (MAX_ACTION_BYTES >> 20)
                                            + " MiB of them, are under way; send fewer at once.")));
            return;
        }
        CompletableFuture<ActionGate.Done> carriedOut =
                place == null
                        ? service.actions().act(action.type(), payload, actor)
                        : service.actions().actQueued(action.type(), payload, actor, place);
        carriedOut.whenComplete((done, problem) -> {
            if (problem != null) {
                log.error("Action {} ended without an outcome", action.type(), problem);
            }
            finished(
                    action.id(),
                    payload.length,
                    done != null
                            ? done
                            : ActionGate.Done.failed(
                                    place == null ? ErrorCode.INTERNAL.name() : busy,
                                    "The action "
                                            + action.type()
                                            + " failed; the log of the service says why."));
        });
    }

    private void finished(String id, int bytes, ActionGate.Done done) {
        synchronized (lock) {
            actions--;
            actionBytes -= bytes;
        }
        answer(outcome(id, done));
    }

    private void calls(Frame frame) {
        RpcLink open = calls;
        if (open != null) {
            open.frame(frame);
        } else if (frame.header() instanceof Header.Call call) {
            answer(
                    Frame.of(
                            new Header.Returned(
                                    call.id(),
                                    ErrorCode.NOT_ALLOWED.name(),
                                    "Calls are for services, on their own links to the server.")));
        }
    }

    /// Answers, unless so much waits that a large frame would be too much.
    private boolean offer(Frame frame) {
        synchronized (lock) {
            if (closed
                    || (frame.payload().length > RpcLink.SMALL
                            && answerBytes > 0
                            && answerBytes + frame.size() > RpcLink.MAX_WAITING_BYTES)) {
                return false;
            }
        }
        answer(frame);
        return true;
    }

    /// Sends what was not asked for, unless as much as the link may hold waits already.
    private boolean offerUnasked(Frame frame) {
        synchronized (lock) {
            if (closed || (answerBytes > 0 && answerBytes + frame.size() > limits.waitingBytes())) {
                return false;
            }
            answers.add(frame);
            answerBytes += frame.size();
        }
        wake();
        return true;
    }

    private void answer(Frame frame) {
        boolean flooded;
        synchronized (lock) {
            if (closed) {
                return;
            }
            flooded = answerBytes > limits.waitingBytes();
            if (!flooded) {
                answers.add(frame);
                answerBytes += frame.size();
            }
        }
        if (flooded) {
            link.close(Link.CloseReason.refused("answers are asked for, but not taken"));
        } else {
            wake();
        }
    }

    private void mark(Observation one) {
        synchronized (lock) {
            if (!isCurrent(one)) {
                return;
            }
            dirty(one).add(one);
        }
        wake();
    }

    private void wake() {
        synchronized (lock) {
            if (sending) {
                return;
            }
            sending = true;
        }
        send();
    }

    /// Sends what is due, then goes on when it has left; called by whoever set `sending`. A link
    /// that is done at once calls back before `send` returns, which becomes another turn of the
    /// loop instead of a deeper stack.
    private void send() {
        if (turns.getAndIncrement() > 0) {
            return;
        }
        do {
            try {
                List<Frame> due = due();
                if (!due.isEmpty()) {
                    for (Frame frame : due.subList(0, due.size() - 1)) {
                        link.send(frame, () -> {});
                    }
                    link.send(due.getLast(), this::send);
                }
            } catch (RuntimeException e) {
                // Must not reach the provider that publishes, nor keep the news from other links.
                log.error("A frame to {} could not be sent; the link is closed", caller, e);
                link.close(Link.CloseReason.FAULT);
            }
        } while (turns.decrementAndGet() > 0);
    }

    /// Takes what is to be sent next; when there is nothing, gives up `sending`. Answers go first,
    /// then what the platform says, then the next piece of what is large.
    private List<Frame> due() {
        while (true) {
            Observation one;
            synchronized (lock) {
                if (!answers.isEmpty()) {
                    List<Frame> frames = List.copyOf(answers);
                    answers.clear();
                    answerBytes = 0;
                    List<Frame> small = withoutLarge(frames);
                    if (!small.isEmpty()) {
                        return small;
                    }
                }
                if (!dirtyStatus.isEmpty() && !statusInBulk) {
                    one = dirtyStatus.removeFirst();
                } else {
                    Frame piece = nextPiece();
                    if (piece != null) {
                        return List.of(piece);
                    }
                    if (!dirtyStatus.isEmpty()) {
                        one = dirtyStatus.removeFirst();
                    } else if (!dirty.isEmpty()) {
                        one = dirty.removeFirst();
                    } else {
                        sending = false;
                        return List.of();
                    }
                }
            }
            List<Frame> frames = catchUp(one);
            if (frames.isEmpty()) {
                continue;
            }
            if (frames.stream().noneMatch(this::isLarge)) {
                return frames;
            }
            synchronized (lock) {
                if (!closed) {
                    // All of them: what follows a large frame of a selector builds upon it.
                    frames.forEach(frame -> bulk.add(new Bulk(frame, 0)));
                    statusInBulk |= one.isStatus();
                }
            }
        }
    }

    private SequencedSet<Observation> dirty(Observation one) {
        return one.isStatus() ? dirtyStatus : dirty;
    }

    private boolean isLarge(Frame frame) {
        return frame.size() > Pieces.FROM_BYTES && !link.passesWhole();
    }

    private List<Frame> withoutLarge(List<Frame> frames) {
        if (frames.stream().noneMatch(this::isLarge)) {
            return frames;
        }
        List<Frame> small = new ArrayList<>();
        for (Frame frame : frames) {
            if (isLarge(frame)) {
                bulk.add(new Bulk(frame, frame.size()));
                answerBytes += frame.size();
            } else {
                small.add(frame);
            }
        }
        return small;
    }

    /// With the lock.
    private @Nullable Frame nextPiece() {
        if (cut == null) {
            Bulk next = bulk.poll();
            if (next == null) {
                statusInBulk = false;
                return null;
            }
            answerBytes -= next.answerBytes();
            if (!isLarge(next.frame())) {
                return next.frame();
            }
            cut = new Pieces.Cut(next.frame());
        }
        Frame piece = cut.next();
        if (cut.isDone()) {
            cut = null;
        }
        return piece;
    }

    private List<Frame> catchUp(Observation one) {
        Topic topic;
        String epoch;
        long version;
        synchronized (lock) {
            Frame refusal = one.refusal;
            if (refusal != null) {
                one.refusal = null;
                one.problem = refusal;
                return isCurrent(one) ? List.of(refusal) : List.of();
            }
            topic = one.topic;
            if (topic == null) {
                return List.of();
            }
            epoch = one.epoch;
            version = one.version;
        }
        Topic.CatchUp news = topic.since(epoch, version);
        synchronized (lock) {
            // Begun anew, or asked for a snapshot, meanwhile: then it is marked again as well.
            boolean stale =
                    !isCurrent(one) || one.version != version || !Objects.equals(one.epoch, epoch);
            return stale ? List.of() : take(one, news);
        }
    }

    private static List<Frame> take(Observation one, Topic.CatchUp news) {
        List<Frame> frames = news.frames();
        Frame problem = news.problem();
        if (one.isUnderAnotherName()) {
            String name = one.selector.text();
            frames = frames.stream().map(frame -> frame.withSelector(name)).toList();
        }
        if (news.epoch() != null) {
            boolean lifted = one.problem != null && problem == null;
            if (frames.isEmpty() && (one.confirm || lifted)) {
                frames =
                        List.of(
                                Frame.of(
                                        new Header.Current(
                                                one.selector.text(),
                                                news.epoch(),
                                                news.version())));
            }
            one.confirm = false;
            one.epoch = news.epoch();
            one.version = news.version();
        }
        if (problem != null && problem != one.problem) {
            frames = new ArrayList<>(frames);
            frames.add(
                    one.isUnderAnotherName() ? problem.withSelector(one.selector.text()) : problem);
        }
        one.problem = problem;
        return frames;
    }

    private static Frame problem(Selector selector, ErrorCode code, String message) {
        return Frame.of(new Header.Problem(selector.text(), code.name(), message));
    }

    private static Frame outcome(String id, ActionGate.Done done) {
        return Frame.of(
                new Header.Outcome(id, done.result(), done.code(), done.message()), done.values());
    }

    private static Frame error(String message) {
        return Frame.of(new Header.Refused(ErrorCode.BAD_REQUEST.name(), message));
    }
}
