package org.peekplatform.web.identity;

import java.util.List;
import java.util.function.Supplier;

/// Keeps those who have joined. Implemented by the server, with the database; methods may block.
public interface PartyStore {
    List<EnrolledParty> load();

    /// Adds `party`, or puts it in the place of what was kept under its id.
    void save(EnrolledParty party);

    void remove(String id);

    /// Runs `work`, whose changes are kept together. Whatever it needs is had before it begins, so
    /// that `work` may take locks: who holds one never waits here.
    <T> T together(Supplier<T> work);
}
