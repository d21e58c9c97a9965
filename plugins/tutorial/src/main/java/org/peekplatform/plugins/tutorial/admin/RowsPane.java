package org.peekplatform.plugins.tutorial.admin;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.StringProperty;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.tutorial.desktop.MessageBar;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.desktop.RowsTable;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// The table of rows with a form below it that adds a row or changes the selected one.
final class RowsPane extends BorderPane {
    private static final double GAP = 12;

    RowsPane(RowsModel model, RowEditor editor) {
        RowsTable rows =
                new RowsTable(model, "There are no rows yet. Add one below, or import a file.");
        rows.selectedProperty().addListener((property, before, now) -> editor.edit(now));

        Button add = new Button("_New row");
        add.setId("new-row");
        add.setOnAction(event -> {
            rows.table().getSelectionModel().clearSelection();
            editor.startNew();
        });
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox head = new HBox(GAP, add, space, rows.count(), rows.filter());
        head.setAlignment(Pos.CENTER_LEFT);
        VBox top =
                new VBox(
                        GAP,
                        head,
                        new MessageBar("rows-problem", "danger", model.problemProperty()));
        top.setPadding(new Insets(0, 0, GAP, 0));

        setTop(top);
        setCenter(rows.table());
        setBottom(form(editor, model));
        setPadding(new Insets(GAP));
    }

    private static VBox form(RowEditor editor, RowsModel model) {
        BooleanBinding isNew = editor.rowProperty().isNull();
        Label heading = new Label();
        heading.setId("form-heading");
        heading.getStyleClass().add("title-4");
        heading.textProperty()
                .bind(Bindings.when(isNew).then("New row").otherwise("Change the selected row"));

        TextField text = field("row-text", editor.textProperty());
        HBox.setHgrow(text, Priority.ALWAYS);
        TextField number = field("row-number", editor.numberProperty());
        number.setPrefColumnCount(14);
        number.setAlignment(Pos.CENTER_RIGHT);
        Label textLabel = label("_Text", text);
        Label numberLabel = label("N_umber", number);

        Button save = new Button();
        save.setId("save-row");
        save.getStyleClass().add("accent");
        save.textProperty().bind(Bindings.when(isNew).then("Add").otherwise("Save"));
        save.disableProperty().bind(Bindings.not(editor.savableProperty()));
        save.setOnAction(event -> editor.save());
        text.setOnAction(event -> editor.save());
        number.setOnAction(event -> editor.save());

        Button delete = new Button("Delete…");
        delete.setId("delete-row");
        delete.getStyleClass().add("danger");
        delete.disableProperty().bind(isNew.or(editor.confirmingProperty()));
        delete.setOnAction(event -> editor.askDelete());

        HBox fields = new HBox(GAP, textLabel, text, numberLabel, number, save, delete);
        fields.setAlignment(Pos.CENTER_LEFT);

        VBox form =
                new VBox(
                        GAP,
                        heading,
                        fields,
                        question(editor),
                        new MessageBar("row-note", "text-muted", editor.noteProperty()),
                        new MessageBar(
                                "action-problem", "danger", model.actions().problemProperty()));
        form.setPadding(new Insets(GAP, 0, 0, 0));
        return form;
    }

    /// Asked in place instead of in a window, so that nothing else of the workstation stands still.
    private static HBox question(RowEditor editor) {
        Label question = new Label();
        question.setWrapText(true);
        question.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> deleteQuestion(editor.rowProperty().get()),
                                editor.rowProperty()));
        Button delete = new Button("Delete");
        delete.setId("confirm-delete");
        delete.getStyleClass().add("danger");
        delete.setOnAction(event -> editor.delete());
        Button keep = new Button("Keep");
        keep.setId("keep-row");
        keep.setCancelButton(true);
        keep.setOnAction(event -> editor.keep());
        HBox box = new HBox(GAP, question, delete, keep);
        box.setAlignment(Pos.CENTER_LEFT);
        box.visibleProperty().bind(editor.confirmingProperty());
        box.managedProperty().bind(box.visibleProperty());
        box.visibleProperty()
                .addListener((property, before, now) -> {
                    if (now) {
                        keep.requestFocus();
                    }
                });
        return box;
    }

    private static String deleteQuestion(@Nullable StringInt row) {
        return row == null
                ? ""
                : "Delete '" + row.string1() + "', " + row.int1() + "? This cannot be undone.";
    }

    private static TextField field(String id, StringProperty value) {
        TextField field = new TextField();
        field.setId(id);
        field.textProperty().bindBidirectional(value);
        return field;
    }

    private static Label label(String text, TextField of) {
        Label label = new Label(text);
        label.setMnemonicParsing(true);
        label.setLabelFor(of);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }
}
