package org.peekplatform.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the command line can do beyond files: run Peek, and talk to a running one. Implemented by
/// the composition root. Methods may block, and throw [org.peekplatform.api.PeekException] with a
/// sentence for the person at the terminal.
public interface CliOperations {
    /// Runs Peek until it ends.
    ///
    /// @return exit code of the process
    int run(CliOptions options);

    /// The installed plugins, by name.
    List<PluginLine> plugins(CliOptions options);

    /// Installs or upgrades the plugin in `zip`, a file that exists.
    ///
    /// @return what has been done, as a sentence
    String install(CliOptions options, Path zip);

    /// Removes a plugin.
    ///
    /// @return what has been done, as a sentence
    String remove(CliOptions options, String plugin);

    /// Writes everything of the home into `file`, which does not exist.
    ///
    /// @param withReloadable whether with the rows of tables that their plugins can fill again
    /// @return what has been done, as a sentence
    String backup(CliOptions options, Path file, boolean withReloadable);

    /// Replaces everything of the home by what is in `file`, a file that exists.
    ///
    /// @return what has been done, as a sentence
    String restore(CliOptions options, Path file);

    /// Copies the database of the home to another place and has the settings name it.
    ///
    /// @param progress told what has been done so far, a line at a time
    /// @return what has been done, as a sentence
    String moveStorage(CliOptions options, StoragePlace to, Consumer<String> progress);

    /// Where a database is.
    ///
    /// @param url of a PostgreSQL database; empty for H2 in the home
    /// @param password as it is to stand in the settings: a reference to a secret, or empty
    record StoragePlace(String url, String user, String password) {
        static final StoragePlace H2 = new StoragePlace("", "", "");
    }

    /// One installed plugin.
    ///
    /// @param state such as `running` or `failed`
    /// @param problem why it is not running, as a sentence; null when it is well
    record PluginLine(String name, String version, String state, @Nullable String problem) {}
}
