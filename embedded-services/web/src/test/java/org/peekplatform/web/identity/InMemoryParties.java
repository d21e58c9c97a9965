package org.peekplatform.web.identity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Keeps them until the test ends.
public final class InMemoryParties implements PartyStore {
    private final Map<String, EnrolledParty> parties = new LinkedHashMap<>();

    @Override
    public synchronized List<EnrolledParty> load() {
        return List.copyOf(parties.values());
    }

    @Override
    public synchronized void save(EnrolledParty party) {
        parties.put(party.id(), party);
    }

    @Override
    public synchronized void remove(String id) {
        parties.remove(id);
    }

    @Override
    public <T> T together(Supplier<T> work) {
        return work.get();
    }
}
