package org.peekplatform.plugins.tutorial.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import javafx.application.Platform;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.testing.Stages;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.worker.TutorialWorker;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
@SuppressWarnings("NullAway.Init") // TestFX calls the method that sets the fields
class AdminViewTest {
    private static final Path PLANTS = Path.of("src/test/resources/eia860/plants-excerpt.csv");

    @TempDir Path folder;
    private FakePlatform platform;
    private ImportModel imports;
    private AdminView view;
    private Stage stage;

    @Start
    void open(Stage stage) throws Exception {
        this.stage = stage;
        platform = new FakePlatform(folder).start(new TutorialServer()).start(new TutorialWorker());
        // Put together as TutorialAdmin does, but for the file dialog, which belongs to the system.
        RowsModel rows = new RowsModel(platform.observer(), platform.sender(), Platform::runLater);
        imports =
                new ImportModel(
                        platform.observer(),
                        platform.sender(),
                        platform.tasks(),
                        Platform::runLater);
        SettingsForm settings =
                new SettingsForm(
                        new Actions(platform.sender(), Platform::runLater),
                        rows.settingsProperty());
        view =
                new AdminView(
                        rows,
                        TutorialAdmin.editor(platform, Platform::runLater),
                        settings,
                        imports);
        Stages.show(stage, view, 900, 600);
    }

    @AfterEach
    void close(FxRobot robot) {
        robot.interact(view::close);
        assertThat(platform.observers()).isZero();
        platform.close();
    }

    @Test
    void rowsAreAddedChangedAndDeleted(FxRobot robot) {
        Stages.picture(stage, "admin-empty");
        robot.clickOn("#editor-add").write("Barry");
        robot.clickOn("#editor-field-int1").write("3\n");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(rows()).containsExactly(new StringInt(1, "Barry", 3));
        assertThat(text(robot, "#editor-note")).isEqualTo("Saved.");
        assertThat(text(robot, "#editor-count")).isEqualTo("1 row");
        Stages.picture(stage, "admin-added");
        robot.clickOn("#editor-cancel");

        robot.clickOn("Barry");
        assertThat(text(robot, "#editor-heading")).isEqualTo("Change the row");
        robot.clickOn("#editor-field-string1").push(KeyCode.END).write(" Steam Plant\n");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(rows()).containsExactly(new StringInt(1, "Barry Steam Plant", 3));

        robot.clickOn("#editor-delete");
        WaitForAsyncUtils.waitForFxEvents();
        Stages.picture(stage, "admin-delete");
        robot.clickOn("#editor-keep");
        assertThat(rows()).hasSize(1);
        robot.clickOn("Barry Steam Plant")
                .clickOn("#editor-delete")
                .clickOn("#editor-confirm-delete");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(rows()).isEmpty();
        assertThat(robot.lookup("#editor-heading").tryQuery()).isEmpty();
    }

    @Test
    void aRefusedRowSaysWhyAtItsField(FxRobot robot) {
        robot.clickOn("#editor-add");
        robot.interact(() -> {
            robot.lookup("#editor-field-string1").queryTextInputControl().setText("x".repeat(201));
            robot.lookup("#editor-field-int1").queryTextInputControl().setText("1");
        });
        robot.clickOn("#editor-save");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#editor-wrong-string1"))
                .isEqualTo("At most 200 characters fit here, but these are 201.");
        assertThat(rows()).isEmpty();
        Stages.picture(stage, "admin-refused");
    }

    @Test
    void whoeverSavesSecondChoosesBetweenTheVersions(FxRobot robot) {
        platform.create(new StringInt(0, "Barry", 3));
        platform.create(new StringInt(0, "Bankhead Dam", 2));
        WaitForAsyncUtils.waitForFxEvents();
        robot.clickOn("Barry");
        robot.clickOn("#editor-field-string1").push(KeyCode.END).write(" Steam Plant");
        platform.perform(new AddToInt(1, 10));
        WaitForAsyncUtils.waitForFxEvents();
        robot.clickOn("#editor-save");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#editor-mine-string1")).isEqualTo("Barry Steam Plant");
        assertThat(text(robot, "#editor-theirs-string1")).isEqualTo("Barry");
        assertThat(text(robot, "#editor-theirs-int1")).isEqualTo("13");
        Stages.picture(stage, "admin-conflict");
        robot.interact(() -> stage.setWidth(620));
        WaitForAsyncUtils.waitForFxEvents();
        Stages.picture(stage, "admin-conflict-narrow");

        robot.clickOn("#editor-keep-mine");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(rows()).first().isEqualTo(new StringInt(1, "Barry Steam Plant", 3));
        Stages.picture(stage, "admin-rows-narrow");
    }

