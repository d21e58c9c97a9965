package org.peekplatform.vortex;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Tells a service that refuses a link from a network that lets none pass.
final class Refusals {
    private static final Set<Integer> OWN = Set.of(401, 403, 429);

    private Refusals() {}

    /// @param json whether the answer is JSON, as all refusals of services are; those of proxies
    ///   are pages for people
    /// @return with `NOT_ALLOWED` when it was the service that refused, else with `OFFLINE`
    static PeekException of(URI uri, int status, boolean json, @Nullable Throwable cause) {
        return new PeekException(
                json && OWN.contains(status) ? ErrorCode.NOT_ALLOWED : ErrorCode.OFFLINE,
                "%s:%d refused the connection with status %d"
                        .formatted(uri.getHost(), uri.getPort(), status),
                cause);
    }
}
