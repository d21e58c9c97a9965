package org.peekplatform.shell.ui;

import java.util.function.Consumer;
import javafx.geometry.Side;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/// The name of the house and the choice of colours.
final class TopBar extends HBox {
    TopBar(Icons icons, Themes themes, Consumer<ThemeChoice> choose) {
        getStyleClass().add("top-bar");
        Label name = new Label("Peek");
        name.getStyleClass().add("app-name");
        Label what = new Label("Workstation");
        what.getStyleClass().add("muted");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);

        Button theme = new Button(null, icons.of(Icons.THEME));
        theme.setId("theme-button");
        theme.getStyleClass().setAll("bar-button");
        theme.setTooltip(new Tooltip("Colours (Ctrl+T switches between light and dark)"));
        theme.setAccessibleText("Colours");
        theme.setOnAction(e -> {
            // Made when asked for; it is rarely needed.
            ContextMenu menu = new ContextMenu();
            ToggleGroup group = new ToggleGroup();
            for (ThemeChoice choice : ThemeChoice.values()) {
                RadioMenuItem item = new RadioMenuItem(choice.words());
                item.setToggleGroup(group);
                item.setSelected(choice == themes.choiceProperty().get());
                item.setOnAction(chosen -> choose.accept(choice));
                menu.getItems().add(item);
            }
            menu.show(theme, Side.BOTTOM, 0, 4);
        });
        getChildren().setAll(name, what, space, theme);
    }
}
