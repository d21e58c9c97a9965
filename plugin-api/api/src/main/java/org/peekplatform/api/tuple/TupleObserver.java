package org.peekplatform.api.tuple;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.Registration;

/// Where a plugin observes live data. Implemented by the host; usable from any thread.
public interface TupleObserver {
    /// Observes `selector` until the registration is closed or the plugin stops. The first call to
    /// the listener brings the current rows. A lost link does not end it: it resumes by itself.
    <T extends Tuple> Registration observe(TupleSelector<T> selector, TupleListener<T> listener);

    /// Asks once instead of observing; does not block.
    ///
    /// @return completes with the rows as they are now, or exceptionally with
    ///   [org.peekplatform.api.PeekException]: what an observer would be told as a problem, or
    ///   `TIMED_OUT` after 30 seconds, for example without a link
    <T extends Tuple> CompletableFuture<List<T>> ask(TupleSelector<T> selector);
}
