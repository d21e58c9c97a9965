package org.peekplatform.shell.ui;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import javafx.application.Platform;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.IconSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The icons of plugins: the initial at once, the picture when it has been read in the background.
final class PluginIcons {
    private static final Logger log = LoggerFactory.getLogger(PluginIcons.class);

    /// Twice the largest size shown, for dense screens.
    private static final int PIXELS = 96;

    private final Executor background;
    private final Map<IconSource, Image> known = new WeakHashMap<>();

    PluginIcons(Executor background) {
        this.background = background;
    }

    StackPane of(String title, @Nullable IconSource source, int size) {
        Label initial = new Label(initial(title));
        initial.setStyle("-fx-font-size: " + Math.max(11, Math.round(size * 0.45)) + "px");
        StackPane box = new StackPane(initial);
        box.getStyleClass().add("plugin-icon");
        box.setStyle("-fx-background-radius: " + size / 5);
        box.setMinSize(size, size);
        box.setPrefSize(size, size);
        box.setMaxSize(size, size);
        if (source != null) {
            Image image = known.get(source);
            if (image == null) {
                background.execute(() -> read(title, source, box, size));
            } else {
                show(image, box, size);
            }
        }
        return box;
    }

    private void read(String title, IconSource source, StackPane box, int size) {
        try (InputStream in = source.open()) {
            Image image = new Image(in, PIXELS, PIXELS, true, true);
            if (image.isError()) {
                throw new IOException("it is no picture that JavaFX reads", image.getException());
            }
            Platform.runLater(() -> {
                known.put(source, image);
                show(image, box, size);
            });
        } catch (IOException e) {
            log.warn("The icon of plugin '{}' cannot be shown", title, e);
        }
    }

    private static void show(Image image, StackPane box, int size) {
        ImageView view = new ImageView(image);
        view.setFitWidth(size);
        view.setFitHeight(size);
        view.setPreserveRatio(true);
        view.setSmooth(true);
        box.getStyleClass().add("with-picture");
        box.getChildren().setAll(view);
    }

    private static String initial(String title) {
        String trimmed = title.strip();
        return trimmed.isEmpty()
                ? "?"
                : trimmed.substring(0, trimmed.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT);
    }
}
