package org.peekplatform.storage;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;

/// Bulk-loads one set of rows after the other into a schema that is there and says how far it is,
/// until it is killed. Takes the home, the rows of a set and, for PostgreSQL, URL, user and
/// password.
final class LoadUntilKilled {
    private static final BulkLoad<Long> LOAD =
            BulkLoad.of(Long.class, table(name("entry")))
                    .column(field(name("id"), Long.class), id -> id)
                    .column(field(name("text"), String.class), id -> "text " + id)
                    .build();

    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        int rows = Integer.parseInt(args[1]);
        // The threads and the database are left as they are on purpose.
        @SuppressWarnings("resource")
        var threads = new PlatformThreads();
        Database database =
                args.length == 2
                        ? Database.open(home.resolve("data"), threads)
                        : Database.open(new PostgresLocation(args[2], args[3], args[4]), threads);
        PluginStorage storage = database.pluginStorage("tutorial");
        AtomicLong id = new AtomicLong(OpenDatabase.count(storage));
        while (true) {
            long last = id.get() + rows;
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
