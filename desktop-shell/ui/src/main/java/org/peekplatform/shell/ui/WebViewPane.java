package org.peekplatform.shell.ui;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.PauseTransition;
import javafx.concurrent.Worker;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.web.WebEngine;
import javafx.scene.web.WebView;
import javafx.util.Duration;
import javafx.util.Subscription;
import netscape.javascript.JSException;
import netscape.javascript.JSObject;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Registration;
import org.peekplatform.api.desktop.DesktopView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A web view of a plugin in a tab: the page of the client site in the built-in browser, with the
/// workstation's own link in place of the WebSocket that this browser does not have.
///
/// The page and nothing else gets the bridge: it is put into the one document at the one address of
/// ours, and any step away from there ends it. Each step on the JavaFX thread is short: a frame is
/// handed over in pieces, each in a turn of its own, and the next frame only when the page has
/// dealt with it. Created when the tab has been drawn, because the browser takes a second to make.
///
/// The text handed over is what `@peek/app` calls `WorkstationPage` and `WorkstationBridge`.
@SuppressWarnings("removal") // netscape.javascript moves from the JDK to JavaFX; the name stays
public final class WebViewPane implements DesktopView {
    private static final Logger log = LoggerFactory.getLogger(WebViewPane.class);
    private static final String PLACE = "/#workstation";
    private static final Duration LONGEST_START = Duration.seconds(30);
    private static final int PIECE_CHARACTERS = 128 * 1024;
    private static final int MAX_FRAME_CHARACTERS = 1 << 20;

    private final WebElement element;
    private final Supplier<Optional<URI>> site;
    private final WebLink link;
    private final WebQueue actions;
    private final Executor ui;
    private final Consumer<URI> browser;
    private final StackPane node = new StackPane();
    // The browser holds it weakly.
    private final PageBridge bridge = new PageBridge(new Calls());
    private @Nullable WebView web;
    private @Nullable URI address;
    private @Nullable JSObject page;
    private @Nullable Connection connection;
    private @Nullable PageQueue queue;
    private final Registration online;
    private final PauseTransition waiting = new PauseTransition(LONGEST_START);
    private Subscription theme = Subscription.EMPTY;
    private boolean closed;

