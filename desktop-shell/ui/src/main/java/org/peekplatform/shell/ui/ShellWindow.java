package org.peekplatform.shell.ui;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.Notice;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.model.ViewLink;

/// The workstation's window: navigation at the left, pages as tabs, state of the system at the
/// bottom. Shows a [ShellModel] and changes it; knows no services.
///
/// Made, shown and closed on the JavaFX thread. Keys: Ctrl+1…9 tabs, Ctrl+W closes a tab, Ctrl+H
/// home, Ctrl+T light or dark, F1 help. They work wherever the focus is, also inside plugin views.
public final class ShellWindow implements AutoCloseable {
    private static final double COMPACT_BELOW = 960;

    private final Stage stage;
    private final ShellModel model;
    private final ShellHooks hooks;
    private final DesktopUiHost views;
    private final ShellPreferences preferences;
    private final Icons icons = new Icons();
    private final Scene scene;
    private final Themes themes;
    private final TabArea tabs;
    private final StackPane root;
    private @Nullable StackPane dropHint;
    private CompletableFuture<?> installing = CompletableFuture.completedFuture(null);

    public ShellWindow(Stage stage, ShellModel model, DesktopUiHost views, ShellHooks hooks) {
        this.stage = stage;
        this.model = model;
        this.views = views;
        this.hooks = hooks;
        preferences = new ShellPreferences(hooks.preferences());

        BorderPane frame = new BorderPane();
        root = new StackPane(frame);
        root.getStyleClass().add("shell");
        scene = new Scene(root, 1280, 800);
        themes = new Themes(scene, ThemeChoice.of(preferences.get("theme", "")));

        PluginIcons pluginIcons = new PluginIcons(hooks.background());
        HomePage home = new HomePage(model, icons, pluginIcons, hooks.browser(), this::install);
        tabs = new TabArea(model, page -> content(page, home));
        Rail rail = new Rail(model, icons, pluginIcons);
        StatusBar status = new StatusBar(model, icons, hooks.browser());
        frame.setTop(new TopBar(icons, themes, this::choose));
        frame.setLeft(rail);
        frame.setCenter(tabs);
        frame.setBottom(status);

        scene.widthProperty()
                .subscribe(width -> {
                    rail.setCompact(width.doubleValue() < COMPACT_BELOW);
                    status.setCompact(width.doubleValue() < COMPACT_BELOW);
                });
        model.currentProperty()
                .subscribe(page -> stage.setTitle(ShellModel.title(page) + " – Peek"));
        ListChangeListener<Notice> firstNotice = change -> showToasts();
        model.notices().addListener(firstNotice);
        if (!model.notices().isEmpty()) {
            showToasts();
        }
        listenToKeys();
        listenToDrops();

        stage.setScene(scene);
        stage.setMinWidth(640);
        stage.setMinHeight(480);
        placeAsLastTime();
    }

    /// Shows the window.
    ///
    /// @param afterFirstFrame runs on the JavaFX thread once the window has been drawn: the time to
    ///   start services
    public void show(Runnable afterFirstFrame) {
        scene.addPostLayoutPulseListener(
                new Runnable() {
                    private int pulses;

                    @Override
                    public void run() {
                        // The first frame is on its way to the screen when the second is laid out.
                        if (++pulses == 2) {
                            scene.removePostLayoutPulseListener(this);
                            // The services first, then the icons, whose font takes a while to load.
                            Platform.runLater(afterFirstFrame);
                            Platform.runLater(icons::fill);
                        } else {
                            Platform.requestNextPulse();
                        }
                    }
                });
        stage.show();
    }

    /// Remembers the window's place, closes what is open, hides the window. The preferences are
    /// written before this returns.
    @Override
    public void close() {
        rememberPlace();
        for (Page page : List.copyOf(model.pages())) {
            model.close(page);
        }
        themes.close();
        stage.hide();
        preferences.save();
    }

