package org.peekplatform.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.GoneResponse;
import io.javalin.http.HttpResponseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.HttpStreamLink;
import org.peekplatform.vortex.Link;

/// The service's end of links over plain HTTP: `/vortex/stream` opens one and answers with its
/// frames, `/vortex/stream/ID` takes frames. Each request is proven as the one that opened.
final class HttpLinks {
    private static final String PATH = "/vortex/stream";
    private static final String SEQUENCE = "X-Peek-Sequence";
    private static final long FAREWELL_MILLIS = 1_000;

    // A stream that is compressed takes about 300 KB outside the heap as long as it lives.
    private static final int MAX_COMPRESSED = 256;

    private final Callers callers;
    private final Link.Acceptor acceptor;
    private final int maxFrameBytes;
    private final Site.Limits limits;
    private final Collection<TenuredLink> open;
    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final AtomicInteger compressed = new AtomicInteger();

    private record Served(HttpStreamLink link, CompletableFuture<@Nullable Void> gone) {}

    /// @param open where links are entered as long as they last
    HttpLinks(
            Callers callers,
            Link.Acceptor acceptor,
            int maxFrameBytes,
            Site.Limits limits,
            Collection<TenuredLink> open) {
        this.callers = callers;
        this.acceptor = acceptor;
        this.maxFrameBytes = maxFrameBytes;
        this.limits = limits;
        this.open = open;
    }

    void addTo(RoutesConfig routes) {
        routes.post(PATH, this::open);
        routes.post(PATH + "/{id}", this::receive);
    }

    /// Ends all links, and waits a moment so that they can say so.
    void end(Link.CloseReason reason) {
        Collection<Served> all = served.values();
        all.forEach(one -> one.link().close(reason));
        CompletableFuture.allOf(all.stream().map(Served::gone).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private void open(Context request) throws IOException {
        Caller caller = callers.prove(request);
        Tenure tenure = callers.tenure(request);
        HttpStreamLink link =
                new HttpStreamLink(
                        (plain, who) -> accept(new TenuredLink(plain, tenure), who),
                        caller,
                        maxFrameBytes,
                        limits.links());
        // What buffers or changes an answer on its way would hold the frames back.
        request.header("Cache-Control", "no-store, no-transform");
        request.header("X-Accel-Buffering", "no");
        request.contentType("application/octet-stream");
        boolean packed = wantsGzip(request) && compressed.incrementAndGet() <= MAX_COMPRESSED;
        Served one = new Served(link, new CompletableFuture<>());
        served.put(link.id(), one);
        try {
            OutputStream answer = request.res().getOutputStream();
            if (packed) {
                request.header("Content-Encoding", "gzip");
                answer = HttpStreamLink.gzip(answer);
            }
            link.serve(answer);
        } finally {
            served.remove(link.id());
            one.gone().complete(null);
            if (wantsGzip(request)) {
                compressed.decrementAndGet();
            }
        }
    }

    private Link.Listener accept(TenuredLink link, Caller caller) {
        open.add(link);
        Link.Listener listener = acceptor.accept(link, caller);
        return new Link.Listener() {
            @Override
            public void frame(Frame frame) {
                link.receive(frame, listener);
            }

            @Override
            public void closed(String reason) {
                open.remove(link);
                listener.closed(reason);
            }
        };
    }

    private void receive(Context request) throws IOException {
        Caller caller = callers.prove(request);
        Served one = served.get(request.pathParam("id"));
        if (one == null) {
            throw ended();
        }
        HttpStreamLink link = one.link();
        if (!link.caller().equals(caller)) {
            throw new PeekException(
                    ErrorCode.NOT_ALLOWED, "this link was opened by another; open one of your own");
        }
        long sequence = sequence(request);
        byte[] body = body(request, link);
        if (!link.receive(sequence, body)) {
            throw ended();
        }
        request.status(204);
    }

    private static HttpResponseException ended() {
        return new GoneResponse("This link has ended; open a new one.");
    }

    private static long sequence(Context request) {
        String text = request.header(SEQUENCE);
        if (text == null || !text.matches("[1-9][0-9]{0,17}")) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the header %s must count the requests of the link from 1, but is '%s'"
                            .formatted(SEQUENCE, text));
        }
        return Long.parseLong(text);
    }

    /// Reads the whole body first: one that comes slowly, or never to its end, holds up nobody.
    private byte[] body(Context request, HttpStreamLink link) throws IOException {
        int max = link.maxRequestBytes();
        long deadline = System.nanoTime() + limits.body().toNanos();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[8_192];
        InputStream in = request.req().getInputStream();
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            body.write(part, 0, count);
            if (body.size() > max) {
                String tooLarge = "a request carries at most " + max + " bytes";
                link.close(new Link.CloseReason(1009, tooLarge));
                throw new HttpResponseException(413, tooLarge);
            }
            if (System.nanoTime() > deadline) {
                throw new HttpResponseException(408, "the body of a request came too slowly");
            }
        }
        return body.toByteArray();
    }

    private static boolean wantsGzip(Context request) {
        String accepted = request.header("Accept-Encoding");
        return accepted != null
                && Arrays.stream(accepted.split(","))
                        .map(String::strip)
                        .anyMatch(one -> one.startsWith("gzip") && !one.matches(".*q=0(\\.0*)?"));
    }
}
