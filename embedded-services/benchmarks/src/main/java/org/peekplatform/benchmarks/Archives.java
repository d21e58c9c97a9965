package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Class archives, as the start script keeps them: the JVM makes one when the first run ends.
final class Archives {
    private Archives() {}

    /// @throws BenchException when the run that should have made it has not
    static void ensureMade(Path archive, String whose) throws IOException {
        if (!Files.exists(archive) || Files.size(archive) == 0) {
            throw new BenchException(
                    "the first run of "
                            + whose
                            + " left no archive of its classes; see whether this JVM supports"
                            + " -XX:+AutoCreateSharedArchive");
        }
    }
}
