package org.peekplatform.plugins.tutorial.admin;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.tuples.DeleteRow;
import org.peekplatform.plugins.tutorial.tuples.SaveRow;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// The form in which one row is added, changed or deleted. What is entered is never overwritten by
/// what others do meanwhile; it is said instead. Confined to the UI thread; knows no controls.
public final class RowEditor {
    private final Actions actions;
    private final ReadOnlyObjectWrapper<@Nullable StringInt> row =
            new ReadOnlyObjectWrapper<>(this, "row");
    private final StringProperty text = new SimpleStringProperty(this, "text", "");
    private final StringProperty number = new SimpleStringProperty(this, "number", "");
    private final ReadOnlyBooleanWrapper confirming =
            new ReadOnlyBooleanWrapper(this, "confirming");
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper(this, "note", "");
    private final BooleanExpression savable;

    public RowEditor(RowsModel rows) {
        this.actions = rows.actions();
        this.savable =
                Bindings.createBooleanBinding(
                        () -> !text.get().isBlank() && whole() != null && isTouched(),
                        text,
                        number,
                        row);
        rows.onUpdate(this::follow);
    }

    /// The row being changed; `null` while one is being added.
    public ReadOnlyObjectProperty<@Nullable StringInt> rowProperty() {
        return row.getReadOnlyProperty();
    }

    public StringProperty textProperty() {
        return text;
    }

    public StringProperty numberProperty() {
        return number;
    }

    /// Whether what is entered can be saved.
    public BooleanExpression savableProperty() {
        return savable;
    }

    /// While the question is open whether to delete the row.
    public ReadOnlyBooleanProperty confirmingProperty() {
        return confirming.getReadOnlyProperty();
    }

    /// A sentence about what happened, or empty.
    public ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    /// Turns to a row, or with `null` to a new one. Staying on the same row keeps what is entered.
    public void edit(@Nullable StringInt chosen) {
        StringInt now = row.get();
        if (chosen != null && now != null && chosen.id() == now.id()) {
            return;
        }
        if (chosen == null && now == null) {
            return;
        }
        fill(chosen);
        note.set("");
    }

    /// Empties the form for a new row.
    public void startNew() {
        fill(null);
        note.set("");
    }

    public void save() {
        Long value = whole();
        if (!savable.get() || value == null) {
            return;
        }
        StringInt saved = row.get();
        String entered = text.get().strip();
        note.set("");
        actions.send(
                new SaveRow(saved == null ? null : saved.id(), entered, value),
                () -> {
                    note.set("'" + entered + "' was saved.");
                    if (saved == null) {
                        if (row.get() == null) {
                            fill(null);
                        }
                    } else if (isOn(saved.id())) {
                        fill(new StringInt(saved.id(), entered, value));
                    }
                });
    }

    /// Opens the question whether to delete the row.
    public void askDelete() {
        note.set("");
        confirming.set(row.get() != null);
    }

    public void keep() {
        confirming.set(false);
    }

    public void delete() {
        StringInt doomed = row.get();
        if (doomed == null || !confirming.get()) {
            return;
        }
        confirming.set(false);
        note.set("");
        actions.send(
                new DeleteRow(doomed.id()),
                () -> {
                    if (isOn(doomed.id())) {
                        fill(null);
                    }
                    note.set("'" + doomed.string1() + "' was deleted.");
                });
    }

    private void follow(TupleUpdate<StringInt> update) {
        StringInt mine = row.get();
        if (mine == null) {
            return;
        }
        for (StringInt gone : update.removed()) {
            if (gone.id() == mine.id()) {
                boolean touched = isTouched();
                row.set(null);
                confirming.set(false);
                if (!touched) {
                    fill(null);
                }
                note.set(
                        "'"
                                + gone.string1()
                                + "' has been deleted"
                                + (touched ? "; saving adds it as a new row." : "."));
            }
        }
        for (StringInt now : update.changed()) {
            if (now.id() == mine.id()) {
                if (isTouched() && !now.equals(entered(mine.id()))) {
                    row.set(now);
                    note.set(
                            "This row has meanwhile become '"
                                    + now.string1()
                                    + "', "
                                    + now.int1()
                                    + "; saving overwrites that.");
                } else {
                    boolean asking = confirming.get();
                    fill(now);
                    confirming.set(asking);
                }
            }
        }
    }

    private void fill(@Nullable StringInt content) {
        row.set(content);
        text.set(content == null ? "" : content.string1());
        number.set(content == null ? "" : Long.toString(content.int1()));
        confirming.set(false);
    }

    private boolean isOn(long id) {
        StringInt now = row.get();
        return now != null && now.id() == id;
    }

    private boolean isTouched() {
        StringInt saved = row.get();
        return saved == null
                ? !text.get().isEmpty() || !number.get().isEmpty()
                : !saved.equals(entered(saved.id()));
    }

    private @Nullable StringInt entered(long id) {
        Long value = whole();
        return value == null ? null : new StringInt(id, text.get().strip(), value);
    }

    private @Nullable Long whole() {
        return Numbers.parse(number.get());
    }
}
