package org.peekplatform.api;

import java.time.Duration;

/// Runs a plugin's own work on virtual threads with the plugin's class loader and name.
///
/// Implemented by the host. Tasks still running when the plugin stops are interrupted; a task that
/// ignores that for 5 seconds is reported with the plugin's name. A task that throws is logged
/// once; a repeating one runs again at its next turn.
public interface PluginTasks {
    /// Runs `work` once, now.
    ///
    /// @param name for logs and thread dumps
    Registration run(String name, Work work);

    /// Runs `work` again and again, the first time after one `period`; a run that overruns delays
    /// the next.
    Registration every(String name, Duration period, Work work);

    /// A piece of work that may throw.
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }
}
