package org.peekplatform.benchmarks.baseline;

import atlantafx.base.theme.PrimerLight;
import java.util.List;
import java.util.stream.IntStream;
import javafx.application.Application;
import javafx.beans.property.SimpleStringProperty;
import javafx.collections.FXCollections;
import javafx.scene.Scene;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.stage.Stage;

/// A window with AtlantaFX and a table, and nothing else.
public final class WindowBaseline {
    private static final int ROWS = 500;
    private static final int COLUMNS = 4;

    private WindowBaseline() {}

    // Not an Application itself: such a class cannot be started from the class path.
    public static void main(String[] arguments) {
        Application.launch(Window.class, arguments);
    }

    /// Made by JavaFX.
    public static final class Window extends Application {
        @Override
        public void start(Stage stage) {
            Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
            TableView<Integer> table = new TableView<>();
            table.getColumns()
                    .setAll(IntStream.range(0, COLUMNS).mapToObj(Window::column).toList());
            List<Integer> rows = IntStream.range(0, ROWS).boxed().toList();
            table.setItems(FXCollections.observableArrayList(rows));
            stage.setTitle("Baseline");
            stage.setScene(new Scene(table, 1280, 800));
            stage.show();
        }

        private static TableColumn<Integer, String> column(int number) {
            TableColumn<Integer, String> column = new TableColumn<>("Column " + number);
            column.setCellValueFactory(
                    row -> new SimpleStringProperty("row " + row.getValue() + " of " + number));
            column.setPrefWidth(240);
            return column;
        }
    }
}
