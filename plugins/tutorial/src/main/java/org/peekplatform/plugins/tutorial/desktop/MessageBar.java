package org.peekplatform.plugins.tutorial.desktop;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;

/// A line that shows a sentence as long as there is one, and takes no room otherwise.
public final class MessageBar extends Label {
    /// @param styleClass such as `danger` or `success`, coloured by the workstation's theme
    public MessageBar(String id, String styleClass, ObservableValue<String> sentence) {
        setId(id);
        getStyleClass().add(styleClass);
        setWrapText(true);
        setMinHeight(USE_PREF_SIZE);
        textProperty().bind(sentence);
        visibleProperty().bind(sentence.map(text -> !text.isEmpty()));
        managedProperty().bind(visibleProperty());
    }
}
