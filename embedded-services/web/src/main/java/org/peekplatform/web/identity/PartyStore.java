package org.peekplatform.web.identity;

import java.util.List;

/// Keeps those who have joined. Implemented by the server, with the database; methods may block.
public interface PartyStore {
    List<EnrolledParty> load();

    /// Adds `party`, or puts it in the place of what was kept under its id.
    void save(EnrolledParty party);

    void remove(String id);
}
