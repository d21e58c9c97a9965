package org.peekplatform.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.storage.Counter;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.DatabaseSnapshot;
import org.peekplatform.storage.TableContents;
import org.peekplatform.storage.TableId;
import tools.jackson.databind.json.JsonMapper;

/// Writes everything of a home into one file, while Peek runs on it: the database as of one moment,
/// packages and files of plugins, settings, keys. Logs are left out.
final class Backup {
    private static final String PART = ".part";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Home home;
    private final Database database;
    private final String version;

    /// What has been made.
    ///
    /// @param emptied tables whose rows were left out
    /// @param notIncluded schemas that no installed plugin owns
    record Made(
            Path file,
            long bytes,
            int tables,
            long rows,
            List<String> emptied,
            List<String> notIncluded) {
        /// What is in it, for people.
        String sentence() {
            StringBuilder text = new StringBuilder();
            text.append(
                    "It holds %,d rows of %,d tables and the files of the home in %,d KiB, and was"
                            .formatted(rows, tables, Math.max(1, bytes >> 10)));
            text.append(" restored aside to verify it.");
            if (!emptied.isEmpty()) {
                text.append(
                                " Left out, to be loaded again by their plugins after a restore: the rows of ")
                        .append(String.join(", ", emptied))
                        .append('.');
            }
            if (!notIncluded.isEmpty()) {
                text.append(" Not in it, as their plugins are not installed: the kept data of ")
                        .append(String.join(", ", notIncluded))
                        .append('.');
            }
            return text.toString();
        }
    }

    /// @param version of the platform
    Backup(Home home, Database database, String version) {
        this.home = home;
        this.database = database;
        this.version = version;
    }

    /// Writes the file, restores it aside to see that this works, and only then gives it its name.
    /// Blocks.
    ///
    /// @param plugins what is installed now
    /// @param leftOut tables whose rows are not written
    /// @throws PeekException with a sentence; there is no file then
    Made write(Path file, List<BackupContents.Plugin> plugins, Set<TableId> leftOut) {
        Path target = file.toAbsolutePath().normalize();
        requireFree(target);
        Path part = target.resolveSibling(target.getFileName() + PART);
        boolean done = false;
        try {
            removeLeftovers();
            Made made = write(part, target, plugins, leftOut);
            new Restore(home, version).verify(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            done = true;
            return made;
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the backup "
                            + target
                            + " cannot be written ("
                            + e
                            + "); check that its folder exists and that the disk has room",
                    e);
        } finally {
            if (!done) {
                Folders.deleteQuietly(part);
            }
        }
    }

    /// What a process left behind that ended amid a backup. There is one at a time, as the database
    /// of a home is open once.
    private void removeLeftovers() throws IOException {
        try (Stream<Path> files = Files.list(home.backups())) {
            files.filter(
                            file -> {
                                String name = file.getFileName().toString();
                                return name.startsWith(Restore.ASIDE) || name.endsWith(PART);
                            })
                    .forEach(Folders::deleteQuietly);
        }
    }

    /// The time in the name of a file.
    static String stamp() {
        return STAMP.format(LocalDateTime.now(ZoneId.systemDefault()));
    }

