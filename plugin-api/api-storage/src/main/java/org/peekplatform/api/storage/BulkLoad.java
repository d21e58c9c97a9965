package org.peekplatform.api.storage;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/// Which table a bulk load fills, and which column takes what of a row. Columns that are not named
/// take their defaults.
///
/// Immutable; usable from any thread.
///
/// @param <T> a row of the source: a record, a tuple, whatever the plugin reads
public final class BulkLoad<T> {
    /// One column and what it takes.
    ///
    /// @param field by its name; its type says what a value must be
    /// @param value reads it from a row
    public record Column<T, V>(Field<V> field, Function<? super T, ? extends @Nullable V> value) {
        public Column {
            requireNonNull(field, "field");
            requireNonNull(value, "value");
        }
    }

    private final Table<?> table;
    private final List<Column<T, ?>> columns;

    private BulkLoad(Table<?> table, List<Column<T, ?>> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "a bulk load into table '" + table.getName() + "' names no column");
        }
        long different =
                columns.stream().map(column -> column.field().getName()).distinct().count();
        if (different < columns.size()) {
            throw new IllegalArgumentException(
                    "a bulk load into table '" + table.getName() + "' names a column twice");
        }
        this.table = table;
        this.columns = List.copyOf(columns);
    }

    /// Begins to describe a load.
    ///
    /// @param type what the source gives
    public static <T> Builder<T> of(Class<T> type, Table<?> table) {
        requireNonNull(type, "type");
        return new Builder<>(requireNonNull(table, "table"));
    }

    /// A load of records of jOOQ, from which it takes `fields`.
    public static <R extends Record> BulkLoad<R> ofRecords(Table<R> table, Field<?>... fields) {
        List<Column<R, ?>> columns = new ArrayList<>();
        Arrays.stream(fields).forEach(field -> columns.add(columnOf(field)));
        return new BulkLoad<>(table, columns);
    }

    private static <R extends Record, V> Column<R, V> columnOf(Field<V> field) {
        return new Column<>(field, row -> row.get(field));
    }

    /// Where the rows go.
    public Table<?> table() {
        return table;
    }

    /// In the order in which they were named; unmodifiable.
    public List<Column<T, ?>> columns() {
        return columns;
    }

    /// Describes a load. Not safe for use by several threads.
    public static final class Builder<T> {
        private final Table<?> table;
        private final List<Column<T, ?>> columns = new ArrayList<>();

        private Builder(Table<?> table) {
            this.table = table;
        }

        /// Fills `field` with what `value` reads from each row.
        public <V> Builder<T> column(
                Field<V> field, Function<? super T, ? extends @Nullable V> value) {
            columns.add(new Column<>(field, value));
            return this;
        }

        /// Ends the description.
        ///
        /// @throws IllegalArgumentException when it names no column, or one twice
        public BulkLoad<T> build() {
            return new BulkLoad<>(table, columns);
        }
    }
}
