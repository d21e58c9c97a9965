package org.peekplatform.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
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
import org.peekplatform.web.identity.TlsIdentity;

/// A site with links and a log-in, on a free port.
final class SiteFixture implements AutoCloseable {
    static final int MAX_FRAME = 64 << 10;
    static final String COOKIE = "test_session";

    /// One for all: making a key takes its time.
    static final TlsIdentity TLS = TestTls.identity();

    final PlatformThreads threads = new PlatformThreads();
    final ObservableHub observables =
            new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
    final ActionHub actions =
            new ActionHub(Transactions.none(), observables, Authorisation.asDeclared());
    final LinkService links =
            new LinkService(ServiceKind.CLIENT, "test", "0.1.0", observables, actions);
    final PartyTuples tuples = new PartyTuples(observables, Party.platform("test"));
    final PluginFiles plugins = new PluginFiles("mobile");
    final HttpClient http = HttpClient.newHttpClient();
    final Sessions sessions;
    final Site site;
    volatile String text = "first";

    @TupleType(name = "test.Note")
    record Note(String text) implements Tuple {}

    SiteFixture(ManualClock clock) {
        this(clock, LocalCheck::isLoopback, Site.Limits.USUAL);
    }

    /// @param local whether an address counts as one of this machine
    SiteFixture(ManualClock clock, Predicate<String> local) {
        this(clock, local, Site.Limits.USUAL);
    }

    SiteFixture(ManualClock clock, Site.Limits limits) {
        this(clock, LocalCheck::isLoopback, limits);
    }

    private SiteFixture(ManualClock clock, Predicate<String> local, Site.Limits limits) {
        sessions = new Sessions(clock);
        tuples.provide(Note.class, Audience.ADMINISTRATORS, selector -> List.of(new Note(text)));
        site = start(local, limits);
    }

    /// Not at a port that the system gives away: a site lets go of its port for a moment when it is
    /// opened to the network, and any outgoing connection could take it then.
    private Site start(Predicate<String> local, Site.Limits limits) {
        for (int tries = 1; ; tries++) {
            try {
                int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
                return Site.start(setup(port), local, limits);
            } catch (PeekException e) {
                if (!e.code().equals(ErrorCode.CONFLICT) || tries == 100) {
                    throw e;
                }
            }
        }
    }

    Site.Setup setup(int port) {
        return new Site.Setup(
                "test site",
                "test.port",
                port,
                false,
                TLS,
                "peek/web/test",
                plugins,
                () -> new Health(true, "{\"state\":\"running\"}"),
                new LoggedIn(),
                links,
                MAX_FRAME,
                routes -> {
                    routes.get(
                            "/api/boom",
                            request -> {
                                throw new IllegalStateException("secret detail");
                            });
                    routes.post("/api/echo", request -> request.result(request.bodyAsBytes()));
                    routes.post("/api/logout", request -> sessions.end(request.cookie(COOKIE)));
                    routes.get("/api/device", SiteFixture::device);
                });
    }

    int port() {
        return site.port();
    }

    RawHttp.Answer get(String path, String... headers) throws IOException {
        return send("GET", path, headers);
    }

    RawHttp.Answer send(String method, String path, String... headers) throws IOException {
        String[] lines = new String[headers.length + 1];
        lines[0] = method + " " + path + " HTTP/1.1";
        System.arraycopy(headers, 0, lines, 1, headers.length);
        return RawHttp.send(port(), lines);
    }

    /// Opens a link over the session of `token`.
    TestLink link(String token) {
        TestLink link = new TestLink();
        try {
            link.open(
                    http.newWebSocketBuilder()
                            .header("Cookie", COOKIE + "=" + token)
                            .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/vortex"), link)
                            .join());
        } catch (CompletionException e) {
            throw new IllegalStateException("no link", e);
        }
        return link;
    }

    @Override
    public void close() {
        site.close();
        links.close();
        http.shutdownNow();
        threads.close();
    }

    private static void device(Context request) {
        DeviceCookie.give(request);
        request.result(DeviceCookie.of(request).id());
    }

    private final class LoggedIn implements Callers {
        @Override
        public Caller prove(Context request) {
            return sessions.user(request.cookie(COOKIE))
                    .map(Caller.Administrator::new)
                    .orElseThrow(() -> new PeekException(ErrorCode.NOT_ALLOWED, "Please log in."));
        }

        @Override
        public Tenure tenure(Context request) {
            String token = request.cookie(COOKIE);
            return used -> sessions.lasts(token, used);
        }
    }
}
