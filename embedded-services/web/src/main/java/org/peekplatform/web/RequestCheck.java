package org.peekplatform.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.web.identity.TlsIdentity;

/// Refuses requests that another web site makes a browser send: those for a foreign host name,
/// which is how a site reaches services on loopback, and those that change something or open a link
/// from a foreign origin.
final class RequestCheck {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HandlerType> SAFE = Set.of(HandlerType.GET, HandlerType.HEAD);

    /// A header that a page of another origin cannot send without asking first.
    private static final String OWN_REQUEST = "X-Peek-Request";

    private final BooleanSupplier open;
    private final TlsIdentity tls;

    /// @param open whether the site is open to the network now
    /// @param tls the names it is made out to are names of the site
    RequestCheck(BooleanSupplier open, TlsIdentity tls) {
        this.open = open;
        this.tls = tls;
    }

    void check(Context request) {
        String host = request.header("Host");
        if (host == null || !isOurs(nameOf(host))) {
            throw new PeekException(
                    ErrorCode.NOT_ALLOWED,
                    "This service does not answer to the host name '%s'; use 127.0.0.1, localhost, or, where the site is open to the network, the address or name of this machine or a name in its certificate."
                            .formatted(host));
        }
        checkOrigin(request, host);
        if (!SAFE.contains(request.method()) && request.header(OWN_REQUEST) == null) {
            throw new PeekException(
                    ErrorCode.NOT_ALLOWED,
                    "A request that changes something must carry the header " + OWN_REQUEST + ".");
        }
    }

    void checkOrigin(Context request, @Nullable String host) {
        String origin = request.header("Origin");
        if (origin != null && !origin.equals(request.scheme() + "://" + host)) {
            throw new PeekException(
                    ErrorCode.NOT_ALLOWED,
                    "Requests from pages of '" + origin + "' are not accepted.");
        }
    }

    private boolean isOurs(String name) {
        return LOOPBACK.contains(name)
                || (open.getAsBoolean()
                        && (isAddress(name) || tls.covers(name) || isThisMachine(name)));
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[") || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static boolean isThisMachine(String name) {
        try {
            InetAddress local = InetAddress.getLocalHost();
            String own = local.getHostName().toLowerCase(Locale.ROOT);
            return name.equals(own)
                    || name.equals(own + ".local")
                    || name.equals(local.getCanonicalHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String nameOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int port = lower.lastIndexOf(':');
        return port > lower.lastIndexOf(']') ? lower.substring(0, port) : lower;
    }
}
