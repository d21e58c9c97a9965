package org.peekplatform.benchmarks.baseline;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.probe.calls.CallLoop;

/// A message over a WebSocket and the same one back: what a call must do at least. Jetty answers on
/// the thread that has read; answers come in order, so a queue knows which call each belongs to.
public final class WebSocketEcho implements CallLoop.Callee, WebSocket.Listener {
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Queue<CompletableFuture<String>> waiting = new ConcurrentLinkedQueue<>();
    private final Object lock = new Object();
    private @Nullable WebSocket socket;
    // The JDK's WebSocket takes one message at a time.
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private byte[] partial = {};

    private WebSocketEcho() {}

    /// Serves until it is killed.
    ///
    /// @param arguments the port
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        server.setHandler(
                WebSocketUpgradeHandler.from(
                        server,
                        sockets -> {
                            sockets.setIdleTimeout(IDLE);
                            sockets.addMapping("/echo", (request, response, done) -> new Echo());
                        }));
        server.start();
        System.out.println("ready");
        server.join();
    }

    /// Public for Jetty.
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketBinary(ByteBuffer data, Callback done) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            done.succeed();
            getSession().sendBinary(ByteBuffer.wrap(bytes), Callback.NOOP);
        }
    }

    static WebSocketEcho open(int port) {
        WebSocketEcho echo = new WebSocketEcho();
        echo.socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/echo"), echo)
                        .join();
        return echo;
    }

    @Override
    public String call(String text) throws Exception {
        return callLater(text).get();
    }

    @Override
    public CompletableFuture<String> callLater(String text) {
        WebSocket open = requireNonNull(socket);
        CompletableFuture<String> answer = new CompletableFuture<>();
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        synchronized (lock) {
            waiting.add(answer);
            sent = sent.thenCompose(before -> open.sendBinary(bytes, true));
        }
        return answer;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] whole = new byte[partial.length + data.remaining()];
        System.arraycopy(partial, 0, whole, 0, partial.length);
        data.get(whole, partial.length, data.remaining());
        partial = last ? new byte[0] : whole;
        if (last) {
            requireNonNull(waiting.poll()).complete(new String(whole, StandardCharsets.UTF_8));
        }
        from.request(1);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable problem) {
        waiting.forEach(answer -> answer.completeExceptionally(problem));
    }
}
