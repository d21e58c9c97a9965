package org.peekplatform.storage;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;

/// Bulk-loads one set of rows after the other and says how far it is, until it is killed.
final class LoadUntilKilled {
    static final int ROWS = 40_000;

    private static final BulkLoad<Long> LOAD =
            BulkLoad.of(Long.class, table(name("entry")))
                    .column(field(name("id"), Long.class), id -> id)
                    .column(field(name("text"), String.class), id -> "text " + id)
                    .build();

    public static void main(String[] args) {
        // The database is left open on purpose.
        @SuppressWarnings("resource")
        var open = new OpenDatabase(Path.of(args[0]));
        PluginStorage storage = open.plugin("tutorial");
        AtomicLong id = new AtomicLong(OpenDatabase.count(storage));
        while (true) {
            long last = id.get() + ROWS;
            storage.load(
                    LOAD,
                    () -> {
                        long next = id.incrementAndGet();
                        if (next % 1000 == 0) {
                            System.out.println("loading " + next);
                        }
                        return next > last ? null : next;
                    });
            id.set(last);
            System.out.println("committed " + last);
        }
    }

    private LoadUntilKilled() {}
}