    /// Installs packages as if they had been dropped.
    public void install(List<Path> files) {
        if (!model.administratorProperty().get()) {
            model.tell(
                    Notice.Kind.FAILED,
                    "Only administrators may install plugins. Ask one, or log in on the"
                            + " administration page.");
            return;
        }
        for (Path file : files) {
            if (isPackage(file)) {
                install(file);
            } else {
                model.tell(
                        Notice.Kind.FAILED,
                        file.getFileName()
                                + " is not a plugin package. Plugin packages are .zip files.");
            }
        }
    }

    private void install(Path zip) {
        Notice notice = model.tell(Notice.Kind.PROGRESS, "Installing " + zip.getFileName() + " …");
        CompletableFuture<Void> turn = new CompletableFuture<>();
        CompletableFuture<?> before = installing;
        installing = turn;
        before.whenComplete((ignored, alsoIgnored) ->
                Platform.runLater(() ->
                        CompletableFuture.completedFuture(zip)
                                .thenCompose(hooks.pluginDrop()::install)
                                .whenComplete((sentence, problem) -> {
                                    turn.complete(null);
                                    Platform.runLater(
                                            () -> installed(notice, zip, sentence, problem));
                                })));
    }

    private void installed(
            Notice notice, Path zip, @Nullable String sentence, @Nullable Throwable problem) {
        if (problem == null) {
            model.retell(
                    notice,
                    Notice.Kind.DONE,
                    sentence == null ? zip.getFileName() + " is installed." : sentence);
        } else {
            Throwable cause = problem.getCause();
            Throwable said =
                    problem instanceof CompletionException && cause != null ? cause : problem;
            model.retell(
                    notice,
                    Notice.Kind.FAILED,
                    zip.getFileName() + " was not installed: " + DesktopUiHost.words(said));
        }
    }

    private TabArea.Content content(Page page, HomePage home) {
        return switch (page) {
            case Page.Home() -> new TabArea.Content(home, () -> {});
            case Page.PluginView(ViewLink view) -> {
                PluginPane pane = views.open(view);
                yield new TabArea.Content(pane, pane::close);
            }
            case Page.Help() -> {
                HelpPage help = new HelpPage(hooks.help(), hooks.browser());
                yield new TabArea.Content(help, help::close);
            }
            case Page.Changes() -> {
                ChangesPage changes = new ChangesPage(model, hooks.changes());
                yield new TabArea.Content(changes, changes::close);
            }
        };
    }

    // Made for the first notice, not for the first frame.
    private void showToasts() {
        if (root.getChildren().stream().noneMatch(Toasts.class::isInstance)) {
            Toasts toasts = new Toasts(model, icons);
            root.getChildren().add(toasts);
            StackPane.setAlignment(toasts, Pos.BOTTOM_RIGHT);
        }
    }

    // ---- keys