    @Test
    void settingsAreSaved(FxRobot robot) {
        robot.clickOn("Settings");
        replace(robot, "#setting-title", "Power plants");
        replace(robot, "#setting-step", "5000");
        robot.clickOn("#save-settings");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#settings-problem")).startsWith("The step must be from 1 to 1,000");
        Stages.picture(stage, "admin-settings-refused");

        replace(robot, "#setting-step", "50");
        robot.clickOn("#save-settings");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(platform.rows(TupleSelector.of(Settings.class)))
                .containsExactly(new Settings("Power plants", 50));
        assertThat(text(robot, "#settings-note")).isEqualTo("The settings were saved.");
        Stages.picture(stage, "admin-settings");
    }

    @Test
    void aFileIsImportedWithTheColumnsChosen(FxRobot robot) throws Exception {
        platform.create(new StringInt(0, "already here", 1));
        robot.clickOn("Import");
        WaitForAsyncUtils.waitForFxEvents();
        Stages.picture(stage, "admin-import-start");

        robot.interact(() -> imports.upload(PLANTS));
        Stages.picture(stage, "admin-import-uploading");
        platform.work();
        WaitForAsyncUtils.waitForFxEvents();
        choose(robot, "#text-column", "Plant Name");
        choose(robot, "#number-column", "Plant Code");
        assertThat(text(robot, "#text-samples")).startsWith("such as Sand Point · Bankhead Dam");
        assertThat(text(robot, "#replace-rows"))
                .isEqualTo("Delete the rows that are there now (1)");
        robot.clickOn("#replace-rows");
        Stages.picture(stage, "admin-import-columns");

        robot.clickOn("#run-import");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#import-status"))
                .isEqualTo("Importing plants-excerpt.csv: 0 of 50 rows");
        Stages.picture(stage, "admin-import-running");
        platform.work();
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#import-result"))
                .isEqualTo("50 rows of 'plants-excerpt.csv' were imported.");
        assertThat(rows()).hasSize(50).startsWith(new StringInt(2, "Sand Point", 1));
        Stages.picture(stage, "admin-import-done");

        robot.clickOn("Rows");
        WaitForAsyncUtils.waitForFxEvents();
        robot.clickOn("Sand Point");
        Stages.picture(stage, "admin-rows");
    }

    @Test
    void aRefusedImportSaysWhyAndAsksForColumnsAgain(FxRobot robot) throws Exception {
        robot.clickOn("Import");
        robot.interact(() -> imports.upload(PLANTS));
        platform.work();
        WaitForAsyncUtils.waitForFxEvents();
        choose(robot, "#text-column", "Zip");
        robot.clickOn("#run-import");
        platform.work();
        WaitForAsyncUtils.waitForFxEvents();

        assertThat(text(robot, "#import-problem"))
                .isEqualTo(
                        "Row 50 of 'plants-excerpt.csv' has nothing in column 'Zip'; no row was"
                                + " imported.");
        assertThat(robot.lookup("#run-import").queryButton().isDisabled()).isFalse();
        Stages.picture(stage, "admin-import-refused");
        robot.clickOn("#cancel-import");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#import-status"))
                .isEqualTo("The import of 'plants-excerpt.csv' was cancelled.");
    }

    private List<StringInt> rows() {
        return platform.rows(TupleSelector.of(StringInt.class));
    }

    private static void choose(FxRobot robot, String id, String name) {
        robot.interact(() -> {
            ComboBox<Column> box = robot.lookup(id).queryComboBox();
            box.setValue(
                    box.getItems().stream()
                            .filter(column -> column.name().equals(name))
                            .findFirst()
                            .orElseThrow());
        });
    }

    private static void replace(FxRobot robot, String id, String text) {
        robot.clickOn(id);
        robot.interact(() -> robot.lookup(id).<TextInputControl>query().clear());
        robot.write(text);
    }

    private static String text(FxRobot robot, String id) {
        return onFx(() -> robot.lookup(id).<Labeled>query().getText());
    }

    private static <T> T onFx(Callable<T> read) {
        return WaitForAsyncUtils.waitForAsyncFx(5000, read);
    }
}
