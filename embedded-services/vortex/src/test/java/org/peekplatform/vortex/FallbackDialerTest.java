package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

class FallbackDialerTest {
    private static final URI SERVICE = URI.create("ws://127.0.0.1:1/vortex");
    private static final Frame PONG = Frame.of(new Header.Pong());

    private final AtomicLong nanoTime = new AtomicLong();
    private final List<String> dialed = new ArrayList<>();
    private final Way webSocket = new Way("ws");
    private final Way http = new Way("http");
    private final FallbackDialer dialer = new FallbackDialer(webSocket, http, nanoTime::get);

    @Test
    void aWebSocketThatWorksIsAllThatIsDialed() {
        connect(webSocket);
        connect(webSocket);

        assertThat(dialed).containsExactly("ws", "ws");
    }

    static Stream<Exception> blocked() {
        return Stream.of(
                Refusals.of(SERVICE, 400, false, null),
                Refusals.of(SERVICE, 403, false, null),
                Refusals.of(SERVICE, 502, false, null),
                offline(new HttpTimeoutException("no handshake")),
                offline(new IOException("cut")));
    }

    @ParameterizedTest
    @MethodSource("blocked")
    void whereTheNetworkLetsNoWebSocketPassHttpIsDialedAtOnceAndFirstFromThenOn(Exception problem) {
        webSocket.problem = problem;

        connect(http);
        connect(http);

        assertThat(dialed).containsExactly("ws", "http", "http");
    }

    static Stream<Exception> hopeless() {
        return Stream.of(
                Refusals.of(SERVICE, 401, true, null),
                Refusals.of(SERVICE, 403, true, null),
                Refusals.of(SERVICE, 429, true, null),
                offline(new ConnectException("nobody listens")),
                offline(new UnknownHostException("nowhere")),
                offline(new SSLHandshakeException("another key")));
    }

    @ParameterizedTest
    @MethodSource("hopeless")
    void aServiceThatRefusesOrIsNotThereIsNotDialedInAnotherWay(Exception problem) {
        webSocket.problem = problem;

        assertThatThrownBy(() -> dialer.dial(new Deaf()).join()).hasCause(problem);

        assertThat(dialed).containsExactly("ws");
    }

    @Test
    void aWebSocketThatEndsBeforeItsFirstFrameIsReplacedAtTheNextDialing() {
        dialer.dial(new Deaf()).join();
        webSocket.ends();

        connect(http);

        assertThat(dialed).containsExactly("ws", "http");
    }

    @Test
    void aWebSocketIsTriedAgainAfterAWhileHoweverOftenHttpWasDialedSince() {
        webSocket.problem = offline(new IOException("cut"));
        connect(http);
        for (int i = 0; i < 9; i++) {
            nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
            connect(http);
        }
        webSocket.problem = null;
        dialed.clear();
        nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());

        connect(webSocket);
        connect(webSocket);

        assertThat(dialed).containsExactly("ws", "ws");
    }

    @Test
    void whenHttpFailsTooTheWebSocketComesFirstAgain() {
        webSocket.problem = offline(new IOException("cut"));
        connect(http);
        http.problem = offline(new IOException("cut"));
        assertThatThrownBy(() -> dialer.dial(new Deaf()).join()).hasCause(http.problem);
        webSocket.problem = null;
        dialed.clear();

        connect(webSocket);

        assertThat(dialed).containsExactly("ws");
    }

    @Test
    void anHttpLinkThatEndsBeforeItsFirstFrameIsForgottenToo() {
        webSocket.problem = offline(new IOException("cut"));
        connect(http);
        dialer.dial(new Deaf()).join();
        http.ends();
        dialed.clear();

        connect(http);

        assertThat(dialed).containsExactly("ws", "http");
    }

    @Test
    void aWebSocketThatHasWorkedIsGivenUpAtTheThirdFailureInARowOnly() {
        connect(webSocket);
        webSocket.problem = offline(new IOException("the service restarts"));
        dialed.clear();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> dialer.dial(new Deaf()).join()).hasCause(webSocket.problem);
        }
        assertThat(dialed).containsExactly("ws", "ws");
        connect(http);

        assertThat(dialed).containsExactly("ws", "ws", "ws", "http");
    }

    private void connect(Way expected) {
        Recorder listener = new Recorder();
        assertThat(dialer.dial(listener).join()).isSameAs(expected);
        expected.says(PONG);
        expected.ends();
        assertThat(listener.seen).containsExactly(PONG.toString(), "closed");
    }

    private static PeekException offline(Exception cause) {
        return new PeekException(ErrorCode.OFFLINE, "127.0.0.1:1 cannot be reached", cause);
    }

    /// One way to dial, whose links are the way itself.
    private final class Way implements LinkDialer, Link {
        private final String name;
        private @Nullable Exception problem;
        private Listener listener = new Deaf();

        Way(String name) {
            this.name = name;
        }

        @Override
        public CompletableFuture<Link> dial(Listener toTell) {
            dialed.add(name);
            listener = toTell;
            return problem == null
                    ? CompletableFuture.completedFuture(this)
                    : CompletableFuture.failedFuture(problem);
        }

        void says(Frame frame) {
            listener.frame(frame);
        }

        void ends() {
            listener.closed("closed");
        }

        @Override
        public void send(Frame frame, Runnable written) {}

        @Override
        public void close(CloseReason reason) {}
    }

    private static final class Recorder implements Link.Listener {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void frame(Frame frame) {
            seen.add(frame.toString());
        }

        @Override
        public void closed(String reason) {
            seen.add(reason);
        }
    }

    private static final class Deaf implements Link.Listener {
        @Override
        public void frame(Frame frame) {}

        @Override
        public void closed(String reason) {}
    }
}
