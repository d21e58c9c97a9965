package org.peekplatform.vortex;

import java.util.concurrent.Callable;

/// Stands between the data exchange and a plugin: sets the plugin's class loader and name for the
/// call, and accounts for it. Implemented by the plugin host.
public interface CallGuard {
    /// @param what names the call in messages, such as `provider of tutorial.StringInt`
    <R> R call(String what, Callable<R> call) throws Exception;

    /// Calls directly; for the platform's own providers and handlers.
    static CallGuard none() {
        return new CallGuard() {
            @Override
            public <R> R call(String what, Callable<R> call) throws Exception {
                return call.call();
            }
        };
    }
}
