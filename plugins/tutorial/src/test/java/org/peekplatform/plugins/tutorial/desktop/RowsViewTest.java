package org.peekplatform.plugins.tutorial.desktop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.DiskSpace;
import org.peekplatform.plugins.tutorial.calls.Gauge;
import org.peekplatform.plugins.tutorial.client.TutorialClient;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.testing.FakeUi;
import org.peekplatform.plugins.tutorial.testing.Stages;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
@SuppressWarnings("NullAway.Init") // TestFX calls the method that sets the fields
class RowsViewTest {
    @TempDir Path folder;
    private FakePlatform platform;
    private DesktopView view;
    private Stage stage;

    @Start
    void open(Stage stage) throws Exception {
        this.stage = stage;
        platform = new FakePlatform(folder).start(new TutorialServer()).start(new TutorialClient());
        FakeUi ui = new FakeUi();
        platform.offer(DesktopUi.class, ui);
        platform.start(new TutorialDesktop());
        view = ui.open("rows");
        Stages.show(stage, view, 900, 560);
    }

    @AfterEach
    void close(FxRobot robot) {
        robot.interact(view::close);
        // The client part goes on to observe.
        assertThat(platform.observers()).isEqualTo(1);
        platform.close();
    }

    @Test
    void withoutRowsItSaysHowToGetSome(FxRobot robot) {
        assertThat(text(robot, "#count")).isEqualTo("0 rows");
        assertThat(
                        robot.lookup(
                                        "There are no rows yet. An administrator can add or import some.")
                                .tryQuery())
                .isPresent();
        assertThat(robot.lookup("#toggle").queryButton().isDisabled()).isTrue();
        Stages.picture(stage, "rows-empty");
    }

    @Test
    void theButtonsActOnTheClickedRow(FxRobot robot) {
        platform.perform(new SaveSettings("Power plants", 25));
        add("Barry", 3);
        add("Bankhead Dam", 2);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#title")).isEqualTo("Power plants");

        robot.clickOn("Bankhead Dam").clickOn("#toggle").clickOn("#increase");
        assertThat(text(robot, "#increase")).isEqualTo("+ 25");
        assertThat(rows().getLast()).isEqualTo(new StringInt(2, "bankhead dam", 27));

        robot.clickOn("#decrease").clickOn("#decrease");
        assertThat(rows().getLast()).isEqualTo(new StringInt(2, "bankhead dam", -23));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(robot.lookup("-23").tryQuery()).isPresent();
        Stages.picture(stage, "rows");
    }

    @Test
    void aReadingOfAnAgentBecomesARowAndItsAbsenceASentence(FxRobot robot) {
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#readings")).isEqualTo("No agent has reported.");
        robot.clickOn("#add-reading");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#reading-problem")).startsWith("No agent with this plugin");
        Stages.picture(stage, "rows-no-agent");

        platform.rpc()
                .serve(
                        Gauge.class,
                        Set.of(ServiceKind.SERVER),
                        (Gauge) () -> new DiskSpace("depot", 37_120));
        robot.clickOn("#add-reading");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#reading-problem")).isEmpty();
        assertThat(text(robot, "#readings")).startsWith("depot: 37,120 MB free at ");
        assertThat(rows()).containsExactly(new StringInt(1, "Free MB on depot", 37_120));
        Stages.picture(stage, "rows-reading");
    }

    @Test
    void theStepCanBeAddedFromTheKeyboard(FxRobot robot) {
        add("Barry", 3);
        WaitForAsyncUtils.waitForFxEvents();
        robot.clickOn("Barry").write("++-");
        assertThat(rows()).containsExactly(new StringInt(1, "Barry", 4));
    }

    @Test
    void theFilterNarrowsTheRows(FxRobot robot) {
        add("Barry", 3);
        add("Bankhead Dam", 2);
        add("Walter Bouldin Dam", 4);
        WaitForAsyncUtils.waitForFxEvents();

        robot.press(KeyCode.CONTROL, KeyCode.F).release(KeyCode.F, KeyCode.CONTROL).write("dam");
        assertThat(table(robot).getItems()).extracting(StringInt::id).containsExactly(2L, 3L);
        assertThat(text(robot, "#count")).isEqualTo("2 of 3 rows");

        robot.write("x");
        assertThat(robot.lookup("No row contains 'damx'.").tryQuery()).isPresent();
        robot.type(KeyCode.ESCAPE);
        assertThat(text(robot, "#count")).isEqualTo("3 rows");
    }

