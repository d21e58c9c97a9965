package org.peekplatform.shell.ui;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.javafx.FontIcon;

/// The shell's own icons. Until the first frame is on screen an icon is an empty box of its size,
/// because finding the icon handlers and loading their font takes longer than the rest of the
/// window; afterwards all boxes are filled at once and new ones immediately.
final class Icons {
    static final String ADD = "mdi2p-plus";
    static final String ALERT = "mdi2a-alert-outline";
    static final String CLOSE = "mdi2c-close";
    static final String COPY = "mdi2c-content-copy";
    static final String DONE = "mdi2c-check-circle-outline";
    static final String FAILED = "mdi2a-alert-circle-outline";
    static final String HELP = "mdi2h-help-circle-outline";
    static final String HOME = "mdi2h-home-outline";
    static final String MORE = "mdi2d-dots-horizontal";
    static final String PACKAGE = "mdi2p-package-variant";
    static final String THEME = "mdi2t-theme-light-dark";

    private final List<Box> waiting = new ArrayList<>();
    private boolean ready;

    /// An icon of 20 pixels; 14, 16, 24 and 48 are the other sizes.
    StackPane of(String code) {
        return of(code, 20);
    }

    StackPane of(String code, int size) {
        Box box = new Box(code, size);
        if (ready) {
            box.fill();
        } else {
            waiting.add(box);
        }
        return box;
    }

    /// The first frame is on screen.
    void fill() {
        ready = true;
        waiting.forEach(Box::fill);
        waiting.clear();
    }

    private static final class Box extends StackPane {
        private final String code;

        Box(String code, int size) {
            this.code = code;
            // The size itself is said in the style sheet, where it beats the theme's.
            getStyleClass().addAll("icon", "icon-" + size);
            setMinSize(size, size);
            setPrefSize(size, size);
            setMaxSize(size, size);
        }

        void fill() {
            getChildren().setAll(new FontIcon(code));
        }
    }
}
