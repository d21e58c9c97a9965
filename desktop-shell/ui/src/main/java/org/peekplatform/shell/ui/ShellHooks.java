package org.peekplatform.shell.ui;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the window asks of the rest of the application.
///
/// @param pluginDrop installs packages
/// @param browser opens an address in the user's browser; called on the JavaFX thread
/// @param help where the documentation is served, empty while it is not; called on the JavaFX
///   thread, each time help is opened
/// @param preferences the properties file that remembers theme and window; need not exist
/// @param changes what is done about changes that wait
/// @param background runs small pieces of file work away from the JavaFX thread
public record ShellHooks(
        PluginDrop pluginDrop,
        Consumer<URI> browser,
        Supplier<Optional<URI>> help,
        Path preferences,
        ChangeCommands changes,
        Executor background) {}