    /// @param site where the client site is, empty while it is not served
    /// @param ui runs tasks on the JavaFX thread, in order, none of them before the call returns
    /// @param browser opens an address in the user's browser; called on the JavaFX thread
    public WebViewPane(
            WebElement element,
            Supplier<Optional<URI>> site,
            WebLink link,
            WebQueue actions,
            Executor ui,
            Consumer<URI> browser) {
        this.element = element;
        this.site = site;
        this.link = link;
        this.actions = actions;
        this.ui = ui;
        this.browser = browser;
        node.getStyleClass().add("web-pane");
        waiting.setOnFinished(e -> fail("The page at " + address + " has not started."));
        online = link.onOnline(() -> ui.execute(this::online));
        load();
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void close() {
        closed = true;
        online.close();
        release();
        node.getChildren().clear();
    }

    /// A page that was not to be had may be now.
    private void online() {
        if (!closed && !call("online") && web == null) {
            load();
        }
    }

    private void load() {
        Label loading = new Label("Loading " + element.title() + " …");
        loading.getStyleClass().add("muted");
        node.getChildren().setAll(loading);
        // Two turns later the tab has been drawn.
        ui.execute(() -> ui.execute(this::openBrowser));
    }

    private void openBrowser() {
        if (closed || web != null) {
            return;
        }
        Optional<URI> at = site.get();
        if (at.isEmpty()) {
            fail(
                    "Its page comes from the client service, which does not run just now. It is loaded"
                            + " by itself as soon as the service is there.");
            return;
        }
        WebView view;
        try {
            view = new WebView();
        } catch (LinkageError e) {
            log.warn("The built-in browser cannot be started", e);
            fail("The built-in browser cannot be started on this computer.");
            return;
        }
        web = view;
        WebEngine engine = view.getEngine();
        URI own = at.get().resolve(PLACE);
        address = own;
        // Windows of their own are not for web views.
        engine.setCreatePopupHandler(features -> null);
        engine.getLoadWorker()
                .stateProperty()
                .subscribe(state -> {
                    if (!view.equals(web)) {
                        return;
                    }
                    if (state == Worker.State.SUCCEEDED) {
                        started(view);
                    } else if (state == Worker.State.FAILED) {
                        log.warn(
                                "The page of view '{}' at {} does not load",
                                element.title(),
                                own,
                                engine.getLoadWorker().getException());
                        fail("The page at " + own + " does not load.");
                    }
                });
        engine.locationProperty()
                .subscribe(location -> {
                    if (location != null && !location.isEmpty() && !isOwn(location)) {
                        ui.execute(() -> leave(view, location));
                    }
                });
        engine.load(own.toString());
        waiting.playFromStart();
    }

    private void started(WebView view) {
        WebEngine engine = view.getEngine();
        if (!isOwn(engine.getLocation())) {
            return;
        }
        leavePage("the page was loaded again");
        JSObject window = (JSObject) engine.executeScript("window");
        window.setMember("peekBridge", bridge);
        if (window.getMember("peekPage") instanceof JSObject) {
            ready();
        }
        // Else its modules are not there yet, and it says so itself.
    }

    private void ready() {
        WebView view = web;
        if (view == null
                || page != null
                || !(view.getEngine().executeScript("window.peekPage") instanceof JSObject made)) {
            return;
        }
        waiting.stop();
        page = made;
        node.getChildren().setAll(view);
        Scene scene = node.getScene();
        queue = new PageQueue(actions, ui, this::call);
        call("start", themeOf(scene));
        theme.unsubscribe();
        theme =
                scene == null
                        ? Subscription.EMPTY
                        : scene.getPreferences()
                                .colorSchemeProperty()
                                .subscribe((was, is) -> call("theme", themeOf(node.getScene())));
    }

    private static String themeOf(@Nullable Scene scene) {
        return scene == null
                ? "light"
                : scene.getPreferences().getColorScheme().name().toLowerCase(Locale.ROOT);
    }

    /// The page has gone somewhere else. It is not brought back by itself, as it would do it again.
    private void leave(WebView view, String location) {
        if (view.equals(web)) {
            log.warn("View '{}' wanted to leave its page for {}", element.title(), location);
            fail("It wanted to leave its page for " + location + " and was stopped.");
        }
    }

    /// What comes after the # is the page's own.
    private boolean isOwn(String location) {
        URI own = address;
        return own != null && withoutFragment(location).equals(withoutFragment(own.toString()));
    }

    private static String withoutFragment(String location) {
        int end = location.indexOf('#');
        return end < 0 ? location : location.substring(0, end);
    }

    private boolean call(String function, Object... arguments) {
        JSObject to = page;
        if (to == null) {
            return false;
        }
        try {
            to.call(function, arguments);
            return true;
        } catch (JSException e) {
            log.warn("The page of view '{}' failed in {}", element.title(), function, e);
            return false;
        }
    }

    private void browse(String url) {
        try {
            URI uri = URI.create(url);
            if ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) {
                browser.accept(uri);
            }
        } catch (IllegalArgumentException e) {
            log.debug("View '{}' named an address that is none", element.title(), e);
        }
    }

    private void leavePage(String why) {
        page = null;
        disconnect(why);
        PageQueue former = queue;
        queue = null;
        if (former != null) {
            former.close();
        }
    }

    private void disconnect(String why) {
        Connection current = connection;
        connection = null;
        if (current != null) {
            log.debug("Link of view '{}' ends: {}", element.title(), why);
            current.end();
        }
    }

