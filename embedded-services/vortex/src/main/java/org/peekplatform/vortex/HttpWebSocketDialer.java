package org.peekplatform.vortex;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Dials a service's `/vortex` WebSocket.
public final class HttpWebSocketDialer implements LinkDialer {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    // How long the other side may take to answer a close before the socket is taken from it.
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    // The close reason of a WebSocket holds 123 bytes.
    private static final int MAX_REASON = 123;

    private final HttpClient http;
    private final URI uri;
    private final Supplier<Map<String, String>> headers;

    /// @param http owned by the caller
    /// @param uri `ws://host:port/vortex`
    /// @param headers what proves this side, asked for at every dialing
    public HttpWebSocketDialer(HttpClient http, URI uri, Supplier<Map<String, String>> headers) {
        this.http = http;
        this.uri = uri;
        this.headers = headers;
    }

    @Override
    public CompletableFuture<Link> dial(Link.Listener listener) {
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
        headers.get().forEach(builder::header);
        Socket socket = new Socket(listener);
        return builder.buildAsync(uri, socket)
                .<Link>thenApply(socket::opened)
                .exceptionallyCompose(problem -> CompletableFuture.failedFuture(explain(problem)));
    }

    private Throwable explain(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        if (cause instanceof WebSocketHandshakeException refused) {
            boolean json =
                    refused.getResponse()
                            .headers()
                            .firstValue("Content-Type")
                            .filter(type -> type.startsWith("application/json"))
                            .isPresent();
            return Refusals.of(uri, refused.getResponse().statusCode(), json, cause);
        }
        return new PeekException(
                ErrorCode.OFFLINE,
                uri.getHost() + ":" + uri.getPort() + " cannot be reached",
                cause);
    }

    /// As much of `text` as a close frame holds, in whole characters.
    static String brief(String text) {
        CharBuffer rest = CharBuffer.wrap(text);
        CoderResult result =
                StandardCharsets.UTF_8
                        .newEncoder()
                        .encode(rest, ByteBuffer.allocate(MAX_REASON), true);
        return result.isError() ? "" : text.substring(0, rest.position());
    }

    /// One WebSocket. The JDK's allows one send at a time; [SendQueue] keeps the others in order.
    private static final class Socket implements Link, WebSocket.Listener {
        private final Link.Listener listener;
        private final SendQueue sends = new SendQueue();
        // The end of a link comes from any thread; it is told after the frame that is being told.
        private final SerialExecutor events = SerialExecutor.inline();
        private final AtomicBoolean ended = new AtomicBoolean();
        private ByteArrayOutputStream partial = new ByteArrayOutputStream();
        private volatile @Nullable WebSocket socket;

        Socket(Link.Listener listener) {
            this.listener = listener;
        }

        Link opened(WebSocket open) {
            socket = open;
            // Frames are asked for only now, when the listener knows the link they come over.
            open.request(1);
            return this;
        }

        @Override
        public void send(Frame frame, Runnable written) {
            WebSocket open = socket;
            if (open != null && !ended.get()) {
                sends.submit(
                        () -> open.sendBinary(ByteBuffer.wrap(frame.bytes()), true),
                        written,
                        () -> ended("sending failed"));
            }
        }

        @Override
        public void close(CloseReason reason) {
            WebSocket open = socket;
            if (ended(reason.text()) && open != null) {
                CompletableFuture<@Nullable Void> left = new CompletableFuture<>();
                sends.submit(
                        () -> open.sendClose(reason.code(), brief(reason.text())),
                        () -> {},
                        () -> left.complete(null));
                // The other side answers the close, upon which the JDK ends the socket. To abort at
                // once would take the close frame back.
                left.completeOnTimeout(null, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                        .thenRun(open::abort);
                open.request(1);
            }
        }

        @Override
        public void onOpen(WebSocket open) {}

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer data, boolean last) {
            if (ended.get()) {
                // On its way when the link ended; only the answer to the close is of interest.
                from.request(1);
                return null;
            }
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            if (partial.size() + bytes.length > Frame.MAX_BYTES) {
                close(CloseReason.refused("a frame is larger than " + Frame.MAX_BYTES + " bytes"));
                return null;
            }
            if (!last) {
                partial.writeBytes(bytes);
            } else if (partial.size() == 0) {
                received(bytes);
            } else {
                partial.writeBytes(bytes);
                byte[] whole = partial.toByteArray();
                // Not reset, which would keep the room of the largest frame for good.
                partial = new ByteArrayOutputStream();
                received(whole);
            }
            from.request(1);
            return null;
        }

        private void received(byte[] bytes) {
            events.execute(() -> {
                if (ended.get()) {
                    return;
                }
                try {
                    listener.frame(Frame.parse(bytes));
                } catch (PeekException e) {
                    close(CloseReason.refused(String.valueOf(e.getMessage())));
                } catch (RuntimeException e) {
                    close(CloseReason.FAULT);
                    throw e;
                }
            });
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended(reason.isEmpty() ? "the service closed the connection (" + code + ")" : reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable problem) {
            ended("the connection broke");
        }

        /// @return whether it had not ended before
        private boolean ended(String reason) {
            boolean now = ended.compareAndSet(false, true);
            if (now) {
                events.execute(() -> listener.closed(reason));
            }
            return now;
        }
    }
}
