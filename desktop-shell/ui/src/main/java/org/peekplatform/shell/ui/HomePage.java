package org.peekplatform.shell.ui;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.TilePane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.BrowserAddress;
import org.peekplatform.shell.model.HomeTile;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.Problem;
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.model.ViewLink;

/// The tiles of the plugins, what needs attention, and, while there is no plugin, how to get one.
final class HomePage extends ScrollPane {
    private static final int FILTER_FROM = 8;

    private final ShellModel model;
    private final Icons icons;
    private final PluginIcons pluginIcons;
    private final Consumer<URI> browser;
    private final TilePane tiles = new TilePane();
    private final VBox problems = new VBox();
    private final VBox content = new VBox();
    private final Map<HomeTile, Node> shown = new HashMap<>();
    private final Label subtitle = new Label();
    private final Label noMatch = new Label();
    private final HBox header;
    private final Button add;
    private @Nullable TextField filter;

    HomePage(
            ShellModel model,
            Icons icons,
            PluginIcons pluginIcons,
            Consumer<URI> browser,
            Consumer<List<Path>> install) {
        this.model = model;
        this.icons = icons;
        this.pluginIcons = pluginIcons;
        this.browser = browser;
        getStyleClass().add("home-scroll");
        setFitToWidth(true);
        setFitToHeight(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        setFocusTraversable(false);

        Label title = new Label("Home");
        title.getStyleClass().add("page-title");
        subtitle.getStyleClass().add("muted");
        VBox heading = new VBox(title, subtitle);
        heading.getStyleClass().add("page-heading");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        add = new Button("Add a plugin …", icons.of(Icons.ADD, 16));
        add.setId("add-plugin");
        add.setMinWidth(USE_PREF_SIZE);
        add.setTooltip(new Tooltip("Choose a plugin package (.zip), or drop one on the window"));
        add.setOnAction(e -> choose(install));
        header = new HBox(heading, space, add);
        header.getStyleClass().add("page-header");

        problems.getStyleClass().add("problems");
        noMatch.getStyleClass().add("muted");
        tiles.getStyleClass().add("tiles");
        tiles.setPrefColumns(1);
        tiles.setTileAlignment(Pos.TOP_LEFT);
        content.getStyleClass().add("home");
        // Fills the window when it is small and scrolls, not shrinks, when it is large.
        content.setMinHeight(USE_PREF_SIZE);
        setContent(content);

        ListChangeListener<Object> refresh = change -> refresh();
        model.tiles().addListener(refresh);
        model.addresses().addListener(refresh);
        ListChangeListener<Object> refreshProblems = change -> refreshProblems();
        model.problems().addListener(refreshProblems);
        model.readyProperty().subscribe(is -> refresh());
        model.servicesProperty().subscribe(words -> refresh());
        model.administratorProperty().subscribe(is -> refresh());
        refreshProblems();
    }

    private void refresh() {
        List<HomeTile> all = model.tiles();
        subtitle.setText(
                all.isEmpty() ? "" : all.size() == 1 ? "1 plugin" : all.size() + " plugins");
        Nodes.present(subtitle, !all.isEmpty());
        Nodes.present(add, model.administratorProperty().get() && !all.isEmpty());
        showFilter(all.size() >= FILTER_FROM);

        List<Node> parts = new ArrayList<>();
        parts.add(header);
        if (!model.problems().isEmpty()) {
            parts.add(problems);
        }
        if (all.isEmpty()) {
            shown.clear();
            tiles.getChildren().clear();
            parts.add(model.readyProperty().get() ? empty() : starting());
        } else {
            refreshTiles();
            parts.add(tiles.getChildren().isEmpty() ? noMatch : tiles);
        }
        Nodes.sync(content.getChildren(), parts);
    }

    private void refreshTiles() {
        TextField box = filter;
        String wanted =
                box == null || !box.isVisible()
                        ? ""
                        : box.getText().strip().toLowerCase(Locale.ROOT);
        List<HomeTile> matching =
                model.tiles().stream()
                        .filter(t -> t.title().toLowerCase(Locale.ROOT).contains(wanted))
                        .toList();
        shown.keySet().retainAll(model.tiles());
        Nodes.sync(
                tiles.getChildren(),
                matching.stream().map(t -> shown.computeIfAbsent(t, this::tile)).toList());
        noMatch.setText("No plugin on this page is called “" + wanted + "”.");
    }

    private void showFilter(boolean is) {
        if (filter == null && is) {
            TextField box = new TextField();
            box.setId("tile-filter");
            box.setPromptText("Find a plugin");
            box.setAccessibleText("Find a plugin by its name");
            box.setPrefWidth(200);
            box.textProperty().subscribe(() -> refresh());
            filter = box;
            header.getChildren().add(header.getChildren().size() - 1, box);
        }
        if (filter != null) {
            Nodes.present(filter, is);
        }
    }

    private Node tile(HomeTile tile) {
        Label title = new Label(tile.title());
        title.getStyleClass().add("tile-title");
        title.setWrapText(true);
        Label version = new Label("Version " + tile.version());
        version.getStyleClass().addAll("muted", "small");
        Region space = new Region();
        VBox.setVgrow(space, Priority.ALWAYS);
        VBox face = new VBox(pluginIcons.of(tile.title(), tile.icon(), 40), title, space, version);
        face.getStyleClass().add("tile-face");
        face.setMouseTransparent(true);

        Button button = new Button(null, face);
        button.getStyleClass().setAll("tile");
        button.setId("tile-" + tile.pluginName());
        button.setAccessibleText(tile.title() + ", version " + tile.version());
        button.setOnAction(e -> model.open(new Page.PluginView(tile.firstView())));
        if (tile.title().length() > 30) {
            button.setTooltip(new Tooltip(tile.title()));
        }
        if (tile.views().size() == 1) {
            return button;
        }
        Button more = new Button(null, icons.of(Icons.MORE, 16));
        more.getStyleClass().setAll("tile-more");
        more.setAccessibleText("More views of " + tile.title());
        more.setTooltip(new Tooltip("More views"));
        more.setOnAction(e -> {
            ContextMenu menu = new ContextMenu();
            for (ViewLink view : tile.views()) {
                MenuItem item = new MenuItem(view.title());
                item.setMnemonicParsing(false);
                item.setOnAction(chosen -> model.open(new Page.PluginView(view)));
                menu.getItems().add(item);
            }
            menu.show(more, Side.BOTTOM, 0, 4);
        });
        StackPane stack = new StackPane(button, more);
        StackPane.setAlignment(more, Pos.TOP_RIGHT);
        return stack;
    }

    private Node starting() {
        Label title = new Label("Peek is starting");
        title.getStyleClass().add("empty-title");
        String words = model.servicesProperty().get();
        Label text =
                new Label(
                        (words.isEmpty() ? "" : words + ". ")
                                + "Plugins appear here as soon as they run.");
        text.getStyleClass().add("muted");
        return emptyPage(title, text);
    }

    private Node empty() {
        Label title = new Label("No plugins yet");
        title.getStyleClass().add("empty-title");
        boolean may = model.administratorProperty().get();
        Label how =
                new Label(
                        may
                                ? "Drop a plugin package (a .zip file) anywhere on this window, or"
                                        + " choose one."
                                : "An administrator installs plugins, on the administration page.");
        how.setWrapText(true);
        VBox page = emptyPage(icons.of(Icons.PACKAGE, 48), title, how);
        if (may) {
            Button choose = new Button("Choose a package …");
            choose.setId("choose-package");
            choose.getStyleClass().add("accent");
            choose.setOnAction(e -> add.fire());
            page.getChildren().add(choose);
        }
        Optional<BrowserAddress> admin = model.address(BrowserAddress.Site.ADMINISTRATION);
        if (admin.isPresent()) {
            URI uri = admin.get().uri();
            Label or =
                    new Label(
                            may
                                    ? "It can also be dropped on the administration page:"
                                    : "The administration page is at");
            or.getStyleClass().add("muted");
            Hyperlink link = new Hyperlink(uri.toString());
            link.setId("empty-admin-link");
            link.setOnAction(e -> browser.accept(uri));
            HBox line = new HBox(or, link);
            line.getStyleClass().add("empty-line");
            page.getChildren().add(line);
        }
        return page;
    }

    private static VBox emptyPage(Node... nodes) {
        VBox page = new VBox(nodes);
        page.getStyleClass().add("empty");
        VBox.setVgrow(page, Priority.ALWAYS);
        return page;
    }

    private void refreshProblems() {
        List<Node> cards = new ArrayList<>();
        Label heading = new Label("Needs attention");
        heading.getStyleClass().add("section-title");
        cards.add(heading);
        for (Problem problem : model.problems()) {
            Label plugin = new Label(problem.plugin());
            plugin.getStyleClass().add("problem-plugin");
            Label sentence = new Label(problem.sentence());
            sentence.setWrapText(true);
            VBox words = new VBox(plugin, sentence);
            HBox.setHgrow(words, Priority.ALWAYS);
            Button read = new Button("Dismiss");
            read.getStyleClass().addAll("flat", "small");
            read.setMinWidth(USE_PREF_SIZE);
            read.setAccessibleText("Dismiss the problem of " + problem.plugin());
            read.setOnAction(e -> model.resolve(problem));
            HBox card = new HBox(icons.of(Icons.ALERT), words, read);
            card.getStyleClass().add("problem");
            cards.add(card);
        }
        problems.getChildren().setAll(cards);
        refresh();
    }

    private void choose(Consumer<List<Path>> install) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Add a plugin");
        chooser.getExtensionFilters()
                .add(new FileChooser.ExtensionFilter("Plugin packages (*.zip)", "*.zip"));
        var file = chooser.showOpenDialog(getScene().getWindow());
        if (file != null) {
            install.accept(List.of(file.toPath()));
        }
    }
}
