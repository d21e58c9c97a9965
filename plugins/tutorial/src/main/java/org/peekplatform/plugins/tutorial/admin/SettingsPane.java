package org.peekplatform.plugins.tutorial.admin;

import javafx.beans.binding.Bindings;
import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.peekplatform.plugins.tutorial.desktop.MessageBar;
import org.peekplatform.plugins.tutorial.tuples.Settings;

/// The form of the settings.
final class SettingsPane extends VBox {
    private static final double GAP = 12;
    private static final double WIDTH = 560;

    SettingsPane(SettingsForm form) {
        super(GAP);
        TextField title = new TextField();
        title.setId("setting-title");
        title.textProperty().bindBidirectional(form.titleProperty());
        TextField step = new TextField();
        step.setId("setting-step");
        step.setPrefColumnCount(6);
        step.setMaxWidth(Region.USE_PREF_SIZE);
        step.textProperty().bindBidirectional(form.stepProperty());

        GridPane grid = new GridPane(GAP, GAP);
        ColumnConstraints names = new ColumnConstraints();
        names.setHalignment(HPos.LEFT);
        names.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints fields = new ColumnConstraints();
        fields.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().setAll(names, fields);
        grid.addRow(0, label("_Title", title), title);
        grid.addRow(1, label("St_ep", step), step);
        Label hint =
                new Label(
                        "What + and − add and take away: a whole number from 1 to "
                                + Settings.LARGEST_STEP
                                + ".");
        hint.getStyleClass().add("text-muted");
        hint.setWrapText(true);
        grid.add(hint, 1, 2);
        grid.setMaxWidth(WIDTH);

        Button save = new Button("Save");
        save.setId("save-settings");
        save.getStyleClass().add("accent");
        save.setDefaultButton(true);
        save.disableProperty().bind(Bindings.not(form.savableProperty()));
        save.setOnAction(event -> form.save());
        Button reset = new Button("Reset");
        reset.setId("reset-settings");
        reset.disableProperty().bind(Bindings.not(form.touchedProperty()));
        reset.setOnAction(event -> form.reset());

        getChildren()
                .setAll(
                        grid,
                        new HBox(GAP, save, reset),
                        new MessageBar("settings-note", "success", form.noteProperty()),
                        new MessageBar("settings-problem", "danger", form.problemProperty()));
        setPadding(new Insets(GAP));
    }

    private static Label label(String text, TextField of) {
        Label label = new Label(text);
        label.setMnemonicParsing(true);
        label.setLabelFor(of);
        return label;
    }
}
