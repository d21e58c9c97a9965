package org.peekplatform.vortex;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Dials a service's `/vortex/stream`: a link over plain HTTP, for networks that let no WebSocket
/// pass.
public final class HttpStreamDialer implements LinkDialer {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration FIRST_RECORD = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    // A request may be sent again as often as it takes: the service knows it by its number.
    private static final List<Duration> RETRIES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(1));
    private static final int GONE = 410;
    private static final ThreadFactory READERS =
            PlatformThreads.virtual("link-http-read", HttpStreamDialer.class.getClassLoader());

    private final HttpClient http;
    private final URI uri;
    private final Supplier<Map<String, String>> headers;
    private final boolean compressed;

    /// @param http owned by the caller
    /// @param uri `http://host:port/vortex/stream`
    /// @param headers what proves this side, asked for at every request; may block on those after
    ///   the first
    /// @param compressed whether the service shall compress what it sends
    public HttpStreamDialer(
            HttpClient http, URI uri, Supplier<Map<String, String>> headers, boolean compressed) {
        this.http = http;
        this.uri = uri;
        this.headers = headers;
        this.compressed = compressed;
    }

    @Override
    public CompletableFuture<Link> dial(Link.Listener listener) {
        HttpRequest open =
                request(uri)
                        .timeout(CONNECT)
                        .header("Accept-Encoding", compressed ? "gzip" : "identity")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        return http.sendAsync(open, HttpResponse.BodyHandlers.ofInputStream())
                .thenCompose(answer -> begin(answer, listener))
                .exceptionallyCompose(problem -> CompletableFuture.failedFuture(explain(problem)));
    }

    private CompletableFuture<Link> begin(
            HttpResponse<InputStream> answer, Link.Listener listener) {
        if (answer.statusCode() != 200 || !isType(answer, "application/octet-stream")) {
            close(answer.body());
            return CompletableFuture.failedFuture(
                    Refusals.of(
                            uri, answer.statusCode(), isType(answer, "application/json"), null));
        }
        CompletableFuture<Link> dialed = new CompletableFuture<>();
        Stream stream = new Stream(answer, listener, dialed);
        READERS.newThread(stream::read).start();
        return dialed.orTimeout(FIRST_RECORD.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((link, problem) -> {
                    if (problem != null) {
                        stream.shut();
                    }
                });
    }

    private static boolean isType(HttpResponse<?> answer, String type) {
        return answer.headers()
                .firstValue("Content-Type")
                .filter(value -> value.startsWith(type))
                .isPresent();
    }

    private Throwable explain(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        return cause instanceof PeekException
                ? cause
                : new PeekException(
                        ErrorCode.OFFLINE,
                        uri.getHost() + ":" + uri.getPort() + " cannot be reached over HTTP",
                        cause);
    }

    private HttpRequest.Builder request(URI to) {
        // HTTP/2 would be asked for by an upgrade, which such networks refuse as well.
        HttpRequest.Builder request =
                HttpRequest.newBuilder(to)
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("X-Peek-Request", "1")
                        .header("Content-Type", "application/octet-stream");
        headers.get().forEach(request::header);
        return request;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // Nothing is wanted of it any more.
        }
    }

    /// The dialing end of one link.
    private final class Stream implements Link {
        private final HttpResponse<InputStream> answer;
        private final Link.Listener listener;
        private final CompletableFuture<Link> dialed;
        private final Queue<Out> out = new ConcurrentLinkedQueue<>();
        private final SerialExecutor requests = new SerialExecutor("link-http-send");
        private final SerialExecutor events = SerialExecutor.inline();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicBoolean asked = new AtomicBoolean();
        private volatile boolean shut;
        private volatile @Nullable URI target;
        // Touched by the sender only.
        private long sequence;

        /// @param end instead of a frame, why the link ends
        private record Out(@Nullable Frame frame, @Nullable CloseReason end, Runnable written) {}

        Stream(
                HttpResponse<InputStream> answer,
                Link.Listener listener,
                CompletableFuture<Link> dialed) {
            this.answer = answer;
            this.listener = listener;
            this.dialed = dialed;
        }

        void read() {
            String why = "the service closed the connection";
            try (DataInputStream in = new DataInputStream(unpacked())) {
                if (HttpRecords.next(in, 200) instanceof HttpRecords.Item.Content(byte[] id)) {
                    target = URI.create(uri + "/" + new String(id, StandardCharsets.US_ASCII));
                    dialed.complete(this);
                    why = receive(in);
                }
            } catch (IOException e) {
                why = "the connection broke";
            } catch (PeekException | IllegalArgumentException e) {
                why = "what came is no link: " + e.getMessage();
            } finally {
                dialed.completeExceptionally(
                        new PeekException(ErrorCode.OFFLINE, uri.getHost() + ": " + why));
                if (!dialed.isCompletedExceptionally()) {
                    ended(why);
                }
                shut();
            }
        }

        private InputStream unpacked() throws IOException {
            return answer.headers()
                            .firstValue("Content-Encoding")
                            .filter("gzip"::equals)
                            .isPresent()
                    ? new GZIPInputStream(answer.body(), 8_192)
                    : answer.body();
        }

        private String receive(DataInputStream in) throws IOException {
            for (var item = HttpRecords.next(in, Frame.MAX_BYTES);
                    item != null;
                    item = HttpRecords.next(in, Frame.MAX_BYTES)) {
                switch (item) {
                    case HttpRecords.Item.Content(byte[] bytes) ->
                            events.execute(() -> deliver(bytes));
                    case HttpRecords.Item.Question() -> {
                        asked.set(true);
                        requests.execute(this::post);
                    }
                    case HttpRecords.Item.End(CloseReason reason) -> {
                        return reason.text();
                    }
                }
            }
            return "the service closed the connection";
        }

        private void deliver(byte[] bytes) {
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
        }

        @Override
        public void send(Frame frame, Runnable written) {
            if (!ended.get()) {
                out.add(new Out(frame, null, written));
                requests.execute(this::post);
            }
        }

        @Override
        public Transport transport() {
            return Transport.HTTP;
        }

        @Override
        public void close(CloseReason reason) {
            if (ended(reason.text())) {
                // After what was sent before, which is not tried again any more.
                out.add(new Out(null, reason, this::shut));
                requests.execute(this::post);
            }
        }

        /// Carries up what waits: one frame, or as many as fit together.
        private void post() {
            URI to = target;
            boolean answering = asked.getAndSet(false);
            if (shut || to == null || (out.isEmpty() && !answering)) {
                return;
            }
            List<Runnable> written = new ArrayList<>();
            byte[] body = body(written);
            sequence++;
            String problem = carry(to, body);
            if (problem == null) {
                written.forEach(Runnable::run);
            } else {
                ended(problem);
                shut();
            }
        }

        private byte[] body(List<Runnable> written) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (DataOutputStream records = new DataOutputStream(body)) {
                for (Out next = out.peek(); next != null; next = out.peek()) {
                    Frame frame = next.frame();
                    int size = frame == null ? 0 : frame.bytes().length + Integer.BYTES;
                    if (body.size() > 0 && body.size() + size > HttpStreamLink.BATCH_BYTES) {
                        break;
                    }
                    out.remove();
                    written.add(next.written());
                    if (frame != null) {
                        HttpRecords.content(records, frame.bytes());
                    } else if (next.end() != null) {
                        HttpRecords.end(records, next.end());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return body.toByteArray();
        }

        /// @return what is wrong, unless the service has taken it
        private @Nullable String carry(URI to, byte[] body) {
            for (int tries = 0; !shut; tries++) {
                String problem;
                try {
                    HttpResponse<Void> taken =
                            http.send(numbered(to, body), HttpResponse.BodyHandlers.discarding());
                    int status = taken.statusCode();
                    if (status < 300 || status == GONE) {
                        // A link that has ended says why at the end of its answer.
                        return null;
                    }
                    problem = "the service refused what was sent, with status " + status;
                    if (status < 500) {
                        return problem;
                    }
                } catch (IOException | PeekException e) {
                    problem = "sending failed";
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return "sending was interrupted";
                }
                if (tries == RETRIES.size() || ended.get()) {
                    return problem;
                }
                try {
                    Thread.sleep(RETRIES.get(tries));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return "sending was interrupted";
                }
            }
            return "the link has ended";
        }

        private HttpRequest numbered(URI to, byte[] body) {
            return request(to)
                    .timeout(ANSWER)
                    .header("X-Peek-Sequence", Long.toString(sequence))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
        }

        /// Takes the connection away.
        void shut() {
            shut = true;
            HttpStreamDialer.close(answer.body());
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
