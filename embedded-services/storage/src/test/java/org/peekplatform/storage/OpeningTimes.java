package org.peekplatform.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jooq.impl.DSL;
import org.peekplatform.vortex.PlatformThreads;

/// Prints how long a process takes to open a database, step by step; run it twice on one folder for
/// a fresh and an existing home. Not a test: a figure that depends on the machine proves nothing.
public final class OpeningTimes {
    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        Path scripts = Files.createDirectories(home.resolve("scripts"));
        Files.writeString(
                scripts.resolve("V1__row.sql"),
                "CREATE TABLE row_of_text (id BIGINT PRIMARY KEY, text VARCHAR(200));");
        try (var threads = new PlatformThreads()) {
            long start = System.nanoTime();
            try (var database = Database.open(home.resolve("data"), threads)) {
                start = print("open", start);
                database.migrate("tutorial", scripts);
                start = print("migrate one plugin", start);
                var storage = database.pluginStorage("tutorial");
                storage.dsl().fetchValue("SELECT COUNT(*) FROM row_of_text");
                start = print("first statement", start);
                for (int i = 0; i < 5000; i++) {
                    storage.dsl().fetchValue("SELECT COUNT(*) FROM row_of_text");
                }
                start = print("5000 statements", start);
                for (int i = 0; i < 5000; i++) {
                    storage.transaction(dsl -> dsl.fetchCount(DSL.table("row_of_text")));
                }
                start = print("5000 transactions of one statement", start);
            }
            print("close", start);
        }
    }

    private static long print(String step, long since) {
        System.out.printf(
                "%-36s %5d ms%n", step, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
        return System.nanoTime();
    }

    private OpeningTimes() {}
}
