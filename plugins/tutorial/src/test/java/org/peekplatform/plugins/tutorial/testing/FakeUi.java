package org.peekplatform.plugins.tutorial.testing;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.application.Platform;
import org.peekplatform.api.Registration;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.desktop.DesktopView;

/// The workstation, reduced to the views that were added.
public final class FakeUi implements DesktopUi {
    private final Map<String, Supplier<DesktopView>> views = new LinkedHashMap<>();

    @Override
    public Registration addView(String id, String title, Supplier<DesktopView> create) {
        views.put(id, create);
        return () -> views.remove(id);
    }

    @Override
    public Executor uiThread() {
        return Platform::runLater;
    }

    /// Opens a view as its tab would.
    public DesktopView open(String id) {
        return requireNonNull(views.get(id), id).get();
    }
}
