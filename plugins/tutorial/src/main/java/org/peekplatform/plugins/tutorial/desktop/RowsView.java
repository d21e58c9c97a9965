package org.peekplatform.plugins.tutorial.desktop;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Shows the rows and offers what users may do to the selected one.
public final class RowsView implements DesktopView {
    private static final double GAP = 12;
    private static final KeyCombination FIND = KeyCombination.valueOf("Shortcut+F");

    private final RowsModel model;
    private final ReadingsModel readings;
    private final NegationModel negation;
    private final RowsTable rows;
    private final BorderPane node = new BorderPane();

    public RowsView(RowsModel model, ReadingsModel readings, NegationModel negation) {
        this.model = model;
        this.readings = readings;
        this.negation = negation;
        this.rows =
                new RowsTable(
                        model, "There are no rows yet. An administrator can add or import some.");

        Label title = new Label();
        title.setId("title");
        title.getStyleClass().add("title-2");
        // A long title gives way to the count and the filter.
        title.setMinWidth(0);
        rows.count().setMinWidth(Region.USE_PREF_SIZE);
        rows.filter().setMinWidth(Region.USE_PREF_SIZE);
        title.textProperty().bind(model.settingsProperty().map(settings -> settings.title()));
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox head = new HBox(GAP, title, space, rows.count(), rows.filter());
        head.setAlignment(Pos.CENTER_LEFT);

        ObservableValue<String> step =
                model.settingsProperty().map(settings -> Integer.toString(settings.step()));
        BooleanBinding none = rows.selectedProperty().isNull();
        Button toggle = button("toggle", "Toggle _capitals", model::toggleCapitals, none);
        toggle.setTooltip(new Tooltip("Write the text in capitals or in small letters"));
        Button decrease = button("decrease", "", model::decrease, none);
        decrease.textProperty().bind(step.map(text -> "− " + text));
        decrease.accessibleTextProperty().bind(step.map(text -> "Take " + text + " away"));
        decrease.setTooltip(new Tooltip("Take the step from the number (key −)"));
        Button increase = button("increase", "", model::increase, none);
        increase.textProperty().bind(step.map(text -> "+ " + text));
        increase.accessibleTextProperty().bind(step.map(text -> "Add " + text));
        increase.setTooltip(new Tooltip("Add the step to the number (key +)"));
        Region between = new Region();
        HBox.setHgrow(between, Priority.ALWAYS);
        for (Button one : List.of(toggle, decrease, increase)) {
            one.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox tools =
                new HBox(
                        GAP, toggle, decrease, increase, between, task(), reported(), addReading());
        tools.setAlignment(Pos.CENTER_LEFT);

        VBox top =
                new VBox(
                        GAP,
                        head,
                        tools,
                        new MessageBar("rows-problem", "danger", model.problemProperty()),
                        new MessageBar(
                                "action-problem", "danger", model.actions().problemProperty()),
                        new MessageBar("reading-problem", "danger", readings.problemProperty()));
        top.setPadding(new Insets(0, 0, GAP, 0));
        node.setTop(top);
        node.setCenter(rows.table());
        node.setPadding(new Insets(GAP));
        node.addEventHandler(KeyEvent.KEY_PRESSED, this::onKey);
        rows.table().addEventFilter(KeyEvent.KEY_TYPED, this::onTyped);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void close() {
        model.close();
        readings.close();
        negation.close();
    }

    private Label reported() {
        Label reported = new Label();
        reported.setId("readings");
        reported.getStyleClass().add("text-muted");
        reported.textProperty().bind(readings.summaryProperty());
        // Gives way to the buttons; the tooltip has all of it.
        reported.setMinWidth(0);
        Tooltip whole = new Tooltip();
        whole.textProperty().bind(readings.summaryProperty());
        reported.setTooltip(whole);
        return reported;
    }

    private Label task() {
        Label task = new Label();
        task.setId("negation");
        task.getStyleClass().add("text-muted");
        task.textProperty().bind(negation.textProperty());
        task.setMinWidth(0);
        Tooltip whole = new Tooltip();
        whole.textProperty().bind(negation.textProperty());
        task.setTooltip(whole);
        return task;
    }

    private Button addReading() {
        Button button = new Button();
        button.setId("add-reading");
        button.textProperty()
                .bind(
                        Bindings.when(readings.readingProperty())
                                .then("Asking the agent…")
                                .otherwise("Add reading"));
        button.disableProperty().bind(readings.readingProperty());
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(
                new Tooltip("Ask an agent for the room on its disk, and add it as a row"));
        button.setOnAction(event -> readings.addReading());
        return button;
    }

    private Button button(
            String id, String text, Consumer<StringInt> action, BooleanBinding disabled) {
        Button button = new Button(text);
        button.setId(id);
        button.setMnemonicParsing(true);
        button.disableProperty().bind(disabled);
        button.setOnAction(event -> withSelected(action));
        return button;
    }

    private void onKey(KeyEvent event) {
        if (FIND.match(event)) {
            rows.filter().requestFocus();
            event.consume();
        } else if (event.getCode() == KeyCode.ESCAPE && rows.filter().isFocused()) {
            rows.filter().clear();
            event.consume();
        }
    }

    private void onTyped(KeyEvent event) {
        switch (event.getCharacter()) {
            case "+" -> withSelected(model::increase);
            case "-" -> withSelected(model::decrease);
            default -> {}
        }
    }

    private void withSelected(Consumer<StringInt> action) {
        StringInt row = rows.selectedProperty().get();
        if (row != null) {
            action.accept(row);
        }
    }
}
