package org.peekplatform.api.table;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peekplatform.api.tuple.Tuple;

/// What became of a [TableEdit]. All but [Saved] have changed nothing. Collections are
/// unmodifiable.
public sealed interface TableAnswer<T extends Tuple> {
    /// Done and committed.
    ///
    /// @param row as it is now; a deleted one as it was last
    record Saved<T extends Tuple>(T row) implements TableAnswer<T> {
        public Saved {
            requireNonNull(row, "row");
        }
    }

    /// The row cannot be as it was sent.
    ///
    /// @param fields name of a field to a whole sentence for people that says what is wrong with it
    /// @param general sentences about the row as a whole
    record Invalid<T extends Tuple>(Map<String, String> fields, List<String> general)
            implements TableAnswer<T> {
        public Invalid {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(requireNonNull(fields)));
            general = List.copyOf(requireNonNull(general, "general"));
        }
    }

    /// Somebody else has changed the row since it was read.
    ///
    /// @param current the row as it is now; the way on is to edit this one
    /// @param fields the names of those fields in which it differs from what was read
    record Changed<T extends Tuple>(T current, List<String> fields) implements TableAnswer<T> {
        public Changed {
            requireNonNull(current, "current");
            fields = List.copyOf(requireNonNull(fields, "fields"));
        }
    }

    /// The row has been deleted.
    record Gone<T extends Tuple>() implements TableAnswer<T> {}
}
