package org.peekplatform.plugins.tutorial.desktop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.tuples.ToggleCapitals;

/// The rows and the settings, live, and what users may do to a row. Confined to the UI thread;
/// knows no controls.
public final class RowsModel implements AutoCloseable {
    /// From how many single changes on replacing the whole list costs less than telling of each.
    private static final int MANY = 200;

    private final Actions actions;
    private final ObservableList<StringInt> rows = FXCollections.observableArrayList();
    private final ObservableList<StringInt> rowsView =
            FXCollections.unmodifiableObservableList(rows);
    private final ReadOnlyBooleanWrapper loading =
            new ReadOnlyBooleanWrapper(this, "loading", true);
    private final ReadOnlyBooleanWrapper updating = new ReadOnlyBooleanWrapper(this, "updating");
    private final ReadOnlyObjectWrapper<Settings> settings =
            new ReadOnlyObjectWrapper<>(this, "settings", Settings.DEFAULT);
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private final List<Consumer<TupleUpdate<StringInt>>> listeners = new ArrayList<>();
    private final Executor ui;
    private final Registration rowsObservation;
    private final Registration settingsObservation;

    public RowsModel(TupleObserver observer, ActionSender sender, Executor ui) {
        this.ui = ui;
        this.actions = new Actions(sender, ui);
        this.rowsObservation =
                observer.observe(TupleSelector.of(StringInt.class), listen(this::show));
        this.settingsObservation =
                observer.observe(
                        TupleSelector.of(Settings.class),
                        listen(update -> update.rows().forEach(settings::set)));
    }

    /// The rows in the server's order; unmodifiable.
    public ObservableList<StringInt> rows() {
        return rowsView;
    }

    /// Until the rows arrive for the first time.
    public ReadOnlyBooleanProperty loadingProperty() {
        return loading.getReadOnlyProperty();
    }

    /// While an update is being applied to [#rows()], so that a view can keep what it shows in
    /// place.
    public ReadOnlyBooleanProperty updatingProperty() {
        return updating.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Settings> settingsProperty() {
        return settings.getReadOnlyProperty();
    }

    /// A whole sentence while the rows cannot be had, else empty. The rows shown stay.
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    public Actions actions() {
        return actions;
    }

    /// Calls `listener` after every update of the rows.
    public void onUpdate(Consumer<TupleUpdate<StringInt>> listener) {
        listeners.add(listener);
    }

    public void toggleCapitals(StringInt row) {
        actions.send(new ToggleCapitals(row.id()), () -> {});
    }

    /// Adds the step of the settings to the number of a row.
    public void increase(StringInt row) {
        actions.send(new AddToInt(row.id(), settings.get().step()), () -> {});
    }

    /// Takes the step of the settings from the number of a row.
    public void decrease(StringInt row) {
        actions.send(new AddToInt(row.id(), -settings.get().step()), () -> {});
    }

    @Override
    public void close() {
        rowsObservation.close();
        settingsObservation.close();
    }

    private void show(TupleUpdate<StringInt> update) {
        updating.set(true);
        try {
            if (!applySingly(update)) {
                rows.setAll(update.rows());
            }
        } finally {
            updating.set(false);
        }
        loading.set(false);
        problem.set("");
        listeners.forEach(listener -> listener.accept(update));
    }

    /// Applies only what is new, so that a table of many rows redraws only that.
    ///
    /// @return whether the list is now as the update says; when not, its order has changed
    private boolean applySingly(TupleUpdate<StringInt> update) {
        if (rows.isEmpty() || update.added().size() + update.changed().size() > MANY) {
            return false;
        }
        if (!update.removed().isEmpty()) {
            Set<Long> removed = ids(update.removed());
            rows.removeIf(row -> removed.contains(row.id()));
        }
        Set<Long> added = ids(update.added());
        int at = 0;
        for (StringInt row : update.rows()) {
            if (at == rows.size() || rows.get(at).id() != row.id()) {
                if (!added.contains(row.id())) {
                    return false;
                }
                rows.add(at, row);
            } else if (!rows.get(at).equals(row)) {
                rows.set(at, row);
            }
            at++;
        }
        return rows.size() == at;
    }

    private static Set<Long> ids(List<StringInt> rows) {
        return rows.stream().map(StringInt::id).collect(Collectors.toCollection(HashSet::new));
    }

    private <T extends Tuple> TupleListener<T> listen(Consumer<TupleUpdate<T>> show) {
        return new TupleListener<>() {
            @Override
            public void rows(TupleUpdate<T> update) {
                ui.execute(() -> show.accept(update));
            }

            @Override
            public void problem(ErrorCode code, String message) {
                ui.execute(() -> problem.set(message));
            }
        };
    }
}
