package org.peekplatform.queue;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;

/// The engine that needs nothing but the database: workers take what is due from the table, each
/// passing over what another is just taking.
///
/// Within a process a commit wakes whoever waits; across processes everyone asks now and then.
public final class EmbeddedTaskEngine extends TableTaskEngine {
    /// @param storage of the platform
    /// @param transactions of the same database
    /// @param threads must outlive the engine
    public EmbeddedTaskEngine(
            PluginStorage storage,
            Transactions transactions,
            PlatformThreads threads,
            InstantSource clock,
            Timing timing) {
        super(
                new TaskTable(storage, clock, timing.lease()),
                transactions,
                threads,
                clock,
                timing,
                null);
    }

    @Override
    public List<Claim> claim(String worker, Set<String> types, int most) {
        table().makeDue();
        return table().claim(worker, types, most);
    }

    @Override
    void due(List<TaskTable.Due> tasks) {
        ring();
    }

    @Override
    void perhapsDue(Collection<Long> ids) {
        ring();
    }

    @Override
    void somethingDue() {
        ring();
    }
}
