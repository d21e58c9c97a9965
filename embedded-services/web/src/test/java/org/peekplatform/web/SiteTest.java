package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginPackage;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.vortex.Header;

class SiteTest {
    private static final String OWN = "X-Peek-Request: 1";
    private static final String[] UPGRADE = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    private final ManualClock clock = new ManualClock();
    private final SiteFixture fixture = new SiteFixture(clock);

    @TempDir Path folder;

    @AfterEach
    void stop() {
        fixture.close();
    }

    // What every answer carries.

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200",
        "HEAD, /, 200",
        "GET, /app.js, 200",
        "GET, /lib/lit.js, 200",
        "GET, /health, 200",
        "GET, /nothing.js, 404",
        "HEAD, /nothing.js, 404",
        "POST, /nothing, 404",
        "GET, /api/boom, 500",
        "GET, /docs/nothing.md, 404",
        "GET, /../app.js, 400",
        "GET, /app.js%00, 400",
        "TRACE, /, 404",
        "GET, http://elsewhere.example/, 400",
        "GARBAGE, '', 505",
    })
    void everyAnswerCarriesTheSecurityHeaders(String method, String path, int status)
            throws IOException {
        RawHttp.Answer answer = fixture.send(method, path, OWN);

        assertThat(answer.status()).isEqualTo(status);
        assertSafe(answer);
    }

    @Test
    void refusedUpgradesCarryTheSecurityHeadersToo() throws IOException {
        RawHttp.Answer answer = fixture.get("/vortex", UPGRADE);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("NOT_ALLOWED", "Please log in.");
        assertSafe(answer);
    }

    @Test
    void onlyFilesWithAHashInTheirAddressMayBeKept() throws IOException {
        assertThat(fixture.get("/").header("Cache-Control")).isEqualTo("no-store");
        assertThat(fixture.get("/health").header("Cache-Control")).isEqualTo("no-store");
        assertThat(fixture.get("/nothing.js").header("Cache-Control")).isEqualTo("no-store");
        assertThat(fixture.get("/app.js").header("Cache-Control")).isEqualTo("no-cache");
        assertThat(fixture.get("/lib/lit.js").header("Cache-Control"))
                .isEqualTo("public, max-age=31536000, immutable");
    }

    @Test
    void theImportMapAloneMayRunInlineAndItsNonceIsNewEveryTime() throws IOException {
        List<String> nonces = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawHttp.Answer page = fixture.get("/");
            String policy = found("script-src 'self' 'nonce-([^']+)'", policy(page));
            String inPage = found("<script type=\"importmap\" nonce=\"([^\"]+)\">", page.text());
            assertThat(inPage).isEqualTo(policy).hasSizeGreaterThan(20);
            nonces.add(policy);
        }

        assertThat(nonces).doesNotHaveDuplicates();
        assertThat(policy(fixture.get("/app.js"))).contains("script-src 'self';");
    }

    @Test
    void failuresTellNothingOfTheInside() throws IOException {
        RawHttp.Answer answer = fixture.get("/api/boom");

        assertThat(answer.text())
                .contains("The request failed; the log of the service says why.")
                .doesNotContain("secret", "Exception");
    }

    @Test
    void headTellsOfAFileWhatGetTells() throws IOException {
        RawHttp.Answer get = fixture.get("/lib/lit.js");
        RawHttp.Answer head = fixture.send("HEAD", "/lib/lit.js");

        assertThat(head.body()).isEmpty();
        assertThat(head.headers()).isEqualTo(get.headers());
        assertThat(head.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    }

    @Test
    void filesAreCompressedForThoseWhoWantItAndStayTheSame() throws IOException {
        RawHttp.Answer plain = fixture.get("/lib/lit.js");
        RawHttp.Answer packed = fixture.get("/lib/lit.js", "Accept-Encoding: gzip");

        assertThat(plain.header("Content-Encoding")).isNull();
        assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(packed.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(packed.header("Cache-Control")).isEqualTo(plain.header("Cache-Control"));
        assertThat(packed.body().length).isLessThan(plain.body().length / 2);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain.body());
    }

    // Who may ask.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "10.0.0.7",
                "[fe80::1]",
                "127.0.0.1@evil.example",
                ""
            })
    void foreignHostNamesAreRefused(String host) throws IOException {
        RawHttp.Answer page = fixture.get("/", "Host: " + host);
        RawHttp.Answer link = upgrade("Host: " + host, "Cookie: " + cookie());

        assertThat(page.status()).isIn(400, 403);
        assertThat(link.status()).isIn(400, 403);
        assertThat(page.text()).doesNotContain("<title>");
        assertSafe(page);
    }

    @Test
    void theRefusalOfAHostNameSaysWhatToUse() throws IOException {
        RawHttp.Answer answer = fixture.get("/", "Host: evil.example");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text())
                .contains(
                        "This service does not answer to the host name 'evil.example'; use 127.0.0.1, localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:8000", "127.0.0.1", "[::1]:1"})
    void ownHostNamesAreAnswered(String host) throws IOException {
        assertThat(fixture.get("/", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"})
    void pagesOfOtherOriginsCanNeitherChangeAnythingNorOpenLinks(String origin) throws IOException {
        RawHttp.Answer post = fixture.send("POST", "/api/echo", OWN, "Origin: " + origin);
        RawHttp.Answer link = upgrade("Origin: " + origin, "Cookie: " + cookie());

        assertThat(post.status()).isEqualTo(403);
        assertThat(post.text())
                .contains("Requests from pages of '" + origin + "' are not accepted.");
        assertThat(link.status()).isEqualTo(403);
        assertThat(fixture.links.callers()).isEmpty();
    }

    @Test
    void theSitesOwnPagesMayDoBoth() throws IOException {
        String origin = "Origin: http://127.0.0.1:" + fixture.port();

        assertThat(fixture.send("POST", "/api/echo", OWN, origin).status()).isEqualTo(200);
        assertThat(upgrade(origin, "Cookie: " + cookie()).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"})
    void whatChangesSomethingNeedsTheHeaderThatFormsCannotSend(String method) throws IOException {
        RawHttp.Answer answer = fixture.send(method, "/api/echo");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("must carry the header X-Peek-Request");
    }

    @Test
    void linksAreForThoseWhoHaveLoggedIn() throws IOException {
        assertThat(upgrade().status()).isEqualTo(403);
        assertThat(upgrade("Cookie: " + SiteFixture.COOKIE + "=made-up").status()).isEqualTo(403);
        assertThat(upgrade("Cookie: " + cookie()).status()).isEqualTo(101);
    }

    // What can be read.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../../../../etc/passwd",
                "/lib/../importmap.json/",
                "/lib/%2e%2e/app.js",
                "/lib/%2E%2E%2Fapp.js",
                "/..%2f..%2f..%2f..%2fetc%2fpasswd",
                "/lib/..%5capp.js",
                "/lib\\..\\app.js",
                "//app.js",
                "/lib//lit.js",
                "/./app.js",
                "/app.js/",
                "/app.js%00",
                "/app.js%00.png",
                "/app.js;x=1",
                "/app%2ejs",
                "/.hidden",
                "/lib",
                "/lib/",
                "/assets/inner",
                "/META-INF/MANIFEST.MF",
                "/logback-test.xml",
                "/org/peekplatform/web/Site.class",
                "/%",
                "/%zz",
                "/%c0%ae%c0%ae/app.js",
            })
    void nothingIsReadThroughOddPaths(String path) throws IOException {
        RawHttp.Answer answer = fixture.get(path);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text()).startsWith("{\"").contains("\"code\":");
        assertSafe(answer);
    }

    @Test
    void ofAPluginOnlyTheFilesOfThisSiteAreRead() throws IOException {
        InstalledPackage plugin = installed("pump", "// pump");
        InstalledPackage other = installed("valve", "// valve");
        fixture.plugins.serve(List.of(plugin, other));
        String own = "/plugins/pump/" + plugin.shortHash();

        RawHttp.Answer view = fixture.get(own + "/mobile/view.js");
        assertThat(view.text()).isEqualTo("// pump");
        assertThat(view.header("Cache-Control")).contains("immutable");
        assertThat(fixture.get(own + "/assets/icon.svg").header("Content-Type"))
                .isEqualTo("image/svg+xml");
        for (String path :
                List.of(
                        own + "/admin/secret.js",
                        own + "/mobile",
                        own + "/mobile/",
                        own + "/mobile/inner",
                        own + "/mobile/../admin/secret.js",
                        own + "/mobile/%2e%2e/admin/secret.js",
                        own + "/mobile/nothing.js",
                        own + "/Mobile/view.js",
                        own + "/plugin_package.json",
                        own + "/../../plugin_package.json",
                        own + "/mobile/../../plugin_package.json",
                        own,
                        own + "/",
                        "/plugins/pump/" + other.shortHash() + "/mobile/view.js",
                        "/plugins/valve/" + plugin.shortHash() + "/mobile/view.js",
                        "/plugins/pump/" + plugin.sha256() + "/mobile/view.js",
                        "/plugins/pump//mobile/view.js",
                        "/plugins")) {
            RawHttp.Answer answer = fixture.get(path);
            assertThat(answer.status()).as(path).isIn(400, 404);
            assertThat(answer.text()).as(path).startsWith("{\"");
        }

        fixture.plugins.serve(List.of(other));
        assertThat(fixture.get(own + "/mobile/view.js").status()).isEqualTo(404);
    }

    @Test
    void aBodyLargerThanAMegabyteIsRefused() throws IOException {
        RawHttp.Answer fits = post(new byte[1 << 20]);
        RawHttp.Answer large = post(new byte[(1 << 20) + 1]);

        assertThat(fits.status()).isEqualTo(200);
        assertThat(large.status()).isEqualTo(413);
        assertSafe(large);
    }

    @Test
    void manyRequestsAreAnsweredAtOnce() {
        List<String> paths = List.of("/", "/lib/lit.js", "/health", "/nothing.js", "/app.js");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(
                    fixture.http.sendAsync(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    fixture.site.url()
                                                            + paths.get(i % paths.size())))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(answers.get(i).orTimeout(10, TimeUnit.SECONDS).join().statusCode())
                    .isEqualTo(i % paths.size() == 3 ? 404 : 200);
        }
    }

    // All devices of a site come back at the same moment, faster than they are taken. What the
    // system has no room for it drops, and those it has dropped come seconds later or not at all.
    @Test
    void twoThousandMayConnectBeforeTheFirstIsTaken() throws Exception {
        Field field = Site.class.getDeclaredField("connector");
        field.setAccessible(true);
        ServerConnector connector = (ServerConnector) field.get(fixture.site);
        connector.setAccepting(false);
        List<SocketChannel> crowd = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < 2_000; i++) {
                SocketChannel one = SocketChannel.open();
                crowd.add(one);
                one.configureBlocking(false);
                one.register(selector, SelectionKey.OP_CONNECT);
                one.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()));
            }
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            int connected = 0;
            while (connected < crowd.size() && System.nanoTime() < end) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (((SocketChannel) key.channel()).finishConnect()) {
                        connected++;
                        key.cancel();
                    }
                }
                selector.selectedKeys().clear();
            }
            assertThat(connected).isEqualTo(2_000);

            connector.setAccepting(true);
            assertThat(fixture.get("/health").status()).isEqualTo(200);
        } finally {
            for (SocketChannel one : crowd) {
                one.close();
            }
        }
    }

    @Test
    void thoseWhoSendSlowlyKeepNobodyWaiting() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.port());
                slow.add(socket);
                String head =
                        "POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
                                + OWN
                                + "\r\nContent-Length: 1000\r\n\r\nbeginning";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            }

            assertThat(fixture.get("/health").status()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    // Where it listens.

    @Test
    void aTakenPortIsNamedWithTheCure() {
        assertThatThrownBy(() -> Site.start(fixture.setup(fixture.port())))
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessage(
                        "Port %d of the test site is in use by another program. Close that program, or choose another port with --set test.port=NUMBER or in config.json."
                                .formatted(fixture.port()));
    }

    @Test
    void openingAndClosingToTheNetworkKeepsThePortAndChangesTheAddress() throws IOException {
        int port = fixture.port();
        assertThatThrownBy(() -> throughOtherAddress(port)).isInstanceOf(ConnectException.class);

        fixture.site.openToNetwork(true);

        assertThat(fixture.port()).isEqualTo(port);
        assertThat(fixture.site.isOpenToNetwork()).isTrue();
        assertThat(throughOtherAddress(port).status()).isEqualTo(200);
        assertThat(fixture.get("/").status()).isEqualTo(200);
        assertThat(fixture.get("/", "Host: evil.example").status()).isEqualTo(403);
        assertThat(fixture.get("/", "Host: " + InetAddress.getLocalHost().getHostName()).status())
                .isEqualTo(200);

        fixture.site.openToNetwork(false);

        assertThat(fixture.port()).isEqualTo(port);
        assertThatThrownBy(() -> throughOtherAddress(port)).isInstanceOf(ConnectException.class);
        assertThat(fixture.get("/").status()).isEqualTo(200);
        assertThat(fixture.get("/", "Host: 10.0.0.7").status()).isEqualTo(403);
    }

    /// Symptom: with another program at the same port of another address, opening the site to the
    /// network left it listening nowhere. Cause: the old connector was gone before the new one was
    /// known to work. Fix: the site goes back to where it listened.
    @Test
    void aSiteThatCannotBeOpenedListensAsBefore() throws IOException {
        int port = fixture.port();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"))) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(() -> fixture.site.openToNetwork(true))
                    .isInstanceOf(PeekException.class)
                    .hasMessage("the test site cannot listen to the network at port " + port);

            assertThat(fixture.site.isOpenToNetwork()).isFalse();
            assertThat(fixture.port()).isEqualTo(port);
            assertThat(fixture.get("/").status()).isEqualTo(200);
        }
        fixture.site.openToNetwork(true);
        assertThat(throughOtherAddress(port).status()).isEqualTo(200);
    }

    // Links.

    @Test
    void aLinkCarriesFramesBothWays() throws InterruptedException {
        TestLink link = link().hello().observe();

        fixture.text = "second";
        fixture.tuples.changed(SiteFixture.Note.class);

        assertThat(link.next(Header.Snapshot.class).selector()).isEqualTo("[\"test.Note\"]");
    }

    @Test
    void aMessageThatIsNoFrameEndsTheLink() {
        assertThat(link().send(new byte[] {1, 2, 3, 4, 5}).closed()).startsWith("1008 ");
        assertThat(link().send(new byte[0]).closed()).startsWith("1008 ");
        assertThat(link().send("\0\0\0\2no".getBytes(StandardCharsets.UTF_8)).closed())
                .startsWith("1008 ");
    }

    @Test
    void aFirstFrameOtherThanHelloEndsTheLink() {
        assertThat(link().send(new Header.Ping()).closed())
                .isEqualTo("1008 the first frame on a link must be hello");
    }

    @Test
    void textEndsTheLink() {
        assertThat(link().sendText("{}").closed()).isEqualTo("1003 frames are binary");
    }

    @Test
    void aMessageThatIsTooLargeEndsTheLink() {
        assertThat(link().send(new byte[SiteFixture.MAX_FRAME + 1]).closed()).startsWith("1009 ");
    }

    @Test
    void anEndedLinkIsForgotten() throws InterruptedException {
        TestLink link = link().hello();
        assertThat(fixture.links.callers()).hasSize(1);

        link.sendText("{}").closed();
        TestLink next = link().hello();

        assertThat(fixture.links.callers()).hasSize(1);
        assertThat(next.isQuiet()).isTrue();
    }

    @Test
    void linksSayWhenTheServiceStops() throws InterruptedException {
        TestLink link = link().hello();

        fixture.links.close();

        assertThat(link.closed()).isEqualTo("1001 the service is stopping");
    }

    @Test
    void aLogOutEndsTheLinksOfThatSessionAndNoOthers() throws Exception {
        String token = fixture.sessions.begin("ada");
        TestLink first = fixture.link(token).hello();
        TestLink second = fixture.link(token).hello();
        TestLink other = link().hello();

        fixture.send("POST", "/api/logout", OWN, "Cookie: " + SiteFixture.COOKIE + "=" + token);

        assertThat(first.closed()).isEqualTo("4401 the log-in has ended");
        assertThat(second.closed()).isEqualTo("4401 the log-in has ended");
        other.send(new Header.Ping()).next(Header.Pong.class);
    }

    /// Symptom: a window left open showed and accepted everything long after its log-in had ended.
    /// Cause: the log-in was looked at when the link was opened, and never again. Fix: at every
    /// frame.
    @Test
    void aLinkEndsWithTheLogInThatNobodyUsed() throws InterruptedException {
        TestLink link = link().hello().observe();

        clock.goOn(Duration.ofMinutes(31));

        assertThat(link.send(new Header.Ping()).closed()).isEqualTo("4401 the log-in has ended");
    }

    @Test
    void nothingIsSentOverALinkWhoseLogInIsOver() throws InterruptedException {
        TestLink link = link().hello().observe();

        clock.goOn(Duration.ofMinutes(31));
        fixture.text = "not for these eyes";
        fixture.tuples.changed(SiteFixture.Note.class);

        assertThat(link.closed()).isEqualTo("4401 the log-in has ended");
        assertThat(link.isQuiet()).isTrue();
    }

    @Test
    void whatIsAskedOverALinkKeepsTheLogInButAPingDoesNot() throws InterruptedException {
        TestLink link = link().hello();
        clock.goOn(Duration.ofMinutes(29));
        link.observe();
        clock.goOn(Duration.ofMinutes(29));
        link.send(new Header.Ping()).next(Header.Pong.class);
        clock.goOn(Duration.ofMinutes(2));

        assertThat(link.send(new Header.Ping()).closed()).isEqualTo("4401 the log-in has ended");
    }

    @Test
    void aLinkEndsAfterTwelveHoursHoweverMuchItIsUsed() throws InterruptedException {
        TestLink link = link().hello();
        for (int i = 0; i < 36; i++) {
            clock.goOn(Duration.ofMinutes(20));
            link.observe();
        }
        clock.goOn(Duration.ofMillis(1));

        assertThat(link.send(new Header.Ping()).closed()).startsWith("4401 ");
    }

    @Test
    void theReasonOfACloseFitsItsFrameInAnyScript() {
        assertThat(WebSocketLink.brief("short")).isEqualTo("short");
        for (String text :
                List.of("a".repeat(500), "ü".repeat(500), "線".repeat(500), "😀".repeat(500))) {
            String brief = WebSocketLink.brief(text);
            assertThat(brief.getBytes(StandardCharsets.UTF_8).length).isBetween(118, 123);
            assertThat(text).startsWith(brief);
            assertThat(brief).doesNotMatch(".*[\\uD800-\\uDBFF]$");
        }
    }

    private TestLink link() {
        return fixture.link(fixture.sessions.begin("ada"));
    }

    private String cookie() {
        return SiteFixture.COOKIE + "=" + fixture.sessions.begin("ada");
    }

    private RawHttp.Answer upgrade(String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(UPGRADE));
        all.addAll(List.of(headers));
        return fixture.get("/vortex", all.toArray(String[]::new));
    }

    private RawHttp.Answer post(byte[] body) throws IOException {
        return RawHttp.send("127.0.0.1", fixture.port(), body, "POST /api/echo HTTP/1.1", OWN);
    }

    private static RawHttp.Answer throughOtherAddress(int port) throws IOException {
        return RawHttp.send("127.0.0.2", port, new byte[0], "GET / HTTP/1.1");
    }

    private InstalledPackage installed(String name, String view) {
        Path zip = folder.resolve(name + ".zip");
        TestZip.write(
                zip,
                "plugin_package.json",
                """
                {
                  "plugin": { "name": "%s", "title": "%s", "version": "1.0.0" },
                  "requiresServices": ["mobile"],
                  "mobile": { "module": "web/mobile/view.js", "element": "%s-view" }
                }
                """
                        .formatted(name, name, name),
                "web/mobile/view.js",
                view,
                "web/mobile/inner/part.js",
                "// part",
                "web/admin/secret.js",
                "// secret",
                "web/assets/icon.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        return new PluginStore(folder.resolve("store")).put(PluginPackage.read(zip));
    }

    private static void assertSafe(RawHttp.Answer answer) {
        assertThat(policy(answer))
                .startsWith("default-src 'none'; script-src 'self'")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "connect-src 'self'")
                .doesNotContain("unsafe");
        assertThat(answer.headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cross-origin-opener-policy", "same-origin")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .containsKeys("permissions-policy", "cache-control")
                .doesNotContainKeys(
                        "server", "x-powered-by", "access-control-allow-origin", "set-cookie");
    }

    private static String policy(RawHttp.Answer answer) {
        return Objects.requireNonNullElse(answer.header("Content-Security-Policy"), "");
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
