package org.peekplatform.api.action;

import java.util.Collection;
import org.peekplatform.api.Caller;
import org.peekplatform.api.tuple.TupleSelector;

/// What a handler may know and do beyond the action itself. Implemented by the host; valid during
/// the call.
public interface ActionContext {
    /// Who sent the action, as proven by the link.
    Caller caller();

    /// Says that the answer to `selector` changes with this transaction; announced when it commits.
    void changed(TupleSelector<?> selector);

    /// The same for some rows only, as
    /// [org.peekplatform.api.tuple.TupleEndpoints#changed(TupleSelector, Collection)] says.
    void changed(TupleSelector<?> selector, Collection<?> keys);
}
