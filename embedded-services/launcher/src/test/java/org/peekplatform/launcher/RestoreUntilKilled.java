package org.peekplatform.launcher;

import java.nio.file.Path;
import java.util.Map;

/// Restores a backup, unless it is killed before.
final class RestoreUntilKilled {
    /// @param args the home and the file
    public static void main(String[] args) {
        new Restore(new Home(Path.of(args[0])), Cli.version()).restore(Path.of(args[1]), Map.of());
    }

    private RestoreUntilKilled() {}
}
