package org.peekplatform.launcher;

import java.nio.file.Path;
import org.peekplatform.web.identity.SecretFile;

/// The secret with which processes of one home join its server; in a file that only the owner of
/// the home can read. What they prove afterwards is a key of their own.
final class LinkKey {
    private LinkKey() {}

    /// The key of `home`, made when there is none.
    static String of(Home home) {
        return SecretFile.readOrMake(file(home), "the link key", SecretFile::random);
    }

    static Path file(Home home) {
        return home.data().resolve("link.key");
    }
}
