package org.peekplatform.shell.ui;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Stands around every call into one plugin: attributes it, measures it, sets the plugin's class
/// loader. Implemented by the composition root.
///
/// Runs the call on the calling thread, which is the JavaFX thread, and throws on what the plugin
/// throws; showing and logging that is done here, once. It is entered for each event that reaches a
/// plugin's view, so it must be cheap.
public interface CallGuard {
    /// @param what for logs, such as `opening view 'board'`
    <R extends @Nullable Object> R call(String what, Callable<R> call) throws Exception;
}
