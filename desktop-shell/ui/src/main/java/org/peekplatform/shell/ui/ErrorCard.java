package org.peekplatform.shell.ui;

import javafx.geometry.Insets;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// Stands in for something that cannot be shown: whose it is, why, and another try.
final class ErrorCard extends StackPane {
    ErrorCard(String whose, String why, Runnable again) {
        getStyleClass().add("error-page");

        Label title = new Label(whose);
        title.getStyleClass().add("error-title");
        Label lead = new Label("This view could not be opened.");
        lead.getStyleClass().add("muted");
        Label reason = new Label(why);
        reason.getStyleClass().add("error-reason");
        reason.setWrapText(true);
        Label rest = new Label("The rest of Peek is not affected. The log has the details.");
        rest.getStyleClass().add("muted");
        rest.setWrapText(true);
        Button retry = new Button("Try again");
        retry.setOnAction(e -> again.run());

        VBox.setMargin(retry, new Insets(8, 0, 0, 0));
        VBox words = new VBox(title, lead, reason, rest, retry);
        words.getStyleClass().add("error-words");
        HBox.setHgrow(words, Priority.ALWAYS);
        Icons icons = new Icons();
        icons.fill();
        HBox card = new HBox(icons.of(Icons.FAILED, 24), words);
        card.getStyleClass().add("error-card");
        card.setMaxSize(560, USE_PREF_SIZE);
        card.setAccessibleText(whose + ": this view could not be opened. " + why);
        getChildren().setAll(card);
    }
}
