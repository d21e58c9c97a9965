package org.peekplatform.shell.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.shell.ui.Bench.onUi;
import static org.peekplatform.shell.ui.Bench.settle;
import static org.peekplatform.shell.ui.Bench.until;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.shell.model.BrowserAddress;
import org.peekplatform.shell.model.LinkStatus;
import org.peekplatform.shell.model.Notice;
import org.peekplatform.shell.model.PluginCount;
import org.peekplatform.shell.model.Problem;
import org.peekplatform.shell.model.QueuedChange;
import org.peekplatform.shell.model.QueuedChanges;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class ShellWindowTest {
    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bench bench;

    @Start
    void start(Stage stage) throws Exception {
        Files.deleteIfExists(folder.resolve("window.properties"));
        bench = new Bench(stage, folder.resolve("window.properties"));
        bench.model.setReady(true);
        bench.model.setAdministrator(true);
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
    void servicesMayStartOnceTheFirstFrameIsDrawn() throws Exception {
        assertThat(bench.firstFrame.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void withoutPluginsTheHomePageSaysHowToAddOne(FxRobot robot) {
        onUi(() -> {
            bench.model.setAddresses(
                    List.of(
                            new BrowserAddress(
                                    BrowserAddress.Site.ADMINISTRATION,
                                    URI.create("http://localhost:8010"))));
            return null;
        });

        assertThat(texts(robot)).contains("No plugins yet");
        robot.clickOn("#empty-admin-link");
        assertThat(bench.opened).containsExactly(URI.create("http://localhost:8010"));
    }

    @Test
    void aTileAppearsWhenAPluginStartsAndLeavesWithIt(FxRobot robot) throws Exception {
        var part = bench.plugin("outages", "Outages");
        part.ui.addView("board", "Board", () -> () -> new Label("42 open"));
        settle();
        assertThat(robot.lookup("#tile-outages").tryQuery()).isPresent();

        part.stop();
        assertThat(robot.lookup("#tile-outages").tryQuery()).isEmpty();
        assertThat(texts(robot)).contains("No plugins yet");
    }

    @Test
    void clickingATileOpensThePluginsFirstView(FxRobot robot) {
        var part = bench.plugin("outages", "Outages");
        part.ui.addView("board", "Outage board", () -> () -> new Label("42 open"));
        part.ui.addView("history", "History", () -> () -> new Label("old ones"));
        settle();

        robot.clickOn("#tile-outages");

        assertThat(texts(robot)).contains("42 open").doesNotContain("old ones");
        assertThat(tabs(robot).titles()).containsExactly("Home", "Outage board");
        assertThat(onUi(bench.stage::getTitle)).isEqualTo("Outage board – Peek");
        assertThat(bench.guard.calls).contains("opening view 'board'");
    }

    @Test
    void theOtherViewsOfAPluginAreInTheMenuOfItsTile(FxRobot robot) {
        var part = bench.plugin("outages", "Outages");
        part.ui.addView("board", "Outage board", () -> () -> new Label("42 open"));
        part.ui.addView("history", "History", () -> () -> new Label("old ones"));
        settle();

        robot.clickOn(".tile-more");
        robot.clickOn("History");

        assertThat(tabs(robot).titles()).containsExactly("Home", "History");
    }

    @Test
    void changesThatWaitAreCountedAndListedAndLeaveWhenTheyAreMade(FxRobot robot) {
        assertThat(robot.lookup("#queue-count").query().isVisible()).isFalse();
        changes(
                change(1, QueuedChange.State.WAITING, null),
                change(2, QueuedChange.State.SENDING, null));
        assertThat(texts(robot)).contains("2 changes not sent yet");
        robot.clickOn("#queue-count");
        assertThat(tabs(robot).titles()).containsExactly("Home", "Changes on this device");
        assertThat(texts(robot)).contains("Change 1", "Waiting", "Change 2", "Sending", "Send now");

        changes(change(2, QueuedChange.State.REJECTED, "No, because."));
        assertThat(texts(robot))
                .contains("1 change needs attention", "Rejected", "No, because.", "Send again")
                .doesNotContain("Change 1");

        changes();
        assertThat(texts(robot)).contains("All changes have been made.");
        assertThat(robot.lookup("#queue-count").query().isVisible()).isFalse();
    }

    @Test
    void aChangeIsSentAgainAtOnceAndDiscardedOnlyWhenAskedTwice(FxRobot robot) {
        changes(
                change(1, QueuedChange.State.WAITING, null),
                change(2, QueuedChange.State.FAILED, "It failed."));
        robot.clickOn("#queue-count");
        robot.clickOn("Send again");
        assertThat(bench.commands).containsExactly("again 2");

        press(robot, "Discard: Change 2");
        assertThat(texts(robot))
                .contains("Discard this change? It will not be made and cannot be brought back.");
        robot.clickOn("Keep");
        assertThat(bench.commands).hasSize(1);
        press(robot, "Discard: Change 2");
        press(robot, "Discard for good: Change 2");
        assertThat(bench.commands).containsExactly("again 2", "discard 2");

        press(robot, "Discard: Change 1");
        press(robot, "Discard for good: Change 1");
        settle();
        assertThat(texts(robot)).anyMatch(text -> text.contains("may have been made already"));
    }

    private static void press(FxRobot robot, String accessible) {
        Button button =
                robot.lookup(".button").queryAllAs(Button.class).stream()
                        .filter(one -> accessible.equals(one.getAccessibleText()))
                        .filter(Button::isVisible)
                        .findFirst()
                        .orElseThrow();
        robot.clickOn(button);
    }

    private void changes(QueuedChange... all) {
        onUi(() -> {
            bench.model.setChanges(QueuedChanges.of(List.of(all)));
            return null;
        });
    }

    private static QueuedChange change(
            long id, QueuedChange.State state, @Nullable String problem) {
        return new QueuedChange(id, "Change " + id, "Outages", Instant.EPOCH, state, problem);
    }

    @Test
    void theTabsAreReachedByKeyboard(FxRobot robot) {
        bench.plugin("a", "Alpha").ui.addView("v", "Alpha", () -> () -> new Label("alpha view"));
        bench.plugin("b", "Beta").ui.addView("v", "Beta", () -> () -> new TextField("beta text"));
        settle();
        robot.clickOn("#tile-a");
        robot.push(KeyCode.CONTROL, KeyCode.H);
        robot.clickOn("#tile-b");
        assertThat(tabs(robot).titles()).containsExactly("Home", "Alpha", "Beta");

        robot.push(KeyCode.CONTROL, KeyCode.DIGIT2);
        assertThat(front()).isEqualTo("Alpha");

        // A text field has its own idea of Ctrl+H.
        robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);
        robot.clickOn(".text-field");
        robot.push(KeyCode.CONTROL, KeyCode.H);
        assertThat(front()).isEqualTo("Home");

        robot.push(KeyCode.CONTROL, KeyCode.DIGIT2);
        robot.push(KeyCode.CONTROL, KeyCode.W);
        assertThat(tabs(robot).titles()).containsExactly("Home", "Beta");
        assertThat(front()).isEqualTo("Beta");

        robot.push(KeyCode.CONTROL, KeyCode.DIGIT1);
        robot.push(KeyCode.CONTROL, KeyCode.W);
        assertThat(tabs(robot).titles()).containsExactly("Home", "Beta");
    }

    @Test
    void theWholeWindowIsReachedByTab(FxRobot robot) {
        bench.plugin("a", "Alpha").ui.addView("v", "Alpha", () -> () -> new Button("in the view"));
        settle();
        onUi(() -> {
            bench.model.setAddresses(
                    List.of(
                            new BrowserAddress(
                                    BrowserAddress.Site.USERS,
                                    URI.create("http://localhost:8000"))));
            return null;
        });

        List<String> passed = new java.util.ArrayList<>();
        for (int i = 0; i < 12; i++) {
            robot.push(KeyCode.TAB);
            passed.add(onUi(() -> said(bench.stage.getScene().getFocusOwner())));
        }
        assertThat(passed)
                .contains(
                        "Colours",
                        "Home, shown now",
                        "Help",
                        "Alpha, version 1.2.0",
                        "Phones and browsers, open http://localhost:8000 in the browser",
                        "Copy the address http://localhost:8000");

        robot.interact(() -> robot.lookup("#tile-a").queryButton().requestFocus());
        robot.push(KeyCode.SPACE);
        until("the view has the focus", () -> inPane(bench.stage.getScene().getFocusOwner()));
        robot.push(KeyCode.TAB);
        assertThat(onUi(() -> said(bench.stage.getScene().getFocusOwner())))
                .isEqualTo("in the view");
    }

    @Test
    void theThemeChangesByKeyboardAndIsRemembered(FxRobot robot) throws Exception {
        assertThat(onUi(Application::getUserAgentStylesheet)).contains("primer-light");

        robot.push(KeyCode.CONTROL, KeyCode.T);
        assertThat(onUi(Application::getUserAgentStylesheet)).contains("primer-dark");
        assertThat(Files.readString(bench.preferences)).contains("theme=dark");

        robot.push(KeyCode.CONTROL, KeyCode.T);
        assertThat(onUi(Application::getUserAgentStylesheet)).contains("primer-light");
    }

    @Test
    void theThemeIsChosenInTheMenu(FxRobot robot) throws Exception {
        robot.clickOn("#theme-button");
        robot.clickOn("Dark");

        assertThat(onUi(Application::getUserAgentStylesheet)).contains("primer-dark");

        robot.clickOn("#theme-button");
        robot.clickOn("As the system");
        assertThat(Files.readString(bench.preferences)).contains("theme=system");
    }

    @Test
    void theWindowComesBackWhereItWas() throws Exception {
        onUi(() -> {
            bench.stage.setWidth(900);
            bench.stage.setHeight(640);
            bench.window.close();
            return null;
        });

        Bench again = onUi(() -> new Bench(new Stage(), bench.preferences));

        assertThat(again.stage.getWidth()).isEqualTo(900);
        assertThat(again.stage.getHeight()).isEqualTo(640);
    }

    @Test
    void theRoomsOfTheAdministrationAreForAdministrators(FxRobot robot) {
        var room =
                bench
                .new FakePart(new PluginInfo("system", "1.0.0", "System"), ServiceKind.ADMIN, null);
        room.ui.addView("links", "Links", () -> () -> new Label("three links"));
        settle();
        assertThat(texts(robot)).contains("Administration");

        robot.clickOn("Links");
        assertThat(texts(robot)).contains("three links");

        onUi(() -> {
            bench.model.setAdministrator(false);
            return null;
        });
        assertThat(texts(robot)).doesNotContain("Administration");
        assertThat(robot.lookup("#tile-system").tryQuery()).isEmpty();
    }

    @Test
    void theStatusBarSaysHowThingsStand(FxRobot robot) {
        assertThat(words(robot, "#link-words")).isEqualTo("Connecting …");

        onUi(() -> {
            bench.model.setLink(new LinkStatus.Online("server"));
            bench.model.setPlugins(new PluginCount(3, 4));
            return null;
        });
        assertThat(words(robot, "#link-words")).isEqualTo("Connected to server");
        assertThat(words(robot, "#plugin-count")).isEqualTo("3 of 4 plugins running");

        onUi(() -> {
            bench.model.setLink(
                    new LinkStatus.Offline(
                            Instant.parse("2024-02-03T12:00:00Z"), "no route to host"));
            return null;
        });
        assertThat(words(robot, "#link-words"))
                .startsWith("Offline since 3 Feb ")
                .endsWith(": no route to host");
    }

    @Test
    void problemsAreListedOnTheHomePageUntilDismissed(FxRobot robot) {
        onUi(() -> {
            bench.model.report(new Problem("Outages", "It did not start."));
            return null;
        });
        assertThat(words(robot, "#problem-count")).isEqualTo("1 problem");
        assertThat(texts(robot)).contains("Needs attention", "It did not start.");

        robot.clickOn("Dismiss");
        assertThat(texts(robot)).doesNotContain("Needs attention");
    }

    @Test
    void aDroppedPackageIsInstalledAndTheResultIsSaid(FxRobot robot) {
        drop("/tmp/outages-1.0.0.zip");
        assertThat(bench.dropped).containsExactly(Path.of("/tmp/outages-1.0.0.zip"));
        assertThat(bench.model.notices())
                .extracting(Notice::kind, Notice::sentence)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Notice.Kind.PROGRESS, "Installing outages-1.0.0.zip …"));
        assertThat(robot.lookup(".toast").queryAll()).hasSize(1);

        bench.installs.element().complete("Outages 1.0.0 is running.");
        settle();
        assertThat(bench.model.notices())
                .extracting(Notice::kind, Notice::sentence)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Notice.Kind.DONE, "Outages 1.0.0 is running."));
    }

    @Test
    void packagesAreInstalledOneAfterTheOther() {
        drop("/tmp/a.zip", "/tmp/b.zip");
        assertThat(bench.dropped).containsExactly(Path.of("/tmp/a.zip"));

        bench.installs
                .element()
                .completeExceptionally(new IllegalStateException("its manifest has no version"));
        settle();
        settle();

        assertThat(bench.dropped).containsExactly(Path.of("/tmp/a.zip"), Path.of("/tmp/b.zip"));
        assertThat(bench.model.notices())
                .extracting(Notice::sentence)
                .containsExactly(
                        "a.zip was not installed: its manifest has no version",
                        "Installing b.zip …");
    }

    @Test
    void whatIsNoPackageIsRefusedWithASentence() {
        drop("/tmp/picture.png");

        assertThat(bench.dropped).isEmpty();
        assertThat(bench.model.notices())
                .extracting(Notice::sentence)
                .containsExactly(
                        "picture.png is not a plugin package. Plugin packages are .zip files.");
    }

    @Test
    void onlyAdministratorsInstall() {
        onUi(() -> {
            bench.model.setAdministrator(false);
            return null;
        });
        drop("/tmp/a.zip");

        assertThat(bench.dropped).isEmpty();
        assertThat(bench.model.notices())
                .extracting(Notice::kind)
                .containsExactly(Notice.Kind.FAILED);
    }

    @Test
    void manyTilesAreFoundByTheirName(FxRobot robot) {
        for (int i = 0; i < 12; i++) {
            bench.plugin("p" + i, "Plugin " + i)
                    .ui
                    .addView("v", "View " + i, () -> () -> new Label("x"));
        }
        settle();

        robot.clickOn("#tile-filter").write("in 11");
        assertThat(robot.lookup(".tile").queryAll()).hasSize(1);

        robot.write("x");
        assertThat(texts(robot)).contains("No plugin on this page is called “in 11x”.");
    }

    @Test
    void withoutADocumentationSiteHelpSaysSo(FxRobot robot) {
        robot.push(KeyCode.F1);

        assertThat(front()).isEqualTo("Help");
        assertThat(words(robot, "#help-problem"))
                .startsWith("The documentation is not being served yet.");
    }

    private void drop(String... files) {
        onUi(() -> {
            bench.window.install(java.util.Arrays.stream(files).map(Path::of).toList());
            return null;
        });
        settle();
        settle();
    }

    private static String said(Node node) {
        return node.getAccessibleText() != null
                ? node.getAccessibleText()
                : node instanceof Labeled labeled ? labeled.getText() : node.toString();
    }

    private static boolean inPane(Node node) {
        return node instanceof PluginPane;
    }

    private String front() {
        return onUi(() -> org.peekplatform.shell.model.ShellModel.title(bench.model.current()));
    }

    private static TabArea tabs(FxRobot robot) {
        return robot.lookup(".pages").queryAs(TabArea.class);
    }

    private static String words(FxRobot robot, String query) {
        return robot.lookup(query).queryAs(Labeled.class).getText();
    }

    private static List<String> texts(FxRobot robot) {
        return onUi(() ->
                robot
                        .lookup((Node n) ->
                                n instanceof Labeled l && l.getText() != null && l.isVisible())
                        .queryAll()
                        .stream()
                        .map(n -> ((Labeled) n).getText())
                        .toList());
    }
}
