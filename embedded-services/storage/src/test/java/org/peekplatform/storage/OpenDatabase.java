package org.peekplatform.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;

/// A database in a folder for tests, with its threads.
final class OpenDatabase implements AutoCloseable {
    private final PlatformThreads threads = new PlatformThreads();
    private final Path home;
    final Database database;

    /// On H2.
    OpenDatabase(Path home) {
        this(TestEngine.H2, home);
    }

    OpenDatabase(TestEngine engine, Path home) {
        this(engine, home, ConnectionPool.Limits.DEFAULT);
    }

    OpenDatabase(TestEngine engine, Path home, ConnectionPool.Limits limits) {
        this.home = home;
        database = engine.open(home, threads, limits);
    }

    /// A plugin with one table, `entry(id, text)`.
    PluginStorage plugin(String name) {
        database.migrate(
                name,
                script(
                        name,
                        "V1__entry.sql",
                        "CREATE TABLE entry (id BIGINT PRIMARY KEY, text VARCHAR(200));"));
        return database.pluginStorage(name);
    }

    /// Writes a migration script and returns the folder of the plugin's scripts.
    Path script(String plugin, String name, String text) {
        Path folder = home.resolve("scripts-" + plugin);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    static int count(PluginStorage storage) {
        return storage.dsl().fetchCount(org.jooq.impl.DSL.table("entry"));
    }

    static void insert(PluginStorage storage, long id) {
        storage.dsl().execute("INSERT INTO entry (id, text) VALUES (?, 'x')", id);
    }

    @Override
    public void close() {
        database.close();
        threads.close();
    }
}
