package org.peekplatform.plugins.tutorial.server;

import static org.peekplatform.plugins.tutorial.server.db.tables.StringInt.STRING_INT;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Turns the rows of a file into rows of the table in one transaction: all of them or none.
final class RowImport {
    private static final int REPORTED_EVERY = 1000;

    private final PluginContext context;
    private final PluginStorage storage;

    RowImport(PluginContext context, PluginStorage storage) {
        this.context = context;
        this.storage = storage;
    }

    /// @throws org.peekplatform.api.PeekException from [Refusals] when a row cannot be imported
    /// @throws java.util.concurrent.CancellationException when the import was cancelled
    void run(FileImport source, FileImport.Choice choice, boolean replace) {
        storage.transaction(dsl -> {
            if (replace) {
                dsl.deleteFrom(STRING_INT).execute();
            }
            insertAll(source, choice);
            context.tuples().changed(RowActions.ROWS);
            source.beginCommit();
            return Boolean.TRUE;
        });
    }

    private void insertAll(FileImport source, FileImport.Choice choice) throws IOException {
        try (CsvFile csv = new CsvFile(source.file(), source.fileName())) {
            long rows =
                    storage.load(
                            BulkLoad.of(CsvFile.Row.class, STRING_INT)
                                    .column(STRING_INT.STRING1, row -> text(row, source, choice))
                                    .column(STRING_INT.INT1, row -> number(row, source, choice))
                                    .build(),
                            reporting(csv, source));
            source.inserted(rows);
        }
    }

    private static RowSource<CsvFile.Row> reporting(CsvFile csv, FileImport source) {
        AtomicLong rows = new AtomicLong();
        return () -> {
            CsvFile.Row row = csv.next();
            if (row != null && rows.incrementAndGet() % REPORTED_EVERY == 0) {
                source.inserted(rows.get());
            }
            return row;
        };
    }

    private static String text(CsvFile.Row row, FileImport source, FileImport.Choice choice) {
        String value = row.value(choice.text());
        if (value.isEmpty()) {
            throw Refusals.valueEmpty(source.fileName(), row.number(), choice.textName());
        }
        if (value.length() > StringInt.LONGEST_TEXT) {
            throw Refusals.valueTooLong(
                    source.fileName(), row.number(), choice.textName(), value.length());
        }
        if (value.indexOf(0) >= 0) {
            throw Refusals.valueUnstorable(source.fileName(), row.number(), choice.textName());
        }
        return value;
    }

    private static long number(CsvFile.Row row, FileImport source, FileImport.Choice choice) {
        String value = row.value(choice.number());
        if (value.isEmpty()) {
            throw Refusals.valueEmpty(source.fileName(), row.number(), choice.numberName());
        }
        if (!CsvFile.isWhole(value)) {
            throw Refusals.valueNotWhole(
                    source.fileName(), row.number(), choice.numberName(), value);
        }
        OptionalLong number = CsvFile.parse(value);
        if (number.isEmpty()) {
            throw Refusals.valueOutOfRange(
                    source.fileName(), row.number(), choice.numberName(), value);
        }
        return number.getAsLong();
    }
}
