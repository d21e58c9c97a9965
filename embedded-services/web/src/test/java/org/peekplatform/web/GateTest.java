package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.peekplatform.web.identity.DeviceMessages;
import org.peekplatform.web.identity.EnrolledParty;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.InMemoryParties;
import org.peekplatform.web.identity.PartyKey;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.PinnedTls;
import org.peekplatform.web.identity.Proof;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The doors for services and for devices, on real sites that take 127.0.0.1 alone for this
/// machine.
class GateTest {
    private static final String ELSEWHERE = "127.0.0.2";
    private static final String AGENT = "TestBrowser/1.0";

    private final ManualClock clock = new ManualClock();
    private final PlatformThreads threads = new PlatformThreads();
    private final ObservableHub observables =
            new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
    private final LinkService links =
            new LinkService(
                    ServiceKind.CLIENT,
                    "test",
                    "0.1.0",
                    observables,
                    new ActionHub(Transactions.none(), observables, Authorisation.asDeclared()));
    private final Enrolment enrolment =
            new Enrolment(
                    new InMemoryParties(),
                    SiteFixture.TLS.fingerprint(),
                    "home secret",
                    Set.of(),
                    clock);
    private final Registrar registrar = new Registrar();
    private final ServiceGate services = new ServiceGate(enrolment, clock);
    private final DeviceGate devices = new DeviceGate(registrar, "cookie key", clock);
    private final Site exchange = site("exchange", services, services::addTo);
    private final Site clientSite = site("client", devices, devices::addTo);
    private final HttpClient elsewhere =
            HttpClient.newBuilder()
                    .sslContext(PinnedTls.to(SiteFixture.TLS.fingerprint()))
                    .localAddress(InetAddress.ofLiteral(ELSEWHERE))
                    .connectTimeout(Duration.ofSeconds(30))
                    .build();
    private final PartyKey key = PartyKey.make();

    @TupleType(name = "test.Note")
    record Note(String text) implements Tuple {}

    GateTest() {
        new PartyTuples(observables, Party.platform("test"))
                .provide(Note.class, Audience.DEVICES, selector -> List.of(new Note("hello")));
        enrolment.onChange(exchange::endLinksThatAreOver);
    }

    @AfterEach
    void close() {
        elsewhere.shutdownNow();
        exchange.close();
        clientSite.close();
        links.close();
        observables.close();
        threads.close();
    }

    @Test
    void aServiceJoinsProvesItselfAndOpensALinkUnderItsEnrolledName() throws Exception {
        EnrolledParty party = joinService("depot");

        TestLink link = link(exchange, "Authorization", "Bearer " + pass(party));

        link.hello().observe();
        link.sendText("the end");
    }

    @Test
    void withoutAProofOrWithAPassThatIsOverNoLinkIsOpened() throws Exception {
        EnrolledParty party = joinService("depot");
        String pass = pass(party);
        clock.goOn(Duration.ofMinutes(11));

        for (String authorization : List.of("", "Bearer made-up", "Bearer " + pass, "Basic x")) {
            assertThat(refusedLink(exchange, "Authorization", authorization))
                    .as(authorization)
                    .isEqualTo(403);
        }
        assertThat(enrolment.refusals().getFirst().address()).isEqualTo(ELSEWHERE);
        assertThat(enrolment.refusals().getFirst().count()).isEqualTo(4);
    }

    @Test
    void aPassIsGivenForEachProofOnceAndTheRefusalSaysWhy() throws Exception {
        EnrolledParty party = joinService("depot");
        Proof proof = proof(party);
        Map<String, String> body = body(proof);
        assertThat(post(exchange, "/join/prove", body).statusCode()).isEqualTo(200);

        HttpResponse<String> again = post(exchange, "/join/prove", body);

        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(json(again).path("message").asString())
                .isEqualTo(
                        "The challenge is not known, used or older than half a minute; ask for a new one.");
    }

    @Test
    void revokingAServiceCutsItsLinkAndItsPassIsOfNoUse() throws Exception {
        EnrolledParty party = joinService("depot");
        String pass = pass(party);
        TestLink link = link(exchange, "Authorization", "Bearer " + pass);
        link.hello();

        enrolment.revoke(party.id());

        assertThat(link.closed()).isEqualTo("4403 an administrator has revoked this party");
        assertThat(refusedLink(exchange, "Authorization", "Bearer " + pass)).isEqualTo(403);
        HttpResponse<String> proving = post(exchange, "/join/prove", body(proof(party)));
        assertThat(proving.statusCode()).isEqualTo(403);
        assertThat(json(proving).path("code").asString()).isEqualTo("REVOKED");
    }

