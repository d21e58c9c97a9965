package org.peekplatform.vortex;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.tuple.Tuple;

/// The payloads of the actions that are a table: `NAME.read`, `NAME.create`, `NAME.update` and
/// `NAME.delete`, where `NAME` is the tuple type of its rows.
final class TableFrames {
    private TableFrames() {}

    static String readAction(String table) {
        return table + ".read";
    }

    static String editAction(String table, TableEdit.Kind kind) {
        return table
                + switch (kind) {
                    case CREATE -> ".create";
                    case UPDATE -> ".update";
                    case DELETE -> ".delete";
                };
    }

    /// The page as a value of an outcome.
    record Page<T extends Tuple>(
            List<T> rows, boolean more, @Nullable Long total, Set<TableEdit.Kind> allowed)
            implements Tuple {
        static <T extends Tuple> Page<T> of(TablePage<T> page, Set<TableEdit.Kind> allowed) {
            Set<TableEdit.Kind> sorted = EnumSet.noneOf(TableEdit.Kind.class);
            sorted.addAll(allowed);
            return new Page<>(page.rows(), page.more(), page.total(), sorted);
        }

        TablePage<T> page() {
            return new TablePage<>(rows, more, total, allowed);
        }
    }

    /// An edit: `before` of updates and deletions, `after` of updates and additions.
    record Edit<T extends Tuple>(@Nullable T before, @Nullable T after) {
        static <T extends Tuple> Edit<T> of(TableEdit<T> edit) {
            return switch (edit) {
                case TableEdit.Create<T>(T row) -> new Edit<>(null, row);
                case TableEdit.Update<T>(T before, T after) -> new Edit<>(before, after);
                case TableEdit.Delete<T>(T row) -> new Edit<>(row, null);
            };
        }

        TableEdit<T> edit(TableEdit.Kind kind, String table) {
            return switch (kind) {
                case CREATE -> new TableEdit.Create<>(require(after, "after", kind, table));
                case UPDATE ->
                        new TableEdit.Update<>(
                                require(before, "before", kind, table),
                                require(after, "after", kind, table));
                case DELETE -> new TableEdit.Delete<>(require(before, "before", kind, table));
            };
        }

        private static <T> T require(
                @Nullable T row, String member, TableEdit.Kind kind, String table) {
            if (row == null) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        editAction(table, kind) + " has no row in '" + member + "'; send one");
            }
            return row;
        }
    }

    enum Result {
        SAVED,
        INVALID,
        CHANGED,
        GONE
    }

    /// The answer to an edit as a value of an outcome.
    ///
    /// @param row when saved or changed
    /// @param changed the fields that differ, when changed
    /// @param fields sentences by field, when invalid
    /// @param general sentences about the row, when invalid
    record Answer<T extends Tuple>(
            Result result,
            @Nullable T row,
            @Nullable List<String> changed,
            @Nullable Map<String, String> fields,
            @Nullable List<String> general)
            implements Tuple {
        static <T extends Tuple> Answer<T> of(TableAnswer<T> answer) {
            return switch (answer) {
                case TableAnswer.Saved<T>(T row) ->
                        new Answer<>(Result.SAVED, row, null, null, null);
                case TableAnswer.Invalid<T>(Map<String, String> fields, List<String> general) ->
                        new Answer<>(Result.INVALID, null, null, fields, general);
                case TableAnswer.Changed<T>(T current, List<String> fields) ->
                        new Answer<>(Result.CHANGED, current, fields, null, null);
                case TableAnswer.Gone<T>() -> new Answer<>(Result.GONE, null, null, null, null);
            };
        }

        TableAnswer<T> answer() {
            return switch (result) {
                case SAVED -> new TableAnswer.Saved<>(required(row));
                case INVALID ->
                        new TableAnswer.Invalid<>(
                                fields == null ? Map.of() : fields,
                                general == null ? List.of() : general);
                case CHANGED ->
                        new TableAnswer.Changed<>(
                                required(row), changed == null ? List.of() : changed);
                case GONE -> new TableAnswer.Gone<>();
            };
        }

        private static <T> T required(@Nullable T row) {
            if (row == null) {
                throw new PeekException(
                        ErrorCode.INTERNAL, "the answer to an edit has no row, though it must");
            }
            return row;
        }
    }

    static <T extends Tuple> TableEdit<T> edit(
            TupleCodec codec, byte[] json, Class<T> type, TableEdit.Kind kind) {
        String table = codec.nameOf(type);
        @SuppressWarnings("unchecked")
        Edit<T> edit = codec.decodeOf(json, Edit.class, type, editAction(table, kind));
        return edit.edit(kind, table);
    }

    static <T extends Tuple> TablePage<T> page(TupleCodec codec, byte[] values, Class<T> type) {
        @SuppressWarnings("unchecked")
        Page<T> page = codec.decodeAllOf(values, Page.class, type).getFirst();
        return page.page();
    }

    static <T extends Tuple> TableAnswer<T> answer(TupleCodec codec, byte[] values, Class<T> type) {
        @SuppressWarnings("unchecked")
        Answer<T> answer = codec.decodeAllOf(values, Answer.class, type).getFirst();
        return answer.answer();
    }

    /// Reads a query of the table whose rows are `type`.
    static <T extends Tuple> TableQuery<T> query(TupleCodec codec, byte[] json, Class<T> type) {
        // What the codec makes is of the row's type.
        @SuppressWarnings("unchecked")
        TableQuery<T> query =
                codec.decodeOf(json, TableQuery.class, type, "the query of " + codec.nameOf(type));
        return query;
    }
}
