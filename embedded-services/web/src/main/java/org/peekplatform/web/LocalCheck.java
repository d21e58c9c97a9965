package org.peekplatform.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetAddress;
import java.util.function.Predicate;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Takes requests without TLS from this machine only. Others are sent to the same address with TLS,
/// or refused where that cannot be done unseen.
final class LocalCheck {
    private static final String LOCAL = "peek.local";

    private final Predicate<String> local;

    /// @param local whether an address is one of this machine only
    LocalCheck(Predicate<String> local) {
        this.local = local;
    }

    /// Whether an address is a loopback address.
    static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Whether a request that was checked comes from this machine.
    static boolean isLocal(Context request) {
        return Boolean.TRUE.equals(request.attribute(LOCAL));
    }

    /// A request for a page or file.
    void check(Context request) {
        if (isUnprotected(request)) {
            if (request.method().equals(HandlerType.GET)) {
                String query = request.queryString();
                request.redirect(
                        "https://"
                                + request.header("Host")
                                + request.path()
                                + (query == null ? "" : "?" + query));
                request.skipRemainingHandlers();
            } else {
                throw refused();
            }
        }
    }

    /// A request for a link, which follows no redirection.
    void checkLink(Context request) {
        if (isUnprotected(request)) {
            throw refused();
        }
    }

    private boolean isUnprotected(Context request) {
        boolean fromHere = local.test(request.ip());
        request.attribute(LOCAL, fromHere);
        return !fromHere && !"https".equals(request.scheme());
    }

    private static PeekException refused() {
        return new PeekException(
                ErrorCode.NOT_ALLOWED,
                "From other machines this service is reached over TLS only; use https:// or wss://.");
    }
}
