package org.peekplatform.launcher;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.FallbackDialer;
import org.peekplatform.vortex.HttpStreamDialer;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.Fingerprint;
import org.peekplatform.web.identity.PartyKey;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.PinnedTls;

/// The server's data exchange, when the server runs in another process: of the same home, at the
/// address that the configuration names, or where this home has joined with a token.
///
/// The service proves its own key at every connection. On this machine it talks without TLS,
/// elsewhere with TLS and to the server with the pinned fingerprint only. A service that has not
/// joined does so by itself with the link key of its home, which the server takes from its own home
/// alone.
final class RemoteServer implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Home home;
    private final PartyKind kind;
    private final String name;
    private final String stem;
    private final String url;
    private final PlatformThreads threads;
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpClient plain = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private @Nullable Pinned pinned;

    private record Pinned(Fingerprint fingerprint, HttpClient http) {}

    /// A server that has let this service in just now.
    ///
    /// @param base such as `http://127.0.0.1:8011`
    private record Entrance(HttpClient http, String base, String pass, long since) {
        /// The server takes a pass for ten minutes.
        boolean isFresh() {
            return System.nanoTime() - since < FRESH.toNanos();
        }

        Map<String, String> headers() {
            return Map.of("Authorization", "Bearer " + pass);
        }
    }

    /// @param kind of the service that dials
    /// @param name of it, as long as it has not joined with a token
    /// @param url as configured; empty for the server of this home, or that it has joined
    RemoteServer(Home home, PartyKind kind, String name, String url, PlatformThreads threads) {
        this.home = home;
        this.kind = kind;
        this.name = name;
        stem = ServiceIdentity.stem(kind, name);
        this.url = url;
        this.threads = threads;
    }

    /// What the service is called at a server that it has joined with a token, else `otherwise`.
    static String nameOf(Home home, PartyKind kind, String otherwise) {
        return ServiceIdentity.read(home, ServiceIdentity.stem(kind, otherwise))
                .filter(ServiceIdentity::isElsewhere)
                .map(ServiceIdentity::name)
                .orElse(otherwise);
    }

    /// Whether the server has another home than this service.
    boolean isElsewhere() {
        return ServiceIdentity.read(home, stem).filter(ServiceIdentity::isElsewhere).isPresent();
    }

    /// Looks the address up at every dialing: a server that restarts may have another port.
    LinkDialer dialer() {
        AtomicReference<@Nullable Entrance> entered = new AtomicReference<>();
        LinkDialer ways =
                new FallbackDialer(
                        listener -> webSocket(entered).dial(listener),
                        listener -> stream(entered).dial(listener));
        return listener ->
                CompletableFuture.supplyAsync(this::enter, threads.work())
                        .thenCompose(entrance -> {
                            entered.set(entrance);
                            return ways.dial(listener);
                        });
    }

    private LinkDialer webSocket(AtomicReference<@Nullable Entrance> entered) {
        Entrance entrance = requireNonNull(entered.get());
        URI uri = URI.create(entrance.base().replaceFirst("^http", "ws") + "/vortex");
        return new HttpWebSocketDialer(entrance.http(), uri, entrance::headers);
    }

    /// Such a link shows a pass at every request, and lives longer than one.
    private LinkDialer stream(AtomicReference<@Nullable Entrance> entered) {
        Entrance entrance = requireNonNull(entered.get());
        return new HttpStreamDialer(
                entrance.http(),
                URI.create(entrance.base() + "/vortex/stream"),
                () -> {
                    Entrance latest = requireNonNull(entered.get());
                    if (!latest.isFresh()) {
                        latest = enter();
                        entered.set(latest);
                    }
                    return latest.headers();
                },
                true);
    }

    InputStream openPackage(String sha256) throws IOException, InterruptedException {
        Entrance entrance = enter();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(entrance.base() + "/packages/" + sha256))
                        .timeout(ANSWER);
        entrance.headers().forEach(request::header);
        HttpResponse<InputStream> answer =
                entrance.http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException(
                    "the server answered " + answer.statusCode() + " for package " + sha256);
        }
        return answer.body();
    }

    @Override
    public synchronized void close() {
        plain.shutdownNow();
        if (pinned != null) {
            pinned.http().shutdownNow();
        }
    }

    private Entrance enter() {
        try {
            return tryToEnter();
        } catch (PeekException e) {
            if (e.code().equals(ErrorCode.OFFLINE)) {
                turn.incrementAndGet();
            }
            throw e;
        }
    }

    private Entrance tryToEnter() {
        ServiceIdentity identity = ServiceIdentity.read(home, stem).orElse(null);
        String base = base(identity);
        HttpClient http = client(base, identity);
        JoinClient server = new JoinClient(http, base);
        if (identity != null && (identity.isElsewhere() || identity.name().equals(name))) {
            try {
                return new Entrance(http, base, prove(server, identity), System.nanoTime());
            } catch (PeekException e) {
                // The server has lost what it knew, as when a backup was put back.
                boolean forgotten =
                        e.code().equals(Enrolment.NOT_JOINED)
                                || e.code().equals(ErrorCode.NOT_ALLOWED);
                if (!forgotten || identity.isElsewhere()) {
                    throw e;
                }
            }
        }
        return new Entrance(
                http, base, prove(server, joinFromHome(server, identity)), System.nanoTime());
    }

    private static String prove(JoinClient server, ServiceIdentity identity) {
        return server.prove(identity.key(), identity.id(), identity.fingerprint());
    }

    /// Both links of a service may find at the same time that it has not joined; the first one
    /// joins.
    ///
    /// @param tried the identity that was of no use, if there was one
    private synchronized ServiceIdentity joinFromHome(
            JoinClient server, @Nullable ServiceIdentity tried) {
        ServiceIdentity now = ServiceIdentity.read(home, stem).orElse(null);
        String useless = tried == null ? "" : tried.key().publicKey();
        if (now != null && !now.key().publicKey().equals(useless)) {
            return now;
        }
        PartyKey key = PartyKey.make();
        try {
            JoinClient.Joined joined = server.join(LinkKey.of(home), kind, name, key);
            ServiceIdentity identity =
                    new ServiceIdentity(
                            key, joined.id(), joined.name(), joined.fingerprint(), List.of());
            identity.write(home, stem);
            return identity;
        } catch (PeekException e) {
            if (e.code().equals(ErrorCode.NOT_ALLOWED)) {
                throw new PeekException(ErrorCode.NOT_ALLOWED, mustJoin(), e);
            }
            throw e;
        }
    }

    private String mustJoin() {
        return "this home has not joined the server; have a token for a %s made in the server's admin and run 'peek join TOKEN --home %s'"
                .formatted(kind.id(), home.root());
    }

    private HttpClient client(String base, @Nullable ServiceIdentity identity) {
        if (base.startsWith("http:")) {
            return plain;
        }
        if (identity == null) {
            throw new PeekException(ErrorCode.NOT_ALLOWED, mustJoin());
        }
        return pinned(identity.fingerprint());
    }

    private synchronized HttpClient pinned(Fingerprint fingerprint) {
        Pinned known = pinned;
        if (known != null && known.fingerprint().equals(fingerprint)) {
            return known.http();
        }
        if (known != null) {
            known.http().shutdown();
        }
        HttpClient http =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .sslContext(PinnedTls.to(fingerprint))
                        .build();
        pinned = new Pinned(fingerprint, http);
        return http;
    }

    private String base(@Nullable ServiceIdentity identity) {
        if (!url.isEmpty()) {
            return configured(URI.create(url), identity);
        }
        if (identity != null && identity.isElsewhere()) {
            List<String> addresses = identity.addresses();
            return "https://" + addresses.get(Math.floorMod(turn.get(), addresses.size()));
        }
        // The run file, not the configured port alone: another user's program may listen there.
        int port =
                RunFiles.findRunning(home, "server")
                        .map(running -> running.ports().get("dataExchange"))
                        .orElseThrow(() ->
                                new PeekException(
                                        ErrorCode.OFFLINE, "no server runs on " + home.root()));
        return "http://127.0.0.1:" + port;
    }

    /// Without TLS on this machine only, and there only to a server whose home this one shares.
    private static String configured(URI url, @Nullable ServiceIdentity identity) {
        boolean secure = url.getScheme().toLowerCase(Locale.ROOT).matches("https|wss");
        boolean here = url.getHost().equalsIgnoreCase("localhost") || isLoopback(url.getHost());
        boolean elsewhere = identity != null && identity.isElsewhere();
        String scheme = secure || !here || elsewhere ? "https" : "http";
        int port = url.getPort() > 0 ? url.getPort() : 8011;
        return scheme + "://" + url.getHost() + ":" + port;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
