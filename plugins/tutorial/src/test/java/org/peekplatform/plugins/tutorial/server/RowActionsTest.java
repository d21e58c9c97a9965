package org.peekplatform.plugins.tutorial.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peekplatform.api.Audience;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionOutcome.Applied;
import org.peekplatform.api.action.ActionOutcome.Rejected;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.storage.EditableTable;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress;
import org.peekplatform.plugins.tutorial.tuples.RunImport;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.tuples.ToggleCapitals;

class RowActionsTest {
    private static final TupleSelector<StringInt> ROWS = TupleSelector.of(StringInt.class);
    private static final TupleSelector<Settings> SETTINGS = TupleSelector.of(Settings.class);

    @TempDir Path folder;
    private FakePlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer());
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aSavedRowIsAnsweredWithItsNewIdAndAnnounced() {
        TableAnswer<StringInt> answer = platform.create(new StringInt(0, "  Sand Point ", 63560));

        StringInt row = new StringInt(1, "Sand Point", 63560);
        assertThat(answer).isEqualTo(new TableAnswer.Saved<>(row));
        assertThat(platform.rows(ROWS)).containsExactly(row);
        assertThat(platform.announced()).containsExactly(ROWS);
    }

    @Test
    void rowsComeInTheOrderTheyWereAdded() {
        add("Barry", 3);
        add("Bankhead Dam", 2);
        platform.update(new StringInt(1, "Barry", 3), new StringInt(1, "Barry Steam Plant", 3));

        assertThat(platform.rows(ROWS))
                .containsExactly(
                        new StringInt(1, "Barry Steam Plant", 3),
                        new StringInt(2, "Bankhead Dam", 2));
    }

    @Test
    void aDeletedRowIsGoneAndItsIdIsNotGivenAgain() {
        add("Barry", 3);
        assertThat(platform.delete(1))
                .isEqualTo(new TableAnswer.Saved<>(new StringInt(1, "Barry", 3)));
        add("Bankhead Dam", 2);

        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(2, "Bankhead Dam", 2));
    }

    @ParameterizedTest
    @CsvSource({
        "Sand Point, sand point",
        "sand point, SAND POINT",
        "SAND POINT, sand point",
        "2nd Street, 2ND STREET",
        "42 Øst, 42 øst",
        "straße, STRASSE"
    })
    void capitalsAreToggledByTheFirstLetterThatHasAny(String before, String after) {
        add(before, 1);
        assertThat(platform.perform(new ToggleCapitals(1))).isInstanceOf(Applied.class);
        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, after, 1));
    }

    @Test
    void amountsAreAddedAndTakenAway() {
        add("Barry", 3);
        platform.perform(new AddToInt(1, 10));
        platform.perform(new AddToInt(1, -20));

        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, "Barry", -7));
    }

    @Test
    void oneChangedRowIsLoadedAlone() {
        add("Barry", 3);
        add("Gadsden", 7);
        platform.perform(new AddToInt(2, 1));

        assertThat(platform.changedKeys()).containsExactly("2");
        assertThat(platform.rows(ROWS, Set.of("2", "9")))
                .contains(List.of(new StringInt(2, "Gadsden", 8)));
    }

    @Test
    void actionsOnADeletedRowSayThatItIsGone() {
        String sentence = "Row 7 has been deleted meanwhile; nothing was changed.";
        assertRefused(new ToggleCapitals(7), "TUTORIAL_ROW_GONE", sentence);
        assertRefused(new AddToInt(7, 1), "TUTORIAL_ROW_GONE", sentence);
        StringInt gone = new StringInt(7, "Barry", 3);
        assertThat(platform.update(gone, gone)).isEqualTo(new TableAnswer.Gone<>());
    }

    @Test
    void textsThatCannotBeKeptAreRefused() {
        assertInvalid(
                new StringInt(0, " \t", 1),
                "string1",
                "The text of a row must not be empty; enter one.");
        assertInvalid(
                new StringInt(0, "x".repeat(201), 1),
                "string1",
                "At most 200 characters fit here, but these are 201.");
        assertInvalid(
                new StringInt(0, "a\0b", 1),
                "string1",
                "The character with the code 0 cannot be stored; remove it.");
        add("x".repeat(200), 1);
    }

    @Test
    void textsWithoutLettersHaveNoCapitalsToToggle() {
        add("4711", 1);
        assertRefused(
                new ToggleCapitals(1),
                "TUTORIAL_NO_LETTERS",
                "'4711' has no letters that could be written in capitals; nothing was changed.");
    }

    @Test
    void capitalsThatWouldNotFitAreRefused() {
        add("ß".repeat(200), 1);
        assertRefused(
                new ToggleCapitals(1),
                "TUTORIAL_TEXT_TOO_LONG",
                "The text has 400 characters, but a row holds at most 200; shorten it and save"
                        + " again.");
    }

    @Test
    void numbersThatBrowsersShowWronglyAreRefused() {
        String code = "TUTORIAL_NUMBER_OUT_OF_RANGE";
        String sentence =
                "Numbers go from -9,007,199,254,740,991 to 9,007,199,254,740,991, as browsers show"
                        + " larger ones wrongly; nothing was changed.";
        assertInvalid(new StringInt(0, "Barry", StringInt.LARGEST_NUMBER + 1), "int1", sentence);
        add("Barry", StringInt.LARGEST_NUMBER);
        add("Barry", -StringInt.LARGEST_NUMBER);
        assertRefused(new AddToInt(1, 1), code, sentence);
        assertRefused(new AddToInt(2, -1), code, sentence);
        assertRefused(new AddToInt(1, Long.MAX_VALUE), code, sentence);
        assertRefused(new AddToInt(2, Long.MIN_VALUE), code, sentence);
    }

    @Test
    void settingsHaveDefaultsUntilTheyAreSaved() {
        assertThat(platform.rows(SETTINGS)).containsExactly(new Settings("Tutorial", 1));

        assertThat(platform.perform(new SaveSettings(" Power plants ", 10)))
                .isEqualTo(new Applied());
        assertThat(platform.perform(new SaveSettings("Power plants", 25))).isEqualTo(new Applied());

        assertThat(platform.rows(SETTINGS)).containsExactly(new Settings("Power plants", 25));
        assertThat(platform.announced()).containsExactly(SETTINGS, SETTINGS);
    }

    @Test
    void settingsOutOfTheirLimitsAreRefused() {
        assertRefused(
                new SaveSettings("Plants", 0),
                "TUTORIAL_STEP_OUT_OF_RANGE",
                "The step must be from 1 to 1,000, not 0; the settings were not changed.");
        assertRefused(
                new SaveSettings("Plants", 1001),
                "TUTORIAL_STEP_OUT_OF_RANGE",
                "The step must be from 1 to 1,000, not 1001; the settings were not changed.");
        assertRefused(
                new SaveSettings(" ", 1),
                "TUTORIAL_TITLE_EMPTY",
                "The title must not be empty; enter one and save again.");
        assertRefused(
                new SaveSettings("x".repeat(81), 1),
                "TUTORIAL_TITLE_TOO_LONG",
                "The title has 81 characters, but at most 80 fit; shorten it and save again.");
        assertThat(platform.rows(SETTINGS)).containsExactly(Settings.DEFAULT);
    }

    @Test
    void onlyWhatUsersNeedIsOfferedToDevices() {
        assertThat(List.of(StringInt.class, Settings.class, ToggleCapitals.class, AddToInt.class))
                .allSatisfy(
                        type -> assertThat(platform.audience(type)).isEqualTo(Audience.DEVICES));
        assertThat(List.of(ImportProgress.class, SaveSettings.class, RunImport.class))
                .allSatisfy(type ->
                        assertThat(platform.audience(type)).isEqualTo(Audience.ADMINISTRATORS));
        EditableTable<StringInt> table = platform.table(StringInt.class);
        assertThat(table.readers()).isEqualTo(Audience.ADMINISTRATORS);
        assertThat(table.editors().values()).containsOnly(Audience.ADMINISTRATORS);
    }

    private void add(String text, long number) {
        assertThat(platform.create(new StringInt(0, text, number)))
                .isInstanceOf(TableAnswer.Saved.class);
    }

    private void assertInvalid(StringInt row, String field, String sentence) {
        List<StringInt> before = platform.rows(ROWS);
        assertThat(platform.create(row))
                .isEqualTo(new TableAnswer.Invalid<>(Map.of(field, sentence), List.of()));
        assertThat(platform.rows(ROWS)).isEqualTo(before);
    }

    private void assertRefused(ActionTuple action, String code, String sentence) {
        List<StringInt> before = platform.rows(ROWS);
        int announced = platform.announced().size();
        ActionOutcome outcome = platform.perform(action);
        assertThat(outcome).isInstanceOf(Rejected.class);
        Rejected rejected = (Rejected) outcome;
        assertThat(rejected.code().name()).isEqualTo(code);
        assertThat(rejected.message()).isEqualTo(sentence);
        assertThat(platform.rows(ROWS)).isEqualTo(before);
        assertThat(platform.announced()).hasSize(announced);
    }
}
