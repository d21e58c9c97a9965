package org.peekplatform.pluginhost;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.pluginhost.ZipReader.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps packages on the disk of this service, by name, version and fingerprint:
/// `<plugins>/<name>/<version>-<sha12>/` with `package.zip` and `content/`.
///
/// A package is unpacked beside, its zip forced to the disk, and then renamed into place, so it is
/// there whole or not at all. The unpacked files are not forced one by one, which takes a minute
/// for ten thousand of them: what a power cut takes of them, [#find] restores from the zip. Usable
/// from any thread, and by several processes at once.
public final class PluginStore {
    private static final Logger log = LoggerFactory.getLogger(PluginStore.class);

    private static final String STAGING = ".staging";
    private static final String ZIP = "package.zip";
    private static final String CONTENT = "content";

    private enum Condition {
        WHOLE,
        CONTENT_DAMAGED,
        ZIP_DAMAGED
    }

    private final Path plugins;
    private final Path staging;
    private final String own;

    /// Opens the store in `pluginsDir`, which is made if need be, and removes what a process that
    /// ended amid an installation left half-written.
    public PluginStore(Path pluginsDir) {
        plugins = pluginsDir.toAbsolutePath().normalize();
        staging = plugins.resolve(STAGING);
        own = nameOf(ProcessHandle.current());
        try {
            Files.createDirectories(staging);
            removeLeftovers();
        } catch (IOException problem) {
            throw failed("the store of plugins cannot be opened", problem);
        }
    }

    /// Stores a checked package. Storing one that is there already does nothing, but repairs it if
    /// it was damaged.
    ///
    /// @throws PeekException with `CONFLICT` when the file has changed since it was checked,
    ///   `INTERNAL` when the disk refuses
    public InstalledPackage put(PluginPackage checked) {
        PluginManifest manifest = checked.manifest();
        Path target = folder(manifest.name(), manifest.version(), checked.sha256());
        Path work = staging.resolve(own + "-" + UUID.randomUUID());
        try {
            if (condition(target, checked.sha256()) == Condition.WHOLE) {
                return installed(manifest, checked.sha256(), target);
            }
            Files.createDirectories(work);
            Path zip = work.resolve(ZIP);
            if (!copy(checked.zip(), zip).equals(checked.sha256())) {
                throw new PeekException(
                        ErrorCode.CONFLICT,
                        "%s has changed since it was checked; start the installation again"
                                .formatted(checked.zip().getFileName()));
            }
            unpack(zip, work.resolve(CONTENT));
            force(work);
            Files.createDirectories(parent(target));
            moveIntoPlace(work, target, checked.sha256());
            return installed(manifest, checked.sha256(), target);
        } catch (IOException problem) {
            throw failed(
                    "plugin '%s' %s cannot be stored"
                            .formatted(manifest.name(), manifest.version()),
                    problem);
        } finally {
            deleteQuietly(work);
        }
    }

    /// The package, after its files have been compared with its fingerprint. Unpacked files that
    /// are damaged are restored from the zip.
    ///
    /// @return empty when it is not in the store
    /// @throws PeekException with `INTERNAL` when it is damaged beyond repair
    public Optional<InstalledPackage> find(String name, String version, String sha256) {
        Path target = folder(name, version, sha256);
        if (Files.notExists(target)) {
            return Optional.empty();
        }
        Path work = staging.resolve(own + "-" + UUID.randomUUID());
        try {
            switch (condition(target, sha256)) {
                case WHOLE -> {}
                case CONTENT_DAMAGED -> {
                    if (Files.exists(target.resolve(CONTENT))) {
                        log.warn(
                                "Files of plugin '{}' {} were changed on disk; restoring them from its package",
                                name,
                                version);
                    }
                    Files.createDirectories(work);
                    copy(target.resolve(ZIP), work.resolve(ZIP));
                    unpack(work.resolve(ZIP), work.resolve(CONTENT));
                    force(work);
                    moveIntoPlace(work, target, sha256);
                }
                case ZIP_DAMAGED ->
                        throw new PeekException(
                                ErrorCode.INTERNAL,
                                "the stored package of plugin '%s' %s is damaged; install it again"
                                        .formatted(name, version));
            }
            PluginManifest manifest =
                    new ManifestReader(new Refusal(target.resolve(CONTENT).toString()))
                            .read(
                                    Files.readAllBytes(
                                            target.resolve(CONTENT).resolve(ManifestReader.FILE)));
            return Optional.of(installed(manifest, sha256, target));
        } catch (IOException problem) {
            throw failed(
                    "the stored package of plugin '%s' %s cannot be read".formatted(name, version),
                    problem);
        } finally {
            deleteQuietly(work);
        }
    }

