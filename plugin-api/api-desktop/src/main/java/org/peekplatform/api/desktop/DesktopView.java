package org.peekplatform.api.desktop;

import javafx.scene.Node;

/// One open view. Implemented by plugins; every method is called on the JavaFX thread and must not
/// block.
public interface DesktopView {
    /// The content; always the same node for one view.
    Node node();

    /// The view has been closed: end observations and timers, drop references.
    default void close() {}
}
