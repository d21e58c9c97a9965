package org.peekplatform.shell.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import atlantafx.base.theme.Theme;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ChangeListener;
import javafx.scene.Scene;

/// Dresses the scene: AtlantaFX as the base, the shell's own style sheet on it, and last the tokens
/// that workstation and web views share, when their jar is on the class path.
final class Themes implements AutoCloseable {
    private final Scene scene;
    private final ReadOnlyObjectWrapper<ThemeChoice> choice;
    // A field, because the preferences live as long as the process and would keep the window.
    private final ChangeListener<ColorScheme> follow = (source, old, now) -> apply();

    Themes(Scene scene, ThemeChoice first) {
        this.scene = scene;
        choice = new ReadOnlyObjectWrapper<>(this, "choice", first);
        Platform.getPreferences().colorSchemeProperty().addListener(follow);
        apply();
    }

    ReadOnlyObjectProperty<ThemeChoice> choiceProperty() {
        return choice.getReadOnlyProperty();
    }

    void choose(ThemeChoice wanted) {
        choice.set(wanted);
        apply();
    }

    /// From light to dark or back, whatever the system says.
    void toggle() {
        choose(isDark() ? ThemeChoice.LIGHT : ThemeChoice.DARK);
    }

    boolean isDark() {
        return switch (choice.get()) {
            case LIGHT -> false;
            case DARK -> true;
            case SYSTEM -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
        };
    }

    @Override
    public void close() {
        Platform.getPreferences().colorSchemeProperty().removeListener(follow);
    }

    private void apply() {
        boolean dark = isDark();
        scene.getPreferences().setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT);
        Theme base = dark ? new PrimerDark() : new PrimerLight();
        // The compiled form: parsing the text costs a good part of the time to the first frame.
        Application.setUserAgentStylesheet(base.getUserAgentStylesheetBSS());
        List<String> sheets = new ArrayList<>();
        sheets.add(
                Objects.requireNonNull(Themes.class.getResource("shell.css"), "shell.css")
                        .toExternalForm());
        String tokens = "/peek/tokens/tokens-" + (dark ? "dark" : "light") + ".css";
        URL shared = Themes.class.getResource(tokens);
        if (shared != null) {
            sheets.add(shared.toExternalForm());
        }
        scene.getStylesheets().setAll(sheets);
    }
}
