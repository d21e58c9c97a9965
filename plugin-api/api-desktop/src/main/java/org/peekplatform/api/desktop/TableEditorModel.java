package org.peekplatform.api.desktop;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.FieldText;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableClient;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.tuple.Tuple;

/// What a [TableEditor] shows and does: one page of a table and the form for one of its rows. What
/// is entered is never overwritten by what others do meanwhile; it is said instead.
///
/// Implemented here, used by plugins that bring a view of their own or test theirs. Confined to the
/// user-interface thread; knows no controls, so tests need no window. Does not block.
public final class TableEditorModel<T extends Tuple> {
    /// How many rows a page has.
    public static final int PAGE = 100;

    /// Which rows of how many are shown.
    ///
    /// @param first number of the first row shown, from 0
    /// @param shown how many are shown
    /// @param total how many the filter lets through
    public record Position(long first, int shown, long total) {}

    private final RowShape<T> shape;
    private final TableClient<T> table;
    private final List<EditorField> fields;
    private final Executor ui;

    private final ObservableList<T> rows = FXCollections.observableArrayList();
    private final ObservableList<T> rowsView = FXCollections.unmodifiableObservableList(rows);
    private final ReadOnlyBooleanWrapper loading = new ReadOnlyBooleanWrapper(this, "loading");
    private final ReadOnlyBooleanWrapper loaded = new ReadOnlyBooleanWrapper(this, "loaded");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private final ReadOnlyObjectWrapper<Position> position =
            new ReadOnlyObjectWrapper<>(this, "position", new Position(0, 0, 0));
    private final ReadOnlyObjectWrapper<Set<TableEdit.Kind>> allowed =
            new ReadOnlyObjectWrapper<>(this, "allowed", Set.of());
    private final ReadOnlyObjectWrapper<TableQuery.@Nullable Sort> sort =
            new ReadOnlyObjectWrapper<>(this, "sort");
    private final ReadOnlyStringWrapper filterProblem =
            new ReadOnlyStringWrapper(this, "filterProblem", "");
    private TableQuery.@Nullable Filter filter;
    private long first;
    private boolean readAgain;

    private final ReadOnlyObjectWrapper<EditorForm<T>> form =
            new ReadOnlyObjectWrapper<>(this, "form", new EditorForm.Closed<>());
    private final Map<String, StringProperty> entered = new LinkedHashMap<>();
    private final Map<String, String> filled = new LinkedHashMap<>();
    private final Map<String, ReadOnlyStringWrapper> fieldProblems = new LinkedHashMap<>();
    private final ReadOnlyStringWrapper formProblem =
            new ReadOnlyStringWrapper(this, "formProblem", "");
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper(this, "note", "");
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(this, "busy");

