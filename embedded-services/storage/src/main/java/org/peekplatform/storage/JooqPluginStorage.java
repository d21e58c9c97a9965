package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jooq.ConnectionProvider;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.Sequence;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;
import org.peekplatform.storage.JoinableTransactions.Level;

/// One plugin's view of the database. Statements, `transaction` of this class and `transaction` of
/// jOOQ all join what is under way on their thread; a transaction within a transaction is a
/// savepoint of it.
final class JooqPluginStorage implements PluginStorage {
    static {
        // jOOQ greets in the log at its first statement unless told otherwise.
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private static final int MOST_IDS = 1_000_000;

    /// Rows that travel at once when a large result is read.
    private static final int FETCHED = 1000;

    private final String schema;
    private final Engine engine;
    private final JoinableTransactions transactions;
    private final DSLContext dsl;

    JooqPluginStorage(
            String schema, Engine engine, ConnectionPool pool, JoinableTransactions transactions) {
        this.schema = schema;
        this.engine = engine;
        this.transactions = transactions;
        dsl =
                DSL.using(
                        new DefaultConfiguration()
                                .set(engine.dialect())
                                .set(new Connections(schema, pool, transactions))
                                .set(new Nesting(schema, transactions))
                                .set(new LossListener(engine, pool, transactions)));
    }

    @Override
    public DSLContext dsl() {
        return dsl;
    }

    // The guard around plugin code: whatever it throws is wrapped or passed on.
    @Override
    public <R> R transaction(Work<R> work) {
        Level level = transactions.begin(schema);
        R result;
        boolean returned = false;
        try {
            result = work.run(dsl);
            returned = true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "a transaction of plugin '" + schema + "' failed: " + e.getMessage(),
                    e);
        } finally {
            if (!returned) {
                transactions.rollback(level);
            }
        }
        transactions.commit(level);
        return result;
    }

    @Override
    public long[] nextIds(Sequence<? extends Number> sequence, int count) {
        if (count < 1 || count > MOST_IDS) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "plugin '"
                            + schema
                            + "' asks for "
                            + count
                            + " values of sequence '"
                            + sequence.getName()
                            + "'; ask for 1 to "
                            + MOST_IDS);
        }
        long[] ids = new long[count];
        try (Cursor<? extends Record1<? extends Number>> values =
                dsl.select(sequence.nextval())
                        .from(DSL.generateSeries(1, count))
                        .fetchSize(FETCHED)
                        .fetchLazy()) {
            int at = 0;
            for (Record1<? extends Number> value : values) {
                ids[at++] = value.value1().longValue();
            }
        }
        Arrays.sort(ids);
        return ids;
    }

    @Override
    public <T> long load(BulkLoad<T> load, RowSource<? extends T> source) {
        return transaction(inner ->
                new BulkLoader<>(schema, engine, transactions.underWay(), dsl, load).run(source));
    }

    @Override
    public <R extends Record, X> X read(ResultQuery<R> query, Reader<R, X> reader) {
        return transaction(inner -> {
            try (Stream<R> rows = query.fetchSize(FETCHED).fetchStream()) {
                return reader.read(rows);
            }
        });
    }

    /// Lends jOOQ the connection of the transaction under way, else one from the pool.
    private record Connections(
            String schema, ConnectionPool pool, JoinableTransactions transactions)
            implements ConnectionProvider {
        @Override
        public Connection acquire() {
            OpenTransaction transaction = transactions.current();
            return transaction == null ? pool.borrow(schema) : transaction.enter(schema);
        }

        @Override
        public void release(Connection connection) {
            OpenTransaction transaction = transactions.current();
            if (transaction != null && connection.equals(transaction.connectionInUse())) {
                transaction.leave(schema);
            } else {
                pool.giveBack(connection);
            }
        }
    }

    /// Makes jOOQ's own transactions ours.
    private record Nesting(String schema, JoinableTransactions transactions)
            implements TransactionProvider {
        @Override
        public void begin(TransactionContext context) {
            context.transaction(transactions.begin(schema));
        }

        @Override
        public void commit(TransactionContext context) {
            if (context.transaction() instanceof Level level) {
                // jOOQ rolls back what failed to commit; by then a whole transaction has ended.
                context.transaction(null);
                transactions.commit(level);
            }
        }

        @Override
        public void rollback(TransactionContext context) {
            if (context.transaction() instanceof Level level) {
                transactions.rollback(level);
            }
        }
    }

    /// Notices when the database gives up the transaction under way, or takes no writes any more.
    private static final class LossListener implements ExecuteListener {
        private static final long serialVersionUID = 1L;

        private final transient Engine engine;
        private final transient ConnectionPool pool;
        private final transient JoinableTransactions transactions;

        LossListener(Engine engine, ConnectionPool pool, JoinableTransactions transactions) {
            this.engine = engine;
            this.pool = pool;
            this.transactions = transactions;
        }

        @Override
        public void exception(ExecuteContext context) {
            SQLException problem = context.sqlException();
            OpenTransaction transaction = transactions.current();
            Connection used = transaction == null ? null : transaction.connectionInUse();
            boolean spoilt = problem != null && pool.replacesAfter(problem);
            if (problem != null && spoilt) {
                context.exception(
                        new PeekException(
                                StorageErrors.DATABASE_UNAVAILABLE,
                                engine.plainMessage(problem),
                                problem));
            }
            if (problem != null
                    && transaction != null
                    && used != null
                    && (spoilt || engine.transactionIsLost(problem) || !engine.isConnected(used))) {
                transaction.lose(problem);
            }
        }
    }
}
