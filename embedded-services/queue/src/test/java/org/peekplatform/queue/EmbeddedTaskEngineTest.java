package org.peekplatform.queue;

import java.nio.file.Path;
import java.time.Duration;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.PlatformThreads;

class EmbeddedTaskEngineTest extends TaskEngineContract {
    @Override
    Database database(Path folder, PlatformThreads threads) {
        return Database.open(folder.resolve("data"), threads);
    }

    @Override
    TaskEngine engine(TestQueue queue) {
        return new EmbeddedTaskEngine(
                queue.database.platformStorage(),
                queue.database.transactions(),
                queue.threads,
                queue.clock(),
                new TaskEngine.Timing(TestQueue.LEASE, Duration.ofHours(1), Duration.ofMillis(20)));
    }
}
