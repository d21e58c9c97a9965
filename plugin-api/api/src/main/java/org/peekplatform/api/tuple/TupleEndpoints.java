package org.peekplatform.api.tuple;

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

    /// Says that the answer to `selector` may have changed. Within a transaction of the host (an
    /// action, or `PluginStorage.transaction`) it takes effect when that commits, and not at all
    /// when it rolls back. Does not block; many calls in a row cost one call of the provider. Costs
    /// nothing when nobody observes the selector.
    void changed(TupleSelector<?> selector);

    /// The same for every observed selector of `type`.
    void changed(Class<? extends Tuple> type);
}
