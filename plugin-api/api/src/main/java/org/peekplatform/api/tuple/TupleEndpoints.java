package org.peekplatform.api.tuple;

import java.util.Collection;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Registration;

/// Where a plugin offers its live data. Implemented by the host.
public interface TupleEndpoints {
    /// Offers `type`: from now on observers of any selector of it are served by `provider`.
    ///
    /// @param audience who may observe it; others are told that they may not
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when the type is offered already,
    ///   `BAD_REQUEST` when the type is not a record annotated with [TupleType] whose name starts
    ///   with the plugin's
    <T extends Tuple> Registration provide(
            Class<T> type, Audience audience, TupleProvider<T> provider);

    /// Offers `type` with rows that depend on who observes them; otherwise like [#provide].
    <T extends Tuple> Registration providePerViewer(
            Class<T> type, Audience audience, ViewerTupleProvider<T> provider);

    /// Says that the answer to `selector` may have changed, for every viewer. Within a transaction
    /// of the host (an action, or `PluginStorage.transaction`) it takes effect when that commits,
    /// and not at all when it rolls back. Does not block; many calls in a row cost one call of the
    /// provider. Costs nothing when nobody observes the selector.
    void changed(TupleSelector<?> selector);

    /// Says that of the answer to `selector` only the rows with these keys may have changed or
    /// gone, and that the order is as before. The provider is then asked for these rows alone, with
    /// [TupleProvider#loadRows]. A key that was not among the rows before has all rows loaded, as
    /// nothing tells its place.
    ///
    /// @param keys values of the [TupleKey]
    void changed(TupleSelector<?> selector, Collection<?> keys);

    /// Says that any answer of `type` may have changed.
    void changed(Class<? extends Tuple> type);
}
