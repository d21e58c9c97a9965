package org.peekplatform.shell.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.shell.ui.Bench.onUi;
import static org.peekplatform.shell.ui.Bench.settle;
import static org.peekplatform.shell.ui.Bench.until;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.shell.model.BrowserAddress;
import org.peekplatform.shell.model.HomeTile;
import org.peekplatform.shell.model.IconSource;
import org.peekplatform.shell.model.LinkStatus;
import org.peekplatform.shell.model.Notice;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.PluginCount;
import org.peekplatform.shell.model.Problem;
import org.peekplatform.shell.model.QueuedChange;
import org.peekplatform.shell.model.QueuedChanges;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// Draws the window in its states, light and dark, large and small, into `target/screenshots` for
/// people to look at, and checks what a machine can: that no words are cut off.
@ExtendWith(ApplicationExtension.class)
class ScreenshotTest {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final List<String> TITLES =
            List.of(
                    "Alarms and events",
                    "Branches",
                    "Chat",
                    "Device enrolment",
                    "Diagram",
                    "Diagram trace",
                    "Documents",
                    "Inbox",
                    "Live values",
                    "Search",
                    "Tutorial",
                    "User administration");

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bench bench;

    @Start
    void start(Stage stage) throws Exception {
        bench = new Bench(stage, folder.resolve("window.properties"));
        bench.model.setAdministrator(true);
        bench.model.setReady(true);
        bench.model.setLink(new LinkStatus.Online("the server on this computer"));
        bench.model.setAddresses(
                List.of(
                        new BrowserAddress(
                                BrowserAddress.Site.USERS, URI.create("http://192.168.1.20:8000")),
                        new BrowserAddress(
                                BrowserAddress.Site.ADMINISTRATION,
                                URI.create("http://localhost:8010"))));
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
    void starting() throws Exception {
        onUi(() -> {
            bench.model.setReady(false);
            bench.model.setLink(new LinkStatus.Connecting());
            bench.model.setServices("Starting the server");
            return null;
        });
        draw("starting");
    }

    @Test
    void emptyHomePage() throws Exception {
        draw("home-empty");
    }

    @Test
    void homePageWithOneTile() throws Exception {
        tiles(1);
        draw("home-1");
    }

    @Test
    void homePageWithTwelveTilesRoomsAndOpenViews() throws Exception {
        tiles(12);
        rooms();
        onUi(() -> {
            open(3);
            open(8);
            bench.model.open(Page.HOME);
            return null;
        });
        draw("home-12");
    }

    @Test
    void problemsAndNotices() throws Exception {
        tiles(4);
        onUi(() -> {
            bench.model.setPlugins(new PluginCount(3, 4));
            bench.model.setLink(
                    new LinkStatus.Offline(
                            Instant.parse("2024-02-03T12:00:00Z"), "the server does not answer"));
            bench.model.report(
                    new Problem(
                            "Live values",
                            "Version 2.1.0 did not start within 30 seconds; version 2.0.3"
                                    + " runs again. See the log of the server for the"
                                    + " reason it gave."));
            bench.model.tell(Notice.Kind.PROGRESS, "Installing diagram-3.0.0.zip …");
            bench.model.tell(Notice.Kind.DONE, "Documents 1.4.0 is running.");
            bench.model.tell(
                    Notice.Kind.FAILED,
                    "outages.zip was not installed: its manifest names no version, add"
                            + " plugin.version");
            return null;
        });
        draw("problems");
    }

    @Test
    void changesThatWait() throws Exception {
        tiles(4);
        Instant at = Instant.parse("2024-02-03T12:04:00Z");
        onUi(() -> {
            bench.model.setLink(
                    new LinkStatus.Offline(
                            Instant.parse("2024-02-03T12:00:00Z"), "the server does not answer"));
            bench.model.setChanges(
                    QueuedChanges.of(
                            List.of(
                                    new QueuedChange(
                                            1,
                                            "Close outage",
                                            "Outages",
                                            at,
                                            QueuedChange.State.REJECTED,
                                            "The outage 4711 was closed by somebody else at"
                                                    + " 11:58; look at it again before you close"
                                                    + " it."),
                                    new QueuedChange(
                                            2,
                                            "Add crew",
                                            "Outages",
                                            at,
                                            QueuedChange.State.SENDING,
                                            null),
                                    new QueuedChange(
                                            3,
                                            "Save row",
                                            "Tutorial",
                                            at,
                                            QueuedChange.State.WAITING,
                                            "Nobody handles the action tutorial.SaveRow here."),
                                    new QueuedChange(
                                            4,
                                            "Save row",
                                            "Tutorial",
                                            at,
                                            QueuedChange.State.WAITING,
                                            null))));
            bench.model.open(Page.CHANGES);
            return null;
        });
        onUi(() -> {
            bench.stage.getScene().getRoot().lookupAll(".change .button").stream()
                    .map(Button.class::cast)
                    .filter(button -> "Discard: Save row".equals(button.getAccessibleText()))
                    .findFirst()
                    .ifPresent(Button::fire);
            return null;
        });
        draw("changes");
    }

    @Test
    void noChangesAnyMore() throws Exception {
        onUi(() -> {
            bench.model.open(Page.CHANGES);
            return null;
        });
        draw("changes-none");
    }

    @Test
    void openView() throws Exception {
        tiles(12);
        rooms();
        onUi(() -> {
            open(1);
            open(8);
            return null;
        });
        draw("view");
    }

    @Test
    void errorCard() throws Exception {
        bench.plugin("outages", "Outages")
                .ui
                .addView(
                        "board",
                        "Outage board",
                        () -> {
                            throw new IllegalStateException(
                                    "Table \"OUTAGE\" not found; the migrations of version 1.2.0"
                                            + " have not run on this database");
                        });
        settle();
        onUi(() -> {
            bench.model.setPlugins(new PluginCount(1, 1));
            open(0);
            return null;
        });
        draw("error");
    }

    @Test
    void aPackageIsDraggedOverTheWindow() throws Exception {
        tiles(4);
        onUi(() -> {
            bench.window.hint("Drop to install", "outages-1.2.0.zip");
            return null;
        });
        draw("drop");
    }

    @Test
    void helpThatIsNotThere() throws Exception {
        tiles(1);
        onUi(() -> {
            bench.model.open(Page.HELP);
            return null;
        });
        draw("help-missing");
    }

    private void tiles(int count) {
        for (int i = 0; i < count; i++) {
            String title = TITLES.get(i);
            IconSource icon = i % 3 == 2 ? ScreenshotTest::picture : null;
            var part =
                    bench
                    .new FakePart(
                            new PluginInfo("p" + i, "1." + i + ".0", title),
                            ServiceKind.DESKTOP,
                            icon);
            part.ui.addView("main", title, () -> ScreenshotTest::table);
            if (i % 5 == 1) {
                part.ui.addView("history", title + ", history", () -> ScreenshotTest::table);
            }
        }
        settle();
        onUi(() -> {
            bench.model.setPlugins(new PluginCount(count, count));
            return null;
        });
    }

    private void rooms() {
        var system =
                bench
                .new FakePart(new PluginInfo("admin", "1.0.0", "System"), ServiceKind.ADMIN, null);
        for (String room : List.of("Plugins", "Services and links", "Queues", "Settings", "Logs")) {
            system.ui.addView(room, room, () -> ScreenshotTest::table);
        }
        settle();
    }

    private void open(int tile) {
        HomeTile wanted = bench.model.tiles().get(tile);
        bench.model.open(new Page.PluginView(wanted.firstView()));
    }

    private static Node table() {
        TableView<String[]> table = new TableView<>();
        List<String> names = List.of("Feeder", "Site", "Opened", "Crew");
        for (int i = 0; i < names.size(); i++) {
            int at = i;
            TableColumn<String[], String> column = new TableColumn<>(names.get(i));
            column.setCellValueFactory(
                    row -> new javafx.beans.property.SimpleStringProperty(row.getValue()[at]));
            table.getColumns().add(column);
        }
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        for (int i = 1; i <= 30; i++) {
            table.getItems()
                    .add(new String[] {"F-" + i, "North " + i, "08:" + (10 + i), "Crew " + i % 5});
        }
        return table;
    }

    private static ByteArrayInputStream picture() throws IOException {
        BufferedImage image = new BufferedImage(96, 96, BufferedImage.TYPE_INT_ARGB);
        var pen = image.createGraphics();
        pen.setColor(new java.awt.Color(0x2f, 0x6f, 0x8f));
        pen.fillOval(4, 4, 88, 88);
        pen.setColor(java.awt.Color.WHITE);
        pen.fillRect(28, 44, 40, 8);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return new ByteArrayInputStream(out.toByteArray());
    }

    private void draw(String name) throws Exception {
        assertThat(bench.firstFrame.await(10, TimeUnit.SECONDS)).isTrue();
        Files.createDirectories(PICTURES);
        for (ThemeChoice theme : List.of(ThemeChoice.LIGHT, ThemeChoice.DARK)) {
            for (int[] size : new int[][] {{1280, 800}, {800, 600}}) {
                onUi(() -> {
                    bench.window.themes().choose(theme);
                    bench.stage.setWidth(size[0]);
                    bench.stage.setHeight(size[1]);
                    return null;
                });
                int[] pulses = {4};
                until("it is laid out", () -> pulses[0]-- <= 0);
                BufferedImage image =
                        onUi(() ->
                                SwingFXUtils.fromFXImage(
                                        bench.stage.getScene().snapshot(null), null));
                Path file = PICTURES.resolve(name + "-" + theme.key() + "-" + size[0] + ".png");
                ImageIO.write(image, "png", file.toFile());
                assertThat(image.getWidth()).isEqualTo(size[0]);
                assertThat(image.getHeight()).isEqualTo(size[1]);
                assertThat(onUi(() -> cut(bench.stage.getScene().getRoot())))
                        .as("words cut off in %s", file)
                        .isEmpty();
            }
        }
    }

    /// The words that are shown shorter than they are, or that reach out of the window.
    private static List<String> cut(Parent root) {
        List<String> cut = new ArrayList<>();
        walk(root, cut);
        return cut;
    }

    private static void walk(Parent parent, List<String> cut) {
        for (Node node : parent.getChildrenUnmodifiable()) {
            // What a plugin shows is its own affair, and why a link is down may be a long story
            // (it is in the tooltip).
            if (!node.isVisible()
                    || node instanceof TableView<?>
                    || "link-words".equals(node.getId())) {
                continue;
            }
            if (node instanceof Labeled labeled && labeled.getText() != null) {
                var bounds = node.localToScene(node.getLayoutBounds());
                boolean outside =
                        bounds.getMinX() < -1
                                || bounds.getMaxX() > parent.getScene().getWidth() + 1;
                boolean shortened =
                        labeled.getChildrenUnmodifiable().stream()
                                .anyMatch(child ->
                                        child instanceof Text text
                                                && text.getText().contains("...")
                                                && !labeled.getText().contains("..."));
                if (outside || shortened) {
                    cut.add(labeled.getText());
                }
            }
            if (node instanceof Parent inner) {
                walk(inner, cut);
            }
        }
    }
}
