package org.peekplatform.api.desktop;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.animation.PauseTransition;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.binding.StringBinding;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.table.FieldText;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.table.TableQuery.Direction;
import org.peekplatform.api.tuple.Tuple;

/// Reads and edits a table of the plugin's server part: a page of rows to sort and filter, and a
/// form for one of them, beside the table where there is room and below it where there is not.
///
/// Keys: Ctrl+N adds, Enter goes to the form of the selected row, Delete asks whether to delete it,
/// Ctrl+F filters, F5 reads anew, Escape leaves the form. Made and used on the JavaFX thread.
public final class TableEditor<T extends Tuple> extends BorderPane {
    private static final double WIDE = 760;
    private static final double FORM_WIDTH = 320;
    private static final double SHARE_BELOW = 0.55;
    private static final Duration BEFORE_PROGRESS_SHOWS = Duration.millis(300);
    private static final PseudoClass DANGER = PseudoClass.getPseudoClass("danger");
    private static final KeyCombination ADD =
            new KeyCodeCombination(KeyCode.N, KeyCombination.SHORTCUT_DOWN);
    private static final KeyCombination FIND =
            new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN);

    private final TableEditorModel<T> model;
    private final TableView<T> table = new TableView<>();
    private final TextField filter = new TextField();
    private final ComboBox<EditorField> filterField = new ComboBox<>();
    private final BorderPane area = new BorderPane();
    private final ScrollPane side = new ScrollPane();
    private final VBox inputs = new VBox(12);
    private final Button save = button("editor-save", "Save", "accent");
    private boolean selecting;

    /// Shows the table and reads its first page.
    public TableEditor(TableEditorModel<T> model) {
        this.model = requireNonNull(model, "model");
        getStyleClass().add("table-editor");
        getStylesheets()
                .add(
                        requireNonNull(
                                        TableEditor.class.getResource("table-editor.css"),
                                        "table-editor.css")
                                .toExternalForm());
        makeTable();
        makeInputs();
        side.setId("editor-form");
        side.getStyleClass().add("table-editor-side");
        side.setFitToWidth(true);
        side.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);

        VBox top =
                new VBox(
                        bar(),
                        message("editor-problem", "table-editor-problem", model.problemProperty()),
                        message(
                                "editor-filter-problem",
                                "table-editor-problem",
                                model.filterProblemProperty()));
        setTop(top);
        area.setCenter(table);
        setCenter(area);
        setBottom(pages());

        model.formProperty().addListener((property, before, now) -> showForm(now));
        model.busyProperty()
                .addListener((property, before, now) -> {
                    if (!now) {
                        afterEdit();
                    }
                });
        side.setPrefWidth(FORM_WIDTH);
        widthProperty().addListener((property, before, now) -> placeForm());
        heightProperty().addListener((property, before, now) -> placeForm());
        addEventFilter(KeyEvent.KEY_PRESSED, this::onKey);
        showForm(model.formProperty().get());
        model.reload();
    }

    private HBox bar() {
        Button add = button("editor-add", "Add", null);
        add.disableProperty().bind(may(TableEdit.Kind.CREATE).not());
        add.setOnAction(event -> startAdding());
        Button delete = button("editor-delete", "Delete…", null);
        delete.disableProperty()
                .bind(
                        may(TableEdit.Kind.DELETE)
                                .not()
                                .or(table.getSelectionModel().selectedItemProperty().isNull()));
        delete.setOnAction(event -> askDelete());
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox bar = new HBox(add, delete, progress(), space, filterBox());
        bar.getStyleClass().add("table-editor-bar");
        return bar;
    }

    private HBox filterBox() {
        filterField.setId("editor-filter-field");
        filterField.getItems().setAll(model.fields().stream().filter(this::isFilterable).toList());
        filterField.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable EditorField field) {
                        return field == null ? "" : field.title();
                    }

                    @Override
                    public @Nullable EditorField fromString(String title) {
                        return null;
                    }
                });
        filterField.getSelectionModel().selectFirst();
        filter.setId("editor-filter");
        filter.setPrefColumnCount(14);
        filter.promptTextProperty()
                .bind(
                        filterField
                                .valueProperty()
                                .map(field ->
                                        model.typeOf(field) == String.class
                                                ? "Filter"
                                                : "Such as 5, >5 or 1..9"));
        filter.textProperty().addListener((property, before, now) -> applyFilter());
        filterField.valueProperty().addListener((property, before, now) -> applyFilter());
        HBox box = new HBox(8, filterField, filter);
        box.setAlignment(Pos.CENTER_RIGHT);
        return box;
    }

    private boolean isFilterable(EditorField field) {
        return FieldText.has(model.typeOf(field));
    }

    private void applyFilter() {
        EditorField field = filterField.getValue();
        if (field != null) {
            model.filter(field, filter.getText());
            filter.pseudoClassStateChanged(DANGER, !model.filterProblemProperty().get().isEmpty());
        }
    }

    /// Shows that something is under way, when it takes long enough to be noticed.
    private ProgressIndicator progress() {
        ProgressIndicator wheel = new ProgressIndicator();
        wheel.setId("editor-progress");
        wheel.setPrefSize(18, 18);
        wheel.setVisible(false);
        PauseTransition wait = new PauseTransition(BEFORE_PROGRESS_SHOWS);
        BooleanBinding working = Bindings.or(model.loadingProperty(), model.busyProperty());
        wait.setOnFinished(event -> wheel.setVisible(working.get()));
        working.addListener((property, before, now) -> {
            if (now) {
                wait.playFromStart();
            } else {
                wait.stop();
                wheel.setVisible(false);
            }
        });
        // A binding lives as long as somebody holds it.
        wheel.getProperties().put("working", working);
        return wheel;
    }

    private HBox pages() {
        Label count = new Label();
        count.setId("editor-count");
        count.getStyleClass().add("table-editor-note");
        count.textProperty().bind(model.positionProperty().map(TableEditor::counted));
        Button previous = button("editor-previous", "Previous", null);
        Button next = button("editor-next", "Next", null);
        previous.setOnAction(event -> model.previous());
        next.setOnAction(event -> model.next());
        Runnable update =
                () -> {
                    previous.setDisable(!model.hasPrevious());
                    next.setDisable(!model.hasNext());
                    boolean several = model.hasPrevious() || model.hasNext();
                    previous.setVisible(several);
                    next.setVisible(several);
                };
        model.positionProperty().addListener((property, before, now) -> update.run());
        update.run();
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox pages =
                new HBox(
                        count,
                        message("editor-note", "table-editor-note", model.noteProperty()),
                        space,
                        previous,
                        next);
        pages.getStyleClass().add("table-editor-pages");
        return pages;
    }

    static String counted(TableEditorModel.Position position) {
        String word = position.total() == 1 ? "row" : "rows";
        return position.shown() == position.total()
                ? String.format(Locale.ENGLISH, "%,d %s", position.total(), word)
                : String.format(
                        Locale.ENGLISH,
                        "%,d–%,d of %,d %s",
                        position.first() + 1,
                        position.first() + position.shown(),
                        position.total(),
                        word);
    }

    private void makeTable() {
        table.setId("editor-table");
        table.setItems(model.rows());
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        for (EditorField field : model.fields()) {
            table.getColumns().add(column(field));
        }
        table.setSortPolicy(view -> {
            TableQuery.@Nullable Sort wanted = wantedSort();
            if (!Objects.equals(wanted, model.sortProperty().get())) {
                model.sortBy(wanted);
            }
            return true;
        });
        StringBinding empty =
                Bindings.createStringBinding(
                        this::placeholder, model.loadedProperty(), filter.textProperty());
        Label placeholder = new Label();
        placeholder.setId("editor-empty");
        placeholder.setWrapText(true);
        placeholder.textProperty().bind(empty);
        table.setPlaceholder(placeholder);
        table.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, before, now) -> selected(now));
        model.rows().addListener((ListChangeListener<T>) change -> selectRowOfForm());
    }

    private String placeholder() {
        if (!model.loadedProperty().get()) {
            return "Reading the rows…";
        }
        return filter.getText().isBlank()
                ? "There are no rows yet."
                : "No row is like what you have typed.";
    }

    private TableColumn<T, String> column(EditorField field) {
        TableColumn<T, String> column = new TableColumn<>(field.title());
        column.setUserData(field);
        column.setSortable(isFilterable(field));
        column.setCellValueFactory(
                row -> new ReadOnlyStringWrapper(model.text(row.getValue(), field)));
        Class<?> type = model.typeOf(field);
        if (FieldText.isWhole(type) || FieldText.isFloating(type)) {
            column.getStyleClass().add("align-right");
            column.setCellFactory(any -> new NumberCell<>());
        }
        return column;
    }

    private TableQuery.@Nullable Sort wantedSort() {
        if (table.getSortOrder().isEmpty()) {
            return null;
        }
        TableColumn<T, ?> first = table.getSortOrder().getFirst();
        EditorField field = (EditorField) first.getUserData();
        return new TableQuery.Sort(
                field.name(),
                first.getSortType() == TableColumn.SortType.DESCENDING
                        ? Direction.DESCENDING
                        : Direction.ASCENDING);
    }

    private void selected(@Nullable T row) {
        if (row == null || selecting) {
            return;
        }
        if (!model.edit(row) && may(TableEdit.Kind.UPDATE).get()) {
            selectRowOfForm();
        }
    }

    /// Keeps the selection on the row that the form is about, wherever that is now.
    private void selectRowOfForm() {
        T about =
                switch (model.formProperty().get()) {
                    case EditorForm.Changing<T>(T before) -> before;
                    case EditorForm.Conflict<T>(T theirs, List<String> differing) -> theirs;
                    case EditorForm.Deleting<T>(T row) -> row;
                    case EditorForm.Adding<T>() -> null;
                    case EditorForm.Closed<T>() -> null;
                };
        selecting = true;
        int index = -1;
        for (int i = 0; about != null && i < table.getItems().size(); i++) {
            if (model.isSameRow(table.getItems().get(i), about)) {
                index = i;
            }
        }
        if (index < 0) {
            table.getSelectionModel().clearSelection();
        } else {
            table.getSelectionModel().clearAndSelect(index);
        }
        selecting = false;
    }

    private void makeInputs() {
        for (EditorField field : model.fields()) {
            if (field.editable()) {
                inputs.getChildren().add(input(field));
            }
        }
    }

    private VBox input(EditorField field) {
        StringProperty entered = model.enteredProperty(field);
        Label label = new Label(field.title());
        label.getStyleClass().add("table-editor-label");
        Class<?> type = model.typeOf(field);
        VBox box = new VBox();
        box.getStyleClass().add("table-editor-input");
        Node control;
        if (type == boolean.class || type == Boolean.class) {
            CheckBox check = new CheckBox(field.title());
            check.selectedProperty()
                    .addListener((property, before, now) -> entered.set(now.toString()));
            entered.addListener((property, before, now) -> check.setSelected("true".equals(now)));
            control = check;
        } else if (type.isEnum()) {
            ComboBox<String> choice = new ComboBox<>();
            for (Object constant : requireNonNull(type.getEnumConstants())) {
                choice.getItems().add(FieldText.of(constant));
            }
            choice.setMaxWidth(Double.MAX_VALUE);
            choice.valueProperty().bindBidirectional(entered);
            label.setLabelFor(choice);
            control = choice;
        } else {
            TextField text = new TextField();
            text.textProperty().bindBidirectional(entered);
            text.setOnAction(event -> model.save());
            label.setLabelFor(text);
            control = text;
        }
        control.setId("editor-field-" + field.name());
        if (!(control instanceof CheckBox)) {
            box.getChildren().add(label);
        }
        model.problemProperty(field)
                .addListener((property, before, now) ->
                        control.pseudoClassStateChanged(DANGER, !now.isEmpty()));
        box.getChildren()
                .addAll(
                        control,
                        message(
                                "editor-wrong-" + field.name(),
                                "table-editor-wrong",
                                model.problemProperty(field)));
        return box;
    }

    private void showForm(EditorForm<T> form) {
        Node content =
                switch (form) {
                    case EditorForm.Closed<T>() -> null;
                    case EditorForm.Adding<T>() -> entering("New row");
                    case EditorForm.Changing<T>(T before) -> entering("Change the row");
                    case EditorForm.Conflict<T>(T theirs, List<String> differing) ->
                            conflict(theirs, differing);
                    case EditorForm.Deleting<T>(T row) -> deleting(row);
                };
        side.setContent(content);
        placeForm();
        selectRowOfForm();
    }

    private VBox entering(String heading) {
        save.setOnAction(event -> model.save());
        Button cancel = button("editor-cancel", "Close", null);
        cancel.setOnAction(event -> leaveForm());
        return form(heading, inputs, save, cancel);
    }

    private VBox conflict(T theirs, List<String> differing) {
        GridPane versions = new GridPane();
        versions.getStyleClass().add("table-editor-versions");
        ColumnConstraints name = new ColumnConstraints();
        ColumnConstraints half = new ColumnConstraints();
        half.setPercentWidth(36);
        half.setHgrow(Priority.ALWAYS);
        versions.getColumnConstraints().setAll(name, half, half);
        versions.addRow(0, new Label(), heading("Yours"), heading("Saved meanwhile"));
        int line = 1;
        for (EditorField field : model.fields()) {
            String now = model.text(theirs, field);
            String mine = field.editable() ? model.enteredProperty(field).get() : now;
            Label mineLabel = value("editor-mine-" + field.name(), mine);
            Label theirLabel = value("editor-theirs-" + field.name(), now);
            if (!mine.equals(now) || differing.contains(field.name())) {
                mineLabel.getStyleClass().add("table-editor-differs");
                theirLabel.getStyleClass().add("table-editor-differs");
            }
            versions.addRow(line++, heading(field.title()), mineLabel, theirLabel);
        }
        Button theirsButton = button("editor-take-theirs", "Take theirs", null);
        theirsButton.setOnAction(event -> model.takeTheirs());
        Button mineButton = button("editor-keep-mine", "Keep mine", "accent");
        mineButton.setOnAction(event -> model.keepMine());
        Label why =
                new Label(
                        "Somebody else has saved this row since you opened it. Nothing has been"
                                + " overwritten yet.");
        why.setWrapText(true);
        return form(
                "Two versions of the row", new VBox(12, why, versions), mineButton, theirsButton);
    }

    private VBox deleting(T row) {
        GridPane values = new GridPane();
        values.getStyleClass().add("table-editor-versions");
        int line = 0;
        for (EditorField field : model.fields()) {
            values.addRow(
                    line++,
                    heading(field.title()),
                    value("editor-doomed-" + field.name(), model.text(row, field)));
        }
        Button delete = button("editor-confirm-delete", "Delete", "danger");
        delete.disableProperty().bind(model.busyProperty());
        delete.setOnAction(event -> model.delete());
        Button keep = button("editor-keep", "Keep", null);
        keep.setOnAction(event -> leaveForm());
        VBox form = form("Delete this row? This cannot be undone.", values, delete, keep);
        form.sceneProperty()
                .addListener((property, before, now) -> {
                    if (now != null) {
                        keep.requestFocus();
                    }
                });
        return form;
    }

    private VBox form(String heading, Node content, Button... buttons) {
        Label title = new Label(heading);
        title.setId("editor-heading");
        title.getStyleClass().add("title-4");
        title.setWrapText(true);
        FlowPane row = new FlowPane(buttons);
        row.getStyleClass().add("table-editor-buttons");
        VBox form =
                new VBox(
                        title,
                        content,
                        message(
                                "editor-form-problem",
                                "table-editor-problem",
                                model.formProblemProperty()),
                        row);
        form.getStyleClass().add("table-editor-form");
        return form;
    }

    private void placeForm() {
        boolean open = side.getContent() != null;
        boolean wide = getWidth() >= WIDE;
        side.setMinWidth(wide ? FORM_WIDTH : 0);
        side.setMaxHeight(wide ? Double.MAX_VALUE : getHeight() * SHARE_BELOW);
        BorderPane.setMargin(side, wide ? new Insets(0, 0, 0, 12) : new Insets(12, 0, 0, 0));
        Node right = open && wide ? side : null;
        Node below = open && !wide ? side : null;
        if (!Objects.equals(area.getRight(), right)) {
            area.setBottom(null);
            area.setRight(right);
        }
        if (!Objects.equals(area.getBottom(), below)) {
            area.setRight(null);
            area.setBottom(below);
        }
    }

    private void afterEdit() {
        if (!(model.formProperty().get() instanceof EditorForm.Adding<T>)
                && !(model.formProperty().get() instanceof EditorForm.Changing<T>)) {
            return;
        }
        for (EditorField field : model.fields()) {
            if (field.editable() && !model.problemProperty(field).get().isEmpty()) {
                focus(field);
                return;
            }
        }
        if (model.formProperty().get() instanceof EditorForm.Adding<T>) {
            focusFirst();
        }
    }

    private void startAdding() {
        if (model.add()) {
            focusFirst();
        }
    }

    private void askDelete() {
        T row = table.getSelectionModel().getSelectedItem();
        if (row != null) {
            model.askDelete(row);
        }
    }

    private void leaveForm() {
        model.cancel();
        table.requestFocus();
    }

    private void focusFirst() {
        for (EditorField field : model.fields()) {
            if (field.editable()) {
                focus(field);
                return;
            }
        }
    }

    private void focus(EditorField field) {
        Node input = inputs.lookup("#editor-field-" + field.name());
        if (input != null) {
            // A form that was just opened is in the scene only when its pane has a skin.
            side.applyCss();
            input.requestFocus();
        }
    }

    private void onKey(KeyEvent event) {
        if (ADD.match(event)) {
            startAdding();
        } else if (FIND.match(event)) {
            filter.requestFocus();
        } else if (event.getCode() == KeyCode.F5) {
            model.reload();
        } else if (event.getCode() == KeyCode.ESCAPE && filter.isFocused()) {
            filter.clear();
        } else if (event.getCode() == KeyCode.ESCAPE && side.getContent() != null) {
            leaveForm();
        } else if (event.getCode() == KeyCode.DELETE && table.isFocused()) {
            askDelete();
        } else if (event.getCode() == KeyCode.ENTER && table.isFocused()) {
            focusFirst();
        } else {
            return;
        }
        event.consume();
    }

    private BooleanBinding may(TableEdit.Kind kind) {
        return Bindings.createBooleanBinding(
                () -> model.allowedProperty().get().contains(kind), model.allowedProperty());
    }

    private static Label heading(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("table-editor-label");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private static Label value(String id, String text) {
        Label label = new Label(text.isEmpty() ? "–" : text);
        label.setId(id);
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        return label;
    }

    private static Button button(String id, String text, @Nullable String styleClass) {
        Button button = new Button(text);
        button.setId(id);
        button.setMinWidth(Region.USE_PREF_SIZE);
        if (styleClass != null) {
            button.getStyleClass().add(styleClass);
        }
        return button;
    }

    /// A line that shows a sentence as long as there is one, and takes no room otherwise.
    private static Label message(String id, String styleClass, ObservableValue<String> sentence) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add(styleClass);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(sentence);
        label.visibleProperty().bind(sentence.map(text -> !text.isEmpty()));
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private static final class NumberCell<T> extends TableCell<T, String> {
        NumberCell() {
            setAlignment(Pos.CENTER_RIGHT);
        }

        @Override
        protected void updateItem(@Nullable String text, boolean empty) {
            super.updateItem(text, empty);
            setText(empty ? null : text);
        }
    }
}
