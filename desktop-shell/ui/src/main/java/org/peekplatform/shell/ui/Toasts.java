package org.peekplatform.shell.ui;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.animation.PauseTransition;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.peekplatform.shell.model.Notice;
import org.peekplatform.shell.model.ShellModel;

/// Shows the notices above the lower right corner. What went well leaves by itself; what went wrong
/// stays until it has been read.
final class Toasts extends VBox {
    private static final Duration READING_TIME = Duration.seconds(8);

    private final ShellModel model;
    private final Icons icons;
    private final Map<Notice, Node> shown = new HashMap<>();

    Toasts(ShellModel model, Icons icons) {
        this.model = model;
        this.icons = icons;
        getStyleClass().add("toasts");
        setAlignment(Pos.BOTTOM_RIGHT);
        setPickOnBounds(false);
        setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        ListChangeListener<Object> refresh = change -> refresh();
        model.notices().addListener(refresh);
        refresh();
    }

    private void refresh() {
        shown.keySet().retainAll(model.notices());
        List<Node> nodes =
                model.notices().stream().map(n -> shown.computeIfAbsent(n, this::toast)).toList();
        Nodes.sync(getChildren(), nodes);
    }

    private Node toast(Notice notice) {
        Label words = new Label(notice.sentence());
        words.setWrapText(true);
        words.setMinHeight(USE_PREF_SIZE);
        words.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox toast = new HBox(sign(notice.kind()), words);
        toast.getStyleClass().addAll("toast", notice.kind().name().toLowerCase(Locale.ROOT));
        toast.setAccessibleRole(AccessibleRole.TEXT);
        toast.setAccessibleText(notice.sentence());
        if (notice.kind() != Notice.Kind.PROGRESS) {
            Button close = new Button(null, icons.of(Icons.CLOSE, 16));
            close.getStyleClass().setAll("toast-close");
            close.setAccessibleText("Dismiss: " + notice.sentence());
            close.setOnAction(e -> model.dismiss(notice));
            toast.getChildren().add(close);
        }
        if (notice.kind() == Notice.Kind.DONE) {
            PauseTransition leave = new PauseTransition(READING_TIME);
            leave.setOnFinished(e -> model.dismiss(notice));
            leave.play();
            toast.hoverProperty()
                    .subscribe(over -> {
                        if (over) {
                            leave.pause();
                        } else {
                            leave.play();
                        }
                    });
        }
        return toast;
    }

    private Node sign(Notice.Kind kind) {
        return switch (kind) {
            case PROGRESS -> {
                ProgressIndicator turning = new ProgressIndicator();
                turning.setMinSize(20, 20);
                turning.setMaxSize(20, 20);
                yield turning;
            }
            case DONE -> icons.of(Icons.DONE);
            case FAILED -> icons.of(Icons.FAILED);
        };
    }
}
