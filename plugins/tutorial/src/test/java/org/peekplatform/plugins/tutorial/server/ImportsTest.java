package org.peekplatform.plugins.tutorial.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Audience;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionOutcome.Applied;
import org.peekplatform.api.action.ActionOutcome.Rejected;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.ImportFiles;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.CancelImport;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.State;
import org.peekplatform.plugins.tutorial.tuples.ImportRows;
import org.peekplatform.plugins.tutorial.tuples.RunImport;
import org.peekplatform.plugins.tutorial.tuples.StartImport;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.worker.TutorialWorker;

class ImportsTest {
    private static final TupleSelector<StringInt> ROWS = TupleSelector.of(StringInt.class);
    private static final Path PLANTS = Path.of("src/test/resources/eia860/plants-excerpt.csv");

    @TempDir Path folder;
    private FakePlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer()).start(new TutorialWorker());
        platform.create(new StringInt(0, "already here", 1));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void realPlantsAreImportedBehindTheRowsThatAreThere() throws Exception {
        upload("i", "plants.csv", Files.readAllBytes(PLANTS));
        assertThat(progress("i").state()).isEqualTo(State.ready);
        assertThat(progress("i").rowsTotal()).isEqualTo(50);

        run("i", "Plant Name", "Plant Code", false);

        assertThat(platform.rows(ROWS)).hasSize(51);
        assertThat(platform.rows(ROWS).subList(0, 3))
                .containsExactly(
                        new StringInt(1, "already here", 1),
                        new StringInt(2, "Sand Point", 1),
                        new StringInt(3, "Bankhead Dam", 2));
        assertThat(progress("i"))
                .isEqualTo(
                        new ImportProgress(
                                "i",
                                "plants.csv",
                                State.done,
                                Files.size(PLANTS),
                                Files.size(PLANTS),
                                progress("i").columns(),
                                50,
                                50,
                                null));
        assertThat(platform.announced()).contains(ROWS);
        assertThat(kept()).isEmpty();
    }

    @Test
    void replacingDeletesTheRowsThatAreThere() throws Exception {
        upload("i", "f.csv", "t;n\nA;1\nB;-2\n");
        run("i", "t", "n", true);

        assertThat(platform.rows(ROWS))
                .containsExactly(new StringInt(2, "A", 1), new StringInt(3, "B", -2));
    }

    @Test
    void aFileComesInPiecesAndSaysHowMuchIsThere() throws Exception {
        byte[] content = "t,n\nA,1\n".getBytes(StandardCharsets.UTF_8);
        apply(new StartImport("i", "f.csv", content.length));
        apply(new AppendImport("i", 0, Arrays.copyOfRange(content, 0, 3)));

        assertThat(progress("i"))
                .isEqualTo(
                        new ImportProgress(
                                "i", "f.csv", State.uploading, 3, 8, List.of(), 0, 0, null));

        apply(new AppendImport("i", 3, Arrays.copyOfRange(content, 3, 8)));
        platform.work();
        assertThat(progress("i"))
                .isEqualTo(
                        new ImportProgress(
                                "i",
                                "f.csv",
                                State.ready,
                                8,
                                8,
                                List.of(
                                        new Column("t", List.of("A"), false),
                                        new Column("n", List.of("1"), true)),
                                0,
                                1,
                                null));
    }

    @Test
    void observersSeeTheProgressBeforeTheRowsAreCommitted() throws Exception {
        StringBuilder csv = new StringBuilder("t,n\n");
        for (int i = 0; i < 2500; i++) {
            csv.append("row,").append(i).append('\n');
        }
        upload("i", "f.csv", csv.toString());
        List<ImportProgress> seen = new ArrayList<>();
        platform.observer()
                .observe(ImportProgress.selector("i"), update -> seen.addAll(update.rows()));
        List<Integer> rowsAtThatTime = new ArrayList<>();
        // As the announcing task does, on a thread of its own.
        Runnable beside =
                () -> {
                    platform.tick();
                    rowsAtThatTime.add(platform.rows(ROWS).size());
                };

        apply(new RunImport("i", "t", "n", false));
        platform.storage().beforeCommit(() -> joining(Thread.ofVirtual().start(beside)));
        platform.work();

        assertThat(seen)
                .extracting(ImportProgress::state)
                .endsWith(State.running, State.running, State.done);
        assertThat(seen)
                .filteredOn(one -> one.state() == State.running)
                .last()
                .extracting(ImportProgress::rowsDone)
                .isEqualTo(2500L);
        assertThat(rowsAtThatTime).endsWith(1);
        assertThat(platform.rows(ROWS)).hasSize(2501);
    }

    @Test
    void oneValueThatIsNotAWholeNumberRefusesTheWholeFile() throws Exception {
        StringBuilder csv = new StringBuilder("t,n\n");
        for (int i = 0; i < 1500; i++) {
            csv.append("row,").append(i).append('\n');
        }
        upload("i", "f.csv", csv + "last,12.5\n");
        run("i", "t", "n", true);

        assertFailed(
                "Row 1502 of 'f.csv' has '12.5' in column 'n', which is not a whole number; no row"
                        + " was imported.");
        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, "already here", 1));
    }

    @Test
    void aFailedImportCanBeRunAgainWithOtherColumns() throws Exception {
        upload("i", "plants.csv", Files.readAllBytes(PLANTS));
        run("i", "Plant Name", "Zip", false);
        assertFailed("Row 50 of 'plants.csv' has nothing in column 'Zip'; no row was imported.");

        run("i", "Plant Name", "Utility ID", false);
        assertThat(progress("i").state()).isEqualTo(State.done);
        assertThat(progress("i").problem()).isNull();
        assertThat(platform.rows(ROWS)).hasSize(51);
    }

    @Test
    void valuesThatRowsCannotHoldAreNamedWithTheirPlace() throws Exception {
        assertRunFails(
                "t,n\nA,1\n ,2\n",
                "Row 3 of 'f.csv' has nothing in column 't'; no row was imported.");
        assertRunFails(
                "t,n\nA,1\nB\n",
                "Row 3 of 'f.csv' has nothing in column 'n'; no row was imported.");
        assertRunFails(
                "t,n\n" + "x".repeat(3_000_000) + ",1\n",
                "Row 2 of 'f.csv' has 3,000,000 characters in column 't', but at most 200 fit; no"
                        + " row was imported.");
        assertRunFails(
                "t,n\na\0b,1\n",
                "Row 2 of 'f.csv' has a character with the code 0 in column 't', which databases do"
                        + " not store; no row was imported.");
        assertRunFails(
                "t,n\nA,9007199254740992\n",
                "Row 2 of 'f.csv' has 9007199254740992 in column 'n', but numbers go from"
                        + " -9,007,199,254,740,991 to 9,007,199,254,740,991; no row was imported.");
        assertRunFails(
                "t,n\nA," + "9".repeat(1000) + "\n",
                "Row 2 of 'f.csv' has "
                        + "9".repeat(40)
                        + "… in column 'n', but numbers go from -9,007,199,254,740,991 to"
                        + " 9,007,199,254,740,991; no row was imported.");
        assertRunFails(
                "t,n\nA,\"two\nlines\"\n",
                "Row 2 of 'f.csv' has 'two lines' in column 'n', which is not a whole number; no row"
                        + " was imported.");
    }

    @Test
    void aFileThatCannotBeReadFailsAndIsNotKept() throws Exception {
        upload("i", "f.csv", "t,n\nA,\"1\n");

        assertFailed(
                "'f.csv' is damaged near line 2: a value in quotes does not end where it should.");
        assertThat(kept()).isEmpty();
        assertRefused(
                platform.perform(new RunImport("i", "t", "n", false)),
                "TUTORIAL_IMPORT_NOT_READY",
                "'f.csv' cannot be imported now: it is not complete, is running, or has ended.");
    }

    @Test
    void filesThatCannotBeTakenAreRefused() {
        assertRefused(
                platform.perform(new StartImport("i", "f.csv", 0)),
                "TUTORIAL_FILE_EMPTY",
                "'f.csv' is empty; choose a CSV file with a header.");
        assertRefused(
                platform.perform(new StartImport("i", "f.csv", (64L << 20) + 1)),
                "TUTORIAL_FILE_TOO_LARGE",
                "'f.csv' has 67,108,865 bytes, but at most 67,108,864 (64 MiB) can be imported at"
                        + " once; split it into smaller files.");
        assertRefused(
                platform.perform(new StartImport("../i", "f.csv", 1)),
                "TUTORIAL_IMPORT_ID_INVALID",
                "The id of an import must be 1 to 64 letters, digits and hyphens.");
        apply(new StartImport("i", "f.csv", 64L << 20));
        assertRefused(
                platform.perform(new StartImport("i", "f.csv", 1)),
                "TUTORIAL_IMPORT_KNOWN",
                "There is an import 'i' already; start again with another id.");
    }

    @Test
    void atMostFourFilesAreTakenAtOnce() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            apply(new StartImport(id, "f.csv", 10));
        }
        upload("d", "f.csv", "t,n\nA,1\n");
        String sentence = "4 files are being imported already; wait for one to end or cancel it.";
        assertRefused(
                platform.perform(new StartImport("e", "f.csv", 10)),
                "TUTORIAL_TOO_MANY_IMPORTS",
                sentence);

        run("d", "t", "n", false);
        apply(new StartImport("e", "f.csv", 10));
        assertRefused(
                platform.perform(new StartImport("f", "f.csv", 10)),
                "TUTORIAL_TOO_MANY_IMPORTS",
                sentence);
        apply(new CancelImport("a"));
        apply(new StartImport("f", "f.csv", 10));
    }

    @Test
    void piecesOutOfTurnAreRefused() {
        apply(new StartImport("i", "f.csv", 300_000));
        assertRefused(
                platform.perform(new AppendImport("i", 1, new byte[1])),
                "TUTORIAL_WRONG_OFFSET",
                "The next piece of 'f.csv' starts at byte 0, not at 1; choose the file again.");
        assertRefused(
                platform.perform(new AppendImport("i", 0, new byte[0])),
                "TUTORIAL_PIECE_INVALID",
                "A piece of a file must have 1 to 262,144 bytes, not 0.");
        assertRefused(
                platform.perform(new AppendImport("i", 0, new byte[262_145])),
                "TUTORIAL_PIECE_INVALID",
                "A piece of a file must have 1 to 262,144 bytes, not 262,145.");
        apply(new AppendImport("i", 0, new byte[262_144]));
        assertRefused(
                platform.perform(new AppendImport("i", 262_144, new byte[40_000])),
                "TUTORIAL_PIECE_TOO_FAR",
                "'f.csv' was announced with 300,000 bytes, and this piece goes beyond them; it may"
                        + " have changed meanwhile. Choose the file again.");
        assertThat(progress("i").receivedBytes()).isEqualTo(262_144);
    }

    @Test
    void columnsThatTheFileDoesNotHaveAreRefused() throws Exception {
        upload("i", "f.csv", "t,n\nA,1\n");
        assertRefused(
                platform.perform(new RunImport("i", "x", "n", false)),
                "TUTORIAL_NO_SUCH_COLUMN",
                "'f.csv' has no column 'x'; choose one of its columns.");
        assertRefused(
                platform.perform(new RunImport("i", "t", "y", false)),
                "TUTORIAL_NO_SUCH_COLUMN",
                "'f.csv' has no column 'y'; choose one of its columns.");
        assertThat(progress("i").state()).isEqualTo(State.ready);
    }

    @Test
    void importsThatNobodyKnowsAreRefused() {
        String sentence =
                "There is no import 'i' any more: it was cancelled, or was left alone too long."
                        + " Choose the file again.";
        String code = "TUTORIAL_IMPORT_UNKNOWN";
        assertRefused(platform.perform(new AppendImport("i", 0, new byte[1])), code, sentence);
        assertRefused(platform.perform(new RunImport("i", "t", "n", false)), code, sentence);
        assertRefused(platform.perform(new CancelImport("i")), code, sentence);
        assertThat(platform.rows(ImportProgress.selector("i"))).isEmpty();
    }

    @Test
    void aCancelledImportLeavesNothing() throws Exception {
        upload("i", "f.csv", "t,n\nA,1\n");
        assertThat(kept()).hasSize(1);
        apply(new CancelImport("i"));

        assertThat(platform.rows(ImportProgress.selector("i"))).isEmpty();
        assertThat(platform.announced()).last().isEqualTo(ImportProgress.selector("i"));
        assertThat(kept()).isEmpty();
    }

    @Test
    void cancellingARunningImportRollsItBack() throws Exception {
        upload("i", "f.csv", "t,n\nA,1\n");
        apply(new RunImport("i", "t", "n", true));
        apply(new CancelImport("i"));
        platform.work();

        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, "already here", 1));
        assertThat(kept()).isEmpty();
    }

    @Test
    void anImportThatIsCommittingCanNoLongerBeCancelled() throws Exception {
        upload("i", "f.csv", "t,n\nA,1\n");
        apply(new RunImport("i", "t", "n", true));
        List<ActionOutcome> answers = new ArrayList<>();
        platform.storage()
                .beforeCommit(() -> {
                    platform.storage().beforeCommit(() -> {});
                    answers.add(platform.perform(new CancelImport("i")));
                });
        platform.work();

        assertRefused(
                answers.getFirst(),
                "TUTORIAL_TOO_LATE_TO_CANCEL",
                "All rows of 'f.csv' have been written; the import can no longer be cancelled.");
        assertThat(progress("i").state()).isEqualTo(State.done);
        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(2, "A", 1));
    }

    @Test
    void aTaskThatIsGivenUpEndsTheImportWithASentence() throws Exception {
        upload("i", "f.csv", "t,n\nA,1\n");
        apply(new RunImport("i", "t", "n", true));
        platform.storage()
                .beforeCommit(() -> {
                    throw new IllegalStateException("the disk is full");
                });
        platform.work();
        platform.storage().beforeCommit(() -> {});

        assertFailed("The import of 'f.csv' was given up; no row was imported. The disk is full.");
        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, "already here", 1));
    }

    @Test
    void anImportThatNoWorkerBeginsSaysSoAndCanBeCancelled() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        try (FakePlatform second = new FakePlatform(other)) {
            Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
            Imports imports = new Imports(second, () -> now[0]);
            imports.open();
            second.tuples()
                    .provide(ImportProgress.class, Audience.ADMINISTRATORS, imports::progress);
            second.actions().handle(StartImport.class, Audience.ADMINISTRATORS, imports::start);
            second.actions().handle(AppendImport.class, Audience.ADMINISTRATORS, imports::append);
            second.actions().handle(RunImport.class, Audience.ADMINISTRATORS, imports::run);
            second.actions().handle(CancelImport.class, Audience.ADMINISTRATORS, imports::cancel);
            second.perform(new StartImport("i", "f.csv", 8));
            second.perform(new AppendImport("i", 0, "t,n\nA,1\n".getBytes(StandardCharsets.UTF_8)));
            second.runTasks();
            second.perform(new RunImport("i", "t", "n", false));
            second.runTasks();
            now[0] = now[0].plusSeconds(3);
            second.tick();
            assertThat(second.rows(ImportProgress.selector("i")).getFirst().problem()).isNull();

            now[0] = now[0].plusMillis(1);
            second.tick();
            ImportProgress waits = second.rows(ImportProgress.selector("i")).getFirst();
            assertThat(waits.state()).isEqualTo(State.running);
            assertThat(waits.problem())
                    .isEqualTo(
                            "No worker has begun to import 'f.csv' yet: all are busy, or none runs."
                                    + " Wait, or start one (peek --service worker).");
            assertThat(second.announced()).last().isEqualTo(ImportProgress.selector("i"));

            assertThat(second.perform(new CancelImport("i"))).isEqualTo(new Applied());
            assertThat(second.rows(ImportProgress.selector("i"))).isEmpty();
            assertThat(other.resolve("imports")).isEmptyDirectory();
        }
    }

    @Test
    void aLargeFileReachesTheWorkerInPieces() throws Exception {
        String row = "a name of some length,7\n";
        int rows = 3 * ImportFiles.LARGEST_PIECE / row.length();
        upload("i", "f.csv", "t,n\n" + row.repeat(rows));
        run("i", "t", "n", true);

        assertThat(platform.rows(ROWS))
                .hasSize(rows)
                .allMatch(one -> one.string1().equals("a name of some length") && one.int1() == 7);
    }

    @Test
    void aWorkerThatAsksForAnImportOfBeforeARestartIsRefused() throws Exception {
        platform.queue()
                .submit(
                        new ImportRows("gone", "f.csv", 0, "t", 1, "n", 1, true),
                        TaskOptions.USUAL);
        platform.work();

        assertThat(platform.queue().find("1").orElseThrow().status().reason())
                .isEqualTo(
                        "The import 'gone' is not running any more; it was cancelled, or the server"
                                + " was restarted.");
        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, "already here", 1));
    }

    @Test
    void whatIsLeftAloneIsForgottenWithItsFile() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        try (FakePlatform second = new FakePlatform(other)) {
            Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
            Imports imports = new Imports(second, () -> now[0]);
            imports.open();
            second.tuples()
                    .provide(ImportProgress.class, Audience.ADMINISTRATORS, imports::progress);
            second.actions().handle(StartImport.class, Audience.ADMINISTRATORS, imports::start);
            second.actions().handle(AppendImport.class, Audience.ADMINISTRATORS, imports::append);
            second.perform(new StartImport("i", "f.csv", 10));
            now[0] = now[0].plus(Duration.ofMinutes(14));
            second.perform(new AppendImport("i", 0, new byte[5]));

            now[0] = now[0].plus(Duration.ofMinutes(15));
            second.tick();
            assertThat(second.rows(ImportProgress.selector("i"))).hasSize(1);

            now[0] = now[0].plusMillis(1);
            second.tick();
            assertThat(second.rows(ImportProgress.selector("i"))).isEmpty();
            assertThat(other.resolve("imports")).isEmptyDirectory();
        }
    }

    @Test
    void filesOfAnEarlierRunAreRemovedAtStart() throws Exception {
        Path left = Files.writeString(folder.resolve("imports/7.csv"), "t,n\n");
        try (FakePlatform again = new FakePlatform(folder).start(new TutorialServer())) {
            assertThat(again.rows(ImportProgress.selector("7"))).isEmpty();
            assertThat(left).doesNotExist();
        }
    }

    @Test
    void namesOfFilesAreShownOnOneLine() {
        apply(new StartImport("i", " a\nb.csv ", 1));
        assertThat(progress("i").fileName()).isEqualTo("a b.csv");
    }

    private void upload(String id, String fileName, String content) throws Exception {
        upload(id, fileName, content.getBytes(StandardCharsets.UTF_8));
    }

    private void upload(String id, String fileName, byte[] content) throws Exception {
        apply(new StartImport(id, fileName, content.length));
        for (int at = 0; at < content.length; at += AppendImport.LARGEST_PIECE) {
            int end = Math.min(content.length, at + AppendImport.LARGEST_PIECE);
            apply(new AppendImport(id, at, Arrays.copyOfRange(content, at, end)));
        }
        platform.work();
    }

    private void run(String id, String text, String number, boolean replace) throws Exception {
        apply(new RunImport(id, text, number, replace));
        assertThat(progress(id).state()).isEqualTo(State.running);
        platform.work();
    }

    private void assertRunFails(String content, String sentence) throws Exception {
        upload("i", "f.csv", content);
        run("i", "t", "n", true);
        assertFailed(sentence);
        assertThat(platform.rows(ROWS)).containsExactly(new StringInt(1, "already here", 1));
        apply(new CancelImport("i"));
    }

    private void assertFailed(String sentence) {
        assertThat(progress("i").state()).isEqualTo(State.failed);
        assertThat(progress("i").problem()).isEqualTo(sentence);
        assertThat(progress("i").rowsDone()).isZero();
    }

    private void apply(ActionTuple action) {
        assertThat(platform.perform(action)).isEqualTo(new Applied());
    }

    private static void assertRefused(ActionOutcome outcome, String code, String sentence) {
        assertThat(outcome).isInstanceOf(Rejected.class);
        Rejected rejected = (Rejected) outcome;
        assertThat(rejected.code().name()).isEqualTo(code);
        assertThat(rejected.message()).isEqualTo(sentence);
    }

    private ImportProgress progress(String id) {
        return platform.rows(ImportProgress.selector(id)).getFirst();
    }

    private List<Path> kept() throws IOException {
        try (var files = Files.list(folder.resolve("imports"))) {
            return files.toList();
        }
    }

    private static void joining(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
