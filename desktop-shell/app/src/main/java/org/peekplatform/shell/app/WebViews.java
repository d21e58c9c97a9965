package org.peekplatform.shell.app;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.RunningViews;
import org.peekplatform.pluginhost.View;
import org.peekplatform.shell.ui.CallGuard;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.shell.ui.WebElement;
import org.peekplatform.shell.ui.WebLink;
import org.peekplatform.shell.ui.WebQueue;
import org.peekplatform.shell.ui.WebViewPane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the web views that plugins name in their manifests into the window, beside their JavaFX
/// views: as long as the plugin runs, and anew when it is upgraded.
final class WebViews implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebViews.class);
    private static final String VIEW_ID = "web";

    private final PluginHost host;
    private final DesktopUiHost views;
    private final WebLink link;
    private final Function<String, WebQueue> queues;
    private final Supplier<Optional<URI>> site;
    private final Consumer<URI> browser;
    private final Registration watch;
    // Guarded by this.
    private final Map<View, List<AutoCloseable>> shown = new HashMap<>();
    private boolean closed;

    /// @param queues by the plugin's name
    /// @param site where the client site is, empty while it is not served
    /// @param browser opens an address in the user's browser; called on the JavaFX thread
    /// @param background runs what waits for the JavaFX thread
    WebViews(
            PluginHost host,
            DesktopUiHost views,
            WebLink link,
            Function<String, WebQueue> queues,
            Supplier<Optional<URI>> site,
            Consumer<URI> browser,
            Executor background) {
        this.host = host;
        this.views = views;
        this.link = link;
        this.queues = queues;
        this.site = site;
        this.browser = browser;
        watch = host.onChange(() -> background.execute(this::follow));
        background.execute(this::follow);
    }

    @Override
    public void close() {
        watch.close();
        synchronized (this) {
            closed = true;
            shown.values().forEach(WebViews::withdraw);
            shown.clear();
        }
    }

    private synchronized void follow() {
        if (closed) {
            return;
        }
        List<View> running = RunningViews.of(host, ServiceKind.DESKTOP);
        for (View gone : new HashSet<>(shown.keySet())) {
            if (!running.contains(gone)) {
                withdraw(shown.remove(gone));
            }
        }
        for (View view : running) {
            if (!shown.containsKey(view)) {
                host.installed().stream()
                        .filter(one -> one.name().equals(view.plugin()))
                        .findFirst()
                        .ifPresent(one -> shown.put(view, add(view, one)));
            }
        }
    }

    private List<AutoCloseable> add(View view, InstalledPackage installed) {
        List<AutoCloseable> owned = new ArrayList<>();
        DesktopUi ui =
                views.forPlugin(
                        installed.manifest().info(),
                        ServiceKind.DESKTOP,
                        DesktopOffer.desktopLink(installed),
                        owned::add,
                        DIRECT);
        WebElement element =
                new WebElement(
                        view.plugin(), view.title(), view.version(), view.module(), view.element());
        ui.addView(
                VIEW_ID,
                view.title(),
                () ->
                        new WebViewPane(
                                element,
                                site,
                                link,
                                queues.apply(view.plugin()),
                                ui.uiThread(),
                                browser));
        return owned;
    }

    private static void withdraw(@Nullable List<AutoCloseable> owned) {
        if (owned == null) {
            return;
        }
        for (AutoCloseable each : owned.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                log.warn("A web view could not be withdrawn", e);
            }
        }
    }

    /// The code in the page is the plugin's, the code that is called here is ours.
    private static final CallGuard DIRECT =
            new CallGuard() {
                @Override
                public <R extends @Nullable Object> R call(String what, Callable<R> call)
                        throws Exception {
                    return call.call();
                }
            };
}