    static void requireFree(Path file) {
        if (Files.exists(file)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    file + " exists already; name another file, or delete that one first");
        }
    }

    private Made write(
            Path part, Path target, List<BackupContents.Plugin> plugins, Set<TableId> leftOut)
            throws IOException {
        Files.deleteIfExists(part);
        // Keys are in it.
        Folders.makeFile(part);
        Set<String> notIncluded = new HashSet<>();
        BackupContents contents;
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
                Entries out = new Entries(Channels.newOutputStream(channel));
                DatabaseSnapshot snapshot = database.snapshot()) {
            List<BackupContents.Table> tables = new ArrayList<>();
            List<Counter> counters = new ArrayList<>();
            List<String> emptied = new ArrayList<>();
            for (String schema : snapshot.schemas()) {
                BackupContents.Plugin owner = owner(plugins, schema);
                if (owner == null && !schema.equals(Database.PLATFORM_SCHEMA)) {
                    notIncluded.add(schema);
                    continue;
                }
                counters.addAll(snapshot.counters(schema));
                for (TableId table : snapshot.tables(schema)) {
                    if (leftOut.contains(table)) {
                        emptied.add(table.toString());
                    } else {
                        tables.add(write(snapshot, table, out));
                    }
                }
            }
            for (Path source : files()) {
                copy(source, out);
            }
            contents =
                    new BackupContents(
                            BackupContents.FORMAT,
                            version,
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                            plugins,
                            out.written,
                            tables,
                            counters,
                            emptied);
            out.last(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(contents));
            channel.force(true);
        }
        return new Made(
                target,
                Files.size(part),
                contents.tables().size(),
                contents.tables().stream().mapToLong(BackupContents.Table::rows).sum(),
                contents.emptied(),
                notIncluded.stream().sorted().toList());
    }

    private static BackupContents.@Nullable Plugin owner(
            List<BackupContents.Plugin> plugins, String schema) {
        return plugins.stream()
                .filter(plugin -> plugin.hasSchema() && plugin.name().equals(schema))
                .findFirst()
                .orElse(null);
    }

    private static BackupContents.Table write(DatabaseSnapshot snapshot, TableId table, Entries out)
            throws IOException {
        String path = BackupContents.DATABASE + table.schema() + "/" + table.name() + ".jsonl";
        try (OutputStream rows = out.entry(path)) {
            TableContents written = snapshot.write(table, rows);
            return new BackupContents.Table(
                    table.schema(),
                    table.name(),
                    written.columns(),
                    written.rows(),
                    written.checksum());
        }
    }

    private void copy(Path source, Entries out) throws IOException {
        String path =
                BackupContents.HOME + home.root().relativize(source).toString().replace('\\', '/');
        try (InputStream in = Files.newInputStream(source);
                OutputStream entry = out.entry(path)) {
            in.transferTo(entry);
        } catch (NoSuchFileException e) {
            // A plugin has deleted it meanwhile.
        }
    }

    /// All that belongs to the home but the database, logs, and what is made of something else.
    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path one : List.of(home.config(), home.recoveryPasswordFile())) {
            if (Files.exists(one)) {
                found.add(one);
            }
        }
        for (Path folder : List.of(home.data(), home.plugins(), home.overlay())) {
            if (Files.isDirectory(folder)) {
                collect(folder, found);
            }
        }
        return found;
    }

    private void collect(Path top, List<Path> found) throws IOException {
        Files.walkFileTree(
                top,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return isLeftOut(folder)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile() && !isLeftOut(file)) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException problem)
                            throws IOException {
                        if (problem instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw problem;
                    }
                });
    }

    private boolean isLeftOut(Path path) {
        Path data = home.data();
        if (path.startsWith(data)) {
            Path inside = data.relativize(path);
            String first = inside.getName(0).toString();
            return inside.getNameCount() == 1
                    && (first.startsWith("peek.") || first.equals("saved-schemas"));
        }
        Path plugins = home.plugins();
        if (path.startsWith(plugins) && !path.equals(plugins)) {
            Path inside = plugins.relativize(path);
            // What a package is unpacked to is made of the package again.
            return inside.getName(0).toString().startsWith(".")
                    || (inside.getNameCount() == 3
                            && inside.getName(2).toString().equals("content"));
        }
        return false;
    }

    /// The entries of the file, counted and hashed as they are written.
    private static final class Entries implements AutoCloseable {
        private final ZipOutputStream zip;
        private final List<BackupContents.File> written = new ArrayList<>();

        Entries(OutputStream out) {
            zip = new ZipOutputStream(out);
        }

        /// Begins an entry, which ends when what is returned is closed.
        OutputStream entry(String path) throws IOException {
            zip.putNextEntry(new ZipEntry(path));
            MessageDigest digest = sha256();
            return new OutputStream() {
                private long bytes;

                @Override
                public void write(int one) throws IOException {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] buffer, int offset, int length) throws IOException {
                    zip.write(buffer, offset, length);
                    digest.update(buffer, offset, length);
                    bytes += length;
                }

                @Override
                public void close() throws IOException {
                    zip.closeEntry();
                    written.add(
                            new BackupContents.File(
                                    path, bytes, HexFormat.of().formatHex(digest.digest())));
                }
            };
        }

        void last(byte[] contents) throws IOException {
            zip.putNextEntry(new ZipEntry(BackupContents.NAME));
            zip.write(contents);
            zip.closeEntry();
            zip.finish();
        }

        @Override
        public void close() throws IOException {
            zip.flush();
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
