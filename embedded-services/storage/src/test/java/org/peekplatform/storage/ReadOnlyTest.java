package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;

/// A PostgreSQL database that is made read-only, as hosters do when its disk is nearly full.
class ReadOnlyTest {
    private final PostgresServer server = PostgresServer.shared();
    private final PostgresServer.Database made = server.newDatabase();
    private final String name = made.user();

    @TempDir Path folder;

    /// As each session reads the setting when it begins, all are ended.
    private void makeReadOnly() {
        server.administer("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        server.administer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + name
                        + "'");
    }

    private static void await(Database database) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (database.problem().isPresent()) {
            assertThat(System.nanoTime()).as("%s", database.problem()).isLessThan(end);
            assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /// A session that goes back before this process knows that it is lost costs one try.
    private static void untilReadable(PluginStorage storage) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                OpenDatabase.count(storage);
                return;
            } catch (RuntimeException e) {
                assertThat(System.nanoTime()).as("%s", e).isLessThan(end);
                assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
    }

    private Path script() throws Exception {
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        Files.writeString(
                scripts.resolve("V1__entry.sql"),
                "CREATE TABLE entry (id BIGINT PRIMARY KEY, text VARCHAR(200));");
        return scripts;
    }

    @Test
    @Timeout(180)
    void aReadOnlyDatabaseCanBeReadAndIsWrittenAgainWithoutARestart() throws Exception {
        var location = new PostgresLocation(made.url(), made.user(), made.password());
        try (PlatformThreads threads = new PlatformThreads();
                Database database = Database.open(location, threads)) {
            database.migrate("tutorial", script());
            PluginStorage storage = database.pluginStorage("tutorial");
            OpenDatabase.insert(storage, 1);

            makeReadOnly();
            untilReadable(storage);
            await(database);
            assertThatThrownBy(() -> OpenDatabase.insert(storage, 2))
                    .isInstanceOf(PeekException.class)
                    .hasMessageStartingWith("the database takes no writes at present (")
                    .hasMessageEndingWith("is full, or whether it was made read-only");
            assertThatThrownBy(() ->
                            storage.transaction(dsl -> {
                                OpenDatabase.insert(storage, 2);
                                return 0;
                            }))
                    .isInstanceOf(PeekException.class)
                    .hasMessageContaining("takes no writes at present");
            assertThat(OpenDatabase.count(storage)).isEqualTo(1);

            server.administer("ALTER DATABASE " + name + " RESET default_transaction_read_only");
            // The sessions that are open notice with the first write.
            assertThatThrownBy(() -> OpenDatabase.insert(storage, 2))
                    .isInstanceOf(PeekException.class);
            OpenDatabase.insert(storage, 2);
            assertThat(OpenDatabase.count(storage)).isEqualTo(2);
        }
    }
}