    private void listenToKeys() {
        record Key(KeyCombination combination, Runnable action) {}
        List<Key> keys = new ArrayList<>();
        KeyCombination.Modifier ctrl = KeyCombination.SHORTCUT_DOWN;
        for (int n = 1; n <= 9; n++) {
            int position = n - 1;
            for (String code : List.of("DIGIT" + n, "NUMPAD" + n)) {
                keys.add(
                        new Key(
                                new KeyCodeCombination(KeyCode.valueOf(code), ctrl),
                                () -> model.select(position)));
            }
        }
        keys.add(
                new Key(
                        new KeyCodeCombination(KeyCode.W, ctrl),
                        () -> model.close(model.current())));
        keys.add(
                new Key(
                        new KeyCodeCombination(KeyCode.T, ctrl),
                        () -> {
                            themes.toggle();
                            rememberTheme();
                        }));
        // Not the shortcut key: on a Mac the system hides the application with it.
        keys.add(
                new Key(
                        new KeyCodeCombination(KeyCode.H, KeyCombination.CONTROL_DOWN),
                        () -> model.open(Page.HOME)));
        keys.add(new Key(new KeyCodeCombination(KeyCode.F1), () -> model.open(Page.HELP)));
        // A filter, so that a text field in a plugin's view does not take the keys for itself.
        scene.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    for (Key key : keys) {
                        if (key.combination().match(event)) {
                            event.consume();
                            key.action().run();
                            return;
                        }
                    }
                });
    }

    // ---- dropping packages

    private void listenToDrops() {
        scene.setOnDragOver(event -> {
            List<Path> files = files(event);
            if (files.isEmpty()) {
                return;
            }
            if (files.stream().anyMatch(ShellWindow::isPackage)) {
                event.acceptTransferModes(TransferMode.COPY);
                hint(
                        "Drop to install",
                        files.size() == 1
                                ? String.valueOf(files.getFirst().getFileName())
                                : files.size() + " files");
            } else {
                hint("Only plugin packages can be dropped here", "They are .zip files");
            }
            event.consume();
        });
        scene.setOnDragExited(event -> endHint());
        scene.setOnDragDropped(event -> {
            endHint();
            List<Path> files = files(event);
            install(files);
            event.setDropCompleted(!files.isEmpty());
            event.consume();
        });
    }

    /// What is shown while something is dragged over the window.
    void hint(String title, String detail) {
        if (dropHint != null) {
            return;
        }
        Label big = new Label(title);
        big.getStyleClass().add("empty-title");
        Label small = new Label(detail);
        small.getStyleClass().add("muted");
        VBox words = new VBox(icons.of(Icons.PACKAGE, 48), big, small);
        words.getStyleClass().add("drop-words");
        StackPane hint = new StackPane(words);
        hint.getStyleClass().add("drop-hint");
        hint.setMouseTransparent(true);
        dropHint = hint;
        root.getChildren().add(hint);
    }

    private void endHint() {
        if (dropHint != null) {
            root.getChildren().remove(dropHint);
            dropHint = null;
        }
    }

    private static List<Path> files(DragEvent event) {
        return event.getDragboard().hasFiles()
                ? event.getDragboard().getFiles().stream().map(File::toPath).toList()
                : List.of();
    }

    private static boolean isPackage(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".zip");
    }

    // ---- what is remembered

    private void choose(ThemeChoice choice) {
        themes.choose(choice);
        rememberTheme();
    }

    private void rememberTheme() {
        preferences.put("theme", themes.choiceProperty().get().key());
        hooks.background().execute(preferences::save);
    }

    private void placeAsLastTime() {
        double width = preferences.number("window.width", 1280);
        double height = preferences.number("window.height", 800);
        stage.setWidth(Math.max(width, stage.getMinWidth()));
        stage.setHeight(Math.max(height, stage.getMinHeight()));
        double x = preferences.number("window.x", Double.NaN);
        double y = preferences.number("window.y", Double.NaN);
        // A screen may have been unplugged since.
        boolean visible =
                Screen.getScreensForRectangle(x + width / 2, y, 1, 1).stream()
                        .map(Screen::getVisualBounds)
                        .anyMatch(bounds -> contains(bounds, x + width / 2, y));
        if (visible) {
            stage.setX(x);
            stage.setY(y);
        }
        stage.setMaximized(Boolean.parseBoolean(preferences.get("window.maximized", "false")));
    }

    private static boolean contains(Rectangle2D bounds, double x, double y) {
        return bounds.contains(x, y);
    }

    private void rememberPlace() {
        preferences.put("window.maximized", String.valueOf(stage.isMaximized()));
        if (!stage.isMaximized() && !stage.isFullScreen() && !Double.isNaN(stage.getX())) {
            preferences.put("window.x", String.valueOf(stage.getX()));
            preferences.put("window.y", String.valueOf(stage.getY()));
            preferences.put("window.width", String.valueOf(stage.getWidth()));
            preferences.put("window.height", String.valueOf(stage.getHeight()));
        }
    }

    /// For tests.
    Themes themes() {
        return themes;
    }
}
