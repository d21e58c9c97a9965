package org.peekplatform.api.storage;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.TableField.Access;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleSelector;

/// A table whose rows people read and edit page by page: which column each component of a tuple is,
/// which of them may be written, who may do what, and what must hold.
///
/// Only columns named here are ever read, sorted by, filtered by or written, and everything that
/// comes from outside is bound as a value. An update or a deletion locks the row and compares it
/// with what its editor saw, so that nobody undoes unknowingly what somebody else has done.
///
/// Immutable; usable from any thread. The host calls [#read] and [#edit] for those who ask over the
/// data exchange, tests of a plugin call them directly.
public final class EditableTable<T extends Tuple> {
    private final Class<T> type;
    private final Table<?> table;
    private final Constructor<T> constructor;
    private final Map<String, TableField> fields;
    private final TableField key;
    private final @Nullable TableField version;
    private final Audience readers;
    private final Map<TableEdit.Kind, Audience> editors;
    private final UnaryOperator<T> normalise;
    private final Check<T> check;
    private final BeforeCommit<T> beforeCommit;
    private final AfterCommit<T> afterCommit;
    private final List<TupleSelector<?>> changes;

    private EditableTable(
            Builder<T> builder, Map<String, TableField> fields, TableField key, Audience readers) {
        this.type = builder.type;
        this.table = builder.table;
        this.constructor = constructor(type);
        this.fields = Collections.unmodifiableMap(fields);
        this.key = key;
        this.version = find(fields, Access.VERSION);
        this.readers = readers;
        this.editors = Collections.unmodifiableMap(new EnumMap<>(builder.editors));
        this.normalise = builder.normalise;
        this.check = builder.check;
        this.beforeCommit = builder.beforeCommit;
        this.afterCommit = builder.afterCommit;
        this.changes = List.copyOf(builder.changes);
    }

    /// Begins to describe a table.
    ///
    /// @param type what a row is outside of the database; each of its components needs a column
    public static <T extends java.lang.Record & Tuple> Builder<T> of(
            Class<T> type, Table<?> table) {
        return new Builder<>(requireNonNull(type, "type"), requireNonNull(table, "table"));
    }

    /// What a row is outside of the database.
    public Class<T> type() {
        return type;
    }

    /// Who may read.
    public Audience readers() {
        return readers;
    }

    /// Who may edit how; an edit that is not named is offered to nobody. Unmodifiable.
    public Map<TableEdit.Kind, Audience> editors() {
        return editors;
    }

    /// Reads one page. Blocks.
    ///
    /// @return with the edits that are offered to anybody
    /// @throws PeekException with `BAD_REQUEST` when the query names an unknown field or a value
    ///   that does not fit
    public TablePage<T> read(DSLContext dsl, TableQuery<T> query) {
        var sql = new QuerySql(type.getSimpleName(), fields, key);
        Condition filters = sql.filters(query.filters());
        List<TableField> order = sql.order(query.sort());
        Condition from = query.after() == null ? DSL.noCondition() : sql.behind(query);
        List<T> rows = new ArrayList<>();
        for (Record found :
                dsl.select(columns())
                        .from(table)
                        .where(filters)
                        .and(from)
                        .orderBy(sql.orderBy(query.sort(), order))
                        .limit(query.limit() + 1)
                        .offset(query.offset())
                        .fetch()) {
            rows.add(row(found));
        }
        boolean more = rows.size() > query.limit();
        if (more) {
            rows.removeLast();
        }
        Long total = null;
        if (query.count()) {
            total = dsl.selectCount().from(table).where(filters).fetchSingle().value1().longValue();
        }
        return new TablePage<>(rows, more, total, editors.keySet());
    }

    /// Makes one change, in a transaction of its own or in the one under way on this thread.
    /// Blocks. Whether whoever asks may do it must have been checked before.
    ///
    /// @return only after [TableAnswer.Saved] has anything changed
    /// @throws PeekException with `BAD_REQUEST` when the update is of two different rows
    public TableAnswer<T> edit(DSLContext dsl, TableEdit<T> edit, EditHost host) {
        try {
            return dsl.transactionResult(inner -> carryOut(inner.dsl(), edit, host));
        } catch (Refused refused) {
            // Made by this table for this edit.
            @SuppressWarnings("unchecked")
            TableAnswer<T> answer = (TableAnswer<T>) refused.answer;
            return answer;
        }
    }