    @Test
    void aDeviceDoesNotJoinAtTheDoorForServicesAndGarbageIsRefused() throws Exception {
        String secret = enrolment.issue(PartyKind.DEVICE, null).secret();

        HttpResponse<String> answer =
                post(
                        exchange,
                        "/join",
                        Map.of(
                                "secret",
                                secret,
                                "kind",
                                "device",
                                "name",
                                "x",
                                "publicKey",
                                key.publicKey()));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("message").asString())
                .isEqualTo("'device' cannot join here; client, agent and worker can.");
        assertThat(post(exchange, "/join", "[]").statusCode()).isEqualTo(400);
        assertThat(post(exchange, "/join/prove", "{\"id\":1}").statusCode()).isEqualTo(400);
        assertThat(post(exchange, "/join", "x".repeat(20_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void anUnknownDeviceElsewhereIsRefusedAndReportedWithItsBrowser() throws Exception {
        assertThat(refusedLink(clientSite, "User-Agent", AGENT)).isEqualTo(403);
        assertThat(state(null).path("state").asString()).isEqualTo("unknown");

        assertThat(registrar.refused)
                .allSatisfy(report -> assertThat(report).startsWith(ELSEWHERE + " a device ("));
        assertThat(registrar.refused.getFirst())
                .isEqualTo(
                        ELSEWHERE
                                + " a device (TestBrowser/1.0): this device has not joined; ask an administrator for a token or a QR code, and open it on this device");
    }

    @Test
    void theUsualBrowsersAreReportedInWords() throws Exception {
        refusedLink(
                clientSite,
                "User-Agent",
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36");

        assertThat(registrar.refused.getFirst())
                .startsWith(ELSEWHERE + " a device (Chrome on Android): ");
    }

    @Test
    void aDeviceThatJoinsGetsACookieForHalfADayAndALinkUnderItsId() throws Exception {
        HttpResponse<String> joined = joinDevice();

        String cookie = cookie(joined);
        String id = json(joined).path("id").asString();
        assertThat(joined.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "Secure", "SameSite=Strict", "Max-Age=43200");
        link(clientSite, "Cookie", cookie).hello().observe();
        assertThat(state(cookie).path("id").asString()).isEqualTo(id);
        assertThat(registrar.seen).contains(id);
        clock.goOn(Enrolment.COOKIE_LIFE);
        assertThat(refusedLink(clientSite, "Cookie", cookie)).isEqualTo(403);
    }

    @Test
    void aDeviceRenewsItsCookieByAProof() throws Exception {
        String id = json(joinDevice()).path("id").asString();
        clock.goOn(Duration.ofDays(3));
        JsonNode challenge = challenge(clientSite);
        Proof proof =
                Proof.of(key, id, challenge.path("nonce").asString(), enrolment.fingerprint());

        HttpResponse<String> proven = post(clientSite, "/join/prove", body(proof));

        assertThat(proven.statusCode()).isEqualTo(200);
        link(clientSite, "Cookie", cookie(proven)).hello();
    }

    @Test
    void aCookieThatWasChangedOrMadeElsewhereIsOfNoUse() throws Exception {
        String cookie = cookie(joinDevice());
        String value = cookie.substring(cookie.indexOf('=') + 1);
        String[] parts = value.split("\\.", 3);
        String later = parts[0] + "." + (Long.parseLong(parts[1]) + 1) + "." + parts[2];
        String other = "x" + value.substring(1);

        for (String bad : List.of(later, other, "", "a.b.c", ".", value + "x", "..", "a..")) {
            assertThat(refusedLink(clientSite, "Cookie", "__Host-peek_joined=" + bad))
                    .as(bad)
                    .isEqualTo(403);
        }
    }

    @Test
    void revokingADeviceCutsItsLinkAndItsCookieIsRefused() throws Exception {
        HttpResponse<String> joined = joinDevice();
        TestLink link = link(clientSite, "Cookie", cookie(joined));
        link.hello();

        devices.revoked(Set.of(json(joined).path("id").asString()));
        clientSite.endLinksThatAreOver();

        assertThat(link.closed()).isEqualTo("4403 an administrator has revoked this party");
        assertThat(refusedLink(clientSite, "Cookie", cookie(joined))).isEqualTo(403);
        assertThat(state(cookie(joined)).path("state").asString()).isEqualTo("unknown");
    }

    @Test
    void manyDevicesOfOneAddressComeBackAtOnceWithoutAskingTheServer() throws Exception {
        String cookie = cookie(joinDevice());
        int asked = registrar.asked;
        List<CompletableFuture<TestLink>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            TestLink link = new TestLink();
            all.add(
                    elsewhere
                            .newWebSocketBuilder()
                            .header("Cookie", cookie)
                            .buildAsync(vortex(clientSite), link)
                            .thenApply(socket -> {
                                link.open(socket);
                                return link;
                            }));
            if (i % 100 == 99) {
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            }
        }

        assertThat(all).allSatisfy(one -> assertThat(one).isCompleted());
        assertThat(registrar.asked).isEqualTo(asked);
        all.getLast().join().hello();
    }

    @Test
    void onThisMachineABrowserNeedsNoToken() throws Exception {
        try (HttpClient here = HttpClient.newHttpClient()) {
            TestLink link = new TestLink();
            link.open(
                    here.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://127.0.0.1:" + clientSite.port() + "/vortex"),
                                    link)
                            .join());
            link.hello();
            here.shutdownNow();
        }
        assertThat(registrar.refused).isEmpty();
    }

    private Site site(String name, Callers callers, Consumer<RoutesConfig> routes) {
        return Site.start(
                new Site.Setup(
                        name,
                        "test.port",
                        0,
                        true,
                        SiteFixture.TLS,
                        null,
                        new PluginFiles("mobile"),
                        () -> new Health(true, "{}"),
                        callers,
                        links,
                        64 << 10,
                        routes),
                address -> address.equals("127.0.0.1"),
                Site.Limits.USUAL);
    }

    private EnrolledParty joinService(String name) throws Exception {
        String secret = enrolment.issue(PartyKind.CLIENT, null).secret();
        HttpResponse<String> answer =
                post(
                        exchange,
                        "/join",
                        Map.of(
                                "secret",
                                secret,
                                "kind",
                                "client",
                                "name",
                                name,
                                "publicKey",
                                key.publicKey()));
        assertThat(answer.statusCode()).isEqualTo(200);
        return enrolment.require(json(answer).path("id").asString());
    }

    private Proof proof(EnrolledParty party) throws Exception {
        String nonce = challenge(exchange).path("nonce").asString();
        return Proof.of(key, party.id(), nonce, enrolment.fingerprint());
    }

    private String pass(EnrolledParty party) throws Exception {
        return json(post(exchange, "/join/prove", body(proof(party)))).path("pass").asString();
    }

    private HttpResponse<String> joinDevice() throws Exception {
        String secret = enrolment.issue(PartyKind.DEVICE, null).secret();
        HttpResponse<String> answer =
                post(
                        clientSite,
                        "/join/device",
                        Map.of("secret", secret, "name", "phone", "publicKey", key.publicKey()));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private JsonNode state(@Nullable String cookie) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                        URI.create(
                                "https://" + ELSEWHERE + ":" + clientSite.port() + "/join/state"));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        return json(elsewhere.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    private JsonNode challenge(Site site) throws Exception {
        return json(
                elsewhere.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "https://"
                                                        + ELSEWHERE
                                                        + ":"
                                                        + site.port()
                                                        + "/join/challenge"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
    }

    private static Map<String, String> body(Proof proof) {
        return Map.of("id", proof.id(), "nonce", proof.nonce(), "signature", proof.signature());
    }

    private HttpResponse<String> post(Site site, String path, Map<String, String> body)
            throws IOException, InterruptedException {
        return post(site, path, JsonMapper.shared().writeValueAsString(body));
    }

    private HttpResponse<String> post(Site site, String path, String body)
            throws IOException, InterruptedException {
        return elsewhere.send(
                HttpRequest.newBuilder(
                                URI.create("https://" + ELSEWHERE + ":" + site.port() + path))
                        .header("X-Peek-Request", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private TestLink link(Site site, String header, String value) {
        TestLink link = new TestLink();
        link.open(
                elsewhere
                        .newWebSocketBuilder()
                        .header(header, value)
                        .buildAsync(vortex(site), link)
                        .join());
        return link;
    }

    private int refusedLink(Site site, String header, String value) {
        try {
            link(site, header, value);
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
        throw new AssertionError("the link was opened with " + value);
    }

    private static URI vortex(Site site) {
        return URI.create("wss://" + ELSEWHERE + ":" + site.port() + "/vortex");
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    /// Asks the enrolment directly, as the server does for a client service.
    private final class Registrar implements DeviceRegistrar {
        final List<String> refused = new CopyOnWriteArrayList<>();
        final Set<String> seen = ConcurrentHashMap.newKeySet();
        volatile int asked;

        @Override
        public synchronized DeviceMessages.Challenge challenge() {
            asked++;
            return new DeviceMessages.Challenge(
                    enrolment.challenge(), enrolment.fingerprint().text());
        }

        @Override
        public synchronized DeviceMessages.Proven join(
                String secret, String name, String publicKey, String address) {
            asked++;
            EnrolledParty party =
                    enrolment.join(
                            new Enrolment.Application(
                                    secret, PartyKind.DEVICE, name, publicKey, false),
                            address);
            return new DeviceMessages.Proven(party.id(), party.name());
        }

        @Override
        public synchronized DeviceMessages.Proven prove(Proof proof, String address) {
            asked++;
            EnrolledParty party = enrolment.proveDevice(proof, address);
            return new DeviceMessages.Proven(party.id(), party.name());
        }

        @Override
        public void refused(String who, String address, String why) {
            refused.add(address + " " + who + ": " + why);
        }

        @Override
        public void seen(String id) {
            seen.add(id);
        }
    }
}