    private void release() {
        leavePage("the view is closed");
        theme.unsubscribe();
        WebView open = web;
        web = null;
        waiting.stop();
        if (open != null) {
            // Ends scripts and requests of the page.
            open.getEngine().load(null);
        }
    }

    private void fail(String sentence) {
        release();
        Label title = new Label(element.title() + " cannot be shown just now");
        title.getStyleClass().add("empty-title");
        Label words = new Label(sentence);
        words.setId("web-problem");
        words.setWrapText(true);
        Button again = new Button("Try again");
        again.setOnAction(e -> load());
        HBox ways = new HBox(again);
        ways.getStyleClass().add("empty-line");
        VBox card = new VBox(title, words, ways);
        card.getStyleClass().add("empty");
        node.getChildren().setAll(card);
    }

    /// What the page calls.
    private final class Calls implements PageBridge.Calls {
        @Override
        public String view(String part) {
            return switch (part) {
                case "plugin" -> element.plugin();
                case "title" -> element.title();
                case "version" -> element.version();
                case "module" -> element.module();
                case "element" -> element.element();
                default -> "";
            };
        }

        @Override
        public void ready() {
            // Not within this call, which the page makes while it is still starting.
            ui.execute(WebViewPane.this::ready);
        }

        @Override
        public void open() {
            disconnect("the page begins a new one");
            connection = new Connection();
        }

        @Override
        public void send(String header, String payload) {
            Connection current = connection;
            if (current == null) {
                return;
            }
            if ((long) header.length() + payload.length() > MAX_FRAME_CHARACTERS) {
                log.warn("View '{}' sent a frame that is too large", element.title());
                disconnect("a frame was too large");
                WebViewPane.this.call("closed", "A frame of the page was too large.");
                return;
            }
            current.session.send(header, payload);
        }

        @Override
        public void close() {
            disconnect("the page ends it");
        }

        @Override
        public void enqueue(String call, String type, String fields) {
            PageQueue to = queue;
            if (to != null) {
                to.enqueue(call, type, fields);
            }
        }

        @Override
        public void sendAgain(String call, String id) {
            PageQueue to = queue;
            if (to != null) {
                to.sendAgain(call, id);
            }
        }

        @Override
        public void discard(String call, String id) {
            PageQueue to = queue;
            if (to != null) {
                to.discard(call, id);
            }
        }

        @Override
        public void browse(String url) {
            WebViewPane.this.browse(url);
        }
    }

    /// One link of the page. The fields are of the JavaFX thread, but for those said to be of any.
    private final class Connection implements WebLink.Page {
        private final WebLink.Session session;
        // Any thread: set once, after which nothing reaches the page any more.
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        Connection() {
            session = link.open(this);
        }

        void end() {
            if (ended.complete(false)) {
                session.close();
            }
        }

        private boolean isOver() {
            return ended.isDone();
        }

        @Override
        public void opened() {
            ui.execute(() -> {
                if (!isOver()) {
                    call("opened");
                }
            });
        }

        @Override
        public boolean frame(String header, String payload) throws InterruptedException {
            CompletableFuture<Boolean> taken = new CompletableFuture<>();
            ui.execute(() -> hand(header, payload, 0, taken));
            try {
                return (Boolean) CompletableFuture.anyOf(taken, ended).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the page did not take a frame", e);
            }
        }

        /// One piece in one turn, so that the window draws and listens in between.
        private void hand(
                String header, String payload, int from, CompletableFuture<Boolean> taken) {
            if (isOver()) {
                return;
            }
            int to = Math.min(payload.length(), from + PIECE_CHARACTERS);
            boolean well = from == to || call("piece", payload.substring(from, to));
            if (well && to < payload.length()) {
                ui.execute(() -> hand(header, payload, to, taken));
            } else {
                taken.complete(well && call("frame", header));
            }
        }

        @Override
        public void closed(String reason) {
            ui.execute(() -> {
                if (ended.complete(false) && connection == this) {
                    connection = null;
                    call("closed", reason);
                }
            });
        }
    }
}