    private TableAnswer<T> carryOut(DSLContext dsl, TableEdit<T> edit, EditHost host) {
        TableEdit<T> done =
                switch (edit) {
                    case TableEdit.Create<T>(T row) ->
                            new TableEdit.Create<>(insert(dsl, normalise.apply(row)));
                    case TableEdit.Update<T>(T before, T after) -> {
                        if (!Objects.equals(key.valueIn(before), key.valueIn(after))) {
                            throw new PeekException(
                                    ErrorCode.BAD_REQUEST,
                                    "an update of "
                                            + type.getSimpleName()
                                            + " names two rows; send the same '"
                                            + key.name()
                                            + "' twice");
                        }
                        T current = lock(dsl, before);
                        yield new TableEdit.Update<>(
                                current, update(dsl, current, normalise.apply(after)));
                    }
                    case TableEdit.Delete<T>(T row) -> {
                        T current = lock(dsl, row);
                        execute(
                                edit.kind(),
                                () -> dsl.deleteFrom(table).where(isRow(current)).execute());
                        yield new TableEdit.Delete<>(current);
                    }
                };
        callBeforeCommit(dsl, done, host);
        changes.forEach(host::changed);
        host.afterCommit(() -> callAfterCommit(done));
        return new TableAnswer.Saved<>(
                switch (done) {
                    case TableEdit.Create<T>(T row) -> row;
                    case TableEdit.Update<T>(T before, T after) -> after;
                    case TableEdit.Delete<T>(T row) -> row;
                });
    }

    private T insert(DSLContext dsl, T row) {
        EditProblems problems = new EditProblems(fields.keySet());
        for (TableField field : fields.values()) {
            if (!field.isWritten(true) && !field.isBlankIn(row)) {
                problems.field(field.name(), "This cannot be entered; leave it empty.");
            }
        }
        Map<Field<?>, Object> values = writtenValues(row, true, problems);
        refuseIfAny(problems);
        if (version != null) {
            values.put(version.column(), version.toColumn(1L));
        }
        Object given =
                execute(
                        TableEdit.Kind.CREATE,
                        () ->
                                dsl.insertInto(table)
                                        .set(values)
                                        .returningResult(key.column())
                                        .fetchSingle()
                                        .value1());
        return stored(dsl, key.column().eq(given));
    }

    private T update(DSLContext dsl, T current, T after) {
        EditProblems problems = new EditProblems(fields.keySet());
        for (TableField field : fields.values()) {
            if (!field.isWritten(false)
                    && !Objects.deepEquals(field.valueIn(current), field.valueIn(after))) {
                problems.field(field.name(), "This cannot be changed.");
            }
        }
        Map<Field<?>, Object> values = writtenValues(after, false, problems);
        refuseIfAny(problems);
        if (version != null) {
            values.put(version.column(), version.column().plus(1));
        }
        if (!values.isEmpty()) {
            execute(
                    TableEdit.Kind.UPDATE,
                    () -> dsl.update(table).set(values).where(isRow(current)).execute());
        }
        return stored(dsl, isRow(current));
    }

    /// The row as it is now, kept from others until the transaction ends, if it is as `seen`.
    private T lock(DSLContext dsl, T seen) {
        Record found = dsl.select(columns()).from(table).where(isRow(seen)).forUpdate().fetchOne();
        if (found == null) {
            throw new Refused(new TableAnswer.Gone<>());
        }
        T current = row(found);
        List<String> differing =
                fields.values().stream()
                        .filter(field ->
                                !Objects.deepEquals(field.valueIn(current), field.valueIn(seen)))
                        .map(TableField::name)
                        .toList();
        boolean same = version == null ? differing.isEmpty() : !differing.contains(version.name());
        if (!same) {
            throw new Refused(new TableAnswer.Changed<>(current, differing));
        }
        return current;
    }

    /// What is to be written, with what is wrong with it told to `problems`.
    private Map<Field<?>, Object> writtenValues(T row, boolean create, EditProblems problems) {
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        for (TableField field : fields.values()) {
            if (!field.isWritten(create)) {
                continue;
            }
            try {
                Object value = field.toColumn(field.valueIn(row));
                String problem = problem(field.column().getDataType(), value);
                if (problem != null) {
                    problems.field(field.name(), problem);
                }
                values.put(field.column(), DSL.val(value, field.column()));
            } catch (IllegalArgumentException e) {
                problems.field(field.name(), String.valueOf(e.getMessage()));
            }
        }
        try {
            check.check(row, problems);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw failed("check", e);
        }
        return values;
    }

