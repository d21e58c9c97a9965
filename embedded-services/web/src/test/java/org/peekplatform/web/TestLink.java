package org.peekplatform.web;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;

/// A device's end of a WebSocket that remembers what came.
final class TestLink implements WebSocket.Listener {
    private final BlockingQueue<Header> came = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private @Nullable WebSocket socket;

    void open(WebSocket open) {
        socket = open;
    }

    TestLink send(Header header) {
        return send(Frame.of(header).bytes());
    }

    TestLink send(byte[] message) {
        socket().sendBinary(ByteBuffer.wrap(message), true).join();
        return this;
    }

    TestLink sendText(String text) {
        socket().sendText(text, true).join();
        return this;
    }

    TestLink hello() throws InterruptedException {
        send(new Header.Hello(1, "test", false));
        next(Header.Welcome.class);
        return this;
    }

    TestLink observe() throws InterruptedException {
        send(new Header.Observe("[\"test.Note\"]", null, 0));
        next(Header.Snapshot.class);
        return this;
    }

    <H extends Header> H next(Class<H> kind) throws InterruptedException {
        Header header = came.poll(5, TimeUnit.SECONDS);
        if (!kind.isInstance(header)) {
            throw new AssertionError("expected " + kind.getSimpleName() + " but got " + header);
        }
        return kind.cast(header);
    }

    /// What has come and was not asked for yet.
    boolean isQuiet() {
        return came.isEmpty();
    }

    /// Waits for the end.
    ///
    /// @return code and reason
    String closed() {
        return closed.orTimeout(5, TimeUnit.SECONDS).join();
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        partial.writeBytes(bytes);
        if (last) {
            came.add(Frame.parse(partial.toByteArray()).header());
            partial.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable problem) {
        closed.completeExceptionally(problem);
    }

    private WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }
}
