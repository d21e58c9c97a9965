package org.peekplatform.benchmarks.baseline;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.websocket.WsBinaryMessageContext;
import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/// The least that telling many browsers something must do: one message, built once, written to
/// every socket.
public final class FanBaseline {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final int ACCEPT_QUEUE = 4_096;

    private final List<WsContext> sockets = new CopyOnWriteArrayList<>();

    private FanBaseline() {}

    /// @param arguments the port
    public static void main(String[] arguments) {
        new FanBaseline().open(Integer.parseInt(arguments[0]));
        System.out.println("ready");
    }

    private void open(int port) {
        Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.startup.startupWatcherEnabled = false;
                            config.startup.showOldJavalinVersionWarning = false;
                            config.concurrency.useVirtualThreads = true;
                            config.jetty.addConnector((server, http) -> {
                                ServerConnector connector =
                                        new ServerConnector(
                                                server, 1, 1, new HttpConnectionFactory(http));
                                connector.setHost("127.0.0.1");
                                connector.setPort(port);
                                connector.setIdleTimeout(IDLE.toMillis());
                                connector.setAcceptQueueSize(ACCEPT_QUEUE);
                                return connector;
                            });
                            config.jetty.modifyWebSocketServletFactory(
                                    factory -> factory.setIdleTimeout(IDLE));
                            config.routes.ws(
                                    "/sub",
                                    socket -> {
                                        socket.onConnect(sockets::add);
                                        socket.onClose(sockets::remove);
                                    });
                            config.routes.ws(
                                    "/echo", socket -> socket.onBinaryMessage(FanBaseline::echo));
                            config.routes.post("/fire/{version}", this::fire);
                        })
                .start();
    }

    private static void echo(WsBinaryMessageContext message) {
        byte[] bytes = new byte[message.data().remaining()];
        message.data().get(bytes);
        message.send(ByteBuffer.wrap(bytes));
    }

    private void fire(Context request) {
        byte[] message = message(request.pathParam("version"), request.queryParam("bytes"));
        for (WsContext socket : sockets) {
            socket.send(ByteBuffer.wrap(message));
        }
        request.status(204);
    }

    /// A message like Peek's, filled up to the same length.
    private static byte[] message(String version, @Nullable String bytes) {
        byte[] header =
                ("{\"kind\":\"delta\",\"version\":" + version + "}")
                        .getBytes(StandardCharsets.US_ASCII);
        int length = bytes == null ? 0 : Integer.parseInt(bytes);
        byte[] message = new byte[Math.max(length, 4 + header.length)];
        Arrays.fill(message, (byte) ' ');
        ByteBuffer.wrap(message).putInt(header.length).put(header);
        return message;
    }
}
