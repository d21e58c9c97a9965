package org.peekplatform.shell.ui;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javafx.event.EventDispatcher;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.shell.model.ViewLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds one open view of a plugin, or the card that says why there is none.
///
/// Events on their way to the view pass through this pane, so what the plugin's handlers throw is
/// caught here and attributed. What throws in layout or in an animation does not pass here; it
/// reaches the thread's handler for uncaught exceptions.
final class PluginPane extends StackPane {
    private static final Logger log = LoggerFactory.getLogger(PluginPane.class);

    private final DesktopUiHost host;
    private final ViewLink link;
    private final EventDispatcher plain;
    private DesktopUiHost.@Nullable Part part;
    private @Nullable DesktopView view;

    PluginPane(DesktopUiHost host, ViewLink link) {
        this.host = host;
        this.link = link;
        getStyleClass().add("plugin-pane");
        setAccessibleText(link.title());
        plain = getEventDispatcher();
        setEventDispatcher((event, tail) -> {
            DesktopUiHost.Part in = part;
            if (in == null || view == null) {
                return plain.dispatchEvent(event, tail);
            }
            return in.attempt(
                    "handling an event in view '" + link.ref().viewId() + "'",
                    () -> plain.dispatchEvent(event, tail),
                    in::failed);
        });
        load();
    }

    /// Ends the view and lets go of everything of the plugin's.
    void close() {
        DesktopView ending = view;
        DesktopUiHost.Part in = part;
        view = null;
        part = null;
        getChildren().clear();
        setEventDispatcher(plain);
        if (ending != null && in != null) {
            in.attempt(
                    "closing view '" + link.ref().viewId() + "'",
                    () -> {
                        ending.close();
                        return null;
                    },
                    in::failed);
        }
    }

    private void load() {
        DesktopUiHost.Entry entry = host.entry(link.ref());
        Supplier<DesktopView> create = entry == null ? null : entry.create();
        if (entry == null || create == null) {
            getChildren()
                    .setAll(
                            new ErrorCard(
                                    link.title(),
                                    "This view is not there any more, because its plugin has"
                                            + " stopped.",
                                    this::load));
            return;
        }
        DesktopUiHost.Part in = entry.part();
        part = in;
        long begun = System.nanoTime();
        Node node =
                in.<Node>attempt(
                        "opening view '" + link.ref().viewId() + "'",
                        () -> {
                            DesktopView made = create.get();
                            if (made == null) {
                                throw new IllegalStateException(
                                        "The plugin made no view: its supplier returned null");
                            }
                            view = made;
                            Node content = made.node();
                            if (content == null) {
                                throw new IllegalStateException(
                                        "The view has no content: node() returned null");
                            }
                            return content;
                        },
                        (what, problem) -> showFailure(in, problem));
        if (node != null) {
            getChildren().setAll(node);
            if (log.isDebugEnabled()) {
                log.debug(
                        "View '{}' of plugin '{}' opened in {} ms",
                        link.ref().viewId(),
                        link.ref().pluginName(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            }
        }
    }

    private void showFailure(DesktopUiHost.Part in, Throwable problem) {
        DesktopView half = view;
        view = null;
        String words = DesktopUiHost.words(problem);
        if (half != null) {
            in.attempt(
                    "closing view '" + link.ref().viewId() + "', which could not be opened",
                    () -> {
                        half.close();
                        return null;
                    },
                    in::failed);
        }
        getChildren()
                .setAll(
                        new ErrorCard(
                                in.plugin().title() + " " + in.plugin().version(),
                                words,
                                this::load));
    }
}
