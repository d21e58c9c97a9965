package org.peekplatform.web;

import io.javalin.http.Context;
import org.peekplatform.api.Caller;
import org.peekplatform.api.PeekException;

/// Proves who is at the other end of a request. Implemented for each site.
@FunctionalInterface
public interface Callers {
    /// @throws PeekException with `NOT_ALLOWED` when nobody is proven
    Caller prove(Context request);

    /// How long a link may last that `request` opens; called after [#prove].
    default Tenure tenure(Context request) {
        return Tenure.FOR_EVER;
    }
}
