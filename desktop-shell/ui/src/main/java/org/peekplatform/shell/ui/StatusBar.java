package org.peekplatform.shell.ui;

import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.peekplatform.shell.model.BrowserAddress;
import org.peekplatform.shell.model.LinkStatus;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.PluginCount;
import org.peekplatform.shell.model.QueuedChanges;
import org.peekplatform.shell.model.ShellModel;

/// How things stand, at the bottom of the window: link, plugins, problems, addresses.
final class StatusBar extends HBox {
    private static final PseudoClass ONLINE = PseudoClass.getPseudoClass("online");
    private static final PseudoClass OFFLINE = PseudoClass.getPseudoClass("offline");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

    private final ShellModel model;
    private final Icons icons;
    private final Consumer<URI> browser;
    private final Region dot = new Region();
    private final Label link = new Label();
    private final Label plugins = new Label();
    private final Label services = new Label();
    private final Hyperlink problems = new Hyperlink();
    private final Hyperlink changes = new Hyperlink();
    private final HBox addresses = new HBox();
    private boolean compact;

    StatusBar(ShellModel model, Icons icons, Consumer<URI> browser) {
        this.model = model;
        this.icons = icons;
        this.browser = browser;
        getStyleClass().add("status-bar");
        addresses.getStyleClass().add("addresses");
        dot.getStyleClass().add("dot");
        link.setId("link-words");
        plugins.setId("plugin-count");
        services.setId("services-words");
        services.getStyleClass().add("muted");
        problems.setId("problem-count");
        problems.getStyleClass().add("problem-count");
        problems.setOnAction(e -> {
            problems.setVisited(false);
            model.open(Page.HOME);
        });
        changes.setId("queue-count");
        changes.getStyleClass().add("queue-count");
        changes.setOnAction(e -> {
            changes.setVisited(false);
            model.open(Page.CHANGES);
        });
        for (Label label : List.of(link, services)) {
            label.setMinWidth(0);
            label.setTextOverrun(OverrunStyle.ELLIPSIS);
        }
        for (Region fixed : List.of(dot, plugins, problems, changes, addresses)) {
            fixed.setMinWidth(USE_PREF_SIZE);
        }
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox state = new HBox(dot, link);
        state.getStyleClass().add("link-state");
        state.setMinWidth(96);
        getChildren().setAll(state, plugins, problems, changes, services, space, addresses);

        model.linkProperty().subscribe(this::showLink);
        model.pluginsProperty().subscribe(count -> showPlugins());
        model.readyProperty().subscribe(is -> showPlugins());
        model.servicesProperty()
                .subscribe(words -> {
                    services.setText(words);
                    Nodes.present(services, !words.isEmpty());
                });
        model.changesProperty().subscribe(this::showChanges);
        ListChangeListener<Object> showProblems = change -> showProblems();
        model.problems().addListener(showProblems);
        showProblems();
        ListChangeListener<Object> showAddresses = change -> showAddresses();
        model.addresses().addListener(showAddresses);
        showAddresses();
    }

    void setCompact(boolean is) {
        if (compact != is) {
            compact = is;
            showAddresses();
        }
    }

    private void showLink(LinkStatus status) {
        dot.pseudoClassStateChanged(ONLINE, status instanceof LinkStatus.Online);
        dot.pseudoClassStateChanged(OFFLINE, status instanceof LinkStatus.Offline);
        String words =
                switch (status) {
                    case LinkStatus.Online(String service) -> "Connected to " + service;
                    case LinkStatus.Connecting() -> "Connecting …";
                    case LinkStatus.Offline(Instant since, String why) ->
                            "Offline since " + time(since) + ": " + why;
                };
        link.setText(words);
        link.setTooltip(status instanceof LinkStatus.Offline ? new Tooltip(words) : null);
    }

    private void showPlugins() {
        PluginCount count = model.pluginsProperty().get();
        // Before they have been counted, none is not an answer.
        Nodes.present(plugins, model.readyProperty().get() || count.installed() > 0);
        plugins.setText(
                count.installed() == 0
                        ? "No plugins"
                        : count.running()
                                + " of "
                                + count.installed()
                                + (count.installed() == 1 ? " plugin" : " plugins")
                                + " running");
    }

    private void showProblems() {
        int count = model.problems().size();
        problems.setText(count == 1 ? "1 problem" : count + " problems");
        Nodes.present(problems, count > 0);
    }

    private void showChanges(QueuedChanges queue) {
        int bad = queue.needAttention();
        boolean attention = bad > 0;
        String words =
                attention
                        ? bad == 1 ? "1 change needs attention" : bad + " changes need attention"
                        : queue.count() == 1
                                ? "1 change not sent yet"
                                : queue.count() + " changes not sent yet";
        changes.setText(words);
        changes.setAccessibleText(words + ", open the list");
        Nodes.mark(changes, "bad", attention);
        Nodes.present(changes, queue.count() > 0);
    }

    private void showAddresses() {
        List<Node> shown = new ArrayList<>();
        for (BrowserAddress address : model.addresses()) {
            String name =
                    switch (address.site()) {
                        case USERS -> "Phones and browsers";
                        case ADMINISTRATION -> "Administration";
                    };
            String uri = address.uri().toString();
            Hyperlink open = new Hyperlink(compact ? name : uri);
            open.setTooltip(new Tooltip(name + ": open " + uri));
            open.setAccessibleText(name + ", open " + uri + " in the browser");
            open.setOnAction(e -> {
                open.setVisited(false);
                browser.accept(address.uri());
            });
            Button copy = new Button(null, icons.of(Icons.COPY, 14));
            copy.getStyleClass().setAll("copy-button");
            copy.setTooltip(new Tooltip("Copy " + uri));
            copy.setAccessibleText("Copy the address " + uri);
            copy.setOnAction(e -> {
                ClipboardContent content = new ClipboardContent();
                content.putString(uri);
                Clipboard.getSystemClipboard().setContent(content);
            });
            HBox pair = new HBox(open, copy);
            pair.getStyleClass().add("address");
            if (!compact) {
                Label what = new Label(name);
                what.getStyleClass().add("muted");
                pair.getChildren().addFirst(what);
            }
            shown.add(pair);
        }
        addresses.getChildren().setAll(shown);
    }

    private static String time(Instant since) {
        ZonedDateTime at = since.atZone(ZoneId.systemDefault());
        return at.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault()))
                ? TIME.format(at)
                : DAY_AND_TIME.format(at);
    }
}
