package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The folder in which a Peek keeps everything of its own.
///
/// A value of this type is only a name; [#prepare] makes the folder usable.
///
/// @param root absolute
public record Home(Path root) {
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int PASSWORD_GROUPS = 8;
    private static final int GROUP_LENGTH = 4;

    public Home {
        root = root.toAbsolutePath().normalize();
    }

    /// The home in force: `option` (what `--home` says), else the environment's `PEEK_HOME`, else
    /// `.peek` in the user's own folder.
    public static Home locate(
            @Nullable Path option, Map<String, String> environment, Path userFolder) {
        if (option != null) {
            if (option.toString().isBlank()) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "--home is empty; name a folder, or leave the option out");
            }
            return new Home(option);
        }
        String variable = environment.getOrDefault("PEEK_HOME", "");
        return new Home(variable.isBlank() ? userFolder.resolve(".peek") : Path.of(variable));
    }

    /// The same, for this process.
    public static Home locate(@Nullable Path option) {
        return locate(option, System.getenv(), Path.of(System.getProperty("user.home")));
    }

    public Path config() {
        return root.resolve("config.json");
    }

    public Path data() {
        return root.resolve("data");
    }

    /// Keys and certificates, readable by the owner only.
    public Path identity() {
        return data().resolve("identity");
    }

    public Path plugins() {
        return root.resolve("plugins");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path overlay() {
        return root.resolve("overlay");
    }

    public Path backups() {
        return root.resolve("backups");
    }

    public Path recoveryPasswordFile() {
        return root.resolve("recovery-password.txt");
    }

    /// Whether something is there under the home's name.
    public boolean exists() {
        return Files.exists(root);
    }

    /// Makes the folders that are missing, readable by their owner only, and the recovery password
    /// on the first start.
    ///
    /// @return this
    /// @throws PeekException with a sentence saying why the home cannot be used
    public Home prepare() {
        if (exists() && !Files.isDirectory(root)) {
            throw unusable("it is a file; choose a folder with --home DIR or PEEK_HOME", null);
        }
        boolean existed = exists();
        try {
            makeFolder(root);
            if (existed) {
                checkOwner();
            }
            for (Path folder : List.of(data(), plugins(), logs(), run(), overlay(), backups())) {
                makeFolder(folder);
            }
            if (!Files.exists(recoveryPasswordFile())) {
                writeRecoveryPassword();
            }
        } catch (IOException e) {
            throw unusable(
                    "it cannot be written to ("
                            + reason(e)
                            + "); give user '"
                            + System.getProperty("user.name")
                            + "' write access, or choose another folder with --home DIR or"
                            + " PEEK_HOME",
                    e);
        }
        return this;
    }

    /// The password with which an administrator gets in when no other way is left.
    public String recoveryPassword() {
        try {
            String password = Files.readString(recoveryPasswordFile()).strip();
            if (!password.isEmpty()) {
                return password;
            }
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    recoveryPasswordFile()
                            + " is empty; delete it and start Peek again to have a new password"
                            + " made");
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the recovery password cannot be read from "
                            + recoveryPasswordFile()
                            + " ("
                            + reason(e)
                            + "); it is made when the home is first used",
                    e);
        }
    }

    /// Root would otherwise leave files behind that the owner can no longer use.
    private void checkOwner() throws IOException {
        Path probe = Files.createTempFile(root, ".peek-probe", "");
        try {
            String owner = Files.getOwner(root).getName();
            String self = Files.getOwner(probe).getName();
            if (posix() && !owner.equals(self)) {
                throw unusable(
                        "it belongs to user '"
                                + owner
                                + "' while Peek runs as '"
                                + self
                                + "'; start Peek as '"
                                + owner
                                + "', or choose another folder with --home DIR or PEEK_HOME",
                        null);
            }
        } finally {
            Files.delete(probe);
        }
    }

    private void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, ownerOnly("rwx------"));
        }
    }

    void writeRecoveryPassword() throws IOException {
        Path fresh = Files.createTempFile(root, ".recovery-password", "", ownerOnly("rw-------"));
        try {
            Files.writeString(fresh, newPassword() + System.lineSeparator());
            try {
                // A link, unlike a move, never replaces: of two services that start at once, one
                // makes the password and the other uses it.
                Files.createLink(recoveryPasswordFile(), fresh);
            } catch (UnsupportedOperationException e) {
                Files.move(fresh, recoveryPasswordFile());
            }
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // The other one was first.
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /// 32 letters of 5 bits: 160 bits; without letters that are mistaken for one another.
    private static String newPassword() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD_GROUPS * GROUP_LENGTH; i++) {
            if (i > 0 && i % GROUP_LENGTH == 0) {
                password.append('-');
            }
            password.append(PASSWORD_LETTERS.charAt(random.nextInt(PASSWORD_LETTERS.length())));
        }
        return password.toString();
    }

    private PeekException unusable(String why, @Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "the home folder " + root + " cannot be used: " + why,
                cause);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    private boolean posix() {
        return root.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return posix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
