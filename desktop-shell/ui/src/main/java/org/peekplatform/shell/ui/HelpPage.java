package org.peekplatform.shell.ui;

import java.net.URI;
import java.net.URL;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.concurrent.Worker;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.web.WebEngine;
import javafx.scene.web.WebView;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The documentation in a tab. The browser in it is made when the tab has been drawn, because
/// making it takes a second or two; when it cannot be made or the page does not load, a sentence
/// says so and another way is offered. Pages of other sites open in the user's browser.
final class HelpPage extends StackPane {
    private static final Logger log = LoggerFactory.getLogger(HelpPage.class);

    private static final URL DARK =
            Objects.requireNonNull(HelpPage.class.getResource("help-dark.css"), "help-dark.css");

    private final Supplier<Optional<URI>> address;
    private final Consumer<URI> browser;
    private @Nullable WebView web;
    private @Nullable Subscription theme;
    private boolean closed;

    HelpPage(Supplier<Optional<URI>> address, Consumer<URI> browser) {
        this.address = address;
        this.browser = browser;
        getStyleClass().add("help");
        load();
    }

    void close() {
        closed = true;
        Subscription dressed = theme;
        if (dressed != null) {
            dressed.unsubscribe();
        }
        WebView open = web;
        web = null;
        getChildren().clear();
        if (open != null) {
            // Ends scripts and requests of the page.
            open.getEngine().load(null);
        }
    }

    private void load() {
        Label loading = new Label("Loading the documentation …");
        loading.getStyleClass().add("muted");
        getChildren().setAll(loading);
        Optional<URI> uri = address.get();
        if (uri.isEmpty()) {
            fail(
                    "The documentation is not being served yet. It is once the client service runs;"
                            + " the line at the bottom of the window says how far it is.",
                    null);
        } else {
            Platform.runLater(() -> Platform.runLater(() -> open(uri.get())));
        }
    }

    private void open(URI uri) {
        if (closed) {
            return;
        }
        WebEngine engine;
        try {
            WebView view = new WebView();
            web = view;
            engine = view.getEngine();
        } catch (LinkageError e) {
            log.warn("The built-in browser cannot be started", e);
            fail("The built-in browser cannot be started on this computer.", uri);
            return;
        }
        engine.getLoadWorker()
                .stateProperty()
                .subscribe(state -> {
                    if (state == Worker.State.SUCCEEDED && web != null) {
                        getChildren().setAll(web);
                    } else if (state == Worker.State.FAILED) {
                        Throwable why = engine.getLoadWorker().getException();
                        log.warn("The documentation at {} does not load", uri, why);
                        fail("The documentation at " + uri + " does not load.", uri);
                    }
                });
        engine.locationProperty()
                .subscribe(location -> {
                    if (location != null && isElsewhere(location, uri)) {
                        Platform.runLater(() -> leave(engine, location, uri));
                    }
                });
        dress(engine);
        engine.load(uri.toString());
    }

    /// The browser does not know of the window's theme, so the dark colours are laid over the
    /// page's own.
    private void dress(WebEngine engine) {
        Scene window = getScene();
        if (window != null) {
            theme =
                    window.getPreferences()
                            .colorSchemeProperty()
                            .subscribe(scheme ->
                                    engine.setUserStyleSheetLocation(
                                            scheme == ColorScheme.DARK
                                                    ? DARK.toExternalForm()
                                                    : null));
        }
    }

    private void leave(WebEngine engine, String location, URI help) {
        if (!closed) {
            engine.load(help.toString());
            browser.accept(URI.create(location));
        }
    }

    private static boolean isElsewhere(String location, URI help) {
        if (!location.startsWith("http:") && !location.startsWith("https:")) {
            return false;
        }
        try {
            return !Objects.equals(URI.create(location).getAuthority(), help.getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void fail(String sentence, @Nullable URI uri) {
        web = null;
        Label title = new Label("No help just now");
        title.getStyleClass().add("empty-title");
        Label words = new Label(sentence);
        words.setId("help-problem");
        words.setWrapText(true);
        Button again = new Button("Try again");
        again.setOnAction(e -> load());
        HBox ways = new HBox(again);
        ways.getStyleClass().add("empty-line");
        if (uri != null) {
            Button outside = new Button("Open in the browser");
            outside.setOnAction(e -> browser.accept(uri));
            ways.getChildren().add(outside);
        }
        VBox page = new VBox(title, words, ways);
        page.getStyleClass().add("empty");
        getChildren().setAll(page);
    }
}
