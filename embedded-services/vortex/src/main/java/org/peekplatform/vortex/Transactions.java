package org.peekplatform.vortex;

/// The port through which the data exchange runs action handlers in the host's database
/// transaction.
///
/// Implemented by storage; a service without a database uses [#none()].
public interface Transactions {
    /// Runs `work` in a new transaction that the plugin's `PluginStorage` on this thread joins.
    /// Commits when it returns, unless it asked for a rollback; rolls back when it throws, and
    /// throws the same on.
    <R> R run(String plugin, Work<R> work) throws Exception;

    /// Runs `then` right after the transaction under way on this thread has committed, never if it
    /// rolls back; at once when none is under way.
    void afterCommit(Runnable then);

    /// Whether the transaction under way on this thread has used the database, or something waits
    /// for its commit; false when none is under way.
    boolean isInUse();

    /// Work in a transaction.
    @FunctionalInterface
    interface Work<R> {
        R run(Rollback rollback) throws Exception;
    }

    /// Marks the transaction under way to be rolled back when the work returns.
    @FunctionalInterface
    interface Rollback {
        void request();
    }

    /// Runs everything without a transaction.
    static Transactions none() {
        return new Transactions() {
            @Override
            public <R> R run(String plugin, Work<R> work) throws Exception {
                return work.run(() -> {});
            }

            @Override
            public void afterCommit(Runnable then) {
                then.run();
            }

            @Override
            public boolean isInUse() {
                return false;
            }
        };
    }
}
