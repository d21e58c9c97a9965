package org.peekplatform.web.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ServiceKind;

/// What can join a system.
public enum PartyKind {
    CLIENT,
    AGENT,
    WORKER,
    DEVICE;

    /// As in tokens and messages, such as `client`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<PartyKind> of(String id) {
        return Arrays.stream(values()).filter(kind -> kind.id().equals(id)).findFirst();
    }

    /// The kind of a service that dials the server.
    public static PartyKind of(ServiceKind service) {
        return of(service.id())
                .orElseThrow(() ->
                        new IllegalArgumentException(service.id() + " does not dial the server"));
    }

    /// What a link of this kind is proven to be.
    Caller caller(String id, String name) {
        return switch (this) {
            case CLIENT -> new Caller.Service(ServiceKind.CLIENT, name);
            case AGENT -> new Caller.Service(ServiceKind.AGENT, name);
            case WORKER -> new Caller.Service(ServiceKind.WORKER, name);
            case DEVICE -> new Caller.Device(id);
        };
    }
}
