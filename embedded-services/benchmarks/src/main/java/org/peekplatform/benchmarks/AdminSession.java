package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;

/// An administrator's browser that has logged in.
final class AdminSession {
    private final HttpClient http;
    private final PeekProcess peek;
    private final String cookie;

    private AdminSession(HttpClient http, PeekProcess peek, String cookie) {
        this.http = http;
        this.peek = peek;
        this.cookie = cookie;
    }

    static AdminSession login(HttpClient http, PeekProcess peek)
            throws IOException, InterruptedException {
        byte[] credentials =
                Wire.json(Map.of("user", "recovery", "password", peek.recoveryPassword()));
        HttpResponse<String> answer =
                http.send(
                        request(peek, "/api/login")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(credentials))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        String cookie =
                answer.headers()
                        .firstValue("Set-Cookie")
                        .map(value -> value.split(";", 2)[0])
                        .orElseThrow(() ->
                                new BenchException("the log-in was refused: " + answer.body()));
        return new AdminSession(http, peek, cookie);
    }

    /// Uploads a plugin and waits for the answer.
    ///
    /// @return when the upload began, on the clock of `System.nanoTime`
    long install(Path zip) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        HttpResponse<String> answer =
                http.send(
                        request(peek, "/api/plugins")
                                .header("Cookie", cookie)
                                .header("X-Peek-File", String.valueOf(zip.getFileName()))
                                .POST(HttpRequest.BodyPublishers.ofFile(zip))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new BenchException("the plugin was not installed: " + answer.body());
        }
        return begun;
    }

    String cookie() {
        return cookie;
    }

    WireLink link() throws InterruptedException {
        return WireLink.open(http, peek.adminPort(), Map.of("Cookie", cookie), "Benchmark admin");
    }

    private static HttpRequest.Builder request(PeekProcess peek, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + peek.adminPort() + path))
                .header("X-Peek-Request", "1");
    }
}
