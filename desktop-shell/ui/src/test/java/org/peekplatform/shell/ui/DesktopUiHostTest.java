package org.peekplatform.shell.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peekplatform.shell.ui.Bench.onUi;
import static org.peekplatform.shell.ui.Bench.settle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.shell.model.HomeTile;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.Problem;
import org.peekplatform.shell.model.ViewLink;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class DesktopUiHostTest {
    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bench bench;

    @Start
    void start(Stage stage) throws Exception {
        bench = new Bench(stage, folder.resolve("window.properties"));
        bench.model.setReady(true);
        bench.show();
    }

    @AfterEach
    void close() {
        onUi(() -> {
            bench.window.close();
            return null;
        });
    }

    @Test
    void aViewThatThrowsWhenOpenedIsReplacedByACardThatNamesItsPlugin(FxRobot robot) {
        AtomicInteger tries = new AtomicInteger();
        bench.plugin("outages", "Outages")
                .ui
                .addView(
                        "board",
                        "Board",
                        () -> {
                            if (tries.incrementAndGet() == 1) {
                                throw new IllegalStateException("no table 'outage'");
                            }
                            return () -> new Label("42 open");
                        });
        settle();

        robot.clickOn("#tile-outages");
        assertThat(robot.lookup(".error-title").queryLabeled().getText())
                .isEqualTo("Outages 1.2.0");
        assertThat(robot.lookup(".error-reason").queryLabeled().getText())
                .isEqualTo("no table 'outage'");

        robot.clickOn("Try again");
        assertThat(robot.lookup("42 open").tryQuery()).isPresent();
        assertThat(robot.lookup(".error-card").tryQuery()).isEmpty();
    }

    @Test
    void linkErrorsAndViewsWithoutContentAreContained(FxRobot robot) {
        bench.plugin("a", "A")
                .ui
                .addView(
                        "v",
                        "V",
                        () -> {
                            throw new NoClassDefFoundError("com/example/Gone");
                        });
        List<String> closed = new ArrayList<>();
        bench.plugin("b", "B")
                .ui
                .addView(
                        "v",
                        "V",
                        () ->
                                new DesktopView() {
                                    @Override
                                    @SuppressWarnings("NullAway") // what a careless plugin does
                                    public Node node() {
                                        return null;
                                    }

                                    @Override
                                    public void close() {
                                        closed.add("b");
                                    }
                                });
        settle();

        robot.clickOn("#tile-a");
        assertThat(robot.lookup(".error-reason").queryLabeled().getText())
                .isEqualTo("com/example/Gone");

        robot.clickOn("Home");
        robot.clickOn("#tile-b");
        assertThat(bench.model.pages()).hasSize(3);
        assertThat(closed).containsExactly("b");
    }

    @Test
    void aHandlerThatThrowsIsAProblemOfItsPluginAndTheViewStays(FxRobot robot) throws Exception {
        var part = bench.plugin("outages", "Outages");
        part.ui.addView(
                "board",
                "Board",
                () -> {
                    Button button = new Button("Close it");
                    button.setOnAction(e -> {
                        throw new IllegalArgumentException("feeder is blank");
                    });
                    return () -> button;
                });
        settle();
        robot.clickOn("#tile-outages");

        robot.clickOn("Close it");
        robot.clickOn("Close it");

        assertThat(bench.model.problems())
                .containsExactly(
                        new Problem(
                                "Outages",
                                "Something went wrong in handling an event in view 'board':"
                                        + " feeder is blank"));
        assertThat(robot.lookup("Close it").tryQuery()).isPresent();

        part.stop();
        assertThat(bench.model.problems()).isEmpty();
    }

    @Test
    void closingATabClosesTheViewOnce(FxRobot robot) throws Exception {
        List<String> closed = new ArrayList<>();
        var part = bench.plugin("outages", "Outages");
        part.ui.addView("board", "Board", () -> new ClosingView(closed));
        settle();
        robot.clickOn("#tile-outages");

        robot.clickOn(".tab:selected .tab-close-button");
        assertThat(closed).containsExactly("closed on JavaFX Application Thread");
        assertThat(bench.model.pages()).containsExactly(Page.HOME);

        part.stop();
        assertThat(closed).hasSize(1);
    }

    @Test
    void withdrawingFromAnotherThreadHasClosedTheViewWhenItReturns(FxRobot robot) throws Exception {
        List<String> closed = new ArrayList<>();
        var part = bench.plugin("outages", "Outages");
        var registration = part.ui.addView("board", "Board", () -> new ClosingView(closed));
        settle();
        robot.clickOn("#tile-outages");

        registration.close();

        assertThat(closed).containsExactly("closed on JavaFX Application Thread");
        assertThat(bench.model.pages()).containsExactly(Page.HOME);
        assertThat(bench.model.tiles()).isEmpty();

        registration.close();
        part.stop();
        assertThat(closed).hasSize(1);
    }

    @Test
    void aBusyWindowHoldsUpAWithdrawalForALimitedTimeOnly() throws Exception {
        DesktopUiHost impatient = new DesktopUiHost(bench.model, Duration.ofMillis(100));
        List<AutoCloseable> owned = new ArrayList<>();
        var registration =
                impatient
                        .forPlugin(
                                new PluginInfo("late", "1.0.0", "Late"),
                                ServiceKind.DESKTOP,
                                new HomeLink(true, null, null),
                                owned::add,
                                bench.guard)
                        .addView("v", "V", () -> () -> new Label());
        settle();
        assertThat(bench.model.tiles()).extracting(HomeTile::pluginName).contains("late");
        CountDownLatch release = new CountDownLatch(1);
        Platform.runLater(() -> await(release));

        registration.close();
        assertThat(bench.model.tiles()).extracting(HomeTile::pluginName).contains("late");

        release.countDown();
        settle();
        assertThat(bench.model.tiles()).isEmpty();
    }

    @Test
    void theNewVersionOfAPluginTakesTheNamesOfTheOld() throws Exception {
        var old = bench.plugin("outages", "Outages");
        old.ui.addView("board", "Board", () -> () -> new Label("old"));
        old.stop();

        bench.plugin("outages", "Outages")
                .ui
                .addView("board", "New board", () -> () -> new Label("new"));
        settle();

        assertThat(bench.model.tiles())
                .singleElement()
                .extracting(t -> t.firstView().title())
                .isEqualTo("New board");
    }

    @Test
    void aPluginThatAsksForTheWorkstationTwiceHasOneTileWithAllItsViews() throws Exception {
        var first = bench.plugin("outages", "Outages");
        first.ui.addView("board", "Board", () -> () -> new Label());
        var second = bench.plugin("outages", "Outages");
        second.ui.addView("history", "History", () -> () -> new Label());
        settle();

        assertThat(bench.model.tiles())
                .singleElement()
                .satisfies(tile ->
                        assertThat(tile.views())
                                .extracting(ViewLink::title)
                                .containsExactly("Board", "History"));

        second.stop();
        assertThat(bench.model.tiles())
                .singleElement()
                .satisfies(tile -> assertThat(tile.views()).hasSize(1));
        first.stop();
        assertThat(bench.model.tiles()).isEmpty();
    }

    @Test
    void aSecondViewOfTheSameNameIsRefused() {
        var ui = bench.plugin("outages", "Outages").ui;
        ui.addView("board", "Board", () -> () -> new Label());

        assertThatThrownBy(() -> ui.addView("board", "Again", () -> () -> new Label()))
                .isInstanceOf(PeekException.class)
                .hasMessage("plugin 'outages' has a view 'board' in its desktop part already");
    }

    @Test
    void partsWithoutAPlaceInTheWindowAreRefused() {
        assertThatThrownBy(() ->
                        bench.host.forPlugin(
                                new PluginInfo("outages", "1.0.0", "Outages"),
                                ServiceKind.SERVER,
                                new HomeLink(true, null, null),
                                closeable -> {},
                                bench.guard))
                .hasMessageContaining("no views for the server part of plugin 'outages'");
    }

    @Test
    void aPluginWithoutAHomeLinkHasNoTile() {
        bench.host
                .forPlugin(
                        new PluginInfo("quiet", "1.0.0", "Quiet"),
                        ServiceKind.DESKTOP,
                        new HomeLink(false, null, null),
                        closeable -> {},
                        bench.guard)
                .addView("v", "V", () -> () -> new Label());
        settle();

        assertThat(bench.model.tiles()).isEmpty();
    }

    @Test
    void tasksOfAStoppedPluginAreDroppedAndFailingOnesAreProblems() throws Exception {
        List<String> ran = new ArrayList<>();
        List<AutoCloseable> owned = new ArrayList<>();
        var ui =
                new DesktopUiHost(bench.model, Duration.ofMillis(50))
                        .forPlugin(
                                new PluginInfo("outages", "1.0.0", "Outages"),
                                ServiceKind.DESKTOP,
                                new HomeLink(true, null, null),
                                owned::add,
                                bench.guard)
                        .uiThread();

        ui.execute(() -> ran.add("first"));
        ui.execute(() -> {
            throw new IllegalStateException("row 7 is gone");
        });
        ui.execute(() -> ran.add("third"));
        settle();
        assertThat(ran).containsExactly("first", "third");
        assertThat(bench.model.problems())
                .extracting(Problem::sentence)
                .containsExactly(
                        "Something went wrong in a task on the JavaFX thread: row 7 is gone");

        CountDownLatch release = new CountDownLatch(1);
        Platform.runLater(() -> await(release));
        ui.execute(() -> ran.add("queued"));
        for (AutoCloseable each : owned) {
            each.close();
        }
        release.countDown();
        ui.execute(() -> ran.add("late"));
        settle();
        assertThat(ran).containsExactly("first", "third");
    }

    @Test
    void aPageWhosePluginHasGoneSaysSo(FxRobot robot) throws Exception {
        var part = bench.plugin("outages", "Outages");
        part.ui.addView("board", "Board", () -> () -> new Label("42 open"));
        settle();
        ViewLink link = bench.model.tiles().getFirst().firstView();
        part.stop();

        onUi(() -> {
            bench.model.open(new Page.PluginView(link));
            return null;
        });

        assertThat(robot.lookup(".error-reason").queryLabeled().getText())
                .isEqualTo("This view is not there any more, because its plugin has stopped.");
    }

    @Test
    void whenTheWindowHasGoneStoppingPluginsDoNotWaitForIt() throws Exception {
        List<String> closed = new ArrayList<>();
        var part = bench.plugin("outages", "Outages");
        part.ui.addView("board", "Board", () -> new ClosingView(closed));
        settle();
        onUi(() -> {
            bench.model.open(new Page.PluginView(bench.model.tiles().getFirst().firstView()));
            bench.host.close();
            return null;
        });
        assertThat(closed).hasSize(1);

        CountDownLatch release = new CountDownLatch(1);
        Platform.runLater(() -> await(release));
        part.stop();
        assertThat(release.getCount()).isEqualTo(1);
        release.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record ClosingView(List<String> closed, Label label) implements DesktopView {
        ClosingView(List<String> closed) {
            this(closed, new Label("open"));
        }

        @Override
        public Node node() {
            return label;
        }

        @Override
        public void close() {
            closed.add("closed on " + Thread.currentThread().getName());
        }
    }
}
