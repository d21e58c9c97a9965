package org.peekplatform.api.desktop;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.peekplatform.api.Registration;

/// The workstation, as a plugin sees it. Implemented by the host and had with
/// `context.capability(DesktopUi.class)` in the `desktop` part (views for users) and the `admin`
/// part (views for administrators).
public interface DesktopUi {
    /// Adds a view. The plugin's home link opens the first one added; views of the `admin` part
    /// appear among the administration rooms. Open views of a plugin that stops are closed by the
    /// host.
    ///
    /// @param id unique within the plugin part; kept in remembered layouts
    /// @param title shown on the tab
    /// @param create makes the view when it is opened, on the JavaFX thread; must not block. What
    ///   it throws is shown as an error card in place of the view
    Registration addView(String id, String title, Supplier<DesktopView> create);

    /// Runs tasks on the JavaFX thread, in order. A task submitted after the plugin stopped is
    /// dropped.
    Executor uiThread();
}
