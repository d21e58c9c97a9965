package org.peekplatform.vortex;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;

/// Serves all links of one service: every link sees the same topics and actions, each within its
/// rights.
public final class LinkService implements Link.Acceptor, DeviceGate, AutoCloseable {
    public static final int PROTOCOL = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    // A browser has a link for each of its tabs.
    private static final int MAX_LINKS_ASKED = 16;

    private final ServiceKind kind;
    private final String name;
    private final String version;
    private final TopicSource topics;
    private final ActionGate actions;
    private final LinkLimits limits;
    private final Registration offers;
    private final Duration patience;
    private final Set<ServedLink> links = ConcurrentHashMap.newKeySet();
    // Of those that have several at once too; the newest comes first.
    private final Map<Caller, List<ServedLink>> linksOf = new ConcurrentHashMap<>();
    private final List<ServedLink> carriers = new CopyOnWriteArrayList<>();
    private volatile @Nullable RpcRouter calls;
    private volatile @Nullable Watcher watcher;
    private volatile boolean closed;

    /// Hears who is at the other end of links, from `hello` to the end. Calls for one link come one
    /// at a time and must not block.
    public interface Watcher {
        void joined(Peer peer);

        /// @param peer equal to what was given to [#joined]
        void left(Peer peer);

        /// The client service that a device is connected to as far as is known, in the text form of
        /// callers; `null` when nothing is known.
        default @Nullable String via(Caller.Device device) {
            return null;
        }
    }

    /// Who is at the other end of a link.
    ///
    /// @param caller as proven
    /// @param name what it says of itself, for people
    /// @param version of the platform it says it runs; `null` when it does not
    public record Peer(
            Caller caller, String name, @Nullable String version, Link.Transport transport) {}

    /// @param name of the service, unique in the system
    /// @param version of the platform
    public LinkService(
            ServiceKind kind, String name, String version, TopicSource topics, ActionGate actions) {
        this(kind, name, version, topics, actions, LinkLimits.device(1 << 20));
    }

    /// @param limits of links that are not those of services
    public LinkService(
            ServiceKind kind,
            String name,
            String version,
            TopicSource topics,
            ActionGate actions,
            LinkLimits limits) {
        this(kind, name, version, topics, actions, limits, PATIENCE);
    }

    /// @param patience how long a device is waited for that carries out an action
    LinkService(
            ServiceKind kind,
            String name,
            String version,
            TopicSource topics,
            ActionGate actions,
            LinkLimits limits,
            Duration patience) {
        this.limits = limits;
        this.patience = patience;
        this.kind = kind;
        this.name = name;
        this.version = version;
        this.topics = topics;
        this.actions = actions;
        offers = topics.onOffer(type -> links.forEach(link -> link.offered(type)));
    }

    /// Lets services call each other over their links here; only the server hands calls on. Call
    /// before the first link is accepted.
    public void route(RpcRouter router) {
        calls = router;
    }

    /// Tells `watcher` of every link from now on; there is one watcher. Call before the first link
    /// is accepted.
    public void watch(Watcher only) {
        watcher = only;
    }

    @Override
    public Link.Listener accept(Link link, Caller caller) {
        ServedLink served = new ServedLink(this, link, caller, limits.of(caller));
        links.add(served);
        linksOf.merge(caller, List.of(served), (former, newest) -> joined(newest, former));
        if (closed) {
            served.end(Link.CloseReason.GOING_AWAY);
        }
        return served;
    }

    private static List<ServedLink> joined(List<ServedLink> first, List<ServedLink> then) {
        List<ServedLink> all = new ArrayList<>(first);
        all.addAll(then);
        return List.copyOf(all);
    }

    /// Goes over the device's own links, the newest first, then over those of client services, of
    /// which that comes first which is known to have the device: until one can have it carried out.
    /// They are asked one after the other, as two at once could do it twice.
    @Override
    public CompletableFuture<ActionGate.Done> perform(
            Caller.Device device, String type, byte[] payload) {
        List<ServedLink> own = linksOf.getOrDefault(device, List.of());
        List<ServedLink> ways =
                joined(own.subList(0, Math.min(own.size(), MAX_LINKS_ASKED)), carriersFor(device));
        return firstOf(
                ways.iterator(),
                new Wanted(device, type, payload, System.nanoTime() + patience.toNanos()),
                ActionGate.Done.failed(
                        ErrorCode.OFFLINE.name(),
                        "The device "
                                + device.id()
                                + " is not connected; "
                                + type
                                + " was not sent."));
    }

    private List<ServedLink> carriersFor(Caller.Device device) {
        Watcher known = watcher;
        String via = known == null ? null : known.via(device);
        if (via == null) {
            return carriers;
        }
        return carriers.stream()
                .sorted(Comparator.comparing(link -> !via.equals(Callers.format(link.proven()))))
                .toList();
    }

    /// @param end when nobody waits for it any more
    private record Wanted(Caller.Device device, String type, byte[] payload, long end) {}

    private static CompletableFuture<ActionGate.Done> firstOf(
            Iterator<ServedLink> ways, Wanted wanted, ActionGate.Done otherwise) {
        Duration left = Duration.ofNanos(wanted.end() - System.nanoTime());
        if (!ways.hasNext() || left.isNegative()) {
            return CompletableFuture.completedFuture(otherwise);
        }
        return ways.next()
                .perform(wanted.device(), wanted.type(), wanted.payload(), left)
                .thenCompose(done -> {
                    boolean connected = ErrorCode.NOT_OFFERED.name().equals(done.code());
                    if (done.result() == Header.Result.FAILED
                            && (connected || ErrorCode.OFFLINE.name().equals(done.code()))) {
                        return firstOf(ways, wanted, connected ? done : otherwise);
                    }
                    return CompletableFuture.completedFuture(done);
                });
    }

    /// Who is connected now.
    public List<Caller> callers() {
        return links.stream().map(ServedLink::caller).toList();
    }

    @Override
    public void close() {
        closed = true;
        offers.close();
        links.forEach(link -> link.end(Link.CloseReason.GOING_AWAY));
    }

    void ended(ServedLink link) {
        links.remove(link);
        carriers.remove(link);
        linksOf.computeIfPresent(link.proven(), (caller, known) -> without(known, link));
    }

    private static @Nullable List<ServedLink> without(List<ServedLink> links, ServedLink gone) {
        List<ServedLink> left = links.stream().filter(link -> link != gone).toList();
        return left.isEmpty() ? null : left;
    }

    /// A client service has said that this link carries what its devices do.
    void carriesDevices(ServedLink link) {
        carriers.addFirst(link);
        if (!links.contains(link)) {
            // It has ended meanwhile.
            carriers.remove(link);
        }
    }

    ServiceKind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    TopicSource topics() {
        return topics;
    }

    ActionGate actions() {
        return actions;
    }

    @Nullable Watcher watcher() {
        return watcher;
    }

    @Nullable RpcRouter calls() {
        return calls;
    }
}
