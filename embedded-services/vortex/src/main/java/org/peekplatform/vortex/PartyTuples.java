package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.stream.Collectors;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.ViewerTupleProvider;

/// The observables of a service, as one plugin sees them.
public final class PartyTuples implements TupleEndpoints {
    private final ObservableHub hub;
    private final Party party;

    public PartyTuples(ObservableHub hub, Party party) {
        this.hub = hub;
        this.party = party;
    }

    @Override
    public <T extends Tuple> Registration provide(
            Class<T> type, Audience audience, TupleProvider<T> provider) {
        requireNonNull(audience, "audience");
        requireNonNull(provider, "provider");
        return party.owner()
                .register(hub.provide(party, requireNonNull(type, "type"), audience, provider));
    }

    @Override
    public <T extends Tuple> Registration providePerViewer(
            Class<T> type, Audience audience, ViewerTupleProvider<T> provider) {
        requireNonNull(audience, "audience");
        requireNonNull(provider, "provider");
        return party.owner()
                .register(
                        hub.providePerViewer(
                                party, requireNonNull(type, "type"), audience, provider));
    }

    @Override
    public void changed(TupleSelector<?> selector) {
        hub.changed(party.codec().selector(selector.type(), selector.key()));
    }

    @Override
    public void changed(TupleSelector<?> selector, Collection<?> keys) {
        hub.changed(
                party.codec().selector(selector.type(), selector.key()),
                keys.stream().map(Object::toString).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public void changed(Class<? extends Tuple> type) {
        hub.changed(party.codec().nameOf(type));
    }
}
