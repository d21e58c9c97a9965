package org.peekplatform.launcher;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Sentences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The admin site of the Peek that runs on a home, as its owner uses it from the command line or
/// the workstation.
public final class RunningAdmin {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LONGEST = Duration.ofHours(2);

    private final Home home;
    private volatile URI site;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable String session;

    private RunningAdmin(Home home, URI site) {
        this.home = home;
        this.site = site;
    }

    /// The admin site, if a server runs on `home`.
    public static Optional<RunningAdmin> find(Home home) {
        return RunFiles.findRunning(home, "server")
                .map(running -> running.ports().get("admin"))
                .map(port -> new RunningAdmin(home, URI.create("http://127.0.0.1:" + port)));
    }

    /// Its address; looked up each time, as a server that restarts may have another port.
    public URI site() {
        find(home).ifPresent(now -> site = now.site);
        return site;
    }

    /// Installs or upgrades the plugin in `zip`.
    ///
    /// @return what has been done, as a sentence
    public String install(Path zip) {
        if (!Files.isReadable(zip)) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "there is no file " + zip);
        }
        String name = URLEncoder.encode(String.valueOf(zip.getFileName()), StandardCharsets.UTF_8);
        return sentence(
                "/api/plugins",
                request ->
                        request.header("Content-Type", "application/zip")
                                .header("X-Peek-File", name)
                                .POST(file(zip)));
    }

    private static HttpRequest.BodyPublisher file(Path zip) {
        try {
            return HttpRequest.BodyPublishers.ofFile(zip);
        } catch (FileNotFoundException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "there is no file " + zip, e);
        }
    }

    /// Removes a plugin.
    ///
    /// @return what has been done, as a sentence
    public String remove(String plugin) {
        return sentence(
                "/api/plugins/" + URLEncoder.encode(plugin, StandardCharsets.UTF_8),
                HttpRequest.Builder::DELETE);
    }

    /// Has everything of the home written into `file`.
    ///
    /// @return what has been done, as a sentence
    String backup(Path file, boolean withReloadable) {
        Backup.requireFree(file);
        JsonNode made =
                answer(
                        "/api/backups?withReloadable=" + withReloadable,
                        request -> request.POST(HttpRequest.BodyPublishers.noBody()));
        Path written = Path.of(made.path("file").asString(""));
        try {
            Files.move(written, file);
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the backup is in "
                            + written
                            + "; it cannot be moved to "
                            + file
                            + " ("
                            + e
                            + ")",
                    e);
        }
        return file + " is written. " + made.path("message").asString("");
    }

    List<CliOperations.PluginLine> plugins() {
        List<CliOperations.PluginLine> lines = new ArrayList<>();
        HttpRequest health =
                HttpRequest.newBuilder(site().resolve("/health")).timeout(LONGEST).build();
        for (JsonNode plugin : JSON.readTree(exchange(health).body()).path("plugins")) {
            lines.add(
                    new CliOperations.PluginLine(
                            plugin.path("name").asString(""),
                            plugin.path("version").asString(""),
                            plugin.path("state").asString(""),
                            plugin.path("problem").isMissingNode()
                                    ? null
                                    : plugin.path("problem").asString("")));
        }
        return lines;
    }

    /// The headers that prove the owner of the home to the admin site; logs in when needed.
    public synchronized Map<String, String> proof() {
        String known = session;
        if (known == null) {
            known = login();
            session = known;
        }
        return Map.of("Cookie", known);
    }

    /// Forgets the session, as when the server has restarted.
    public synchronized void loginAgain() {
        session = null;
    }

    /// Sends a request and returns what the server says. The log-in may have ended since the last
    /// one, so a refusal is answered by another log-in, once.
    private String sentence(String path, UnaryOperator<HttpRequest.Builder> what) {
        return answer(path, what).path("message").asString("");
    }

    private JsonNode answer(String path, UnaryOperator<HttpRequest.Builder> what) {
        HttpResponse<String> answer = exchange(request(path, what));
        if (answer.statusCode() == 403) {
            loginAgain();
            answer = exchange(request(path, what));
        }
        if (answer.statusCode() >= 400) {
            throw refused(answer);
        }
        return JSON.readTree(answer.body());
    }

    private HttpRequest request(String path, UnaryOperator<HttpRequest.Builder> what) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(site().resolve(path))
                        .timeout(LONGEST)
                        .header("X-Peek-Request", "1");
        proof().forEach(request::header);
        return what.apply(request).build();
    }

    private String login() {
        String body =
                JSON.writeValueAsString(
                        Map.of("user", "recovery", "password", home.recoveryPassword()));
        HttpRequest request =
                HttpRequest.newBuilder(site().resolve("/api/login"))
                        .timeout(LONGEST)
                        .header("X-Peek-Request", "1")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = exchange(request);
        return answer.headers()
                .firstValue("Set-Cookie")
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .orElseThrow(() -> refused(answer));
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.OFFLINE, "the server at " + site + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeekException(ErrorCode.STOPPED, "interrupted while waiting for " + site, e);
        }
    }

    private static PeekException refused(HttpResponse<String> answer) {
        String message = "the server answered with status " + answer.statusCode();
        try {
            message = JSON.readTree(answer.body()).path("message").asString(message);
        } catch (RuntimeException e) {
            // Not one of Peek's answers; the status says what there is to say.
        }
        return new PeekException(ErrorCode.BAD_REQUEST, Sentences.of(message));
    }
}
