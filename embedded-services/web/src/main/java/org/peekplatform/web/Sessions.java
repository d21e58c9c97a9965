package org.peekplatform.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who has logged in. Tokens are random and only their hash is kept; unless said otherwise a
/// session ends after 12 hours, or 30 minutes in which nothing was asked for. At most
/// [#MAX_SESSIONS] live at once; the oldest gives way.
public final class Sessions {
    private static final Duration ABSOLUTE = Duration.ofHours(12);
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int MAX_SESSIONS = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final InstantSource clock;
    private final Duration absolute;
    private final Duration idle;
    private final Map<String, Session> byHash = new LinkedHashMap<>();

    public Sessions(InstantSource clock) {
        this(clock, ABSOLUTE, IDLE);
    }

    /// @param absolute after which a session ends, however much it is used
    /// @param idle after which it ends when it is not used
    public Sessions(InstantSource clock, Duration absolute, Duration idle) {
        this.clock = clock;
        this.absolute = absolute;
        this.idle = idle;
    }

    private record Session(String user, Instant started, Instant used) {}

    private boolean isOver(Session session, Instant now) {
        return now.isAfter(session.started().plus(absolute))
                || now.isAfter(session.used().plus(idle));
    }

    /// Begins a session.
    ///
    /// @return the token for the browser, 256 random bits
    public synchronized String begin(String user) {
        Instant now = clock.instant();
        byHash.values().removeIf(session -> isOver(session, now));
        if (byHash.size() >= MAX_SESSIONS) {
            byHash.remove(byHash.keySet().iterator().next());
        }
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        byHash.put(hash(token), new Session(user, now, now));
        return token;
    }

    /// The user of a session that has not ended; counts as use.
    public synchronized Optional<String> user(@Nullable String token) {
        return find(token, true).map(Session::user);
    }

    /// Whether a session has not ended.
    ///
    /// @param used whether this counts as use
    public synchronized boolean lasts(@Nullable String token, boolean used) {
        return find(token, used).isPresent();
    }

    /// Ends a session; unknown ones are ignored.
    public synchronized void end(@Nullable String token) {
        if (token != null) {
            byHash.remove(hash(token));
        }
    }

    private Optional<Session> find(@Nullable String token, boolean used) {
        if (token == null) {
            return Optional.empty();
        }
        String hash = hash(token);
        Session session = byHash.get(hash);
        Instant now = clock.instant();
        if (session == null || isOver(session, now)) {
            byHash.remove(hash);
            return Optional.empty();
        }
        if (used) {
            byHash.put(hash, new Session(session.user(), session.started(), now));
        }
        return Optional.of(session);
    }

    static String hash(String secret) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
