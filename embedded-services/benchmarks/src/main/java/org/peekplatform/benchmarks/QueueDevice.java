package org.peekplatform.benchmarks;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A device that sends queued actions as fast as they are answered.
final class QueueDevice {
    static final int WINDOW = 16;
    private static final long PATIENCE_SECONDS = 120;

    private final String name;
    private final WebSocket socket;
    private final CompletableFuture<@Nullable Void> welcomed;
    // All of these are touched by the listener of the socket, and before a run by its caller.
    private long sent;
    private long answered;
    private long last;
    private CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

    private QueueDevice(HttpClient http, int port, String name) {
        this.name = name;
        welcomed = new CompletableFuture<>();
        socket =
                http.newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/vortex"), new Answers())
                        .join();
    }

    static QueueDevice open(HttpClient http, int port, String name) throws InterruptedException {
        QueueDevice device = new QueueDevice(http, port, name);
        device.send(
                Map.of("kind", "hello", "protocol", 1, "name", "Benchmark device"), new byte[0]);
        await(device.welcomed, "the welcome");
        return device;
    }

    /// Has the devices send `actions` together and waits for all answers.
    static double microsPerAction(List<QueueDevice> devices, int actions)
            throws InterruptedException {
        long begun = System.nanoTime();
        for (QueueDevice device : devices) {
            device.begin(actions / devices.size());
        }
        for (QueueDevice device : devices) {
            await(device.done, "the outcome of an action");
        }
        return (System.nanoTime() - begun) / 1e3 / actions;
    }

    void close() {
        socket.abort();
    }

    private synchronized void begin(int actions) {
        done = new CompletableFuture<>();
        last = sent + actions;
        while (sent < last && sent < answered + WINDOW) {
            sendNext();
        }
    }

    private void sendNext() {
        long number = ++sent;
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("kind", "action");
        header.put("id", String.valueOf(number));
        header.put("type", "probe.AddEntry");
        header.put("queue", "bench-" + name);
        header.put("sequence", number);
        header.put("acknowledged", answered);
        send(header, Wire.json(Map.of("device", name, "number", number)));
    }

    private synchronized void send(Map<String, ?> header, byte[] payload) {
        ByteBuffer frame = ByteBuffer.wrap(Wire.frame(header, payload));
        sending = sending.thenCompose(before -> socket.sendBinary(frame, true));
    }

    private synchronized void received(Wire.Received frame) {
        switch (frame.kind()) {
            case "welcome" -> welcomed.complete(null);
            case "outcome" -> {
                if (!frame.text("result").equals("applied")) {
                    fail("a queued action was not applied: " + frame.text("message"));
                    return;
                }
                answered++;
                if (sent < last) {
                    sendNext();
                } else if (answered == last) {
                    done.complete(null);
                }
            }
            default -> {}
        }
    }

    private synchronized void fail(String why) {
        BenchException problem = new BenchException(why);
        welcomed.completeExceptionally(problem);
        done.completeExceptionally(problem);
    }

    private static void await(CompletableFuture<?> what, String words) throws InterruptedException {
        try {
            what.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BenchException(words + " did not come: " + e.getMessage());
        } catch (TimeoutException e) {
            throw new BenchException(words + " did not come within " + PATIENCE_SECONDS + " s");
        }
    }

    private final class Answers implements WebSocket.Listener {
        private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                received(Wire.parse(partial.toByteArray(), System.nanoTime()));
                partial.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            fail("the link was closed (" + code + " " + reason + ")");
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable problem) {
            fail("the link broke: " + problem);
        }
    }
}