    /// @param fields in the order of the columns; their names are components of `type`
    /// @param ui runs what arrives later on the user-interface thread
    /// @throws PeekException with `BAD_REQUEST` when a field is none of `type`, or one that can be
    ///   entered has no text form
    public TableEditorModel(
            Class<T> type, TableClient<T> table, List<EditorField> fields, Executor ui) {
        this.shape = new RowShape<>(requireNonNull(type, "type"));
        this.table = requireNonNull(table, "table");
        this.fields = List.copyOf(fields);
        this.ui = requireNonNull(ui, "ui");
        for (EditorField field : this.fields) {
            if (field.editable() && !FieldText.has(shape.typeOf(field.name()))) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "'" + field.name() + "' of " + type.getName() + " cannot be entered");
            }
            entered.put(field.name(), new SimpleStringProperty(this, field.name(), ""));
            filled.put(field.name(), "");
            fieldProblems.put(
                    field.name(), new ReadOnlyStringWrapper(this, field.name() + "Problem", ""));
        }
    }

    public List<EditorField> fields() {
        return fields;
    }

    /// The Java type of a field.
    public Class<?> typeOf(EditorField field) {
        return shape.typeOf(field.name());
    }

    /// What a cell shows.
    public String text(T row, EditorField field) {
        return shape.text(row, field.name());
    }

    /// Whether these are two states of one row.
    public boolean isSameRow(T one, T other) {
        return shape.isSameRow(one, other);
    }

    /// The page; unmodifiable.
    public ObservableList<T> rows() {
        return rowsView;
    }

    /// While a page is being read.
    public ReadOnlyBooleanProperty loadingProperty() {
        return loading.getReadOnlyProperty();
    }

    /// Whether a page has arrived.
    public ReadOnlyBooleanProperty loadedProperty() {
        return loaded.getReadOnlyProperty();
    }

    /// A whole sentence while the rows cannot be read, else empty. The rows shown stay.
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Position> positionProperty() {
        return position.getReadOnlyProperty();
    }

    /// What the user may do.
    public ReadOnlyObjectProperty<Set<TableEdit.Kind>> allowedProperty() {
        return allowed.getReadOnlyProperty();
    }

    /// By what the rows are sorted; `null` when by their key.
    public ReadOnlyObjectProperty<TableQuery.@Nullable Sort> sortProperty() {
        return sort.getReadOnlyProperty();
    }

    /// A sentence while what was typed as a filter cannot be used, else empty.
    public ReadOnlyStringProperty filterProblemProperty() {
        return filterProblem.getReadOnlyProperty();
    }

    /// Reads the page anew; called first when the view opens, and whenever the rows may have
    /// changed. Calls while a page is being read lead to one more reading together.
    public void reload() {
        if (loading.get()) {
            readAgain = true;
            return;
        }
        loading.set(true);
        TableQuery<T> query =
                new TableQuery<>(
                        filter == null ? List.of() : List.of(filter),
                        sort.get() == null ? List.of() : List.of(sort.get()),
                        PAGE,
                        first,
                        null,
                        true);
        table.read(query)
                .whenComplete((page, failure) -> ui.execute(() -> finishReading(page, failure)));
    }

    public boolean hasNext() {
        return first + rows.size() < position.get().total();
    }

    public boolean hasPrevious() {
        return first > 0;
    }

    public void next() {
        if (hasNext()) {
            first += PAGE;
            reload();
        }
    }

    public void previous() {
        first = Math.max(0, first - PAGE);
        reload();
    }

    /// Sorts by one field, or by the key with `null`.
    public void sortBy(TableQuery.@Nullable Sort wanted) {
        sort.set(wanted);
        first = 0;
        reload();
    }

    /// Shows the rows whose `field` is like what was typed: contains it, when it is a text in any
    /// case; else is equal to it, or to a range such as `>5`, `<=5` or `1..9`. Blank shows all.
    public void filter(EditorField field, String typed) {
        String text = typed.strip();
        try {
            filter = text.isEmpty() ? null : filterOf(field, text);
        } catch (IllegalArgumentException e) {
            filterProblem.set(String.valueOf(e.getMessage()));
            return;
        }
        filterProblem.set("");
        first = 0;
        reload();
    }

    private TableQuery.Filter filterOf(EditorField field, String text) {
        Class<?> type = typeOf(field);
        if (type == String.class) {
            return filter(field, TableQuery.Operator.CONTAINS, text);
        }
        int range = text.indexOf("..");
        if (range > 0) {
            return filter(
                    field,
                    TableQuery.Operator.BETWEEN,
                    text.substring(0, range),
                    text.substring(range + 2));
        }
        if (text.startsWith(">=")) {
            return filter(field, TableQuery.Operator.AT_LEAST, text.substring(2));
        } else if (text.startsWith("<=")) {
            return filter(field, TableQuery.Operator.AT_MOST, text.substring(2));
        } else if (text.startsWith(">")) {
            return filter(field, TableQuery.Operator.GREATER, text.substring(1));
        } else if (text.startsWith("<")) {
            return filter(field, TableQuery.Operator.LESS, text.substring(1));
        }
        return filter(field, TableQuery.Operator.EQUAL, text);
    }

    private TableQuery.Filter filter(
            EditorField field, TableQuery.Operator operator, String... values) {
        List<String> texts = new ArrayList<>();
        for (String value : values) {
            texts.add(FieldText.of(FieldText.parse(typeOf(field), value)));
        }
        return new TableQuery.Filter(field.name(), operator, texts);
    }

    private void finishReading(@Nullable TablePage<T> page, @Nullable Throwable failure) {
        loading.set(false);
        if (readAgain) {
            // The answer is to an older question.
            readAgain = false;
            reload();
        } else if (page == null) {
            problem.set(sentence(failure));
        } else if (page.rows().isEmpty() && first > 0) {
            first = Math.max(0, first - PAGE);
            reload();
        } else {
            show(page);
        }
    }

    private void show(TablePage<T> page) {
        problem.set("");
        allowed.set(page.allowed());
        if (!rows.equals(page.rows())) {
            rows.setAll(page.rows());
        }
        Long total = page.total();
        position.set(new Position(first, rows.size(), total == null ? first + rows.size() : total));
        loaded.set(true);
        follow();
    }

    /// Brings the form up to date with its row, as far as nothing was entered.
    private void follow() {
        if (!(form.get() instanceof EditorForm.Changing<T>(T before)) || busy.get()) {
            return;
        }
        for (T row : rows) {
            if (isSameRow(row, before) && !row.equals(before)) {
                if (isTouched()) {
                    note.set(
                            "Somebody has changed this row meanwhile; saving shows both versions.");
                } else {
                    fill(row);
                    form.set(new EditorForm.Changing<>(row));
                }
            }
        }
    }

    /// What the form is about.
    public ReadOnlyObjectProperty<EditorForm<T>> formProperty() {
        return form.getReadOnlyProperty();
    }

    /// What is entered for a field; booleans are `true` or `false`.
    public StringProperty enteredProperty(EditorField field) {
        return requireNonNull(entered.get(field.name()), field.name());
    }

    /// What is wrong with a field, or empty.
    public ReadOnlyStringProperty problemProperty(EditorField field) {
        return requireNonNull(fieldProblems.get(field.name()), field.name()).getReadOnlyProperty();
    }

    /// What is wrong with the row as a whole, or why it could not be saved; or empty.
    public ReadOnlyStringProperty formProblemProperty() {
        return formProblem.getReadOnlyProperty();
    }

    /// A sentence about what has happened, or empty.
    public ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    /// While an edit is under way.
    public ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /// Whether something is entered that would be lost.
    public boolean isTouched() {
        for (EditorField field : fields) {
            if (field.editable()
                    && !enteredProperty(field).get().equals(filled.get(field.name()))) {
                return true;
            }
        }
        return false;
    }

    /// Opens the form for a new row, unless something is entered in it.
    ///
    /// @return whether it is open
    public boolean add() {
        if (!allowed.get().contains(TableEdit.Kind.CREATE) || !leave()) {
            return false;
        }
        fill(null);
        form.set(new EditorForm.Adding<>());
        return true;
    }

    /// Opens the form for a row, unless something is entered in it for another one.
    ///
    /// @return whether it is open
    public boolean edit(T row) {
        if (form.get() instanceof EditorForm.Changing<T>(T before) && isSameRow(before, row)) {
            return true;
        }
        if (!allowed.get().contains(TableEdit.Kind.UPDATE) || !leave()) {
            return false;
        }
        fill(row);
        form.set(new EditorForm.Changing<>(row));
        return true;
    }

    /// Closes the form and drops what is entered.
    public void cancel() {
        if (!busy.get()) {
            note.set("");
            close();
        }
    }

    /// Sends what is entered.
    public void save() {
        if (busy.get()) {
            return;
        }
        TableEdit<T> edit;
        try {
            edit =
                    switch (form.get()) {
                        case EditorForm.Adding<T>() -> withEntered(null);
                        case EditorForm.Changing<T>(T before) -> withEntered(before);
                        case EditorForm.Conflict<T>(T theirs, List<String> differing) -> null;
                        case EditorForm.Deleting<T>(T row) -> null;
                        case EditorForm.Closed<T>() -> null;
                    };
        } catch (IllegalArgumentException e) {
            formProblem.set(String.valueOf(e.getMessage()));
            return;
        }
        if (edit != null) {
            send(edit, this::finishSaving);
        }
    }

    /// Gives up what is entered for what somebody else has saved.
    public void takeTheirs() {
        if (form.get() instanceof EditorForm.Conflict<T>(T theirs, List<String> differing)) {
            fill(theirs);
            form.set(new EditorForm.Changing<>(theirs));
        }
    }

    /// Saves what is entered over what somebody else has saved.
    public void keepMine() {
        if (form.get() instanceof EditorForm.Conflict<T>(T theirs, List<String> differing)) {
            form.set(new EditorForm.Changing<>(theirs));
            save();
        }
    }

    /// Asks whether to delete a row.
    public void askDelete(T row) {
        if (allowed.get().contains(TableEdit.Kind.DELETE) && leave()) {
            fill(row);
            form.set(new EditorForm.Deleting<>(row));
        }
    }

    /// Deletes the row that was asked about.
    public void delete() {
        if (!busy.get() && form.get() instanceof EditorForm.Deleting<T>(T row)) {
            send(new TableEdit.Delete<>(row), this::finishDeleting);
        }
    }

    private boolean leave() {
        if (busy.get()) {
            return false;
        }
        boolean unsaved =
                switch (form.get()) {
                    case EditorForm.Adding<T>() -> isTouched();
                    case EditorForm.Changing<T>(T before) -> isTouched();
                    case EditorForm.Conflict<T>(T theirs, List<String> differing) -> true;
                    case EditorForm.Deleting<T>(T row) -> false;
                    case EditorForm.Closed<T>() -> false;
                };
        note.set(unsaved ? "Save or cancel what you have entered first." : "");
        return !unsaved;
    }

    /// @return `null` when something cannot be read, which is then said at its field
    private @Nullable TableEdit<T> withEntered(@Nullable T before) {
        clearProblems();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        boolean readable = true;
        for (EditorField field : fields) {
            if (field.editable()) {
                try {
                    values.put(field.name(), parsed(field));
                } catch (IllegalArgumentException e) {
                    readable = false;
                    fieldProblem(field.name()).set(String.valueOf(e.getMessage()));
                }
            }
        }
        if (!readable) {
            return null;
        }
        T row =
                shape.make(name -> {
                    if (values.containsKey(name)) {
                        return values.get(name);
                    }
                    if (before != null) {
                        return shape.value(before, name);
                    }
                    return shape.mayBeNull(name) || shape.typeOf(name) != String.class ? null : "";
                });
        return before == null ? new TableEdit.Create<>(row) : new TableEdit.Update<>(before, row);
    }

    private @Nullable Object parsed(EditorField field) {
        String text = enteredProperty(field).get();
        Class<?> type = typeOf(field);
        if (text.isBlank() && type == boolean.class) {
            return false;
        }
        if (text.isEmpty() || (text.isBlank() && type != String.class)) {
            if (type == String.class) {
                return shape.mayBeNull(field.name()) ? null : "";
            }
            if (type.isPrimitive()) {
                throw new IllegalArgumentException("A value is needed here.");
            }
            return null;
        }
        return FieldText.parse(type, text);
    }

    private void send(TableEdit<T> edit, Consumer<TableAnswer<T>> then) {
        clearProblems();
        note.set("");
        busy.set(true);
        table.edit(edit)
                .whenComplete((answer, failure) ->
                        ui.execute(() -> {
                            busy.set(false);
                            if (answer == null) {
                                formProblem.set(sentence(failure));
                            } else {
                                then.accept(answer);
                            }
                            reload();
                        }));
    }

    private void finishSaving(TableAnswer<T> answer) {
        switch (answer) {
            case TableAnswer.Saved<T>(T row) -> {
                note.set("Saved.");
                if (form.get() instanceof EditorForm.Adding<T>) {
                    fill(null);
                } else {
                    fill(row);
                    form.set(new EditorForm.Changing<>(row));
                }
            }
            case TableAnswer.Invalid<T> invalid -> tell(invalid);
            case TableAnswer.Changed<T>(T current, List<String> differing) ->
                    form.set(new EditorForm.Conflict<>(current, differing));
            case TableAnswer.Gone<T>() -> {
                filled.replaceAll((name, text) -> "");
                form.set(new EditorForm.Adding<>());
                note.set("This row has been deleted meanwhile; saving adds it as a new one.");
            }
        }
    }

    private void finishDeleting(TableAnswer<T> answer) {
        switch (answer) {
            case TableAnswer.Saved<T>(T row) -> {
                close();
                note.set("Deleted.");
            }
            case TableAnswer.Invalid<T> invalid -> {
                List<String> all = new ArrayList<>(invalid.general());
                all.addAll(invalid.fields().values());
                formProblem.set(String.join(" ", all));
            }
            case TableAnswer.Changed<T>(T current, List<String> differing) -> {
                fill(current);
                form.set(new EditorForm.Deleting<>(current));
                formProblem.set(
                        "Somebody has changed this row meanwhile; it is shown as it is now.");
            }
            case TableAnswer.Gone<T>() -> {
                close();
                note.set("Somebody else has deleted this row already.");
            }
        }
    }

    private void tell(TableAnswer.Invalid<T> invalid) {
        List<String> rest = new ArrayList<>(invalid.general());
        invalid.fields()
                .forEach((name, sentence) -> {
                    if (fields.stream().anyMatch(f -> f.editable() && f.name().equals(name))) {
                        fieldProblem(name).set(sentence);
                    } else {
                        rest.add(name + ": " + sentence);
                    }
                });
        formProblem.set(String.join(" ", rest));
    }

    private void close() {
        fill(null);
        form.set(new EditorForm.Closed<>());
    }

    private void fill(@Nullable T row) {
        clearProblems();
        for (EditorField field : fields) {
            String text = row == null ? "" : text(row, field);
            filled.put(field.name(), text);
            enteredProperty(field).set(text);
        }
    }

    private void clearProblems() {
        formProblem.set("");
        fieldProblems.values().forEach(each -> each.set(""));
    }

    private ReadOnlyStringWrapper fieldProblem(String name) {
        return requireNonNull(fieldProblems.get(name), name);
    }

    private static String sentence(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof PeekException e) {
            if (e.code().equals(ErrorCode.OFFLINE)) {
                return "The server cannot be reached now, so nothing was changed; try again when"
                        + " the connection is back.";
            }
            if (e.code().equals(ErrorCode.TIMED_OUT)) {
                return "The server did not answer in time; the rows show whether anything was"
                        + " changed.";
            }
        }
        String message = cause == null ? null : cause.getMessage();
        return "That failed: " + (message == null ? "no reason was given" : message) + ".";
    }
}
