package org.peekplatform.api.table;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.tuple.Tuple;

/// One change of one row.
public sealed interface TableEdit<T extends Tuple> {
    /// Adds a row. Fields that nobody may write, such as a key the database gives, are left at
    /// `null`, zero or `false`.
    record Create<T extends Tuple>(T row) implements TableEdit<T> {
        public Create {
            requireNonNull(row, "row");
        }
    }

    /// Replaces a row, if it is still as its editor saw it.
    ///
    /// @param before as it was read
    /// @param after with the same key
    record Update<T extends Tuple>(T before, T after) implements TableEdit<T> {
        public Update {
            requireNonNull(before, "before");
            requireNonNull(after, "after");
        }
    }

    /// Deletes a row, if it is still as its editor saw it.
    ///
    /// @param row as it was read
    record Delete<T extends Tuple>(T row) implements TableEdit<T> {
        public Delete {
            requireNonNull(row, "row");
        }
    }

    default Kind kind() {
        return switch (this) {
            case Create<T> create -> Kind.CREATE;
            case Update<T> update -> Kind.UPDATE;
            case Delete<T> delete -> Kind.DELETE;
        };
    }

    enum Kind {
        CREATE,
        UPDATE,
        DELETE
    }
}
