package org.peekplatform.api.storage;

import org.peekplatform.api.Caller;
import org.peekplatform.api.tuple.TupleSelector;

/// What surrounds one edit of a table. Implemented by the host, and by tests of plugins; valid
/// during the edit, on its thread.
public interface EditHost {
    /// Who edits, as proven by the link.
    Caller caller();

    /// Says that the answer to `selector` changes with this transaction; announced when it commits.
    void changed(TupleSelector<?> selector);

    /// Runs `then` when the transaction has committed, never if it rolls back.
    void afterCommit(Runnable then);
}
