package org.peekplatform.vortex;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;

/// Serves all links of one service: every link sees the same topics and actions, each within its
/// rights.
public final class LinkService implements Link.Acceptor, AutoCloseable {
    public static final int PROTOCOL = 1;

    private final ServiceKind kind;
    private final String name;
    private final String version;
    private final TopicSource topics;
    private final ActionGate actions;
    private final LinkLimits limits;
    private final Registration offers;
    private final Set<ServedLink> links = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RpcRouter calls;
    private volatile boolean closed;

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
        this.limits = limits;
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

    @Override
    public Link.Listener accept(Link link, Caller caller) {
        ServedLink served = new ServedLink(this, link, caller, limits.of(caller));
        links.add(served);
        if (closed) {
            served.end(Link.CloseReason.GOING_AWAY);
        }
        return served;
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

    @Nullable RpcRouter calls() {
        return calls;
    }
}
