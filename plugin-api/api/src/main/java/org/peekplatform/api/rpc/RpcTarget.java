package org.peekplatform.api.rpc;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.ServiceKind;

/// Which service is called.
public sealed interface RpcTarget {
    /// One of the services of a kind that are connected, in turn.
    record Any(ServiceKind kind) implements RpcTarget {
        public Any {
            requireNonNull(kind, "kind");
        }
    }

    /// The service of that kind and name.
    record Named(ServiceKind kind, String name) implements RpcTarget {
        public Named {
            requireNonNull(kind, "kind");
            requireNonNull(name, "name");
        }
    }

    /// The party with that id.
    record ById(String id) implements RpcTarget {
        public ById {
            requireNonNull(id, "id");
        }
    }

    static RpcTarget any(ServiceKind kind) {
        return new Any(kind);
    }

    static RpcTarget named(ServiceKind kind, String name) {
        return new Named(kind, name);
    }

    /// @param id as in [RpcPeer#id] and in the rows of parties
    static RpcTarget id(String id) {
        return new ById(id);
    }
}
