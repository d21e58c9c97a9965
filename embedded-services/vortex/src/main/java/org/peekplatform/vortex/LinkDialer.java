package org.peekplatform.vortex;

import java.util.concurrent.CompletableFuture;

/// Opens a link to a service. Implemented for each transport.
@FunctionalInterface
public interface LinkDialer {
    /// Dials once; does not block.
    ///
    /// @return completes with the open link, or exceptionally when the service cannot be reached or
    ///   refuses
    CompletableFuture<Link> dial(Link.Listener listener);
}
