package org.peekplatform.shell.ui;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// Installs a plugin package that was dropped on the window or chosen in it. Implemented by the
/// composition root; called on the JavaFX thread, so it must hand the work over. Packages are
/// handed in one after the other.
@FunctionalInterface
public interface PluginDrop {
    /// @return the sentence to show when it is installed; completed exceptionally with an exception
    ///   whose message is the sentence to show when it is not
    CompletableFuture<String> install(Path zip);
}
