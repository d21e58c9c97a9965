package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.RowSource;
import org.peekplatform.storage.ChunkWriter.RowRefusedException;

/// One bulk load, in the transaction under way on its thread: gathers rows until they are worth a
/// trip to the database. The database is idle for this connection whenever the source is asked, so
/// that the source may use it.
final class BulkLoader<T> {
    private static final int ROWS = 5000;
    private static final int BYTES = 4 << 20;

    private final String schema;
    private final String table;
    private final Engine engine;
    private final OpenTransaction transaction;
    private final List<BulkLoad.Column<T, ?>> columns;
    private final List<PlainValues> plain = new ArrayList<>();
    private final ChunkWriter writer;
    private final @Nullable Object[][] values;

    private int waiting;
    private int bytes;
    private long written;

    BulkLoader(
            String schema,
            Engine engine,
            OpenTransaction transaction,
            DSLContext dsl,
            BulkLoad<T> load) {
        this.schema = schema;
        this.engine = engine;
        this.transaction = transaction;
        table = load.table().getName();
        columns = load.columns();
        List<String> names = new ArrayList<>();
        for (BulkLoad.Column<T, ?> column : columns) {
            plain.add(PlainValues.of(table, column.field()));
            names.add(dsl.render(DSL.quotedName(column.field().getName())));
        }
        writer = engine.chunkWriter(dsl.render(load.table()), names, plain);
        values = new @Nullable Object[columns.size()][ROWS];
    }

    /// Takes all rows of `source`; returns how many there were.
    long run(RowSource<? extends T> source) throws Exception {
        for (T row = source.next(); row != null; row = source.next()) {
            take(row);
            if (waiting == ROWS || bytes >= BYTES) {
                write();
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted at row " + written);
                }
            }
        }
        write();
        return written;
    }

    private void take(T row) {
        for (int i = 0; i < values.length; i++) {
            Object value;
            try {
                value = plain.get(i).of(columns.get(i).value().apply(row));
            } catch (IllegalArgumentException e) {
                throw refused(
                        written + waiting + 1,
                        List.of(plain.get(i).field().getName()),
                        String.valueOf(e.getMessage()),
                        e);
            }
            values[i][waiting] = value;
            bytes += PlainValues.weight(value);
        }
        waiting++;
    }

    private void write() {
        if (waiting == 0) {
            return;
        }
        Connection connection = transaction.enter(schema);
        try {
            writer.write(connection, values, waiting);
        } catch (RowRefusedException e) {
            throw refused(
                    written + e.row() + 1,
                    columnsIn(e.problem()),
                    reason(e.problem()),
                    e.problem());
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            transaction.leave(schema);
        }
        written += waiting;
        waiting = 0;
        bytes = 0;
    }

    private PeekException failed(SQLException e) {
        if (engine.transactionIsLost(e)
                || transaction.replacesAfter(e)
                || !engine.isConnected(transaction.connection())) {
            transaction.lose(e);
        }
        if (engine.isPassing(e)) {
            return new PeekException(
                    engine.transactionIsLost(e)
                            ? StorageErrors.TRANSACTION_LOST
                            : StorageErrors.DATABASE_UNAVAILABLE,
                    "the bulk load into table '"
                            + table
                            + "' of plugin '"
                            + schema
                            + "' failed after row "
                            + written
                            + ", and nothing of it was kept: "
                            + engine.plainMessage(e),
                    e);
        }
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "the bulk load into table '"
                        + table
                        + "' of plugin '"
                        + schema
                        + "' was refused between the rows "
                        + (written + 1)
                        + " and "
                        + (written + waiting)
                        + place(columnsIn(e))
                        + ": "
                        + reason(e),
                e);
    }

    private PeekException refused(long row, List<String> names, String reason, Exception cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "row "
                        + row
                        + " of the bulk load into table '"
                        + table
                        + "' of plugin '"
                        + schema
                        + "' was refused"
                        + place(names)
                        + ": "
                        + reason,
                cause);
    }

    private static String place(List<String> names) {
        return names.isEmpty() ? "" : " at column '" + String.join("', '", names) + "'";
    }

    /// What a constraint says about itself, `column "code"`, `KEY(code)`, `Key (code)=`.
    private static final Pattern PLACE =
            Pattern.compile(
                    "column \"?([^\"\\s:]+)|FOREIGN KEY\\s*\\(([^()]*)\\)"
                            + "|(?: ON [^()]*|Key )\\(([^()]*)\\)");

    private List<String> columnsIn(SQLException problem) {
        Matcher match = PLACE.matcher(String.valueOf(problem.getMessage()));
        List<String> found = new ArrayList<>();
        if (match.find()) {
            String named =
                    match.group(1) != null
                            ? match.group(1)
                            : match.group(2) != null ? match.group(2) : match.group(3);
            List<String> words = List.of(named.toLowerCase(Locale.ROOT).split("[^\\w]+", -1));
            for (PlainValues column : plain) {
                if (words.contains(column.field().getName().toLowerCase(Locale.ROOT))) {
                    found.add(column.field().getName());
                }
            }
        }
        return found;
    }

    /// Without values where the kind of problem is known.
    private String reason(SQLException problem) {
        return switch (String.valueOf(problem.getSQLState())) {
            case "23505" -> "another row has the same already";
            case "23502" -> "a value is missing";
            case "23503", "23506" -> "it refers to a row that does not exist";
            case "22001" -> "a text is too long";
            case "22003" -> "a number is out of range";
            default -> engine.plainMessage(problem);
        };
    }
}
