package org.peekplatform.plugins.tutorial.admin;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.Settings;

/// The form of the settings. It follows changes made elsewhere as long as nothing is entered.
/// Confined to the UI thread; knows no controls.
public final class SettingsForm {
    private final Actions actions;
    private final ObservableValue<Settings> stored;
    private final StringProperty title = new SimpleStringProperty(this, "title");
    private final StringProperty step = new SimpleStringProperty(this, "step");
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper(this, "note", "");
    private final BooleanExpression touched;
    private final BooleanExpression savable;

    /// @param stored what is in force now
    public SettingsForm(Actions actions, ObservableValue<Settings> stored) {
        this.actions = actions;
        this.stored = stored;
        fill(stored.getValue());
        touched =
                Bindings.createBooleanBinding(
                        () -> differs(stored.getValue()), title, step, stored);
        savable =
                touched.and(
                        Bindings.createBooleanBinding(
                                () -> !title.get().isBlank() && number() != null, title, step));
        stored.addListener((property, before, now) -> {
            if (!differs(before)) {
                fill(now);
            }
        });
    }

    public StringProperty titleProperty() {
        return title;
    }

    public StringProperty stepProperty() {
        return step;
    }

    /// Whether the form says something else than what is stored.
    public BooleanExpression touchedProperty() {
        return touched;
    }

    public BooleanExpression savableProperty() {
        return savable;
    }

    /// A sentence while the last save was refused or failed, else empty.
    public ReadOnlyStringProperty problemProperty() {
        return actions.problemProperty();
    }

    /// A sentence about what happened, or empty.
    public ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    public void save() {
        Integer number = number();
        if (!savable.get() || number == null) {
            return;
        }
        note.set("");
        actions.send(
                new SaveSettings(title.get().strip(), number),
                () -> note.set("The settings were saved."));
    }

    /// Drops what was entered.
    public void reset() {
        fill(stored.getValue());
        actions.clearProblem();
        note.set("");
    }

    private void fill(Settings settings) {
        title.set(settings.title());
        step.set(Integer.toString(settings.step()));
    }

    private boolean differs(Settings settings) {
        return !title.get().strip().equals(settings.title())
                || !step.get().strip().equals(Integer.toString(settings.step()));
    }

    private @Nullable Integer number() {
        Long whole = Numbers.parse(step.get());
        if (whole == null || whole != whole.intValue()) {
            return null;
        }
        return whole.intValue();
    }
}