    private static @Nullable String problem(DataType<?> column, @Nullable Object value) {
        if (value == null) {
            return column.nullable() ? null : "A value is needed here.";
        }
        if (!(value instanceof String text)) {
            return null;
        }
        if (text.indexOf(0) >= 0) {
            return "The character with the code 0 cannot be stored; remove it.";
        }
        int length = text.codePointCount(0, text.length());
        return column.lengthDefined() && length > column.length()
                ? "At most %d characters fit here, but these are %d."
                        .formatted(column.length(), length)
                : null;
    }

    private <R> R execute(TableEdit.Kind kind, java.util.function.Supplier<R> statement) {
        try {
            return statement.get();
        } catch (DataAccessException e) {
            EditProblems problems = new EditProblems(fields.keySet());
            ConstraintProblems.tell(e, kind, fields.values(), problems);
            if (problems.isEmpty()) {
                throw e;
            }
            throw new Refused(problems.answer());
        }
    }

    private void callBeforeCommit(DSLContext dsl, TableEdit<T> done, EditHost host) {
        EditProblems problems = new EditProblems(fields.keySet());
        try {
            beforeCommit.beforeCommit(done, new EditContext(host, dsl, problems));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw failed("beforeCommit", e);
        }
        refuseIfAny(problems);
    }

    private void callAfterCommit(TableEdit<T> done) {
        try {
            afterCommit.afterCommit(done);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw failed("afterCommit", e);
        }
    }

    private PeekException failed(String hook, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new PeekException(
                ErrorCode.INTERNAL,
                hook + " of table " + type.getSimpleName() + " failed: " + e.getMessage(),
                e);
    }

    private static void refuseIfAny(EditProblems problems) {
        if (!problems.isEmpty()) {
            throw new Refused(problems.answer());
        }
    }

    private Condition isRow(T row) {
        return key.column().eq(key.toColumn(key.valueIn(row)));
    }

    private T stored(DSLContext dsl, Condition which) {
        return row(dsl.select(columns()).from(table).where(which).fetchSingle());
    }

    private List<Field<Object>> columns() {
        return fields.values().stream().map(TableField::column).toList();
    }

