package org.peekplatform.shell.ui;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.AdminRoom;
import org.peekplatform.shell.model.HomeTile;
import org.peekplatform.shell.model.IconSource;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.model.ViewLink;

/// The way round the window, at its left: home, the open views, the rooms of the administration,
/// help. In a narrow window only the icons stay.
final class Rail extends VBox {
    private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");

    private final ShellModel model;
    private final PluginIcons pluginIcons;
    private final Map<Page, Button> items = new HashMap<>();
    private final Label openHeading = heading("Open");
    private final Label roomsHeading = heading("Administration");
    private final VBox list = new VBox();
    private final Button home;
    private final Button help;
    private boolean compact;

    Rail(ShellModel model, Icons icons, PluginIcons pluginIcons) {
        this.model = model;
        this.pluginIcons = pluginIcons;
        getStyleClass().add("rail");
        list.getStyleClass().add("rail-list");
        home = item(Page.HOME, "Home", icons.of(Icons.HOME), "Home (Ctrl+H)");
        help = item(Page.HELP, "Help", icons.of(Icons.HELP), "Help (F1)");

        ScrollPane scroll = new ScrollPane(list);
        scroll.getStyleClass().add("rail-scroll");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setFocusTraversable(false);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().setAll(scroll, help);

        ListChangeListener<Object> refresh = change -> refresh();
        model.pages().addListener(refresh);
        model.rooms().addListener(refresh);
        model.administratorProperty().subscribe(this::refresh);
        model.currentProperty().subscribe(this::mark);
        refresh();
    }

    void setCompact(boolean is) {
        if (compact != is) {
            compact = is;
            pseudoClassStateChanged(COMPACT, is);
            items.values().forEach(this::dress);
            refresh();
        }
    }

    private void refresh() {
        List<Node> wanted = new ArrayList<>();
        List<Page> present = new ArrayList<>(List.of(Page.HOME, Page.HELP));
        wanted.add(home);

        List<ViewLink> roomLinks = model.rooms().stream().map(AdminRoom::view).toList();
        boolean rooms = model.administratorProperty().get() && !roomLinks.isEmpty();
        List<Page> open =
                model.pages().stream()
                        .filter(p ->
                                p instanceof Page.PluginView(ViewLink view)
                                        && !(rooms && roomLinks.contains(view)))
                        .toList();
        if (!open.isEmpty()) {
            wanted.add(openHeading);
            open.forEach(page -> add(page, wanted, present));
        }
        if (rooms) {
            wanted.add(roomsHeading);
            roomLinks.forEach(view -> add(new Page.PluginView(view), wanted, present));
        }
        items.keySet().retainAll(present);
        Nodes.present(openHeading, !compact);
        Nodes.present(roomsHeading, !compact);
        Nodes.sync(list.getChildren(), wanted);
        mark(model.current());
    }

    private void add(Page page, List<Node> wanted, List<Page> present) {
        present.add(page);
        Button known = items.get(page);
        if (known == null && page instanceof Page.PluginView(ViewLink view)) {
            known =
                    item(
                            page,
                            view.title(),
                            pluginIcons.of(view.title(), icon(view), 20),
                            view.title());
        }
        if (known != null) {
            wanted.add(known);
        }
    }

    private @Nullable IconSource icon(ViewLink view) {
        for (AdminRoom room : model.rooms()) {
            if (room.view().equals(view)) {
                return room.icon();
            }
        }
        for (HomeTile tile : model.tiles()) {
            if (tile.views().contains(view)) {
                return tile.icon();
            }
        }
        return null;
    }

    private Button item(Page page, String title, StackPane icon, String tip) {
        Button button = new Button(title, icon);
        button.getStyleClass().setAll("rail-item");
        button.setMaxWidth(Double.MAX_VALUE);
        button.setUserData(tip);
        button.setMnemonicParsing(false);
        button.setOnAction(e -> model.open(page));
        items.put(page, button);
        dress(button);
        return button;
    }

    private void dress(Button button) {
        button.setContentDisplay(compact ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT);
        // The words are on the button itself unless there is no room for them.
        button.setTooltip(compact ? new Tooltip((String) button.getUserData()) : null);
    }

    private void mark(Page current) {
        items.forEach((page, button) -> {
            boolean is = page.equals(current);
            button.pseudoClassStateChanged(SELECTED, is);
            button.setAccessibleText(ShellModel.title(page) + (is ? ", shown now" : ""));
        });
    }

    private static Label heading(String words) {
        Label label = new Label(words);
        label.getStyleClass().add("rail-heading");
        return label;
    }
}
