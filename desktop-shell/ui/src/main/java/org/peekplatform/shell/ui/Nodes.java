package org.peekplatform.shell.ui;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.collections.ObservableList;
import javafx.scene.Node;

/// Small things about nodes.
final class Nodes {
    private Nodes() {}

    /// Makes `children` equal to `wanted` and moves as little as possible: a node that leaves its
    /// parent loses the keyboard focus.
    static void sync(ObservableList<Node> children, List<? extends Node> wanted) {
        Set<Node> keep = new HashSet<>(wanted);
        children.removeIf(node -> !keep.contains(node));
        for (int i = 0; i < wanted.size(); i++) {
            Node node = wanted.get(i);
            if (i >= children.size() || !children.get(i).equals(node)) {
                children.remove(node);
                children.add(i, node);
            }
        }
    }

    /// Shows or hides a node together with its place in the layout.
    static void present(Node node, boolean is) {
        node.setVisible(is);
        node.setManaged(is);
    }

    /// Gives a node a style class, or takes it away.
    static void mark(Node node, String styleClass, boolean is) {
        node.getStyleClass().remove(styleClass);
        if (is) {
            node.getStyleClass().add(styleClass);
        }
    }
}
