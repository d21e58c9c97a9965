package org.peekplatform.plugins.tutorial.desktop;

import java.util.List;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.geometry.Pos;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.skin.VirtualFlow;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// The rows in a table with a filter, used by both views. The selected row stays selected and the
/// rows in sight stay in place when others come and go.
public final class RowsTable {
    private static final double NUMBER_WIDTH = 190;

    private final RowsModel model;
    private final FilteredList<StringInt> filtered;
    private final TableView<StringInt> table = new TableView<>();
    private final TextField filter = new TextField();
    private final Label count = new Label();
    private final ReadOnlyObjectWrapper<@Nullable StringInt> selected =
            new ReadOnlyObjectWrapper<>(this, "selected");
    private @Nullable StringInt topmost;
    private double topmostAt;

    /// @param empty the sentence shown when there are no rows at all
    public RowsTable(RowsModel model, String empty) {
        this.model = model;
        this.filtered = new FilteredList<>(model.rows());
        SortedList<StringInt> sorted = new SortedList<>(filtered);
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        table.setId("rows");
        table.setAccessibleText("Rows");
        table.getColumns().setAll(List.of(textColumn(), numberColumn()));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);

        Label placeholder = new Label();
        placeholder.setWrapText(true);
        placeholder
                .textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> placeholder(empty),
                                model.loadingProperty(),
                                model.rows(),
                                filter.textProperty()));
        table.setPlaceholder(placeholder);

        filter.setId("filter");
        filter.setPromptText("Filter by text");
        filter.setAccessibleText("Show only rows that contain this text");
        filter.textProperty().addListener((property, before, now) -> applyFilter(now));

        count.setId("count");
        count.getStyleClass().add("text-muted");
        count.textProperty()
                .bind(Bindings.createStringBinding(this::counted, filtered, model.rows()));

        table.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, before, now) -> select(now));
        model.updatingProperty()
                .addListener((property, before, now) -> {
                    if (now) {
                        remember();
                    } else {
                        restore();
                    }
                });
    }

    public TableView<StringInt> table() {
        return table;
    }

    /// The field that narrows the table to rows whose text contains what is entered.
    public TextField filter() {
        return filter;
    }

    /// Says how many rows there are, and how many of them are shown.
    public Label count() {
        return count;
    }

    /// The selected row as it is now; `null` when there is none.
    public ReadOnlyObjectProperty<@Nullable StringInt> selectedProperty() {
        return selected.getReadOnlyProperty();
    }

    private void applyFilter(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        filtered.setPredicate(
                wanted.isEmpty()
                        ? null
                        : row -> row.string1().toLowerCase(Locale.ROOT).contains(wanted));
        StringInt kept = selected.get();
        int index = kept == null ? -1 : indexOf(kept);
        table.scrollTo(Math.max(index, 0));
    }

    private String counted() {
        int all = model.rows().size();
        String rows = String.format(Locale.ENGLISH, "%,d %s", all, all == 1 ? "row" : "rows");
        return filtered.size() == all
                ? rows
                : String.format(Locale.ENGLISH, "%,d of %s", filtered.size(), rows);
    }

    private String placeholder(String empty) {
        if (model.loadingProperty().get()) {
            return "Waiting for the rows…";
        }
        return model.rows().isEmpty()
                ? empty
                : "No row contains '" + filter.getText().strip() + "'.";
    }

    private void select(@Nullable StringInt row) {
        // The table's own selection wanders while rows come and go around it.
        if (!model.updatingProperty().get()) {
            selected.set(row);
        }
    }

    private void remember() {
        topmost = null;
        if (!(flow() instanceof VirtualFlow<?> flow)) {
            return;
        }
        IndexedCell<?> first = flow.getFirstVisibleCell();
        // Rounding may leave a hair of the row above in sight.
        if (first != null && first.getLayoutY() + first.getHeight() < 1) {
            first = flow.getVisibleCell(first.getIndex() + 1);
        }
        if (first != null && first.getIndex() < table.getItems().size()) {
            topmost = table.getItems().get(first.getIndex());
            topmostAt = first.getLayoutY();
        }
    }

    private void restore() {
        restoreSelection();
        int index = topmost == null ? -1 : indexOf(topmost);
        if (index < 0 || !(flow() instanceof VirtualFlow<?> flow)) {
            return;
        }
        // The next update may come before the next pulse, and must find the cells in place.
        table.layout();
        IndexedCell<?> cell = flow.getVisibleCell(index);
        if (cell == null) {
            flow.scrollToTop(index);
            table.layout();
            cell = flow.getVisibleCell(index);
        }
        if (cell != null && Math.abs(cell.getLayoutY() - topmostAt) >= 1) {
            flow.scrollPixels(cell.getLayoutY() - topmostAt);
            table.layout();
        }
    }

    private void restoreSelection() {
        StringInt before = selected.get();
        if (before == null) {
            return;
        }
        int index = indexOf(before);
        if (index < 0) {
            table.getSelectionModel().clearSelection();
            selected.set(null);
            return;
        }
        if (table.getSelectionModel().getSelectedIndex() != index) {
            table.getSelectionModel().clearAndSelect(index);
        }
        selected.set(table.getItems().get(index));
    }

    private int indexOf(StringInt row) {
        for (int i = 0; i < table.getItems().size(); i++) {
            if (table.getItems().get(i).id() == row.id()) {
                return i;
            }
        }
        return -1;
    }

    private @Nullable Object flow() {
        return table.lookup(".virtual-flow");
    }

    private static TableColumn<StringInt, String> textColumn() {
        TableColumn<StringInt, String> column = new TableColumn<>("Text");
        column.setCellValueFactory(row -> new ReadOnlyStringWrapper(row.getValue().string1()));
        return column;
    }

    private static TableColumn<StringInt, Number> numberColumn() {
        TableColumn<StringInt, Number> column = new TableColumn<>("Number");
        column.setCellValueFactory(row -> new ReadOnlyLongWrapper(row.getValue().int1()));
        column.setCellFactory(any -> new NumberCell());
        column.getStyleClass().add("align-right");
        column.setMinWidth(NUMBER_WIDTH);
        column.setMaxWidth(NUMBER_WIDTH);
        return column;
    }

    private static final class NumberCell extends TableCell<StringInt, Number> {
        NumberCell() {
            setAlignment(Pos.CENTER_RIGHT);
        }

        @Override
        protected void updateItem(@Nullable Number number, boolean empty) {
            super.updateItem(number, empty);
            setText(empty || number == null ? null : number.toString());
        }
    }
}
