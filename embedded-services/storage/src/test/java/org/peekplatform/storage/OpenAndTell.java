package org.peekplatform.storage;

import java.nio.file.Path;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.PlatformThreads;

/// Opens the database in the folder given, and prints how that went.
final class OpenAndTell {
    public static void main(String[] args) {
        try (var threads = new PlatformThreads();
                var database = Database.open(Path.of(args[0]), threads)) {
            database.platformStorage().dsl().execute("SELECT 1");
            System.out.println("opened");
        } catch (PeekException e) {
            System.out.println(e.code().name() + ": " + e.getMessage());
        }
    }

    private OpenAndTell() {}
}
