package org.peekplatform.api.rpc;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.ServiceKind;

/// A service that is connected and can be called.
///
/// @param id the same over reconnects and restarts of the service
/// @param name unique among the services of its kind
public record RpcPeer(String id, ServiceKind kind, String name) {
    public RpcPeer {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
    }

    /// Calls this one.
    public RpcTarget target() {
        return RpcTarget.id(id);
    }
}
