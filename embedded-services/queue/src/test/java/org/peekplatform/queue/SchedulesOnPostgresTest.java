package org.peekplatform.queue;

import java.nio.file.Path;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;

class SchedulesOnPostgresTest extends SchedulesTest {
    @Override
    Database database(Path where, PlatformThreads threads) {
        PostgresServer.Database made = PostgresServer.shared().newDatabase();
        return Database.open(
                new PostgresLocation(made.url(), made.user(), made.password()), threads);
    }
}
