package org.peekplatform.admin;

import java.nio.file.Path;

/// Writes everything of the home into a new file in its folder of backups. Implemented by the
/// composition root.
@FunctionalInterface
public interface BackupMaker {
    /// Blocks for as long as that takes; one at a time.
    ///
    /// @param withReloadable whether with the rows of tables that their plugins can fill again
    /// @throws org.peekplatform.api.PeekException with a sentence saying why there is no backup
    Made make(boolean withReloadable);

    /// @param sentence what is in the file
    record Made(Path file, String sentence) {}
}
