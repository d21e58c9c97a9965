package org.peekplatform.storage;

import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.storage.JoinableTransactions.Level;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.ActionLog;
import org.peekplatform.vortex.Header;

/// What has been carried out of the queues of devices, in the platform's own schema.
///
/// A row for each queue and plugin says how far it is; it is locked while an action of it runs, so
/// that no second process can carry out the same number. Outcomes are kept until the device
/// acknowledges them.
final class DatabaseActionLog implements ActionLog {
    /// A device that sends nothing for so long is taken for gone.
    static final Duration KEPT_UNHEARD = Duration.ofDays(90);

    /// More than one only when a device had to begin its queue anew.
    static final int MAX_QUEUES = 20;

    static final int MAX_UNACKNOWLEDGED = 1_000;
    private static final int MAX_CODE = 199;
    private static final int MAX_MESSAGE = 4_000;

    private final Engine engine;
    private final JoinableTransactions transactions;
    private final GroupSync sync;

    DatabaseActionLog(Engine engine, JoinableTransactions transactions, GroupSync sync) {
        this.engine = engine;
        this.transactions = transactions;
        this.sync = sync;
    }

    /// @param known whether there is a row of it
    private record Place(boolean known, long id, long done, long acknowledged) {}

    @Override
    public ActionGate.Done once(Numbered number, Step step) throws Exception {
        try {
            return transactions.run(number.plugin(), rollback -> inTransaction(number, step));
        } catch (DataAccessException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "the outcome of a queued action of plugin '"
                            + number.plugin()
                            + "' could not be stored: "
                            + reason(e),
                    e);
        }
    }

    private ActionGate.Done inTransaction(Numbered number, Step step) throws Exception {
        OpenTransaction transaction = transactions.underWay();
        DSLContext dsl = DSL.using(transaction.connection(), engine.dialect());
        Header.Queued wanted = number.place();
        Place place = lock(dsl, number);
        long next = place.done() + 1;
        if (wanted.sequence() < next) {
            return stored(dsl, place, wanted.sequence());
        }
        if (wanted.sequence() > next) {
            throw new PeekException(
                    ErrorCode.OUT_OF_ORDER,
                    "Number "
                            + wanted.sequence()
                            + " of a queue of plugin '"
                            + number.plugin()
                            + "' was sent, but it goes on with number "
                            + next
                            + ".");
        }
        if (next - Math.max(place.acknowledged(), wanted.acknowledged()) > MAX_UNACKNOWLEDGED) {
            throw new PeekException(
                    ErrorCode.OUT_OF_ORDER,
                    "More than "
                            + MAX_UNACKNOWLEDGED
                            + " outcomes of a queue of plugin '"
                            + number.plugin()
                            + "' are not acknowledged; acknowledge them first.");
        }
        Level effect = transactions.begin(number.plugin());
        ActionGate.Done done = step.run();
        if (done.result() == Header.Result.APPLIED) {
            transactions.commit(effect);
        } else {
            transactions.rollback(effect);
        }
        transaction.requireAlive();
        store(dsl, number, place, done);
        return done;
    }

    private static Place lock(DSLContext dsl, Numbered number) {
        Record row =
                dsl.fetchOne(
                        "SELECT id, done, acknowledged FROM peek.action_queue"
                                + " WHERE sender = ? AND queue = ? AND plugin = ? FOR UPDATE",
                        number.sender(),
                        number.place().queue(),
                        number.plugin());
        return row == null
                ? new Place(false, 0, 0, 0)
                : new Place(
                        true,
                        row.get(0, Long.class),
                        row.get(1, Long.class),
                        row.get(2, Long.class));
    }

    private static ActionGate.Done stored(DSLContext dsl, Place place, long sequence) {
        Record row =
                dsl.fetchOne(
                        "SELECT result, code, message, reply FROM peek.action_outcome"
                                + " WHERE queue_id = ? AND sequence = ?",
                        place.id(),
                        sequence);
        if (row == null) {
            throw new PeekException(
                    ErrorCode.FORGOTTEN,
                    "The action was carried out before; how it ended is no longer known.");
        }
        return new ActionGate.Done(
                Header.Result.valueOf(row.get(0, String.class)),
                row.get(1, String.class),
                row.get(2, String.class),
                row.get(3, byte[].class));
    }

    private static void store(DSLContext dsl, Numbered number, Place place, ActionGate.Done done) {
        Header.Queued queued = number.place();
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        long id = place.id();
        if (place.known()) {
            dsl.execute(
                    "UPDATE peek.action_queue SET done = ?, acknowledged = ?,"
                            + " heard_at = CAST(? AS TIMESTAMP WITH TIME ZONE)"
                            + " WHERE id = ?",
                    queued.sequence(),
                    Math.max(place.acknowledged(), queued.acknowledged()),
                    now,
                    id);
            if (queued.acknowledged() > place.acknowledged()) {
                dsl.execute(
                        "DELETE FROM peek.action_outcome WHERE queue_id = ? AND sequence <= ?",
                        id,
                        queued.acknowledged());
            }
        } else {
            id = begin(dsl, number, now);
        }
        dsl.execute(
                "INSERT INTO peek.action_outcome (queue_id, sequence, result, code, message, reply)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                id,
                queued.sequence(),
                done.result().name(),
                cut(done.code(), MAX_CODE),
                cut(done.message(), MAX_MESSAGE),
                done.values());
    }

    /// Makes the row of a queue, and forgets the oldest ones of a device that makes too many.
    private static long begin(DSLContext dsl, Numbered number, OffsetDateTime now) {
        dsl.execute(
                "INSERT INTO peek.action_queue (sender, queue, plugin, done, acknowledged, heard_at)"
                        + " VALUES (?, ?, ?, 1, 0, CAST(? AS TIMESTAMP WITH TIME ZONE))",
                number.sender(),
                number.place().queue(),
                number.plugin(),
                now);
        dsl.execute(
                "DELETE FROM peek.action_queue WHERE id IN (SELECT id FROM peek.action_queue"
                        + " WHERE sender = ? AND plugin = ? AND queue <> ?"
                        + " ORDER BY heard_at DESC, id DESC OFFSET ? ROWS)",
                number.sender(),
                number.plugin(),
                number.place().queue(),
                MAX_QUEUES - 1);
        return lock(dsl, number).id();
    }

    private static @Nullable String cut(@Nullable String text, int length) {
        return text == null || text.length() <= length ? text : text.substring(0, length) + "…";
    }

    /// Forgets queues that nothing has been heard of since `before`.
    ///
    /// @return how many
    int forgetUnheardSince(OffsetDateTime before) {
        try {
            return transactions.run(
                    Migrations.PLATFORM_SCHEMA,
                    rollback ->
                            DSL.using(transactions.underWay().connection(), engine.dialect())
                                    .execute(
                                            "DELETE FROM peek.action_queue WHERE heard_at <"
                                                    + " CAST(? AS TIMESTAMP WITH TIME ZONE)",
                                            before));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("only unchecked exceptions come from a statement", e);
        }
    }

    @Override
    public CompletableFuture<@Nullable Void> durable() {
        return sync.durable();
    }

    @Override
    public boolean isPassing(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && engine.isPassing(sql)) {
                return true;
            }
            if (cause instanceof PeekException peek
                    && peek.code().kind() == ErrorCode.Kind.UNAVAILABLE) {
                return true;
            }
        }
        return false;
    }

    private String reason(DataAccessException e) {
        SQLException cause = e.getCause(SQLException.class);
        return cause == null ? String.valueOf(e.getMessage()) : engine.plainMessage(cause);
    }
}
