package org.peekplatform.plugins.tutorial.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.Sequence;
import org.jooq.impl.DSL;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;

/// The plugin's schema in a real H2 in memory, made by the plugin's own migrations. Transactions
/// belong to the thread, as the host's do.
public final class FakeStorage implements PluginStorage, AutoCloseable {
    private static final Path MIGRATIONS = Path.of("src/main/plugin/migrations");

    private final JdbcConnectionPool pool;
    private final Map<Thread, Transaction> current = new ConcurrentHashMap<>();
    private volatile Runnable beforeCommit = () -> {};

    private record Transaction(DSLContext dsl, List<Runnable> afterCommit) {}

    public FakeStorage() {
        // Not the default schema: generated classes that named one would fail here.
        String url =
                "jdbc:h2:mem:"
                        + UUID.randomUUID()
                        + ";DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE"
                        + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE;DEFAULT_NULL_ORDERING=HIGH";
        JdbcConnectionPool plain = JdbcConnectionPool.create(url, "sa", "");
        DSL.using(plain, SQLDialect.H2).execute("create schema tutorial");
        pool = JdbcConnectionPool.create(url + ";SCHEMA=tutorial", "sa", "");
        plain.dispose();
        migrate();
    }

    /// Called in every transaction of the plugin when its work is done and before it commits.
    public void beforeCommit(Runnable then) {
        beforeCommit = then;
    }

    @Override
    public DSLContext dsl() {
        Transaction open = current.get(Thread.currentThread());
        return open == null ? DSL.using(pool, SQLDialect.H2) : open.dsl();
    }

    @Override
    public <R> R transaction(Work<R> work) {
        return inTransaction(work, result -> true);
    }

    @Override
    public long[] nextIds(Sequence<? extends Number> sequence, int count) {
        return dsl().nextvals(sequence, count).stream().mapToLong(Number::longValue).toArray();
    }

    @Override
    public <T> long load(BulkLoad<T> load, RowSource<? extends T> source) {
        List<BulkLoad.Column<T, ?>> columns = load.columns();
        return transaction(dsl -> {
            long rows = 0;
            for (T row = source.next(); row != null; row = source.next()) {
                T found = row;
                dsl.insertInto(load.table(), columns.stream().map(BulkLoad.Column::field).toList())
                        .values(columns.stream().map(c -> c.value().apply(found)).toList())
                        .execute();
                rows++;
            }
            return rows;
        });
    }

    @Override
    public <R extends Record, X> X read(ResultQuery<R> query, Reader<R, X> reader) {
        return transaction(dsl -> {
            try (Stream<R> rows = query.fetchStream()) {
                return reader.read(rows);
            }
        });
    }

    /// Runs `then` when the transaction of this thread has committed, at once when there is none.
    void afterCommit(Runnable then) {
        Transaction open = current.get(Thread.currentThread());
        if (open == null) {
            then.run();
        } else {
            open.afterCommit().add(then);
        }
    }

    <R> R inTransaction(Work<R> work, Predicate<R> commits) {
        if (current.get(Thread.currentThread()) != null) {
            return call(work);
        }
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Transaction opened =
                    new Transaction(DSL.using(connection, SQLDialect.H2), new ArrayList<>());
            current.put(Thread.currentThread(), opened);
            boolean committed = false;
            try {
                R result = call(work);
                if (commits.test(result)) {
                    beforeCommit.run();
                    connection.commit();
                    committed = true;
                }
                return result;
            } finally {
                current.remove(Thread.currentThread());
                if (committed) {
                    opened.afterCommit().forEach(Runnable::run);
                } else {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        DSL.using(pool, SQLDialect.H2).execute("set db_close_delay 0");
        pool.dispose();
    }

    private <R> R call(Work<R> work) {
        try {
            return work.run(dsl());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new PeekException(ErrorCode.INTERNAL, "work in a transaction failed", e);
        }
    }

    private void migrate() {
        try (var scripts = Files.list(MIGRATIONS).sorted()) {
            for (Path script : scripts.toList()) {
                DSLContext dsl = DSL.using(pool, SQLDialect.H2);
                for (String statement : Files.readString(script).split(";\\s*\\R", -1)) {
                    if (!statement.isBlank()) {
                        dsl.execute(statement);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