    /// Opens the zip of a stored package, for handing it to another service. The caller closes it.
    ///
    /// @throws PeekException with `NOT_OFFERED` when it is not in the store
    public InputStream open(String name, String version, String sha256) {
        try {
            return Files.newInputStream(folder(name, version, sha256).resolve(ZIP));
        } catch (NoSuchFileException problem) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "plugin '%s' %s with fingerprint %s is not in the store; install it first"
                            .formatted(name, version, Hashes.brief(sha256)),
                    problem);
        } catch (IOException problem) {
            throw failed(
                    "the stored package of plugin '%s' %s cannot be read".formatted(name, version),
                    problem);
        }
    }

    /// Removes one version of a plugin; nothing happens when it is not there. It must not be
    /// running.
    public void remove(String name, String version, String sha256) {
        Path target = folder(name, version, sha256);
        Path work = staging.resolve(own + "-" + UUID.randomUUID());
        try {
            Files.move(target, work, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(parent(target));
        } catch (NoSuchFileException _) {
            return;
        } catch (DirectoryNotEmptyException _) {
            log.debug("Plugin '{}' has other versions in the store", name);
        } catch (IOException problem) {
            throw failed(
                    "plugin '%s' %s cannot be removed from the store".formatted(name, version),
                    problem);
        } finally {
            deleteQuietly(work);
        }
    }

    private Path folder(String name, String version, String sha256) {
        if (!name.matches("[a-z][a-z0-9_]*")
                || !VersionRange.isVersion(version)
                || !Hashes.isSha256(sha256)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "there is no package of name %s, version %s and fingerprint %s; ask with the values of the catalogue"
                            .formatted(
                                    Refusal.quote(name),
                                    Refusal.quote(version),
                                    Refusal.quote(sha256)));
        }
        return plugins.resolve(name).resolve(version + "-" + Hashes.brief(sha256));
    }

    private static InstalledPackage installed(PluginManifest manifest, String sha256, Path folder) {
        return new InstalledPackage(manifest, sha256, folder.resolve(CONTENT), folder.resolve(ZIP));
    }

    /// Copies and forces to the disk.
    ///
    /// @return fingerprint of what was copied
    private static String copy(Path from, Path to) throws IOException {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(from), digest);
                FileChannel file =
                        FileChannel.open(
                                to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(file)) {
            in.transferTo(out);
            file.force(true);
        }
        return Hashes.hex(digest);
    }

    private static void unpack(Path zip, Path content) throws IOException {
        Refusal refusal = new Refusal(zip.toString());
        try (ZipReader reader = ZipReader.open(zip, Limits.STANDARD, refusal)) {
            PackageContents contents =
                    new PackageContents(reader.entries(), Limits.STANDARD, refusal);
            Set<Path> folders = new TreeSet<>();
            folders.add(content);
            for (Entry entry : contents.files().values()) {
                Path file = content.resolve(entry.name());
                Path folder = parent(file);
                Files.createDirectories(folder);
                folders.add(folder);
                try (InputStream in = reader.open(entry)) {
                    Files.copy(in, file);
                }
            }
            for (Path folder : folders) {
                force(folder);
            }
        }
    }

    /// Forces the names in a folder to the disk, where the system can.
    private static void force(Path folder) throws IOException {
        FileChannel names;
        try {
            names = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException notPossible) {
            // Windows opens no folders; its file system keeps names by itself.
            log.trace("Folder {} cannot be forced to the disk", folder, notPossible);
            return;
        }
        try (names) {
            names.force(true);
        }
    }

    private void moveIntoPlace(Path work, Path target, String sha256) throws IOException {
        try {
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException problem) {
            // Systems differ in how they say that the target is there.
            if (Files.notExists(target)) {
                throw problem;
            }
            if (condition(target, sha256) != Condition.WHOLE) {
                Path damaged = staging.resolve(own + "-" + UUID.randomUUID());
                Files.move(target, damaged, StandardCopyOption.ATOMIC_MOVE);
                Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
                deleteQuietly(damaged);
            } else {
                log.debug("Another process stored {} meanwhile", target, problem);
            }
        }
        force(parent(target));
    }

    private static Condition condition(Path target, String sha256) throws IOException {
        Path zip = target.resolve(ZIP);
        if (!Files.isRegularFile(zip) || !Hashes.sha256(zip).equals(sha256)) {
            return Condition.ZIP_DAMAGED;
        }
        Path content = target.resolve(CONTENT);
        Refusal refusal = new Refusal(zip.toString());
        Set<Path> expected = new HashSet<>();
        try (ZipReader reader = ZipReader.open(zip, Limits.STANDARD, refusal)) {
            PackageContents contents =
                    new PackageContents(reader.entries(), Limits.STANDARD, refusal);
            for (Entry entry : contents.files().values()) {
                Path file = content.resolve(entry.name());
                expected.add(file);
                if (!same(reader, entry, file)) {
                    return Condition.CONTENT_DAMAGED;
                }
            }
        }
        try (Stream<Path> found = Files.walk(content)) {
            boolean foreign =
                    found.anyMatch(path -> !Files.isDirectory(path) && !expected.contains(path));
            return foreign ? Condition.CONTENT_DAMAGED : Condition.WHOLE;
        } catch (UncheckedIOException problem) {
            throw problem.getCause();
        }
    }

    private static boolean same(ZipReader reader, Entry entry, Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != entry.size()) {
            return false;
        }
        try (InputStream packed = reader.open(entry);
                InputStream unpacked = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int got = packed.read(buffer); got >= 0; got = packed.read(buffer)) {
                byte[] other = unpacked.readNBytes(got);
                if (!java.util.Arrays.equals(buffer, 0, got, other, 0, other.length)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// A process is told from a later one with the same id by the time it started.
    private static String nameOf(ProcessHandle process) {
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return process.pid() + "-" + started;
    }

    private void removeLeftovers() throws IOException {
        try (Stream<Path> folders = Files.list(staging)) {
            for (Path folder : folders.toList()) {
                if (!isAtWork(String.valueOf(folder.getFileName()))) {
                    log.info("Removing {}, left by an installation that did not end", folder);
                    delete(folder);
                }
            }
        }
    }

    private static boolean isAtWork(String folder) {
        int dash = folder.indexOf('-');
        if (dash <= 0 || !folder.substring(0, dash).matches("[0-9]{1,18}")) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(folder.substring(0, dash)))
                .map(process -> folder.startsWith(nameOf(process) + "-"))
                .orElse(false);
    }

    private static void deleteQuietly(Path folder) {
        if (Files.notExists(folder)) {
            return;
        }
        try {
            delete(folder);
        } catch (IOException problem) {
            log.warn("{} could not be deleted; the next start will try again", folder, problem);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no folder above " + path);
        }
        return parent;
    }

    private static PeekException failed(String what, IOException problem) {
        return new PeekException(
                ErrorCode.INTERNAL,
                "%s (%s); check disk space and permissions".formatted(what, problem),
                problem);
    }
}
