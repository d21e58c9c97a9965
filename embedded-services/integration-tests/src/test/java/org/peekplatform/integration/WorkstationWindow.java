package org.peekplatform.integration;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.text.Text;
import javafx.scene.web.WebView;
import javafx.stage.Window;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.peekplatform.launcher.CliOptions;
import org.peekplatform.launcher.Home;
import org.peekplatform.shell.app.WorkstationApplication;

/// The real workstation in this process, on the home of services that run in others.
final class WorkstationWindow implements AutoCloseable {
    private static final long LONGEST_SECONDS = 60;

    /// Finds elements by their `data-testid`, and reads, within the trees of all elements.
    private static final String HELPERS =
            """
            var all = root => [...root.querySelectorAll('*')].flatMap(each =>
              [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
            var find = id => all(document).find(each => each.dataset.testid === id);
            var words = node => node === undefined ? '' : node.nodeType === 3 ? node.data :
              node.localName === 'style' ? '' :
              [...(node.shadowRoot ? node.shadowRoot.childNodes : []), ...node.childNodes].map(words).join(' ');
            """;

    private final Path screenshots;
    private final Thread application;
    private int shot;

    WorkstationWindow(Path home, Path screenshots) {
        this.screenshots = screenshots;
        application =
                Thread.ofPlatform()
                        .name("workstation")
                        .start(() ->
                                WorkstationApplication.run(
                                        new CliOptions(
                                                new Home(home.toAbsolutePath()),
                                                Set.of(),
                                                false,
                                                Map.of())));
    }

    /// Opens a plugin by its tile on the home page, as soon as there is one.
    void openTile(String plugin) throws Exception {
        await(
                "tile of " + plugin,
                () ->
                        windows()
                                .map(window ->
                                        window.getScene().getRoot().lookup("#tile-" + plugin))
                                .anyMatch(tile ->
                                        tile instanceof ButtonBase button && fired(button)));
    }

    /// Opens one of several views of a plugin from the menu of its tile, as soon as there is one.
    void openView(String plugin, String title) throws Exception {
        await(
                "view " + title + " of " + plugin,
                () ->
                        windows()
                                .map(window ->
                                        window.getScene().getRoot().lookup("#tile-" + plugin))
                                .anyMatch(tile -> tile != null && chosen(tile, title)));
    }

    /// Presses keys in the window.
    void press(KeyCode key, boolean control) throws Exception {
        onFx(() -> {
            windows()
                    .findFirst()
                    .ifPresent(window ->
                            Event.fireEvent(
                                    window.getScene().getRoot(),
                                    new KeyEvent(
                                            KeyEvent.KEY_PRESSED,
                                            "",
                                            "",
                                            key,
                                            false,
                                            control,
                                            false,
                                            false)));
            return true;
        });
    }

    void resize(double width, double height) throws Exception {
        onFx(() -> {
            windows()
                    .findFirst()
                    .ifPresent(window -> {
                        window.setWidth(width);
                        window.setHeight(height);
                    });
            return true;
        });
    }

    /// Waits until the web view in the window says that `condition` holds.
    void awaitPage(String condition) throws Exception {
        try {
            await(
                    condition + " in the page",
                    () ->
                            pages().anyMatch(page ->
                                    Boolean.TRUE.equals(run(page, "!!(" + condition + ")"))));
        } catch (AssertionError e) {
            screenshot("failed");
            String words =
                    onFx(() ->
                            pages().map(page -> String.valueOf(run(page, "words(document.body)")))
                                    .collect(Collectors.joining()));
            throw new AssertionError(e.getMessage() + ", which reads: " + words, e);
        }
    }

    private static @Nullable Object run(WebView page, String script) {
        return page.getEngine().executeScript(HELPERS + script);
    }

    /// Runs a script in the web view in the window.
    void inPage(String script) throws Exception {
        onFx(() -> run(web(), script + ";null"));
    }

    /// The web view in the window, for finding out whether it stays.
    WeakReference<Object> page() throws Exception {
        return onFx(() -> new WeakReference<>(web()));
    }

    /// Waits until `text` can be read in the window.
    void awaitText(String text) throws Exception {
        await(
                "'" + text + "' in the window",
                () -> windows().anyMatch(window -> reads(window.getScene().getRoot(), text)));
    }

    /// Waits until the table in the window has this many rows.
    void awaitRows(int rows) throws Exception {
        await(
                rows + " rows in the table",
                () -> tables().anyMatch(table -> table.getItems().size() == rows));
    }

    void screenshot(String step) throws Exception {
        Files.createDirectories(screenshots);
        shot++;
        pulses(10);
        Path file = screenshots.resolve("workstation-%02d-%s.png".formatted(shot, step));
        WritableImage image =
                onFx(() ->
                        windows()
                                .findFirst()
                                .orElseThrow(() -> new AssertionError("no window"))
                                .getScene()
                                .snapshot(null));
        if (!ImageIO.write(SwingFXUtils.fromFXImage(image, null), "png", file.toFile())) {
            throw new IOException("no writer for " + file);
        }
    }

    /// What a web view has been told is drawn a few pulses later.
    private static void pulses(int wanted) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        onFx(() -> {
            new AnimationTimer() {
                private int seen;

                @Override
                public void handle(long now) {
                    if (++seen == wanted) {
                        stop();
                        done.complete(null);
                    }
                }
            }.start();
            return true;
        });
        done.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        Platform.runLater(() -> windows().toList().forEach(Window::hide));
        Platform.exit();
        application.join(TimeUnit.SECONDS.toMillis(30));
    }

    private static Stream<Window> windows() {
        return Window.getWindows().stream().filter(window -> window.getScene() != null);
    }

    private static Stream<TableView<?>> tables() {
        return windows()
                .flatMap(window -> window.getScene().getRoot().lookupAll(".table-view").stream())
                .map(node -> (TableView<?>) node);
    }

    private static WebView web() {
        return pages().findFirst().orElseThrow(() -> new AssertionError("no web view"));
    }

    private static Stream<WebView> pages() {
        return windows()
                .flatMap(window -> window.getScene().getRoot().lookupAll(".web-view").stream())
                .map(node -> (WebView) node);
    }

    /// The menu is that of the tile's neighbour.
    private static boolean chosen(Node tile, String title) {
        if (tile.getParent().lookup(".tile-more") instanceof ButtonBase more) {
            more.fire();
            Window menu = Window.getWindows().getLast();
            if (menu instanceof ContextMenu items) {
                items.hide();
                return items.getItems().stream()
                        .filter(item -> title.equals(item.getText()))
                        .findFirst()
                        .map(item -> {
                            item.fire();
                            return true;
                        })
                        .orElse(false);
            }
        }
        return false;
    }

    private static boolean fired(ButtonBase button) {
        button.fire();
        return true;
    }

    private static boolean reads(Node node, String text) {
        if (!node.isVisible()) {
            return false;
        }
        if (node instanceof Text shown && shown.getText().contains(text)) {
            return true;
        }
        if (node instanceof Labeled shown
                && shown.getText() != null
                && shown.getText().contains(text)) {
            return true;
        }
        return node instanceof Parent parent
                && parent.getChildrenUnmodifiable().stream().anyMatch(child -> reads(child, text));
    }

    /// Asks again after each pulse of the toolkit, which is when something can have changed.
    private static void await(String what, Callable<Boolean> wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!started() || !onFx(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("there is no " + what);
            }
            new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean started() {
        try {
            Platform.runLater(() -> {});
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static <R extends @Nullable Object> R onFx(Callable<R> work)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<R> done = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                done.complete(work.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }
}
