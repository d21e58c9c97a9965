package org.peekplatform.api.action;

import org.peekplatform.api.Audience;
import org.peekplatform.api.Registration;

/// Where a plugin offers actions. Implemented by the host.
public interface ActionEndpoints {
    /// Offers `type`: from now on `handler` carries out actions of it.
    ///
    /// @param audience who may send it; others are told that they may not
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when the type is handled already,
    ///   `BAD_REQUEST` when it is not a record annotated with
    ///   [org.peekplatform.api.tuple.TupleType] whose name starts with the plugin's
    <A extends ActionTuple> Registration handle(
            Class<A> type, Audience audience, ActionHandler<A> handler);
}
