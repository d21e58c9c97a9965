package org.peekplatform.plugins.tutorial.admin;

import java.io.File;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.collections.ObservableList;
import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.tutorial.admin.ImportModel.Step;
import org.peekplatform.plugins.tutorial.desktop.MessageBar;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;

/// The import of a file, step by step.
final class ImportPane extends VBox {
    private static final double GAP = 12;
    private static final double WIDTH = 560;

    private final ImportModel model;

    ImportPane(ImportModel model, RowsModel rows) {
        super(GAP);
        this.model = model;
        Label heading = new Label("Import a CSV file");
        heading.getStyleClass().add("title-4");
        Label intro =
                new Label(
                        "One of its columns becomes the text, another, of whole numbers, the number."
                                + " Either all of its rows are imported or none.");
        intro.setWrapText(true);
        intro.setMaxWidth(WIDTH);
        intro.setMinHeight(USE_PREF_SIZE);

        Button choose = new Button("Choose _file…");
        choose.setId("choose-file");
        choose.setOnAction(event -> chooseFile());
        only(choose, is(Step.CHOOSE_FILE));

        ProgressBar bar = new ProgressBar();
        bar.setId("import-bar");
        bar.setMaxWidth(WIDTH);
        bar.progressProperty().bind(model.doneProperty());
        only(bar, is(Step.UPLOADING).or(is(Step.RUNNING)));

        Node columns = columns(rows);
        only(columns, is(Step.CHOOSE_COLUMNS));

        Button run = new Button("_Import");
        run.setId("run-import");
        run.getStyleClass().add("accent");
        run.disableProperty().bind(Bindings.not(model.runnableProperty()));
        run.setOnAction(event -> model.run());
        only(run, is(Step.CHOOSE_COLUMNS));
        Button cancel = new Button("Cancel");
        cancel.setId("cancel-import");
        cancel.setOnAction(event -> model.cancel());
        only(cancel, is(Step.CHOOSE_FILE).not());

        getChildren()
                .setAll(
                        heading,
                        intro,
                        choose,
                        new MessageBar("import-status", "text", model.statusProperty()),
                        bar,
                        columns,
                        new HBox(GAP, run, cancel),
                        new MessageBar("import-result", "success", model.resultProperty()),
                        new MessageBar("import-problem", "danger", model.problemProperty()));
        setPadding(new Insets(GAP));
    }

    private Node columns(RowsModel rows) {
        ComboBox<Column> text = box("text-column", model.textColumns(), model.textColumnProperty());
        ComboBox<Column> number =
                box("number-column", model.numberColumns(), model.numberColumnProperty());
        CheckBox replace = new CheckBox();
        replace.setId("replace-rows");
        replace.setWrapText(true);
        replace.selectedProperty().bindBidirectional(model.replaceProperty());
        replace.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        String.format(
                                                Locale.ENGLISH,
                                                "Delete the rows that are there now (%,d)",
                                                rows.rows().size()),
                                rows.rows()));

        GridPane grid = new GridPane(GAP, GAP / 2);
        ColumnConstraints names = new ColumnConstraints();
        names.setHalignment(HPos.LEFT);
        names.setMinWidth(Region.USE_PREF_SIZE);
        grid.getColumnConstraints().setAll(names, new ColumnConstraints());
        grid.addRow(0, label("_Text from", text), text);
        grid.add(samples("text-samples", model.textColumnProperty()), 1, 1);
        grid.addRow(2, label("_Number from", number), number);
        grid.add(samples("number-samples", model.numberColumnProperty()), 1, 3);
        grid.add(replace, 1, 4);
        return grid;
    }

    private void chooseFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Choose a CSV file");
        chooser.getExtensionFilters()
                .setAll(
                        new FileChooser.ExtensionFilter("CSV files", "*.csv", "*.tsv", "*.txt"),
                        new FileChooser.ExtensionFilter("All files", "*.*"));
        File file = chooser.showOpenDialog(getScene().getWindow());
        if (file != null) {
            model.upload(file.toPath());
        }
    }

    private BooleanBinding is(Step step) {
        return model.stepProperty().isEqualTo(step);
    }

    private static void only(Node node, BooleanBinding when) {
        node.visibleProperty().bind(when);
        node.managedProperty().bind(when);
    }

    private static ComboBox<Column> box(
            String id, ObservableList<Column> columns, ObjectProperty<@Nullable Column> chosen) {
        ComboBox<Column> box = new ComboBox<>(columns);
        box.setId(id);
        box.setMaxWidth(WIDTH);
        box.setVisibleRowCount(12);
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Column column) {
                        return column == null ? "" : column.name();
                    }

                    @Override
                    public @Nullable Column fromString(String name) {
                        return null;
                    }
                });
        box.valueProperty().bindBidirectional(chosen);
        return box;
    }

    private static Label samples(String id, ObjectProperty<@Nullable Column> chosen) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("text-muted");
        label.setMaxWidth(WIDTH);
        label.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> {
                                    Column column = chosen.get();
                                    return column == null || column.sample().isEmpty()
                                            ? ""
                                            : "such as " + String.join(" · ", column.sample());
                                },
                                chosen));
        return label;
    }

    private static Label label(String text, Node of) {
        Label label = new Label(text);
        label.setMnemonicParsing(true);
        label.setLabelFor(of);
        return label;
    }
}
