package org.peekplatform.client;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.Caller;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.Header;

/// Where the actions of devices go: to the client parts of plugins that handle them, else to the
/// server.
record ProxyGate(ActionGate local, ActionGate upstream) implements ActionGate {
    @Override
    public boolean handles(String type) {
        return true;
    }

    @Override
    public CompletableFuture<Done> act(String type, byte[] payload, Caller caller) {
        return (local.handles(type) ? local : upstream).act(type, payload, caller);
    }

    /// Upstream always: only the server remembers what it has carried out.
    @Override
    public CompletableFuture<Done> actQueued(
            String type, byte[] payload, Caller caller, Header.Queued place) {
        return upstream.actQueued(type, payload, caller, place);
    }
}
