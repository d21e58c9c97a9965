package org.peekplatform.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.FallbackDialer;
import org.peekplatform.vortex.HttpStreamDialer;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.PlatformThreads;

/// The server's data exchange, when the server runs in another process: of the same home, or at the
/// address that the configuration names.
final class RemoteServer implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private final Home home;
    private final PeekConfig settings;
    private final String linkKey;
    private final Caller.Service self;
    private final String url;
    private final PlatformThreads threads;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();

    /// @param self the service that dials
    /// @param url as configured; empty for the server of this home
    RemoteServer(
            Home home,
            PeekConfig settings,
            String linkKey,
            Caller.Service self,
            String url,
            PlatformThreads threads) {
        this.home = home;
        this.settings = settings;
        this.linkKey = linkKey;
        this.self = self;
        this.url = url;
        this.threads = threads;
    }

    /// Looks the address up at every dialing: a server that restarts may have another port.
    LinkDialer dialer() {
        LinkDialer dialer = new FallbackDialer(atAddress(this::webSocket), atAddress(this::stream));
        return listener ->
                dialer.dial(listener)
                        .exceptionallyCompose(
                                problem -> CompletableFuture.failedFuture(explain(problem)));
    }

    private LinkDialer atAddress(Function<String, LinkDialer> way) {
        return listener ->
                CompletableFuture.supplyAsync(this::address, threads.work())
                        .thenCompose(address -> way.apply(address).dial(listener));
    }

    private LinkDialer webSocket(String address) {
        URI uri = URI.create(address.replaceFirst("^http", "ws") + "/vortex");
        return new HttpWebSocketDialer(http, uri, this::proof);
    }

    private LinkDialer stream(String address) {
        return new HttpStreamDialer(
                http, URI.create(address + "/vortex/stream"), this::proof, true);
    }

    private Throwable explain(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof PeekException refused
                    && refused.code().equals(ErrorCode.NOT_ALLOWED)) {
                return new PeekException(
                        ErrorCode.NOT_ALLOWED,
                        "the server refused this service's link key; copy "
                                + LinkKey.file(home).getFileName()
                                + " from the data folder of the server's home to "
                                + LinkKey.file(home),
                        cause);
            }
        }
        return problem;
    }

    InputStream openPackage(String sha256) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + "/packages/" + sha256))
                        .timeout(ANSWER);
        proof().forEach(request::header);
        HttpResponse<InputStream> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException(
                    "the server answered " + answer.statusCode() + " for package " + sha256);
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private Map<String, String> proof() {
        return Map.of(
                "Authorization",
                "Bearer " + linkKey,
                "X-Peek-Kind",
                self.kind().id(),
                "X-Peek-Service",
                self.name());
    }

    private String address() {
        if (!url.isEmpty()) {
            String http = url.replaceFirst("^ws", "http");
            return http.endsWith("/") ? http.substring(0, http.length() - 1) : http;
        }
        int port =
                RunFiles.findRunning(home, "server")
                        .map(running -> running.ports().get("dataExchange"))
                        .orElse(settings.server().dataExchange().port());
        if (port == 0) {
            throw new PeekException(ErrorCode.OFFLINE, "no server runs on " + home.root());
        }
        return "http://127.0.0.1:" + port;
    }
}
