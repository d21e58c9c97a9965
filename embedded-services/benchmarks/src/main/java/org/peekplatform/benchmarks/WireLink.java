package org.peekplatform.benchmarks;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A device or an administrator's browser. For one thread.
final class WireLink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BlockingQueue<Wire.Received> arrived = new LinkedBlockingQueue<>();
    private final Queue<Wire.Received> skipped = new ArrayDeque<>();
    private final WebSocket socket;
    private int actions;

    private WireLink(HttpClient http, int port, Map<String, String> headers) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        headers.forEach(builder::header);
        socket =
                builder.buildAsync(
                                URI.create("ws://127.0.0.1:" + port + "/vortex"), new Collector())
                        .join();
    }

    /// Opens a link and is welcomed.
    static WireLink open(HttpClient http, int port, Map<String, String> headers, String name)
            throws InterruptedException {
        WireLink link = new WireLink(http, port, headers);
        link.send(Map.of("kind", "hello", "protocol", 1, "name", name), new byte[0]);
        link.await("the welcome", frame -> frame.kind().equals("welcome"));
        return link;
    }

    void observe(String selector) {
        send(Map.of("kind", "observe", "selector", selector), new byte[0]);
    }

    /// Sends an action and waits until it is applied.
    ///
    /// @return when it was sent, on the clock of `System.nanoTime`
    long act(String type, Map<String, ?> fields) throws InterruptedException {
        long sent = System.nanoTime();
        applied(type, fields);
        return sent;
    }

    /// Sends an action and waits for the one tuple it is answered with.
    JsonNode ask(String type, Map<String, ?> fields) throws InterruptedException {
        return applied(type, fields).json().path(0);
    }

    private Wire.Received applied(String type, Map<String, ?> fields) throws InterruptedException {
        String id = "bench-" + ++actions;
        byte[] payload = Wire.json(fields);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("kind", "action");
        header.put("id", id);
        header.put("type", type);
        send(header, payload);
        Wire.Received outcome =
                await(
                        "the outcome of " + type,
                        frame -> frame.kind().equals("outcome") && frame.text("id").equals(id));
        if (!outcome.text("result").equals("applied")) {
            throw new BenchException(type + " was not applied: " + outcome.text("message"));
        }
        return outcome;
    }

    /// The next frame that is wanted; others before it are kept for later.
    Wire.Received await(String what, Predicate<Wire.Received> wanted) throws InterruptedException {
        for (Iterator<Wire.Received> i = skipped.iterator(); i.hasNext(); ) {
            Wire.Received frame = i.next();
            if (wanted.test(frame)) {
                i.remove();
                return frame;
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Wire.Received frame = arrived.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (frame == null) {
                throw new BenchException(
                        what + " did not come within " + PATIENCE.toSeconds() + " s");
            }
            if (frame.kind().equals("closed") || frame.kind().equals("error")) {
                throw new BenchException(what + " did not come: " + frame.text("message"));
            }
            if (wanted.test(frame)) {
                return frame;
            }
            skipped.add(frame);
        }
    }

    /// The next frame with news of `selector`.
    Wire.Received news(String selector) throws InterruptedException {
        return await("news of " + selector, frame -> frame.text("selector").equals(selector));
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void send(Map<String, ?> header, byte[] payload) {
        socket.sendBinary(ByteBuffer.wrap(Wire.frame(header, payload)), true).join();
    }

    private void ended(String why) {
        JsonNode header = Wire.JSON.valueToTree(Map.of("kind", "closed", "message", why));
        arrived.add(new Wire.Received(header, new byte[0], System.nanoTime()));
    }

    private final class Collector implements WebSocket.Listener {
        private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                arrived.add(Wire.parse(partial.toByteArray(), System.nanoTime()));
                partial.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended("the link was closed (" + code + " " + reason + ")");
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable problem) {
            ended("the link broke: " + problem);
        }
    }
}
