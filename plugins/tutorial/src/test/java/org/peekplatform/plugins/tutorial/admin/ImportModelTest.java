package org.peekplatform.plugins.tutorial.admin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.admin.ImportModel.Step;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.CancelImport;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;
import org.peekplatform.plugins.tutorial.tuples.StartImport;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.worker.TutorialWorker;

class ImportModelTest {
    private static final Path PLANTS = Path.of("src/test/resources/eia860/plants-excerpt.csv");

    @TempDir Path folder;
    private FakePlatform platform;
    private ImportModel model;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer()).start(new TutorialWorker());
        model =
                new ImportModel(
                        platform.observer(), platform.sender(), platform.tasks(), Runnable::run);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aFileIsUploadedAndItsColumnsAreSuggested() throws Exception {
        upload(PLANTS);

        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_COLUMNS);
        assertThat(model.statusProperty().get())
                .isEqualTo("plants-excerpt.csv: 50 rows, 42 columns");
        assertThat(model.textColumns()).hasSize(42);
        assertThat(model.numberColumns()).allMatch(Column::whole).isNotEmpty();
        assertThat(name(model.textColumnProperty().get())).isEqualTo("Utility Name");
        assertThat(name(model.numberColumnProperty().get())).isEqualTo("Utility ID");
        assertThat(model.runnableProperty().get()).isTrue();
    }

    @Test
    void theChosenColumnsAreImported() throws Exception {
        upload(PLANTS);
        choose("Plant Name", "Plant Code");
        model.run();
        assertThat(model.stepProperty().get()).isEqualTo(Step.RUNNING);
        assertThat(model.statusProperty().get())
                .isEqualTo("Importing plants-excerpt.csv: 0 of 50 rows");
        platform.work();

        assertThat(model.resultProperty().get())
                .isEqualTo("50 rows of 'plants-excerpt.csv' were imported.");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);
        assertThat(platform.rows(TupleSelector.of(StringInt.class)))
                .hasSize(50)
                .startsWith(new StringInt(1, "Sand Point", 1));
        assertThat(platform.observers()).isZero();
    }

    @Test
    void aLargeFileIsSentInPiecesWithItsProgress() throws Exception {
        Path file = write("big.csv", "t,n\n" + "a long enough text,1\n".repeat(40_000));
        List<Long> offsets = new ArrayList<>();
        List<String> statuses = new ArrayList<>();
        model.statusProperty().addListener((property, before, now) -> statuses.add(now));
        platform.onSend(action -> {
            if (action instanceof AppendImport piece) {
                offsets.add(piece.offset());
            }
        });
        upload(file);

        assertThat(offsets).containsExactly(0L, 262_144L, 524_288L, 786_432L);
        assertThat(statuses)
                .contains("Uploading big.csv: 0.3 of 0.8 MB", "Reading big.csv")
                .last()
                .isEqualTo("big.csv: 40,000 rows, 2 columns");
    }

    @Test
    void aRefusedFileIsNamedAndAnotherCanBeChosen() throws Exception {
        upload(write("empty.csv", ""));
        assertThat(model.problemProperty().get())
                .isEqualTo("'empty.csv' is empty; choose a CSV file with a header.");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);

        upload(write("damaged.csv", "t,n\n\"open,1\n"));
        assertThat(model.problemProperty().get())
                .isEqualTo(
                        "'damaged.csv' is damaged near line 2: a value in quotes does not end where"
                                + " it should.");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);

        upload(PLANTS);
        assertThat(model.problemProperty().get()).isEmpty();
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_COLUMNS);
    }

    @Test
    void aFileThatIsGoneIsNamed() throws Exception {
        upload(folder.resolve("gone.csv"));
        assertThat(model.problemProperty().get())
                .isEqualTo(
                        "'gone.csv' could not be read; check that it is there and that you may open"
                                + " it.");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);
    }

    @Test
    void aLostConnectionEndsTheUploadWithASentence() throws Exception {
        platform.onSend(action -> {
            if (action instanceof AppendImport) {
                platform.breakSending(new PeekException(ErrorCode.OFFLINE, "no link"));
                throw new PeekException(ErrorCode.OFFLINE, "no link");
            }
        });
        upload(PLANTS);
        assertThat(model.problemProperty().get()).startsWith("The server cannot be reached now");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);
    }

    @Test
    void aFailedRunLetsOtherColumnsBeChosen() throws Exception {
        upload(write("f.csv", "t,n\nfine,1\n" + "x".repeat(201) + ",2\n"));
        model.run();
        platform.work();
        assertThat(model.problemProperty().get())
                .isEqualTo(
                        "Row 3 of 'f.csv' has 201 characters in column 't', but at most 200 fit; no"
                                + " row was imported.");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_COLUMNS);

        choose("n", "n");
        model.run();
        assertThat(model.problemProperty().get()).isEmpty();
        platform.work();
        assertThat(model.resultProperty().get()).isEqualTo("2 rows of 'f.csv' were imported.");
    }

    @Test
    void aFileWithoutWholeNumbersCannotBeRun() throws Exception {
        upload(write("f.csv", "t\nonly text\n"));
        assertThat(model.problemProperty().get())
                .isEqualTo(
                        "No column of 'f.csv' has a whole number in every row, so there is nothing to"
                                + " become the number.");
        assertThat(model.runnableProperty().get()).isFalse();
    }

    @Test
    void cancellingLetsTheServerForgetTheFile() throws Exception {
        upload(PLANTS);
        model.cancel();
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);
        assertThat(model.statusProperty().get())
                .isEqualTo("The import of 'plants-excerpt.csv' was cancelled.");
        assertThat(folder.resolve("imports")).isEmptyDirectory();
    }

    @Test
    void closingTheViewCancelsWhatIsNotRunning() throws Exception {
        upload(PLANTS);
        model.close();
        assertThat(folder.resolve("imports")).isEmptyDirectory();
        assertThat(platform.observers()).isZero();
    }

    @Test
    void anImportThatTheServerForgotIsSaidToBeLost() throws Exception {
        List<String> ids = new ArrayList<>();
        platform.onSend(action -> {
            if (action instanceof StartImport start) {
                ids.add(start.importId());
            }
        });
        upload(PLANTS);
        // As seen from here a restart looks the same: the import is gone.
        platform.perform(new CancelImport(ids.getFirst()));

        assertThat(model.problemProperty().get())
                .startsWith("The server no longer knows the import of 'plants-excerpt.csv'");
        assertThat(model.stepProperty().get()).isEqualTo(Step.CHOOSE_FILE);
    }

    private void upload(Path file) throws Exception {
        model.upload(file);
        assertThat(model.stepProperty().get()).isEqualTo(Step.UPLOADING);
        platform.work();
    }

    private void choose(String text, String number) {
        model.textColumnProperty().set(column(model.textColumns(), text));
        model.numberColumnProperty().set(column(model.numberColumns(), number));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static Column column(List<Column> columns, String name) {
        return columns.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private static String name(@Nullable Column column) {
        return requireNonNull(column).name();
    }
}
