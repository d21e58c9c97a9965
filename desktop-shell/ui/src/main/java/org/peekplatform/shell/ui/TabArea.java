package org.peekplatform.shell.ui;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.Tooltip;
import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.ShellModel;

/// The open pages as tabs. The model decides what is open; a click here asks it.
final class TabArea extends TabPane {
    /// What a tab holds.
    record Content(Node node, Runnable close) {}

    private final ShellModel model;
    private final Function<Page, Content> open;
    private final Map<Page, Content> contents = new HashMap<>();
    private final Map<Page, Tab> tabs = new HashMap<>();

    TabArea(ShellModel model, Function<Page, Content> open) {
        this.model = model;
        this.open = open;
        getStyleClass().add("pages");
        setTabClosingPolicy(TabClosingPolicy.ALL_TABS);
        setTabDragPolicy(TabDragPolicy.FIXED);
        model.pages().forEach(this::add);
        select(model.current());
        ListChangeListener<Page> follow =
                change -> {
                    while (change.next()) {
                        change.getRemoved().forEach(this::remove);
                        change.getAddedSubList().forEach(this::add);
                    }
                };
        model.pages().addListener(follow);
        model.currentProperty().subscribe(this::select);
        getSelectionModel()
                .selectedItemProperty()
                .subscribe(tab -> {
                    if (tab != null && tab.getUserData() instanceof Page page) {
                        model.open(page);
                    }
                });
    }

    private void add(Page page) {
        Content content = open.apply(page);
        Tab tab = new Tab(ShellModel.title(page), content.node());
        tab.setUserData(page);
        tab.setClosable(!(page instanceof Page.Home));
        tab.setOnCloseRequest(e -> {
            e.consume();
            model.close(page);
        });
        if (tab.getText().length() > 24) {
            tab.setTooltip(new Tooltip(tab.getText()));
        }
        contents.put(page, content);
        tabs.put(page, tab);
        getTabs().add(model.pages().indexOf(page), tab);
    }

    private void remove(Page page) {
        Tab tab = tabs.remove(page);
        Content content = contents.remove(page);
        if (tab == null || content == null) {
            return;
        }
        boolean focused =
                isInside(getScene() == null ? null : getScene().getFocusOwner(), content.node());
        if (focused) {
            // The scene remembers who has the focus, and must not remember a closed view.
            requestFocus();
        }
        getTabs().remove(tab);
        tab.setContent(null);
        tab.setUserData(null);
        tab.setOnCloseRequest(null);
        content.close().run();
    }

    private void select(Page page) {
        Tab tab = tabs.get(page);
        if (tab == null || tab.equals(getSelectionModel().getSelectedItem())) {
            return;
        }
        getSelectionModel().select(tab);
        // Keyboards go on in the page that was asked for, once it is laid out.
        Platform.runLater(() -> {
            Content content = contents.get(page);
            if (content != null
                    && model.current().equals(page)
                    && getScene() != null
                    && !isInside(getScene().getFocusOwner(), content.node())) {
                content.node().requestFocus();
            }
        });
    }

    private static boolean isInside(@Nullable Node node, Node ancestor) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (ancestor.equals(at)) {
                return true;
            }
        }
        return false;
    }

    /// The tabs' titles in order, for tests.
    List<String> titles() {
        return getTabs().stream().map(Tab::getText).toList();
    }
}