    @Test
    void aFilteredListStartsAtItsTop(FxRobot robot) {
        change(
                "insert into string_int (string1, int1)"
                        + " select 'row ' || x, x from system_range(1, 1000)");
        WaitForAsyncUtils.waitForFxEvents();
        robot.interact(() -> table(robot).scrollTo(900));
        robot.clickOn("#filter").write("0");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(topmost(robot)).isEqualTo("row 10");
    }

    @Test
    void aRefusalIsShown(FxRobot robot) {
        add("4711", 3);
        WaitForAsyncUtils.waitForFxEvents();
        robot.clickOn("4711").clickOn("#toggle");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#action-problem"))
                .isEqualTo(
                        "'4711' has no letters that could be written in capitals; nothing was"
                                + " changed.");

        platform.breakSending(new PeekException(ErrorCode.OFFLINE, "no link"));
        robot.clickOn("#increase");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#action-problem")).startsWith("The server cannot be reached now");
        Stages.picture(stage, "rows-refused");
    }

    @Test
    void aProblemWithTheRowsIsShownAboveThem(FxRobot robot) throws Exception {
        add("Barry", 3);
        platform.reportProblem(StringInt.class, "The rows cannot be read at the moment.");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#rows-problem"))
                .isEqualTo("The rows cannot be read at the moment.");
        assertThat(table(robot).getItems()).hasSize(1);
    }

    @Test
    void theSelectedRowAndTheRowsInSightStayWhenOthersComeAndGo(FxRobot robot) {
        change(
                "insert into string_int (string1, int1)"
                        + " select 'row ' || x, x from system_range(1, 1000)");
        WaitForAsyncUtils.waitForFxEvents();
        robot.interact(() -> {
            table(robot).scrollTo(500);
            table(robot).getSelectionModel().select(505);
        });
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(topmost(robot)).isEqualTo("row 501");

        for (int i = 1; i <= 10; i++) {
            platform.delete(i);
        }
        platform.delete(700);
        platform.perform(new AddToInt(506, 1000));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(topmost(robot)).isEqualTo("row 501");
        assertThat(selected(robot)).isEqualTo(new StringInt(506, "row 506", 1506));

        // More at once than is told one by one: the list is replaced.
        change("delete from string_int where id <= 400");
        change("update string_int set int1 = 0");
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(text(robot, "#count")).isEqualTo("599 rows");
        assertThat(topmost(robot)).isEqualTo("row 501");
        assertThat(selected(robot)).isEqualTo(new StringInt(506, "row 506", 0));

        robot.clickOn("#increase");
        assertThat(rows()).contains(new StringInt(506, "row 506", 1));
    }

    @Test
    void aSelectedRowThatIsDeletedIsNotReplacedByItsNeighbour(FxRobot robot) {
        add("Barry", 3);
        add("Bankhead Dam", 2);
        WaitForAsyncUtils.waitForFxEvents();
        robot.clickOn("Barry");
        platform.delete(1);
        WaitForAsyncUtils.waitForFxEvents();

        assertThat(table(robot).getSelectionModel().getSelectedItem()).isNull();
        assertThat(robot.lookup("#toggle").queryButton().isDisabled()).isTrue();
    }

    private void add(String text, long number) {
        platform.create(new StringInt(0, text, number));
    }

    private void change(String sql) {
        platform.storage().dsl().execute(sql);
        platform.tuples().changed(TupleSelector.of(StringInt.class));
    }

    private List<StringInt> rows() {
        return platform.rows(TupleSelector.of(StringInt.class));
    }

    private static TableView<StringInt> table(FxRobot robot) {
        return robot.lookup("#rows").queryTableView();
    }

    private static StringInt selected(FxRobot robot) {
        return table(robot).getSelectionModel().getSelectedItem();
    }

    private static String topmost(FxRobot robot) {
        return onFx(() -> {
            VirtualFlow<?> flow = (VirtualFlow<?>) table(robot).lookup(".virtual-flow");
            int index = requireNonNull(flow.getFirstVisibleCell()).getIndex();
            return table(robot).getItems().get(index).string1();
        });
    }

    private static String text(FxRobot robot, String id) {
        return onFx(() -> robot.lookup(id).<Labeled>query().getText());
    }

    private static <T> T onFx(Callable<T> read) {
        return WaitForAsyncUtils.waitForAsyncFx(5000, read);
    }
}
