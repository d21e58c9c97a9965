package org.peekplatform.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.web.Callers;
import org.peekplatform.web.LoginLimit;
import org.peekplatform.web.Sessions;
import org.peekplatform.web.Tenure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Logs administrators in and out, and proves requests. The one user is `recovery`, whose password
/// stands in the home.
///
/// Wrong passwords from this machine and from the network are counted apart, so that nobody on the
/// network can keep the owner of the home waiting.
final class AdminLogin implements Callers {
    static final String USER = "recovery";
    private static final Logger log = LoggerFactory.getLogger(AdminLogin.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Supplier<String> password;
    private final Sessions sessions;
    private final LoginLimit fromHere;
    private final LoginLimit fromNetwork;

    AdminLogin(InstantSource clock, Supplier<String> password) {
        this.password = password;
        sessions = new Sessions(clock);
        fromHere = new LoginLimit(clock);
        fromNetwork = new LoginLimit(clock);
    }

    record Credentials(@Nullable String user, @Nullable String password) {}

    void addTo(RoutesConfig routes) {
        routes.post("/api/login", this::login);
        routes.post("/api/logout", this::logout);
        routes.get("/api/session", this::session);
    }

    /// @throws PeekException with `NOT_ALLOWED` when nobody has logged in
    @Override
    public Caller.Administrator prove(Context request) {
        return user(request)
                .map(Caller.Administrator::new)
                .orElseThrow(() -> new PeekException(ErrorCode.NOT_ALLOWED, "Please log in."));
    }

    /// A link lasts as long as the log-in it was opened with.
    @Override
    public Tenure tenure(Context request) {
        String token = request.cookie(cookieName(request));
        return used -> sessions.lasts(token, used);
    }

    private Optional<String> user(Context request) {
        return sessions.user(request.cookie(cookieName(request)));
    }

    private void login(Context request) {
        Credentials given = credentials(request);
        String right = password();
        LoginLimit limit = isFromHere(request) ? fromHere : fromNetwork;
        Duration wait;
        boolean proven;
        // One at a time, or all of many tries sent at once would find the count at its beginning.
        synchronized (limit) {
            wait = limit.toWait();
            proven = wait.isZero() && USER.equals(given.user()) && matches(given.password(), right);
            if (proven) {
                limit.succeeded();
            } else if (wait.isZero()) {
                limit.failed();
            }
        }
        if (!wait.isZero()) {
            long seconds = wait.toSeconds() + 1;
            request.header("Retry-After", String.valueOf(seconds));
            answer(request, 429, "Too many wrong passwords; try again in " + seconds + " seconds.");
        } else if (!proven) {
            log.warn("A log-in from {} was refused", request.ip());
            answer(request, 401, "User or password is wrong.");
        } else {
            begin(request);
        }
    }

    private void begin(Context request) {
        sessions.end(request.cookie(cookieName(request)));
        Cookie cookie = new Cookie(cookieName(request), sessions.begin(USER));
        cookie.setHttpOnly(true);
        cookie.setSecure(isSecure(request));
        cookie.setSameSite(SameSite.STRICT);
        cookie.setPath("/");
        request.cookie(cookie);
        log.info("{} logged in from {}", USER, request.ip());
        request.status(204);
    }

    private static Credentials credentials(Context request) {
        try {
            Credentials given = JSON.readValue(request.bodyAsBytes(), Credentials.class);
            if (given != null) {
                return given;
            }
        } catch (JacksonException e) {
            throw badLogin(e);
        }
        throw badLogin(null);
    }

    private static PeekException badLogin(@Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST, "the log-in must be JSON with 'user' and 'password'", cause);
    }

    /// Ends the log-in; the site ends the links that were opened with it.
    private void logout(Context request) {
        sessions.end(request.cookie(cookieName(request)));
        request.removeCookie(cookieName(request));
        request.status(204);
    }

    private void session(Context request) {
        Optional<String> user = user(request);
        if (user.isPresent()) {
            request.contentType("application/json")
                    .result(JSON.writeValueAsBytes(Map.of("user", user.get())));
        } else {
            answer(request, 401, "Please log in.");
        }
    }

    /// Strangers are not told where the password is kept.
    private String password() {
        try {
            return password.get();
        } catch (PeekException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL, "nobody can log in now; the log of the server says why", e);
        }
    }

    private static boolean matches(@Nullable String given, String right) {
        return given != null
                && MessageDigest.isEqual(
                        given.strip().getBytes(StandardCharsets.UTF_8),
                        right.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isFromHere(Context request) {
        String address = request.ip();
        return address.startsWith("127.")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.equals("::1");
    }

    private static void answer(Context request, int status, String message) {
        request.status(status)
                .contentType("application/json")
                .result(
                        JSON.writeValueAsBytes(
                                Map.of("code", ErrorCode.NOT_ALLOWED.name(), "message", message)));
    }

    private static String cookieName(Context request) {
        return isSecure(request) ? "__Host-peek_admin" : "peek_admin";
    }

    private static boolean isSecure(Context request) {
        return "https".equals(request.scheme());
    }
}
