package org.peekplatform.plugins.tutorial.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.desktop.EditorField;
import org.peekplatform.api.desktop.EditorForm;
import org.peekplatform.api.desktop.TableEditorModel;
import org.peekplatform.api.table.TableQuery.Direction;
import org.peekplatform.api.table.TableQuery.Sort;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// The rows' editor on the plugin's own table, without a window.
class RowEditorTest {
    @TempDir Path folder;
    private FakePlatform platform;
    private RowsModel rows;
    private TableEditorModel<StringInt> editor;
    private SettingsForm settings;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer());
        platform.create(new StringInt(0, "Barry", 3));
        rows = new RowsModel(platform.observer(), platform.sender(), Runnable::run);
        editor = TutorialAdmin.editor(platform, Runnable::run);
        rows.onUpdate(update -> editor.reload());
        editor.reload();
        settings =
                new SettingsForm(
                        new Actions(platform.sender(), Runnable::run), rows.settingsProperty());
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private EditorField field(String name) {
        return editor.fields().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void enter(String text, String number) {
        editor.enteredProperty(field("string1")).set(text);
        editor.enteredProperty(field("int1")).set(number);
    }

    private String entered(String name) {
        return editor.enteredProperty(field(name)).get();
    }

    private String problem(String name) {
        return editor.problemProperty(field(name)).get();
    }

    private List<StringInt> stored() {
        return platform.rows(TupleSelector.of(StringInt.class));
    }

    @Test
    void aNewRowIsAddedAndTheFormIsReadyForTheNext() {
        assertThat(editor.add()).isTrue();
        enter(" Bankhead Dam ", "-2");
        editor.save();

        assertThat(editor.rows()).last().isEqualTo(new StringInt(2, "Bankhead Dam", -2));
        assertThat(editor.formProperty().get()).isEqualTo(new EditorForm.Adding<>());
        assertThat(entered("string1")).isEmpty();
        assertThat(entered("int1")).isEmpty();
        assertThat(editor.noteProperty().get()).isEqualTo("Saved.");
        assertThat(editor.positionProperty().get().total()).isEqualTo(2);
    }

    @Test
    void whatIsWrongIsSaidAtItsFieldAndWhatWasEnteredStays() {
        editor.add();
        enter("Barry", "3.5");
        editor.save();
        assertThat(problem("int1")).startsWith("Enter a whole number");
        enter("Barry", " ");
        editor.save();
        assertThat(problem("int1")).isEqualTo("A value is needed here.");

        enter("x".repeat(201), " +1 ");
        editor.save();
        assertThat(problem("int1")).isEmpty();
        assertThat(problem("string1"))
                .isEqualTo("At most 200 characters fit here, but these are 201.");
        assertThat(entered("string1")).hasSize(201);
        enter(" ", "1");
        editor.save();
        assertThat(problem("string1")).isEqualTo("The text of a row must not be empty; enter one.");
        assertThat(stored()).hasSize(1);

        enter("Sand Point", "1");
        editor.save();
        assertThat(problem("string1")).isEmpty();
        assertThat(stored()).last().isEqualTo(new StringInt(2, "Sand Point", 1));
    }

    @Test
    void theChosenRowIsChanged() {
        editor.edit(editor.rows().getFirst());
        assertThat(editor.isTouched()).isFalse();
        enter("Barry Steam Plant", "3");
        assertThat(editor.isTouched()).isTrue();
        editor.save();

        assertThat(editor.rows()).containsExactly(new StringInt(1, "Barry Steam Plant", 3));
        assertThat(editor.isTouched()).isFalse();
    }

    @Test
    void anotherRowIsNotOpenedOverWhatIsEntered() {
        platform.create(new StringInt(0, "Bankhead Dam", 2));
        editor.edit(editor.rows().getFirst());
        enter("Barry Steam Plant", "3");
        assertThat(editor.edit(editor.rows().getLast())).isFalse();
        assertThat(editor.add()).isFalse();
        assertThat(editor.noteProperty().get())
                .isEqualTo("Save or cancel what you have entered first.");
        assertThat(entered("string1")).isEqualTo("Barry Steam Plant");

        editor.cancel();
        assertThat(editor.edit(editor.rows().getLast())).isTrue();
        assertThat(entered("string1")).isEqualTo("Bankhead Dam");
    }

    @Test
    void deletingAsksFirst() {
        editor.delete();
        editor.askDelete(editor.rows().getFirst());
        assertThat(stored()).hasSize(1);
        editor.cancel();
        editor.delete();
        assertThat(stored()).hasSize(1);

        editor.askDelete(editor.rows().getFirst());
        editor.delete();
        assertThat(stored()).isEmpty();
        assertThat(editor.rows()).isEmpty();
        assertThat(editor.formProperty().get()).isEqualTo(new EditorForm.Closed<>());
        assertThat(editor.noteProperty().get()).isEqualTo("Deleted.");
    }

    @Test
    void aRowThatChangesWhileItsDeletionIsAskedForIsNotDeletedUnseen() {
        StringInt seen = editor.rows().getFirst();
        editor.askDelete(seen);
        platform.perform(new AddToInt(1, 10));
        editor.delete();

        assertThat(stored()).containsExactly(new StringInt(1, "Barry", 13));
        assertThat(editor.formProperty().get())
                .isEqualTo(new EditorForm.Deleting<>(new StringInt(1, "Barry", 13)));
        assertThat(editor.formProblemProperty().get()).startsWith("Somebody has changed this row");
        editor.delete();
        assertThat(stored()).isEmpty();
    }

    @Test
    void theFormFollowsTheRowWhileNothingIsEntered() {
        editor.edit(editor.rows().getFirst());
        platform.perform(new AddToInt(1, 10));
        assertThat(entered("int1")).isEqualTo("13");
        assertThat(editor.noteProperty().get()).isEmpty();
        assertThat(editor.isTouched()).isFalse();
    }

    @Test
    void bothVersionsAreShownWhenTheRowChangesElsewhereAndEitherCanBeTaken() {
        editor.edit(editor.rows().getFirst());
        enter("Barry Steam Plant", "3");
        platform.perform(new AddToInt(1, 10));
        assertThat(entered("string1")).isEqualTo("Barry Steam Plant");
        assertThat(editor.noteProperty().get()).startsWith("Somebody has changed this row");

        editor.save();
        assertThat(editor.formProperty().get())
                .isEqualTo(
                        new EditorForm.Conflict<>(new StringInt(1, "Barry", 13), List.of("int1")));
        assertThat(stored()).containsExactly(new StringInt(1, "Barry", 13));
        editor.keepMine();
        assertThat(stored()).containsExactly(new StringInt(1, "Barry Steam Plant", 3));

        enter("Mine", "3");
        platform.perform(new AddToInt(1, 1));
        editor.save();
        editor.takeTheirs();
        assertThat(entered("string1")).isEqualTo("Barry Steam Plant");
        assertThat(entered("int1")).isEqualTo("4");
        assertThat(stored()).containsExactly(new StringInt(1, "Barry Steam Plant", 4));
    }

    @Test
    void keepingOnesOwnOverAThirdVersionShowsThatToo() {
        editor.edit(editor.rows().getFirst());
        enter("Mine", "3");
        platform.perform(new AddToInt(1, 10));
        editor.save();
        platform.perform(new AddToInt(1, 10));
        editor.keepMine();

        assertThat(editor.formProperty().get())
                .isEqualTo(
                        new EditorForm.Conflict<>(new StringInt(1, "Barry", 23), List.of("int1")));
        assertThat(stored()).containsExactly(new StringInt(1, "Barry", 23));
    }

    @Test
    void whatIsEnteredIsKeptWhenTheRowIsDeletedElsewhere() {
        editor.edit(editor.rows().getFirst());
        enter("Barry Steam Plant", "3");
        platform.delete(1);
        editor.save();
        assertThat(editor.noteProperty().get())
                .isEqualTo("This row has been deleted meanwhile; saving adds it as a new one.");

        editor.save();
        assertThat(stored()).containsExactly(new StringInt(2, "Barry Steam Plant", 3));
    }

    @Test
    void rowsAreSortedAndFilteredByTheDatabase() {
        platform.create(new StringInt(0, "Bankhead Dam", 20));
        platform.create(new StringInt(0, "Sand Point", -1));
        editor.sortBy(new Sort("int1", Direction.DESCENDING));
        assertThat(editor.rows()).extracting(StringInt::int1).containsExactly(20L, 3L, -1L);
        editor.filter(field("string1"), " B");
        assertThat(editor.rows()).extracting(StringInt::int1).containsExactly(20L, 3L);
        assertThat(editor.positionProperty().get())
                .isEqualTo(new TableEditorModel.Position(0, 2, 2));
        editor.filter(field("int1"), ">=3");
        assertThat(editor.rows()).hasSize(2);
        editor.filter(field("int1"), "-5..3");
        assertThat(editor.rows()).extracting(StringInt::int1).containsExactly(3L, -1L);
        editor.filter(field("int1"), "many");
        assertThat(editor.filterProblemProperty().get()).startsWith("Enter a whole number");
        assertThat(editor.rows()).hasSize(2);
        editor.filter(field("int1"), "");
        assertThat(editor.rows()).hasSize(3);
        assertThat(editor.filterProblemProperty().get()).isEmpty();
    }

    @Test
    void pagesFollowOneAnotherAndAnEmptyOneIsLeft() {
        for (int i = 2; i <= 101; i++) {
            platform.create(new StringInt(0, "row", i));
        }
        assertThat(editor.rows()).hasSize(100);
        assertThat(editor.hasPrevious()).isFalse();
        editor.next();
        assertThat(editor.rows()).containsExactly(new StringInt(101, "row", 101));
        assertThat(editor.hasNext()).isFalse();
        platform.delete(101);
        assertThat(editor.rows()).hasSize(100);
        assertThat(editor.hasPrevious()).isFalse();
    }

    @Test
    void whenTheServerCannotBeReachedWhatIsShownAndEnteredStays() {
        editor.edit(editor.rows().getFirst());
        enter("Barry Steam Plant", "3");
        platform.breakSending(new PeekException(ErrorCode.OFFLINE, "no link"));
        editor.save();
        assertThat(editor.formProblemProperty().get())
                .startsWith("The server cannot be reached now");
        assertThat(editor.problemProperty().get()).startsWith("The server cannot be reached now");
        assertThat(editor.rows()).hasSize(1);
        assertThat(entered("string1")).isEqualTo("Barry Steam Plant");

        platform.breakSending(null);
        editor.save();
        assertThat(editor.problemProperty().get()).isEmpty();
        assertThat(stored()).containsExactly(new StringInt(1, "Barry Steam Plant", 3));
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
}
