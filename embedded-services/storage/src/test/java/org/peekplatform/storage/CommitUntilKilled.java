package org.peekplatform.storage;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.peekplatform.api.storage.PluginStorage;

/// Commits rows on several threads at once, by statement and by transaction in turn, and prints the
/// number of each after its commit has returned. Ends only by being killed.
final class CommitUntilKilled {
    private static final int THREADS = 8;

    public static void main(String[] args) {
        // The database is left open on purpose.
        @SuppressWarnings("resource")
        var open = new OpenDatabase(Path.of(args[0]));
        var storage = open.plugin("tutorial");
        AtomicLong id =
                new AtomicLong(
                        storage.dsl()
                                .fetch("SELECT COALESCE(MAX(id), 0) FROM entry")
                                .getValues(0, Long.class)
                                .getFirst());
        PrintStream out = System.out;
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> commitForever(storage, id, out));
        }
    }

    private static void commitForever(PluginStorage storage, AtomicLong id, PrintStream out) {
        while (true) {
            long next = id.incrementAndGet();
            if (next % 2 == 0) {
                OpenDatabase.insert(storage, next);
            } else {
                storage.transaction(
                        dsl -> dsl.execute("INSERT INTO entry (id, text) VALUES (?, 't')", next));
            }
            out.println("committed " + next);
        }
    }

    private CommitUntilKilled() {}
}
