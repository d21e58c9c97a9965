package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.storage.Database;
import org.peekplatform.web.identity.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way into the database of a home, for its workers: in a file of `run/` that only the owner of
/// the home can read. A server that starts again writes another one.
final class DatabaseKey implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatabaseKey.class);
    private static final String WHAT = "the way into the database";

    private final Path file;

    private DatabaseKey(Path file) {
        this.file = file;
    }

    static DatabaseKey write(Home home, Database database) {
        Path file = file(home);
        database.wayIn().ifPresent(text -> SecretFile.replace(file, WHAT, text + "\n"));
        return new DatabaseKey(file);
    }

    /// @throws PeekException with `OFFLINE` when no server runs on the home
    static String read(Home home) {
        Path file = file(home);
        if (Files.notExists(file)) {
            throw new PeekException(
                    ErrorCode.OFFLINE,
                    "no server runs on " + home.root() + ", which has to open the database");
        }
        return SecretFile.read(file, WHAT);
    }

    private static Path file(Home home) {
        return home.run().resolve("database.key");
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("{} cannot be deleted; it is of no use to anyone any more", file, e);
        }
    }
}
