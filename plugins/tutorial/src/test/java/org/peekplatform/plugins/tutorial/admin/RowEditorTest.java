package org.peekplatform.plugins.tutorial.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.DeleteRow;
import org.peekplatform.plugins.tutorial.tuples.SaveRow;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

class RowEditorTest {
    @TempDir Path folder;
    private FakePlatform platform;
    private RowsModel rows;
    private RowEditor editor;
    private SettingsForm settings;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer());
        platform.perform(new SaveRow(null, "Barry", 3));
        rows = new RowsModel(platform.observer(), platform.sender(), Runnable::run);
        editor = new RowEditor(rows);
        settings =
                new SettingsForm(
                        new Actions(platform.sender(), Runnable::run), rows.settingsProperty());
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aNewRowIsAddedAndTheFormIsReadyForTheNext() {
        assertThat(editor.savableProperty().get()).isFalse();
        enter(" Bankhead Dam ", "-2");
        editor.save();

        assertThat(rows.rows()).last().isEqualTo(new StringInt(2, "Bankhead Dam", -2));
        assertThat(editor.textProperty().get()).isEmpty();
        assertThat(editor.numberProperty().get()).isEmpty();
        assertThat(editor.noteProperty().get()).isEqualTo("'Bankhead Dam' was saved.");
    }

    @Test
    void onlyATextAndAWholeNumberCanBeSaved() {
        enter("Barry", "3.5");
        assertThat(editor.savableProperty().get()).isFalse();
        enter(" ", "3");
        assertThat(editor.savableProperty().get()).isFalse();
        enter("Barry", "9".repeat(30));
        assertThat(editor.savableProperty().get()).isFalse();
        enter("Barry", " +3 ");
        assertThat(editor.savableProperty().get()).isTrue();
    }

    @Test
    void theChosenRowIsChanged() {
        editor.edit(rows.rows().getFirst());
        assertThat(editor.savableProperty().get()).isFalse();
        enter("Barry Steam Plant", "3");
        editor.save();

        assertThat(rows.rows()).containsExactly(new StringInt(1, "Barry Steam Plant", 3));
        assertThat(editor.savableProperty().get()).isFalse();
    }

    @Test
    void aRefusedSaveKeepsWhatWasEntered() {
        enter("x".repeat(201), "1");
        editor.save();

        assertThat(rows.actions().problemProperty().get())
                .startsWith("The text has 201 characters");
        assertThat(editor.textProperty().get()).hasSize(201);
        assertThat(editor.noteProperty().get()).isEmpty();
    }

    @Test
    void deletingAsksFirst() {
        editor.delete();
        editor.edit(rows.rows().getFirst());
        editor.delete();
        assertThat(rows.rows()).hasSize(1);

        editor.askDelete();
        assertThat(editor.confirmingProperty().get()).isTrue();
        editor.keep();
        editor.delete();
        assertThat(rows.rows()).hasSize(1);

        editor.askDelete();
        editor.delete();
        assertThat(rows.rows()).isEmpty();
        assertThat(editor.rowProperty().get()).isNull();
        assertThat(editor.textProperty().get()).isEmpty();
        assertThat(editor.noteProperty().get()).isEqualTo("'Barry' was deleted.");
    }

    @Test
    void theFormFollowsTheRowWhileNothingIsEntered() {
        editor.edit(rows.rows().getFirst());
        platform.perform(new AddToInt(1, 10));
        assertThat(editor.numberProperty().get()).isEqualTo("13");
        assertThat(editor.noteProperty().get()).isEmpty();
    }

    @Test
    void whatIsEnteredIsKeptWhenTheRowChangesElsewhere() {
        editor.edit(rows.rows().getFirst());
        enter("Barry Steam Plant", "3");
        platform.perform(new AddToInt(1, 10));

        assertThat(editor.textProperty().get()).isEqualTo("Barry Steam Plant");
        assertThat(editor.noteProperty().get())
                .isEqualTo("This row has meanwhile become 'Barry', 13; saving overwrites that.");
    }

    @Test
    void whatIsEnteredIsKeptWhenTheRowIsDeletedElsewhere() {
        editor.edit(rows.rows().getFirst());
        enter("Barry Steam Plant", "3");
        platform.perform(new DeleteRow(1));
        assertThat(editor.noteProperty().get())
                .isEqualTo("'Barry' has been deleted; saving adds it as a new row.");

        editor.save();
        assertThat(rows.rows()).containsExactly(new StringInt(2, "Barry Steam Plant", 3));
    }

    @Test
    void settingsAreSavedAndResetAndFollowOthers() {
        assertThat(settings.titleProperty().get()).isEqualTo("Tutorial");
        platform.perform(new SaveSettings("Plants", 5));
        assertThat(settings.titleProperty().get()).isEqualTo("Plants");
        assertThat(settings.savableProperty().get()).isFalse();

        settings.titleProperty().set("Power plants");
        platform.perform(new SaveSettings("Other", 6));
        assertThat(settings.titleProperty().get()).isEqualTo("Power plants");
        settings.stepProperty().set("7");
        settings.save();
        assertThat(rows.settingsProperty().get().title()).isEqualTo("Power plants");
        assertThat(rows.settingsProperty().get().step()).isEqualTo(7);
        assertThat(settings.noteProperty().get()).isEqualTo("The settings were saved.");
        assertThat(settings.touchedProperty().get()).isFalse();

        settings.stepProperty().set("x");
        assertThat(settings.savableProperty().get()).isFalse();
        settings.stepProperty().set("99999999999");
        assertThat(settings.savableProperty().get()).isFalse();
        settings.stepProperty().set("1001");
        settings.save();
        assertThat(settings.problemProperty().get())
                .isEqualTo(
                        "The step must be from 1 to 1,000, not 1001; the settings were not changed.");
        settings.reset();
        assertThat(settings.stepProperty().get()).isEqualTo("7");
        assertThat(settings.problemProperty().get()).isEmpty();
    }

    private void enter(String text, String number) {
        editor.textProperty().set(text);
        editor.numberProperty().set(number);
    }
}
