package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.web.identity.Fingerprint;
import org.peekplatform.web.identity.PinnedTls;

/// A site over TLS. That a request comes from elsewhere is played by taking 127.0.0.1 alone for
/// this machine, and dialing from 127.0.0.2.
class SiteTlsTest {
    private static final Fingerprint RIGHT = SiteFixture.TLS.fingerprint();
    private static final String ELSEWHERE = "127.0.0.2";
    private static final String UPGRADE =
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";

    private final SiteFixture fixture =
            new SiteFixture(new ManualClock(), address -> address.equals("127.0.0.1"));

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whoPinsTheSitesKeyReadsItsPages() throws Exception {
        HttpResponse<String> answer = get(pinning(RIGHT), "127.0.0.1", "/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"state\":\"running\"}");
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void whoPinsAnotherKeyDoesNotTalkToIt() {
        Fingerprint other = TestTls.identity().fingerprint();

        assertThatThrownBy(() -> get(pinning(other), "127.0.0.1", "/health"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(PinnedTls.WrongServerException.class)
                .hasRootCauseMessage(
                        "the server's fingerprint is " + RIGHT + ", expected was " + other);
    }

    @Test
    void oldVersionsOfTlsAreRefusedAndTheOlderOfTheNewIsTaken() throws Exception {
        assertThat(handshake("TLSv1.2")).isEqualTo("TLSv1.2");
        assertThatThrownBy(() -> handshake("TLSv1.1")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aLinkGoesOverTls() throws Exception {
        TestLink link = new TestLink();
        String token = fixture.sessions.begin("ann");
        try (HttpClient http = pinning(RIGHT)) {
            link.open(
                    http.newWebSocketBuilder()
                            .header("Cookie", SiteFixture.COOKIE + "=" + token)
                            .header("Origin", "https://127.0.0.1:" + fixture.port())
                            .buildAsync(
                                    URI.create("wss://127.0.0.1:" + fixture.port() + "/vortex"),
                                    link)
                            .join());
            link.hello().observe();
            http.shutdownNow();
        }
    }

    @Test
    void aPageOfTheSameAddressWithoutTlsIsAForeignOrigin() {
        try (HttpClient http = pinning(RIGHT)) {
            assertThatThrownBy(() ->
                            http.newWebSocketBuilder()
                                    .header("Origin", "http://127.0.0.1:" + fixture.port())
                                    .buildAsync(
                                            URI.create(
                                                    "wss://127.0.0.1:"
                                                            + fixture.port()
                                                            + "/vortex"),
                                            new TestLink())
                                    .join())
                    .isInstanceOf(CompletionException.class);
        }
    }

    @Test
    void withoutTlsThisMachineIsServed() throws IOException {
        assertThat(fixture.get("/health").status()).isEqualTo(200);
    }

    @Test
    void pagesAskedForWithoutTlsFromElsewhereAreSentToTls() throws IOException {
        fixture.site.openToNetwork(true);

        RawHttp.Answer answer = fromElsewhere("GET /health?a=b HTTP/1.1");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location"))
                .isEqualTo("https://" + ELSEWHERE + ":" + fixture.port() + "/health?a=b");
        assertThat(answer.text()).doesNotContain("running");
    }

    @Test
    void everythingElseWithoutTlsFromElsewhereIsRefused() throws IOException {
        fixture.site.openToNetwork(true);
        RawHttp.Answer change = fromElsewhere("POST /api/echo HTTP/1.1", "X-Peek-Request: 1");
        assertThat(change.status()).isEqualTo(403);
        assertThat(change.text()).contains("over TLS only");
        RawHttp.Answer link =
                fromElsewhere(
                        "GET /vortex HTTP/1.1",
                        "Cookie: " + SiteFixture.COOKIE + "=" + fixture.sessions.begin("ann"),
                        UPGRADE);
        assertThat(link.status()).isEqualTo(403);
        assertThat(link.text()).contains("over TLS only");
    }

    @Test
    void overTlsElsewhereIsServed() throws Exception {
        fixture.site.openToNetwork(true);

        assertThat(get(pinning(RIGHT, ELSEWHERE), ELSEWHERE, "/health").statusCode())
                .isEqualTo(200);
    }

    @Test
    void garbageInsteadOfTlsDisturbsNobody() throws Exception {
        try (Socket garbage = new Socket(InetAddress.getLoopbackAddress(), fixture.port())) {
            garbage.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 9, 9, 9, 9, 9});
            garbage.getOutputStream().flush();
            garbage.setSoTimeout(10_000);
            assertThat(garbage.getInputStream().readAllBytes()).hasSizeLessThan(100);
        }
        assertThat(get(pinning(RIGHT), "127.0.0.1", "/health").statusCode()).isEqualTo(200);
    }

    private RawHttp.Answer fromElsewhere(String... lines) throws IOException {
        return RawHttp.send(ELSEWHERE, fixture.port(), new byte[0], lines);
    }

    private String handshake(String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) PinnedTls.to(RIGHT).getSocketFactory().createSocket()) {
            socket.setEnabledProtocols(new String[] {version});
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()),
                    10_000);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static HttpClient pinning(Fingerprint fingerprint) {
        return pinning(fingerprint, "127.0.0.1");
    }

    private static HttpClient pinning(Fingerprint fingerprint, String from) {
        return HttpClient.newBuilder()
                .localAddress(InetAddress.ofLiteral(from))
                .sslContext(PinnedTls.to(fingerprint))
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private HttpResponse<String> get(HttpClient client, String address, String path)
            throws IOException, InterruptedException {
        try (client) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create("https://" + address + ":" + fixture.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
