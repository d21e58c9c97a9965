package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.HttpStreamLink;

/// Links over plain HTTP, byte by byte, at a real site.
class HttpLinksTest {
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final Duration SLOW = Duration.ofMillis(300);

    private final ManualClock clock = new ManualClock();
    private final SiteFixture fixture =
            new SiteFixture(
                    clock,
                    new Site.Limits(
                            Duration.ofSeconds(12),
                            SLOW,
                            new HttpStreamLink.Timing(
                                    Duration.ofMinutes(5), Duration.ofMinutes(5))));

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void framesComeInOneAnswerAndGoUpInRequests() throws Exception {
        Stream stream = open();

        assertThat(stream.post(1, frames(new Header.Hello(1, "test", false))).statusCode())
                .isEqualTo(204);
        assertThat(stream.next()).isInstanceOf(Header.Welcome.class);
        Header observe = new Header.Observe("[\"test.Note\"]", null, 0);
        assertThat(stream.post(2, frames(observe, new Header.Ping())).statusCode()).isEqualTo(204);
        assertThat(List.of(stream.next(), stream.next()))
                .hasOnlyElementsOfTypes(Header.Snapshot.class, Header.Pong.class);
        fixture.text = "second";
        fixture.tuples.changed(SiteFixture.Note.class);
        assertThat(stream.next()).isInstanceOf(Header.Snapshot.class);
    }

    @Test
    void theAnswerSaysWhatItIsAndThatNobodyMayHoldItBack() throws Exception {
        HttpResponse<InputStream> plain = open(fixture.sessions.begin("ada"), "identity");
        HttpResponse<InputStream> packed = open(fixture.sessions.begin("ada"), "gzip, br");
        HttpResponse<InputStream> unwanted = open(fixture.sessions.begin("ada"), "gzip;q=0");

        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(plain.headers().firstValue("Cache-Control")).contains("no-store, no-transform");
        assertThat(plain.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(plain.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(unwanted.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        DataInputStream in = new DataInputStream(new GZIPInputStream(packed.body()));
        assertThat(new String(in.readNBytes(in.readInt()), StandardCharsets.US_ASCII))
                .matches("[A-Za-z0-9_-]{32}");
    }

    @Test
    void whoIsNotProvenOpensNoLinkAndSendsNothing() throws Exception {
        Stream stream = open().hello();

        assertThat(open("made-up", "identity").statusCode()).isEqualTo(403);
        HttpResponse<String> nobody = stream.as("made-up").post(2, frames(new Header.Ping()));
        HttpResponse<String> other =
                stream.as(fixture.sessions.begin("eve")).post(2, frames(new Header.Ping()));

        assertThat(nobody.statusCode()).isEqualTo(403);
        assertThat(nobody.body()).contains("Please log in.");
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.body()).contains("This link was opened by another; open one of your own.");
        assertThat(fixture.links.callers()).hasSize(1);
        stream.post(2, frames(new Header.Ping()));
        assertThat(stream.next()).isInstanceOf(Header.Pong.class);
    }

    @Test
    void formsOfOtherPagesCannotOpenLinks() throws IOException {
        String cookie = "Cookie: " + SiteFixture.COOKIE + "=" + fixture.sessions.begin("ada");

        assertThat(fixture.send("POST", "/vortex/stream", cookie).status()).isEqualTo(403);
        assertThat(
                        fixture.send(
                                        "POST",
                                        "/vortex/stream",
                                        cookie,
                                        "X-Peek-Request: 1",
                                        "Origin: http://evil.example")
                                .status())
                .isEqualTo(403);
        assertThat(fixture.links.callers()).isEmpty();
    }

    @Test
    void anUnknownLinkIsGone() throws Exception {
        Stream stream = open();
        stream.id = "A".repeat(32);

        HttpResponse<String> answer = stream.post(1, frames(new Header.Hello(1, "x", false)));

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).contains("This link has ended; open a new one.");
    }

    @Test
    void aLinkThatHasEndedIsGone() throws Exception {
        Stream stream = open().hello();
        fixture.links.close();
        assertThat(stream.end()).isEqualTo("1001 the service is stopping");

        assertThat(stream.post(2, frames(new Header.Ping())).statusCode()).isEqualTo(410);
    }

    @Test
    void aRequestThatComesTwiceIsAcknowledgedAndCountsOnce() throws Exception {
        Stream stream = open().hello();
        byte[] ping = frames(new Header.Ping());

        assertThat(stream.post(2, ping).statusCode()).isEqualTo(204);
        assertThat(stream.post(2, ping).statusCode()).isEqualTo(204);
        assertThat(stream.post(1, ping).statusCode()).isEqualTo(204);
        stream.post(3, frames(new Header.Observe("[\"test.Note\"]", null, 0)));

        assertThat(stream.next()).isInstanceOf(Header.Pong.class);
        assertThat(stream.next()).isInstanceOf(Header.Snapshot.class);
    }

    @Test
    void aRequestBeforeItsTurnIsRefusedAndMayComeAgain() throws Exception {
        Stream stream = open().hello();
        byte[] ping = frames(new Header.Ping());

        HttpResponse<String> early = stream.post(3, ping);

        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.body())
                .contains("Request 3 of the link came, but 2 is the next; send that first.");
        assertThat(stream.post(2, ping).statusCode()).isEqualTo(204);
        assertThat(stream.post(3, ping).statusCode()).isEqualTo(204);
        assertThat(List.of(stream.next(), stream.next())).hasOnlyElementsOfType(Header.Pong.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "99999999999999999999"})
    void aNumberThatIsNoneIsRefused(String sequence) throws Exception {
        Stream stream = open().hello();

        HttpResponse<String> answer = stream.post(sequence, frames(new Header.Ping()));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("X-Peek-Sequence", "count the requests");
        assertThat(stream.post(2, frames(new Header.Ping())).statusCode()).isEqualTo(204);
    }

