package org.peekplatform.plugins.tutorial.server;

import static org.peekplatform.plugins.tutorial.server.db.tables.StringInt.STRING_INT;

import java.io.IOException;
import java.util.OptionalLong;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Turns the rows of a file into rows of the table in one transaction: all of them or none.
final class RowImport {
    private static final int BATCH = 1000;

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
            insertAll(dsl, source, choice);
            context.tuples().changed(RowActions.ROWS);
            source.beginCommit();
            return Boolean.TRUE;
        });
    }

    private static void insertAll(DSLContext dsl, FileImport source, FileImport.Choice choice)
            throws IOException, InterruptedException {
        try (CsvFile csv = new CsvFile(source.file(), source.fileName())) {
            long rows = 0;
            BatchBindStep batch = newBatch(dsl);
            for (CsvFile.Row row = csv.next(); row != null; row = csv.next()) {
                batch = batch.bind(text(row, source, choice), number(row, source, choice));
                rows++;
                if (batch.size() == BATCH) {
                    batch.execute();
                    source.inserted(rows);
                    requireNotInterrupted();
                    batch = newBatch(dsl);
                }
            }
            if (batch.size() > 0) {
                batch.execute();
            }
            source.inserted(rows);
        }
    }

    private static BatchBindStep newBatch(DSLContext dsl) {
        return dsl.batch(
                dsl.insertInto(STRING_INT, STRING_INT.STRING1, STRING_INT.INT1)
                        .values((String) null, (Long) null));
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

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the plugin is stopping");
        }
    }
}
