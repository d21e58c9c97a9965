package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.Audience;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionHandler;
import org.peekplatform.api.action.ActionTuple;

/// The actions of a service, as one plugin sees them.
public final class PartyActions implements ActionEndpoints {
    private final ActionHub hub;
    private final Party party;

    public PartyActions(ActionHub hub, Party party) {
        this.hub = hub;
        this.party = party;
    }

    @Override
    public <A extends ActionTuple> Registration handle(
            Class<A> type, Audience audience, ActionHandler<A> handler) {
        requireNonNull(audience, "audience");
        requireNonNull(handler, "handler");
        return party.owner()
                .register(hub.handle(party, requireNonNull(type, "type"), audience, handler));
    }
}
