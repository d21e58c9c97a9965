package org.peekplatform.shell.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the PNG of a plugin's icon comes from. Read once, away from the JavaFX thread, when the
/// tile is first shown; what it throws leaves the tile with the plugin's initial.
@FunctionalInterface
public interface IconSource {
    InputStream open() throws IOException;

    static IconSource of(Path file) {
        return () -> Files.newInputStream(file);
    }
}
