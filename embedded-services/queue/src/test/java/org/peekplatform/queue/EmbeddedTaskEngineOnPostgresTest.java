package org.peekplatform.queue;

import java.nio.file.Path;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;

class EmbeddedTaskEngineOnPostgresTest extends EmbeddedTaskEngineTest {
    @Override
    Database database(Path folder, PlatformThreads threads) {
        PostgresServer.Database made = PostgresServer.shared().newDatabase();
        return Database.open(
                new PostgresLocation(made.url(), made.user(), made.password()), threads);
    }
}
