package org.peekplatform.web;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;

/// Knows a browser again: a random secret in a cookie that scripts cannot read. The device's id is
/// made from it by a hash, so that the id can be shown without giving the secret away.
public final class DeviceCookie {
    private static final String NAME = "peek_device";
    private static final int BYTES = 24;
    private static final int ID_LENGTH = 16;
    private static final int ONE_YEAR_SECONDS = 365 * 24 * 3600;
    private static final SecureRandom RANDOM = new SecureRandom();

    private DeviceCookie() {}

    /// Gives a browser that has none its cookie.
    public static void give(Context request) {
        if (!isOne(request.cookie(NAME))) {
            Cookie cookie = new Cookie(NAME, random());
            cookie.setHttpOnly(true);
            cookie.setSecure("https".equals(request.scheme()));
            cookie.setSameSite(SameSite.STRICT);
            cookie.setMaxAge(ONE_YEAR_SECONDS);
            request.cookie(cookie);
        }
    }

    /// The device behind a request; a new one for each link where there is no cookie.
    public static Caller.Device of(Context request) {
        String secret = request.cookie(NAME);
        return device(secret != null && isOne(secret) ? secret : random());
    }

    /// The device that has `secret`.
    public static Caller.Device device(String secret) {
        String hash = Sessions.hash(secret);
        return new Caller.Device(hash.substring(0, ID_LENGTH).replace('+', '-').replace('/', '_'));
    }

    private static boolean isOne(@Nullable String secret) {
        return secret != null && secret.matches("[A-Za-z0-9_-]{32}");
    }

    private static String random() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
