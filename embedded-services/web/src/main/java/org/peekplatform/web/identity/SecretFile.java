package org.peekplatform.web.identity;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Small files that only the owner of the home can read.
public final class SecretFile {
    private SecretFile() {}

    /// The text of `file`, which is made with `fresh` when it does not exist. Of two processes that
    /// make it at once, one does and both get the same text.
    ///
    /// @param what for messages, such as `the link key`
    /// @throws PeekException when it can be neither read nor made, or is empty
    public static String readOrMake(Path file, String what, Supplier<String> fresh) {
        if (Files.notExists(file)) {
            make(file, what, fresh.get());
        }
        return read(file, what);
    }

    /// 256 random bits, for such a file.
    public static String random() {
        return Secrets.random(32);
    }

    /// The text of `file`.
    ///
    /// @throws PeekException when it cannot be read or is empty
    public static String read(Path file, String what) {
        try {
            String text = Files.readString(file).strip();
            if (!text.isEmpty()) {
                return text;
            }
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL, what + " " + file + " cannot be read (" + e + ")", e);
        }
        throw new PeekException(
                ErrorCode.INTERNAL,
                what
                        + " "
                        + file
                        + " is empty; delete it and start Peek again to have a new one"
                        + " made");
    }

    /// Puts `text` in the place of what `file` held; readers see the one or the other.
    public static void replace(Path file, String what, String text) {
        try {
            Path fresh = write(file, text);
            try {
                Files.move(
                        fresh,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw notWritten(file, what, e);
        }
    }

    private static void make(Path file, String what, String text) {
        try {
            Path fresh = write(file, text);
            try {
                // A link, unlike a move, never replaces.
                Files.createLink(file, fresh);
            } catch (UnsupportedOperationException e) {
                Files.move(fresh, file);
            } catch (FileAlreadyExistsException e) {
                // The other one was first.
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw notWritten(file, what, e);
        }
    }

    private static Path write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0];
        Files.createDirectories(folder, ownerOnly);
        // Files made this way are readable by their owner only.
        Path fresh = Files.createTempFile(folder, ".fresh", ".secret");
        Files.writeString(fresh, text);
        return fresh;
    }

    private static PeekException notWritten(Path file, String what, IOException e) {
        return new PeekException(
                ErrorCode.INTERNAL, what + " " + file + " cannot be written (" + e + ")", e);
    }
}
