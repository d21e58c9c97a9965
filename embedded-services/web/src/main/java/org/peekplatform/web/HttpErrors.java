package org.peekplatform.web;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Sentences;
import org.peekplatform.web.identity.Enrolment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Turns failures into answers: a status and `{"code":…,"message":…}`, never a stack trace.
final class HttpErrors {
    private static final Logger log = LoggerFactory.getLogger(HttpErrors.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<ErrorCode> FORBIDDEN =
            Set.of(ErrorCode.NOT_ALLOWED, Enrolment.NOT_JOINED, Enrolment.REVOKED);

    private HttpErrors() {}

    static void answer(PeekException problem, Context request) {
        int status =
                switch (problem.code().kind()) {
                    case CALLER ->
                            problem.code().equals(ErrorCode.NOT_OFFERED)
                                    ? 404
                                    : FORBIDDEN.contains(problem.code()) ? 403 : 400;
                    case CONFLICT -> 409;
                    case UNAVAILABLE -> 503;
                    case INTERNAL -> 500;
                };
        if (status == 500) {
            log.error("{} {} failed", request.method(), request.path(), problem);
        }
        write(request, status, problem.code().name(), Sentences.of(problem));
    }

    /// Refusals of the web server itself, such as that of a body that is too large.
    static void refused(HttpResponseException problem, Context request) {
        String message =
                problem.getStatus() == 404
                        ? "There is nothing at " + request.path() + "."
                        : Sentences.of(problem);
        write(request, problem.getStatus(), "HTTP_" + problem.getStatus(), message);
    }

    /// The other side has gone, or was silent for too long, in the middle of a request. Nobody's
    /// error here, and as frequent as strangers make it.
    static void brokenOff(IOException problem, Context request) {
        log.debug("{} {} broke off", request.method(), request.path(), problem);
        write(request, 400, ErrorCode.BAD_REQUEST.name(), "The request broke off.");
    }

    static void unexpected(Exception problem, Context request) {
        log.error("{} {} failed", request.method(), request.path(), problem);
        write(
                request,
                500,
                ErrorCode.INTERNAL.name(),
                "The request failed; the log of the service says why.");
    }

    static String body(String code, String message) {
        return JSON.writeValueAsString(Map.of("code", code, "message", message));
    }

    private static void write(Context request, int status, String code, String message) {
        String body = body(code, message);
        request.status(status).contentType("application/json").result(body);
        if (request.header("Sec-WebSocket-Key") != null) {
            writeUpgradeRefusal(request, body);
        }
    }

    /// Javalin drops the result of a request for a link that it refuses.
    private static void writeUpgradeRefusal(Context request, String body) {
        try {
            request.res().getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.debug("The refusal of a link could not be sent", e);
        }
    }
}
