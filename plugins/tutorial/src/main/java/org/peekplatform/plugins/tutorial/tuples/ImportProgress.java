package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleType;

/// How far the import of one file has come. Offered for the selector that names its `importId`;
/// there is no row when no such import is known.
///
/// @param importId chosen by who started it
/// @param fileName for people
/// @param columns empty until the whole file has been received and read once
/// @param rowsDone rows inserted so far, as a worker said; they count only once the state is `done`
/// @param rowsTotal rows below the header, 0 until the file has been read once
/// @param problem a sentence, given when the state is `failed`, and when it is `running` while no
///   worker is at it
@TupleType(name = "tutorial.ImportProgress")
public record ImportProgress(
        @TupleKey String importId,
        String fileName,
        State state,
        long receivedBytes,
        long totalBytes,
        List<Column> columns,
        long rowsDone,
        long rowsTotal,
        @Nullable String problem)
        implements Tuple {

    /// Where an import stands. The constants are what travels, hence in lower case: `uploading`
    /// until the file has been received and read once, `ready` to be run, `running`, `done`, or
    /// `failed`. One that failed and has columns may be run again, with other columns for example.
    public enum State {
        uploading,
        ready,
        running,
        done,
        failed
    }

    /// One column of the file.
    ///
    /// @param name from the header; unique within the file
    /// @param sample its first values, shortened
    /// @param whole whether every row has a whole number in it, so that it can become `int1`
    public record Column(String name, List<String> sample, boolean whole) {
        public Column {
            requireNonNull(name, "name");
            sample = List.copyOf(sample);
        }
    }

    public ImportProgress {
        requireNonNull(importId, "importId");
        requireNonNull(fileName, "fileName");
        requireNonNull(state, "state");
        columns = List.copyOf(columns);
    }

    /// Names the progress of one import.
    public static TupleSelector<ImportProgress> selector(String importId) {
        return TupleSelector.of(ImportProgress.class).with("importId", importId);
    }
}
