package org.peekplatform.vortex;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.RpcPeer;
import org.peekplatform.api.rpc.RpcTarget;

/// The calls of a system, at its server: to what the server serves itself, or over the link of the
/// service that is called, unopened. Finds services by their proven identity.
public final class RpcRouter implements CallGate, RpcPeers {
    private final RpcHub hub;
    private final PlatformThreads threads;
    // A service that dials again may still have its former link; the newest comes first.
    private final List<Route> routes = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    private record Route(Caller.Service service, RpcLink link) {}

    /// @param hub what the server serves itself
    public RpcRouter(RpcHub hub, PlatformThreads threads) {
        this.hub = hub;
        this.threads = threads;
    }

    /// Lets other services ask who is connected.
    public void servePeers() {
        hub.serve(Party.platform("peek"), RpcPeers.class, EnumSet.allOf(ServiceKind.class), this);
    }

    @Override
    public CompletableFuture<Answer> call(Request request) {
        RpcTarget target;
        try {
            target = RpcTargets.parse(request.to());
        } catch (PeekException e) {
            return CompletableFuture.completedFuture(Answer.failed(e.code(), Sentences.of(e)));
        }
        if (RpcTargets.includes(target, hub.self())) {
            return hub.call(request);
        }
        RpcLink link = pick(target);
        return link == null
                ? CompletableFuture.completedFuture(
                        Answer.failed(
                                ErrorCode.OFFLINE,
                                "No "
                                        + RpcTargets.words(target)
                                        + " is connected to the server; "
                                        + request.method()
                                        + " was not sent."))
                : link.call(request);
    }

    @Override
    public List<RpcPeer> connected(ServiceKind kind) {
        return Stream.concat(Stream.of(hub.self()), routes.stream().map(Route::service))
                .filter(service -> service.kind() == kind)
                .distinct()
                .map(service ->
                        new RpcPeer(Callers.format(service), service.kind(), service.name()))
                .sorted(Comparator.comparing(RpcPeer::name))
                .toList();
    }

    /// The calls on a link of a service; [#disconnected] ends them.
    RpcLink connected(Caller.Service service, RpcLink.Sender sender) {
        RpcLink link = new RpcLink(this, threads, sender, service);
        routes.add(0, new Route(service, link));
        return link;
    }

    void disconnected(Caller.Service service, RpcLink link) {
        routes.removeIf(route -> route.link() == link);
        link.lost(
                "The connection to the "
                        + service.kind().id()
                        + " '"
                        + service.name()
                        + "' was lost");
    }

    private @Nullable RpcLink pick(RpcTarget target) {
        List<Route> found = new ArrayList<>();
        List<Caller.Service> seen = new ArrayList<>();
        for (Route route : routes) {
            if (RpcTargets.includes(target, route.service()) && !seen.contains(route.service())) {
                seen.add(route.service());
                found.add(route);
            }
        }
        return found.isEmpty()
                ? null
                : found.get(Math.floorMod(turn.getAndIncrement(), found.size())).link();
    }
}
