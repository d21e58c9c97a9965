package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The secret with which the services of one home prove themselves to the server; in a file that
/// only the owner of the home can read.
final class LinkKey {
    private static final int BYTES = 32;

    private LinkKey() {}

    /// The key of `home`, made when there is none.
    static String of(Home home) {
        Path file = file(home);
        try {
            if (Files.notExists(file)) {
                make(home.data(), file);
            }
            String key = Files.readString(file).strip();
            if (key.isEmpty()) {
                throw new PeekException(
                        ErrorCode.INTERNAL,
                        "the link key "
                                + file
                                + " is empty; delete it and start Peek again to have a new one made");
            }
            return key;
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL, "the link key " + file + " cannot be read (" + e + ")", e);
        }
    }

    static Path file(Home home) {
        return home.data().resolve("link.key");
    }

    private static void make(Path folder, Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        // Files made this way are readable by their owner only.
        Path fresh = Files.createTempFile(folder, ".link", ".key");
        try {
            Files.writeString(
                    fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            try {
                // A link, unlike a move, never replaces: of two services that start at once, one
                // makes the key and both use it; nobody sees half of it.
                Files.createLink(file, fresh);
            } catch (UnsupportedOperationException e) {
                Files.move(fresh, file);
            }
        } catch (FileAlreadyExistsException e) {
            // The other one was first.
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