    private T row(Record found) {
        Object[] values = fields.values().stream().map(field -> field.valueIn(found)).toArray();
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the row "
                            + found.get(key.column())
                            + " of "
                            + table.getName()
                            + " is not one that "
                            + type.getSimpleName()
                            + " allows: "
                            + e.getTargetException().getMessage(),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL, "a " + type.getSimpleName() + " cannot be made", e);
        }
    }

    private static <T> Constructor<T> constructor(Class<T> type) {
        Class<?>[] components =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            Constructor<T> found = type.getDeclaredConstructor(components);
            found.setAccessible(true);
            return found;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has this constructor", e);
        }
    }

    private static @Nullable TableField find(Map<String, TableField> fields, Access access) {
        return fields.values().stream()
                .filter(field -> field.access() == access)
                .findFirst()
                .orElse(null);
    }

    /// Says what is wrong with a row that is to be saved. Implemented by plugins; called before
    /// anything is written, on the thread and in the transaction of the edit. What it throws fails
    /// the edit.
    @FunctionalInterface
    public interface Check<T extends Tuple> {
        void check(T row, EditProblems problems) throws Exception;
    }

    /// Called when an edit has been made and before it is committed, on its thread and in its
    /// transaction; may block, change more and refuse. Implemented by plugins. What it throws rolls
    /// the edit back and fails it.
    @FunctionalInterface
    public interface BeforeCommit<T extends Tuple> {
        /// @param edit with rows as they are in the database
        void beforeCommit(TableEdit<T> edit, EditContext context) throws Exception;
    }

    /// Called when an edit has been committed, before its sender is answered, on a virtual thread
    /// and outside of any transaction; may block. Implemented by plugins. What it throws is logged
    /// and changes nothing.
    @FunctionalInterface
    public interface AfterCommit<T extends Tuple> {
        /// @param edit with rows as they are in the database
        void afterCommit(TableEdit<T> edit) throws Exception;
    }

    /// An answer that rolls back on its way.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient TableAnswer<?> answer;

        Refused(TableAnswer<?> answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    /// Describes a table. A component is named as in the record, a column by its jOOQ field. Not
    /// safe for use by several threads.
    public static final class Builder<T extends Tuple> {
        private final Class<T> type;
        private final Table<?> table;
        private final Map<String, TableField> named = new LinkedHashMap<>();
        private final Map<TableEdit.Kind, Audience> editors = new EnumMap<>(TableEdit.Kind.class);
        private final List<TupleSelector<?>> changes = new ArrayList<>();
        private @Nullable Audience readers;
        private UnaryOperator<T> normalise = UnaryOperator.identity();
        private Check<T> check = (row, problems) -> {};
        private BeforeCommit<T> beforeCommit = (edit, context) -> {};
        private AfterCommit<T> afterCommit = edit -> {};

        private Builder(Class<T> type, Table<?> table) {
            this.type = type;
            this.table = table;
        }

        /// The column of the [TupleKey], which the database fills in.
        public Builder<T> generatedKey(Field<?> column) {
            return add(keyComponent(), column, Access.GENERATED_KEY);
        }

        /// The column of the [TupleKey], which is entered with a new row and never changes.
        public Builder<T> enteredKey(Field<?> column) {
            return add(keyComponent(), column, Access.ENTERED_KEY);
        }

        /// A component that may be written.
        public Builder<T> field(String component, Field<?> column) {
            return add(component(component), column, Access.WRITABLE);
        }

        /// A component that is shown and never written.
        public Builder<T> readOnly(String component, Field<?> column) {
            return add(component(component), column, Access.READ_ONLY);
        }

        /// A whole number that each update of this table counts up, and by which alone it tells
        /// whether a row is as its editor saw it. Everything else that writes to the table has to
        /// count it up too. Without it all components are compared.
        public Builder<T> version(String component, Field<? extends Number> column) {
            return add(component(component), column, Access.VERSION);
        }

        /// Who may read. Must be named.
        public Builder<T> readableBy(Audience audience) {
            readers = requireNonNull(audience, "audience");
            return this;
        }

        /// Who may edit in these ways, all of them when none is named.
        public Builder<T> editableBy(Audience audience, TableEdit.Kind... kinds) {
            requireNonNull(audience, "audience");
            for (TableEdit.Kind kind : kinds.length == 0 ? TableEdit.Kind.values() : kinds) {
                editors.put(kind, audience);
            }
            return this;
        }

        /// Brings rows that are to be saved into the form in which they are kept, such as without
        /// blanks around a text. Called before [Check].
        public Builder<T> normalise(UnaryOperator<T> form) {
            normalise = requireNonNull(form, "form");
            return this;
        }

        public Builder<T> check(Check<T> check) {
            this.check = requireNonNull(check, "check");
            return this;
        }

        public Builder<T> beforeCommit(BeforeCommit<T> hook) {
            beforeCommit = requireNonNull(hook, "hook");
            return this;
        }

        public Builder<T> afterCommit(AfterCommit<T> hook) {
            afterCommit = requireNonNull(hook, "hook");
            return this;
        }

        /// Whose answers change with every edit. Those that depend on the row are named in
        /// [EditContext#changed].
        public Builder<T> changes(TupleSelector<?>... selectors) {
            changes.addAll(List.of(selectors));
            return this;
        }

        /// @throws PeekException with `BAD_REQUEST` when a component has no column, the key or the
        ///   readers are missing
        public EditableTable<T> build() {
            Map<String, TableField> fields = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                TableField field = named.get(component.getName());
                if (field == null) {
                    throw wrong("has no column for '" + component.getName() + "'; name one");
                }
                fields.put(field.name(), field);
            }
            TableField key = fields.get(keyComponent().getName());
            if (key == null
                    || (key.access() != Access.GENERATED_KEY
                            && key.access() != Access.ENTERED_KEY)) {
                throw wrong(
                        "names its key as another field; use generatedKey or enteredKey for it");
            }
            if (readers == null) {
                throw wrong("does not say who may read it; name them with readableBy");
            }
            return new EditableTable<>(this, fields, key, readers);
        }

        private Builder<T> add(RecordComponent component, Field<?> column, Access access) {
            TableField field = TableField.of(component, requireNonNull(column, "column"), access);
            if (named.putIfAbsent(field.name(), field) != null) {
                throw wrong("names '" + field.name() + "' twice");
            }
            return this;
        }

        private RecordComponent component(String name) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> component.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> wrong("has no component '" + name + "'"));
        }

        private RecordComponent keyComponent() {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> component.isAnnotationPresent(TupleKey.class))
                    .findFirst()
                    .orElseThrow(() -> wrong("has no component with @TupleKey; mark the key"));
        }

        private PeekException wrong(String what) {
            return new PeekException(
                    ErrorCode.BAD_REQUEST, "the table of " + type.getName() + " " + what);
        }
    }
}
