package org.peekplatform.vortex;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.Caller;

/// A service's `/vortex/stream` on loopback, as small as it can be; the real one stands in `web`,
/// which imports this module.
final class HttpStreamEndpoint implements AutoCloseable {
    private final Link.Acceptor acceptor;
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private final Map<String, HttpStreamLink> links = new ConcurrentHashMap<>();
    private final Javalin server;

    HttpStreamEndpoint(Link.Acceptor acceptor) {
        this.acceptor = acceptor;
        server =
                Javalin.create(
                                config -> {
                                    config.concurrency.useVirtualThreads = true;
                                    config.startup.showJavalinBanner = false;
                                    config.routes.post("/vortex/stream", this::open);
                                    config.routes.post("/vortex/stream/{id}", this::receive);
                                })
                        .start("127.0.0.1", 0);
    }

    int port() {
        return server.port();
    }

    /// What a dialing side shows to be taken for `caller`.
    String tokenOf(Caller caller) {
        String token = UUID.randomUUID().toString();
        callers.put(token, caller);
        return token;
    }

    @Override
    public void close() {
        links.values().forEach(link -> link.close(Link.CloseReason.GOING_AWAY));
        server.stop();
    }

    private void open(Context request) throws IOException {
        Caller caller =
                Objects.requireNonNull(
                        callers.get(String.valueOf(request.header("Authorization"))));
        HttpStreamLink link =
                new HttpStreamLink(
                        acceptor, caller, Frame.MAX_BYTES_FROM_DEVICE, HttpStreamLink.Timing.USUAL);
        links.put(link.id(), link);
        request.contentType("application/octet-stream");
        OutputStream answer = request.res().getOutputStream();
        if ("gzip".equals(request.header("Accept-Encoding"))) {
            request.header("Content-Encoding", "gzip");
            answer = HttpStreamLink.gzip(answer);
        }
        link.serve(answer);
    }

    private void receive(Context request) {
        HttpStreamLink link = Objects.requireNonNull(links.get(request.pathParam("id")));
        String sequence = Objects.requireNonNull(request.header("X-Peek-Sequence"));
        request.status(link.receive(Long.parseLong(sequence), request.bodyAsBytes()) ? 204 : 410);
    }
}
