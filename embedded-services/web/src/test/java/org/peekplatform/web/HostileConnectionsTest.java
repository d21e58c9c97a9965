package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.HttpStreamLink;
import org.slf4j.LoggerFactory;

/// Strangers who send slowly, too much, or anything but HTTP, at a real site.
class HostileConnectionsTest {
    private static final Duration HEADER = Duration.ofMillis(400);
    private static final String BEGINNING = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-";

    private final SiteFixture fixture =
            new SiteFixture(
                    new ManualClock(),
                    new Site.Limits(HEADER, Duration.ofSeconds(30), HttpStreamLink.Timing.USUAL));
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    @BeforeEach
    void listen() {
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void stop() {
        fixture.close();
        root.detachAppender(logged);
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .isEmpty();
    }

    @Test
    void aHeaderThatDripsIsCutAndDisturbsNobody() throws Exception {
        TestLink link = fixture.link(fixture.sessions.begin("ada")).hello();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = connect();
                slow.add(socket);
                send(socket, BEGINNING);
            }
            for (Socket socket : slow) {
                dripUntilCut(socket);
            }
            assertThat(fixture.get("/health").status()).isEqualTo(200);
            link.send(new Header.Ping()).next(Header.Pong.class);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aSecondHeaderThatDripsIsCutToo() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 200");
            socket.getInputStream().skipNBytes(socket.getInputStream().available());

            send(socket, BEGINNING);
            dripUntilCut(socket);
        }
    }

    @Test
    void aConnectionThatSaysNothingIsCut() throws Exception {
        try (Socket socket = connect()) {
            assertThat(isCut(socket)).isTrue();
        }
    }

    @Test
    void aHandshakeOfTlsThatStopsHalfwayIsCut() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3});

            assertThat(isCut(socket)).isTrue();
        }
    }

    @Test
    void aConnectionThatWaitsBetweenRequestsAndAnOpenLinkAreNotCut() throws Exception {
        TestLink link = fixture.link(fixture.sessions.begin("ada")).hello();
        try (Socket patient = connect();
                Socket silent = connect()) {
            send(patient, "HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(patient.getInputStream().read()).isEqualTo('H');
            // The silent one marks that the time is over, twice.
            assertThat(isCut(silent)).isTrue();
            try (Socket again = connect()) {
                assertThat(isCut(again)).isTrue();
            }

            send(patient, "HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(patient.getInputStream().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .startsWith("TTP/1.1 200")
                    .contains("HTTP/1.1 200");
            link.send(new Header.Ping()).next(Header.Pong.class);
        }
    }

    @Test
    void aHeaderThatIsTooLargeIsRefused() throws Exception {
        RawHttp.Answer field = fixture.get("/health", "X-Large: " + "x".repeat(20_000));
        RawHttp.Answer path = fixture.get("/" + "x".repeat(20_000));

        assertThat(field.status()).isEqualTo(431);
        assertThat(path.status()).isEqualTo(414);
        assertThat(field.text()).contains("HTTP_431");
        assertThat(field.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void garbageInsteadOfHttpIsRefusedAndDisturbsNobody() throws Exception {
        TestLink link = fixture.link(fixture.sessions.begin("ada")).hello();
        Random random = new Random(42);
        for (int i = 0; i < 100; i++) {
            byte[] garbage = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(garbage);
            try (Socket socket = connect()) {
                socket.getOutputStream().write(garbage);
                socket.shutdownOutput();
                byte[] answer = socket.getInputStream().readAllBytes();
                assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                        .matches("(?s)|HTTP/1\\.1 [45].*");
            } catch (SocketException e) {
                // Cut while it was still sending, which is as good.
            }
        }

        assertThat(fixture.get("/health").status()).isEqualTo(200);
        link.send(new Header.Ping()).next(Header.Pong.class);
    }

    @Test
    void garbageOnAnUpgradedConnectionEndsThatOneOnly() throws Exception {
        String token = fixture.sessions.begin("ada");
        TestLink link = fixture.link(token).hello();
        try (Socket socket = connect()) {
            send(
                    socket,
                    "GET /vortex HTTP/1.1\r\nHost: localhost\r\nCookie: "
                            + SiteFixture.COOKIE
                            + "="
                            + token
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                            + "no frame of a WebSocket at all");
            socket.setSoTimeout(5_000);
            byte[] answer = socket.getInputStream().readAllBytes();

            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 101");
        }
        link.send(new Header.Ping()).next(Header.Pong.class);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends a byte again and again until the site has had enough.
    private static void dripUntilCut(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        for (int i = 0; i < 100; i++) {
            try {
                send(socket, "a");
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException e) {
                // Not yet.
            } catch (SocketException e) {
                return;
            }
        }
        throw new AssertionError("the connection was not cut");
    }

    private static boolean isCut(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }
}
