package org.peekplatform.api.tuple;

import org.peekplatform.api.Registration;

/// Where a plugin observes live data. Implemented by the host; usable from any thread.
public interface TupleObserver {
    /// Observes `selector` until the registration is closed or the plugin stops. The first call to
    /// the listener brings the current rows. A lost link does not end it: it resumes by itself.
    <T extends Tuple> Registration observe(TupleSelector<T> selector, TupleListener<T> listener);
}
