package org.peekplatform.vortex;

import io.javalin.Javalin;
import io.javalin.websocket.WsConfig;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.peekplatform.api.Caller;
import org.peekplatform.api.PeekException;

/// A service's `/vortex` on loopback, as small as it can be; the real one stands in `web`, which
/// imports this module.
final class WebSocketEndpoint implements AutoCloseable {
    private static final String LISTENER = "listener";

    private final Link.Acceptor acceptor;
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private final Javalin server;

    WebSocketEndpoint(Link.Acceptor acceptor) {
        this.acceptor = acceptor;
        server =
                Javalin.create(
                                config -> {
                                    config.concurrency.useVirtualThreads = true;
                                    config.startup.showJavalinBanner = false;
                                    config.jetty.modifyWebSocketServletFactory(factory ->
                                            factory.setMaxBinaryMessageSize(
                                                    Frame.MAX_BYTES_FROM_DEVICE));
                                    config.routes.ws("/vortex", this::links);
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
        server.stop();
    }

    private void links(WsConfig ws) {
        ws.onConnect(context -> {
            Caller caller = callers.get(String.valueOf(context.header("Authorization")));
            if (caller == null) {
                context.closeSession(1008, "not proven");
                return;
            }
            context.attribute(LISTENER, acceptor.accept(new SessionLink(context.session), caller));
        });
        ws.onBinaryMessage(context -> {
            byte[] bytes = new byte[context.data().remaining()];
            context.data().get(bytes);
            Link.Listener listener = context.attribute(LISTENER);
            if (listener != null) {
                try {
                    listener.frame(Frame.parse(bytes));
                } catch (PeekException e) {
                    new SessionLink(context.session)
                            .close(Link.CloseReason.refused(String.valueOf(e.getMessage())));
                }
            }
        });
        ws.onClose(context -> {
            Link.Listener listener = context.attribute(LISTENER);
            if (listener != null) {
                listener.closed(String.valueOf(context.reason()));
            }
        });
    }

    private record SessionLink(Session session) implements Link {
        @Override
        public void send(Frame frame, Runnable written) {
            session.sendBinary(
                    ByteBuffer.wrap(frame.bytes()), Callback.from(written, problem -> {}));
        }

        @Override
        public void close(CloseReason reason) {
            session.close(reason.code(), reason.text(), Callback.NOOP);
        }
    }
}
