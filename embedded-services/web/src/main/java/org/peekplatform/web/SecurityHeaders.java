package org.peekplatform.web;

import io.javalin.http.Context;
import java.util.Map;

/// The headers every answer of every site carries.
final class SecurityHeaders {
    /// Nothing but the site's own files; one inline script, the import map, by its nonce.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'%s; style-src 'self'; img-src 'self' data:; "
                    + "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
                    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    static final Map<String, String> ALWAYS =
            Map.of(
                    "Content-Security-Policy", POLICY.formatted(""),
                    "X-Content-Type-Options", "nosniff",
                    "Referrer-Policy", "no-referrer",
                    "Cross-Origin-Opener-Policy", "same-origin",
                    "Cross-Origin-Resource-Policy", "same-origin",
                    "Permissions-Policy", "geolocation=(self), camera=(self), microphone=()",
                    "Cache-Control", "no-store");

    private SecurityHeaders() {}

    static void set(Context response) {
        ALWAYS.forEach(response::header);
    }

    static void allowNonce(Context response, String nonce) {
        response.header("Content-Security-Policy", POLICY.formatted(" 'nonce-" + nonce + "'"));
    }
}
