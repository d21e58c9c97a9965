package org.peekplatform.plugins.tutorial.worker;

import static org.peekplatform.plugins.tutorial.db.tables.StringInt.STRING_INT;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;
import org.peekplatform.api.task.TaskContext;
import org.peekplatform.plugins.tutorial.calls.ImportFiles;
import org.peekplatform.plugins.tutorial.csv.CsvFile;
import org.peekplatform.plugins.tutorial.csv.CsvRefusals;
import org.peekplatform.plugins.tutorial.tuples.ImportRows;
import org.peekplatform.plugins.tutorial.tuples.Imported;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Turns the rows of a file into rows of the table: all of them or none, as the transaction is that
/// of the task.
final class RowImport {
    private static final int REPORTED_EVERY = 1000;

    private final PluginStorage storage;
    private final ImportFiles files;

    RowImport(PluginStorage storage, ImportFiles files) {
        this.storage = storage;
        this.files = files;
    }

    /// @throws org.peekplatform.api.PeekException from [CsvRefusals] when a row cannot be imported,
    ///   and from the server when the import was cancelled
    Imported run(ImportRows task, TaskContext about) throws Exception {
        try (CsvFile csv = new CsvFile(new RemoteFile(files, task.importId()), task.fileName())) {
            if (task.replace()) {
                storage.dsl().deleteFrom(STRING_INT).execute();
            }
            long rows =
                    storage.load(
                            BulkLoad.of(CsvFile.Row.class, STRING_INT)
                                    .column(STRING_INT.STRING1, row -> text(row, task))
                                    .column(STRING_INT.INT1, row -> number(row, task))
                                    .build(),
                            reporting(csv, task, about));
            report(rows, task, about);
            files.beginCommit(task.importId(), about.attempt());
            return new Imported(rows);
        }
    }

    private static RowSource<CsvFile.Row> reporting(
            CsvFile csv, ImportRows task, TaskContext about) {
        AtomicLong rows = new AtomicLong();
        return () -> {
            CsvFile.Row row = csv.next();
            if (row != null && rows.incrementAndGet() % REPORTED_EVERY == 0) {
                report(rows.get(), task, about);
            }
            return row;
        };
    }

    private static void report(long rows, ImportRows task, TaskContext about) {
        about.progress(
                (double) rows / task.rows(),
                String.format(
                        Locale.ENGLISH,
                        "%,d of %,d rows of '%s'",
                        rows,
                        task.rows(),
                        task.fileName()));
    }

    private static String text(CsvFile.Row row, ImportRows task) {
        String value = row.value(task.text());
        if (value.isEmpty()) {
            throw CsvRefusals.valueEmpty(task.fileName(), row.number(), task.textName());
        }
        if (value.length() > StringInt.LONGEST_TEXT) {
            throw CsvRefusals.valueTooLong(
                    task.fileName(), row.number(), task.textName(), value.length());
        }
        if (value.indexOf(0) >= 0) {
            throw CsvRefusals.valueUnstorable(task.fileName(), row.number(), task.textName());
        }
        return value;
    }

    private static long number(CsvFile.Row row, ImportRows task) {
        String value = row.value(task.number());
        if (value.isEmpty()) {
            throw CsvRefusals.valueEmpty(task.fileName(), row.number(), task.numberName());
        }
        if (!CsvFile.isWhole(value)) {
            throw CsvRefusals.valueNotWhole(
                    task.fileName(), row.number(), task.numberName(), value);
        }
        OptionalLong number = CsvFile.parse(value);
        if (number.isEmpty()) {
            throw CsvRefusals.valueOutOfRange(
                    task.fileName(), row.number(), task.numberName(), value);
        }
        return number.getAsLong();
    }
}
