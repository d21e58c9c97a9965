package org.peekplatform.pluginhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Compares the migration scripts of two versions of a plugin.
final class Migrations {
    private Migrations() {}

    /// Whether both leave the schema the same, so that either can run on it.
    static boolean same(InstalledPackage one, InstalledPackage other) {
        List<Path> scripts = one.migrations();
        List<Path> others = other.migrations();
        if (scripts.size() != others.size()) {
            return false;
        }
        try {
            for (int i = 0; i < scripts.size(); i++) {
                Path script = scripts.get(i);
                if (!one.content()
                                .relativize(script)
                                .equals(other.content().relativize(others.get(i)))
                        || Files.mismatch(script, others.get(i)) >= 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
