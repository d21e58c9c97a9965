package org.peekplatform.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.Fingerprint;
import org.peekplatform.web.identity.PartyKey;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.PinnedTls;
import org.peekplatform.web.identity.Proof;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a service asks a server's data exchange to get in. Blocks.
final class JoinClient {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;
    private final String base;

    /// @param http that trusts the server
    /// @param base such as `https://host:8011`
    JoinClient(HttpClient http, String base) {
        this.http = http;
        this.base = base;
    }

    record Joined(String id, String name, Fingerprint fingerprint) {}

    Joined join(String secret, PartyKind kind, @Nullable String name, PartyKey key) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("secret", secret);
        wanted.put("kind", kind.id());
        if (name != null) {
            wanted.put("name", name);
        }
        wanted.put("publicKey", key.publicKey());
        JsonNode answer = post("/join", wanted);
        return new Joined(
                text(answer, "id"),
                text(answer, "name"),
                new Fingerprint(text(answer, "fingerprint")));
    }

    /// @return a pass for some minutes
    String prove(PartyKey key, String id, Fingerprint fingerprint) {
        String nonce = text(ask(request("/join/challenge").GET()), "nonce");
        Proof proof = Proof.of(key, id, nonce, fingerprint);
        return text(
                post(
                        "/join/prove",
                        Map.of("id", id, "nonce", nonce, "signature", proof.signature())),
                "pass");
    }

    private JsonNode post(String path, Map<String, String> body) {
        return ask(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("X-Peek-Request", "1")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        JSON.writeValueAsBytes(body))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    }

    private JsonNode ask(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode read = JSON.readTree(answer.body());
            if (answer.statusCode() == 200) {
                return read;
            }
            throw new PeekException(
                    codeOf(read.path("code").asString("")),
                    read.path("message").asString("it answered " + answer.statusCode()));
        } catch (JacksonException e) {
            throw new PeekException(
                    ErrorCode.OFFLINE, base + " does not answer as a Peek server does", e);
        } catch (IOException e) {
            throw explain(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeekException(ErrorCode.STOPPED, "asking " + base + " was interrupted", e);
        }
    }

    private PeekException explain(IOException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof PinnedTls.WrongServerException wrong) {
                return new PeekException(
                        ErrorCode.NOT_ALLOWED,
                        base
                                + " is not the server that was joined: "
                                + wrong.getMessage()
                                + "; if it was set up anew, join it with a new token",
                        problem);
            }
        }
        return new PeekException(
                ErrorCode.OFFLINE, base.replaceFirst("^.*//", "") + " cannot be reached", problem);
    }

    private static ErrorCode codeOf(String name) {
        return switch (name) {
            case "NOT_JOINED" -> Enrolment.NOT_JOINED;
            case "REVOKED" -> Enrolment.REVOKED;
            case "NOT_ALLOWED" -> ErrorCode.NOT_ALLOWED;
            case "CONFLICT" -> ErrorCode.CONFLICT;
            default -> ErrorCode.BAD_REQUEST;
        };
    }

    private String text(JsonNode answer, String member) {
        String text = answer.path(member).asString("");
        if (text.isEmpty()) {
            throw new PeekException(
                    ErrorCode.OFFLINE, base + " does not answer as a Peek server does");
        }
        return text;
    }
}
