package org.peekplatform.storage;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/// Commits rows one after the other, by statement and by transaction in turn, and prints the number
/// of each after its commit has returned. Ends only by being killed.
final class CommitUntilKilled {
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        // The database is left open on purpose.
        @SuppressWarnings("resource")
        var open = new OpenDatabase(Path.of(args[0]));
        var storage = open.plugin("tutorial");
        long id =
                storage.dsl()
                        .fetch("SELECT COALESCE(MAX(id), 0) FROM entry")
                        .getValues(0, Long.class)
                        .getFirst();
        while (true) {
            long next = ++id;
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