    @Test
    void aFrameThatIsTooLargeIsRefusedAndEndsTheLink() throws Exception {
        Stream stream = open().hello();

        HttpResponse<String> answer = stream.post(2, record(new byte[SiteFixture.MAX_FRAME + 1]));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("more than the 65536 of the largest frame");
        assertThat(stream.end()).startsWith("1008 a record claims 65537 bytes");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndEndsTheLink() throws Exception {
        Stream stream = open().hello();

        HttpResponse<String> answer = stream.post(2, new byte[4 * SiteFixture.MAX_FRAME]);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(stream.end()).startsWith("1009 a request carries at most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\0\0\0\5abc",
                "\0\0\0\7\0\0\0\2{]x",
                "\0\0",
                "\u00ff\u00ff\u00ff\u00ff\0\0\0\1a",
                "\u00ff\u00ff\u00ff\u00fe",
            })
    void garbageIsRefusedEndsTheLinkAndHarmsNoOther(String garbage) throws Exception {
        Stream other = open().hello();
        Stream stream = open().hello();

        HttpResponse<String> answer = stream.post(2, garbage.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("BAD_REQUEST");
        assertThat(stream.end()).startsWith("1008 ");
        other.post(2, frames(new Header.Ping()));
        assertThat(other.next()).isInstanceOf(Header.Pong.class);
    }

    @Test
    void nothingOfABodyCountsThatIsBadInTheEnd() throws Exception {
        Stream stream = open();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(frames(new Header.Hello(1, "test", false)));
        body.writeBytes(new byte[] {0, 0});

        assertThat(stream.post(1, body.toByteArray()).statusCode()).isEqualTo(400);
        assertThat(stream.end()).isEqualTo("1008 a request breaks off in a frame");
    }

    @Test
    void aFirstFrameOtherThanHelloEndsTheLink() throws Exception {
        Stream stream = open();
        stream.post(1, frames(new Header.Ping()));

        assertThat(stream.end()).isEqualTo("1008 the first frame on a link must be hello");
    }

    @Test
    void aBodyThatNeverComesToItsEndHoldsUpNeitherItsLinkNorOthers() throws Exception {
        Stream stream = open().hello();
        try (Socket half = new Socket(InetAddress.getLoopbackAddress(), fixture.port())) {
            String head =
                    "POST /vortex/stream/%s HTTP/1.1\r\nHost: localhost\r\nX-Peek-Request: 1\r\n"
                                    .formatted(stream.id)
                            + "Cookie: "
                            + stream.cookie
                            + "\r\nX-Peek-Sequence: 2\r\nContent-Length: 1000\r\n\r\n\0\0";
            half.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            half.getOutputStream().flush();

            stream.post(2, frames(new Header.Ping()));
            assertThat(stream.next()).isInstanceOf(Header.Pong.class);
        }
        stream.post(3, frames(new Header.Ping()));
        assertThat(stream.next()).isInstanceOf(Header.Pong.class);
    }

    @Test
    void aBodyThatDripsIsRefusedInTheEnd() throws Exception {
        Stream stream = open().hello();
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), fixture.port())) {
            slow.setSoTimeout(50);
            String head =
                    "POST /vortex/stream/%s HTTP/1.1\r\nHost: localhost\r\nX-Peek-Request: 1\r\n"
                                    .formatted(stream.id)
                            + "Cookie: "
                            + stream.cookie
                            + "\r\nX-Peek-Sequence: 2\r\nContent-Length: 1000\r\n\r\n";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = new byte[12];
            int count = -1;
            while (count < 0) {
                slow.getOutputStream().write(0);
                count = readIfThere(slow, answer);
            }

            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 408");
        }
        stream.post(2, frames(new Header.Ping()));
        assertThat(stream.next()).isInstanceOf(Header.Pong.class);
    }

    private static int readIfThere(Socket from, byte[] into) throws IOException {
        try {
            return from.getInputStream().readNBytes(into, 0, into.length);
        } catch (SocketTimeoutException e) {
            return -1;
        }
    }

    @Test
    void whoClosesALinkIsForgotten() throws Exception {
        Stream stream = open().hello();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeInt(-1);
        body.writeInt(6);
        body.writeShort(1000);
        body.writeBytes("done");

        assertThat(stream.post(2, bytes.toByteArray()).statusCode()).isEqualTo(204);

        assertThat(stream.end()).isEqualTo("1000 done");
        assertThat(fixture.links.callers()).isEmpty();
    }

    @Test
    void aLogOutEndsTheLinkOverHttpToo() throws Exception {
        Stream stream = open().hello();

        fixture.send("POST", "/api/logout", "X-Peek-Request: 1", "Cookie: " + stream.cookie);

        assertThat(stream.end()).isEqualTo("4401 the log-in has ended");
    }

    @Test
    void aLinkEndsWithTheLogInThatNobodyUsed() throws Exception {
        Stream stream = open().hello();

        clock.goOn(Duration.ofMinutes(31));
        fixture.tuples.changed(SiteFixture.Note.class);

        assertThat(stream.post(2, frames(new Header.Ping())).statusCode()).isIn(403, 410);
    }

    @Test
    void whoSaysNothingIsAskedAndThenTakenAsGone() throws Exception {
        try (SiteFixture impatient =
                new SiteFixture(
                        clock,
                        new Site.Limits(
                                Duration.ofSeconds(12),
                                SLOW,
                                new HttpStreamLink.Timing(SILENCE, SILENCE)))) {
            Stream stream = new Stream(impatient, impatient.sessions.begin("ada"));

            assertThat(stream.in.readInt()).isZero();
            assertThat(stream.post(1, new byte[0]).statusCode()).isEqualTo(204);
            assertThat(stream.in.readInt()).isZero();
            assertThat(stream.end()).isEqualTo("1001 nothing was heard for too long");
            assertThat(impatient.links.callers()).isEmpty();
        }
    }

    @Test
    void aLinkWhoseStreamDiesIsForgotten() throws Exception {
        try (SiteFixture impatient =
                new SiteFixture(
                        clock,
                        new Site.Limits(
                                Duration.ofSeconds(12),
                                SLOW,
                                new HttpStreamLink.Timing(SILENCE, SILENCE)))) {
            Stream stream = new Stream(impatient, impatient.sessions.begin("ada"));
            stream.in.close();
            Stream witness = new Stream(impatient, impatient.sessions.begin("eve"));

            // The second silence ends after the first.
            assertThat(witness.end()).startsWith("1001 ");
            assertThat(stream.post(1, new byte[0]).statusCode()).isEqualTo(410);
        }
    }

    private Stream open() throws Exception {
        return new Stream(fixture, fixture.sessions.begin("ada"));
    }

    private HttpResponse<InputStream> open(String token, String encoding) throws Exception {
        return open(fixture, token, encoding);
    }

    private static HttpResponse<InputStream> open(SiteFixture at, String token, String encoding)
            throws Exception {
        return at.http.send(
                HttpRequest.newBuilder(URI.create(at.site.url() + "/vortex/stream"))
                        .header("X-Peek-Request", "1")
                        .header("Cookie", SiteFixture.COOKIE + "=" + token)
                        .header("Accept-Encoding", encoding)
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static byte[] frames(Header... headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Header header : headers) {
            body.writeBytes(record(Frame.of(header).bytes()));
        }
        return body.toByteArray();
    }

    private static byte[] record(byte[] content) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeInt(content.length);
        out.write(content);
        return body.toByteArray();
    }

    /// The other side of a link, by hand.
    private static final class Stream {
        private final SiteFixture at;
        private final DataInputStream in;
        private String id;
        private String cookie;

        Stream(SiteFixture at, String token) throws Exception {
            this.at = at;
            cookie = SiteFixture.COOKIE + "=" + token;
            in = new DataInputStream(HttpLinksTest.open(at, token, "identity").body());
            id = new String(in.readNBytes(in.readInt()), StandardCharsets.US_ASCII);
        }

        private Stream(Stream other, String token) {
            at = other.at;
            in = other.in;
            id = other.id;
            cookie = SiteFixture.COOKIE + "=" + token;
        }

        Stream hello() throws Exception {
            post(1, frames(new Header.Hello(1, "test", false)));
            assertThat(next()).isInstanceOf(Header.Welcome.class);
            return this;
        }

        /// The same link in the hands of another.
        Stream as(String token) {
            return new Stream(this, token);
        }

        HttpResponse<String> post(long sequence, byte[] body) throws Exception {
            return post(Long.toString(sequence), body);
        }

        HttpResponse<String> post(String sequence, byte[] body) throws Exception {
            return at.http.send(
                    HttpRequest.newBuilder(URI.create(at.site.url() + "/vortex/stream/" + id))
                            .header("X-Peek-Request", "1")
                            .header("X-Peek-Sequence", sequence)
                            .header("Cookie", cookie)
                            .timeout(Duration.ofSeconds(10))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        Header next() throws IOException {
            return Frame.parse(in.readNBytes(in.readInt())).header();
        }

        /// Waits for the end of the link, which is the end of the answer.
        ///
        /// @return code and text
        String end() throws IOException {
            int length = in.readInt();
            while (length >= 0) {
                in.skipNBytes(length);
                length = in.readInt();
            }
            byte[] reason = in.readNBytes(in.readInt());
            assertThat(in.read()).isEqualTo(-1);
            int code = (reason[0] & 0xFF) << 8 | (reason[1] & 0xFF);
            return code + " " + new String(reason, 2, reason.length - 2, StandardCharsets.UTF_8);
        }
    }
}
