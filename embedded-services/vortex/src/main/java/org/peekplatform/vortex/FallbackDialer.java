package org.peekplatform.vortex;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Dials over a WebSocket, and over plain HTTP where the network lets no WebSocket pass.
///
/// The network is taken to block WebSockets when the handshake fails although something answers, or
/// when a WebSocket ends before its first frame. A service that refuses, or that is not there, is
/// no reason to dial it in another way. A WebSocket that has once carried frames is trusted longer:
/// most likely the service restarts. Where HTTP has helped it comes first for a while.
public final class FallbackDialer implements LinkDialer {
    private static final Duration HTTP_FIRST = Duration.ofMinutes(10);
    private static final int TRIES_OF_A_TRUSTED = 3;
    private static final Logger log = LoggerFactory.getLogger(FallbackDialer.class);

    private final LinkDialer webSocket;
    private final LinkDialer http;
    private final LongSupplier nanoTime;
    private final Object lock = new Object();
    private boolean trusted;
    private int failures;
    private boolean httpFirst;
    private long httpFirstSince;
    private boolean overHttp;

    public FallbackDialer(LinkDialer webSocket, LinkDialer http) {
        this(webSocket, http, System::nanoTime);
    }

    FallbackDialer(LinkDialer webSocket, LinkDialer http, LongSupplier nanoTime) {
        this.webSocket = webSocket;
        this.http = http;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletableFuture<Link> dial(Link.Listener listener) {
        if (isHttpFirst()) {
            return overHttp(listener);
        }
        return webSocket
                .dial(new Watch(listener, true))
                .exceptionallyCompose(problem ->
                        isBlocked(problem)
                                ? overHttp(listener)
                                : CompletableFuture.failedFuture(problem));
    }

    private CompletableFuture<Link> overHttp(Link.Listener listener) {
        return http.dial(new Watch(listener, false))
                .exceptionallyCompose(problem -> {
                    failed(false);
                    return CompletableFuture.failedFuture(problem);
                });
    }

    private boolean isHttpFirst() {
        synchronized (lock) {
            httpFirst &= nanoTime.getAsLong() - httpFirstSince < HTTP_FIRST.toNanos();
            return httpFirst;
        }
    }

    private boolean isBlocked(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof SSLException
                    || (cause instanceof PeekException known
                            && known.code().equals(ErrorCode.NOT_ALLOWED))) {
                return false;
            }
        }
        synchronized (lock) {
            return !trusted || ++failures >= TRIES_OF_A_TRUSTED;
        }
    }

    private void works(boolean socket) {
        boolean news;
        synchronized (lock) {
            news = overHttp == socket;
            overHttp = !socket;
            if (socket) {
                trusted = true;
                failures = 0;
            } else {
                putHttpFirst();
            }
        }
        if (news) {
            log.info(
                    socket
                            ? "The network lets WebSockets pass again; the link goes over one"
                            : "The network lets no WebSocket pass; the link goes over HTTP");
        }
    }

    private void putHttpFirst() {
        if (!httpFirst) {
            httpFirst = true;
            httpFirstSince = nanoTime.getAsLong();
        }
    }

    /// A link has ended before its first frame, or never came about: the other way comes first next
    /// time.
    private void failed(boolean socket) {
        synchronized (lock) {
            if (!socket) {
                httpFirst = false;
            } else if (!trusted || ++failures >= TRIES_OF_A_TRUSTED) {
                putHttpFirst();
            }
        }
    }

    /// Learns from what becomes of a link.
    private final class Watch implements Link.Listener {
        private final Link.Listener listener;
        private final boolean socket;
        // Touched by the link only.
        private boolean carries;

        Watch(Link.Listener listener, boolean socket) {
            this.listener = listener;
            this.socket = socket;
        }

        @Override
        public void frame(Frame frame) {
            if (!carries) {
                carries = true;
                works(socket);
            }
            listener.frame(frame);
        }

        @Override
        public void closed(String reason) {
            if (!carries) {
                failed(socket);
            }
            listener.closed(reason);
        }
    }
}
