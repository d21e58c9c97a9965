package org.peekplatform.plugins.tutorial.testing;

import static java.util.Objects.requireNonNull;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.application.Application;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.peekplatform.api.desktop.DesktopView;
import org.testfx.util.WaitForAsyncUtils;

/// Shows views in the themes of the workstation and takes pictures of them.
public final class Stages {
    private static final Path PICTURES = Path.of("target/screenshots");

    private Stages() {}

    /// Shows the view alone in a window.
    public static void show(Stage stage, DesktopView view, double width, double height) {
        light();
        stage.setScene(new Scene((Parent) view.node(), width, height));
        stage.show();
    }

    public static void light() {
        Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
    }

    public static void dark() {
        Application.setUserAgentStylesheet(new PrimerDark().getUserAgentStylesheet());
    }

    /// Writes a picture in both themes to `target/screenshots`, for people to look at.
    public static void picture(Stage stage, String name) {
        snap(stage, name + "-light");
        WaitForAsyncUtils.asyncFx(Stages::dark);
        WaitForAsyncUtils.waitForFxEvents();
        snap(stage, name + "-dark");
        WaitForAsyncUtils.asyncFx(Stages::light);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static void snap(Stage stage, String name) {
        WritableImage image =
                WaitForAsyncUtils.waitForAsyncFx(5000, () -> stage.getScene().snapshot(null));
        try {
            Files.createDirectories(PICTURES);
            ImageIO.write(
                    requireNonNull(SwingFXUtils.fromFXImage(image, null)),
                    "png",
                    PICTURES.resolve(name + ".png").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
