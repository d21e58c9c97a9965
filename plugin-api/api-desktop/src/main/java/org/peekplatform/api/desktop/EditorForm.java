package org.peekplatform.api.desktop;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.peekplatform.api.tuple.Tuple;

/// What the form of a [TableEditor] is about now.
public sealed interface EditorForm<T extends Tuple> {
    /// Nothing; there is no form.
    record Closed<T extends Tuple>() implements EditorForm<T> {}

    /// A new row.
    record Adding<T extends Tuple>() implements EditorForm<T> {}

    /// A row that is there.
    ///
    /// @param before as it was when its editor last saw it
    record Changing<T extends Tuple>(T before) implements EditorForm<T> {
        public Changing {
            requireNonNull(before, "before");
        }
    }

    /// The choice between what was entered and what somebody else has saved meanwhile.
    ///
    /// @param theirs the row as it is now
    /// @param fields in which it differs from what the editor had seen
    record Conflict<T extends Tuple>(T theirs, List<String> fields) implements EditorForm<T> {
        public Conflict {
            requireNonNull(theirs, "theirs");
            fields = List.copyOf(fields);
        }
    }

    /// The question whether to delete a row.
    record Deleting<T extends Tuple>(T row) implements EditorForm<T> {
        public Deleting {
            requireNonNull(row, "row");
        }
    }
}
