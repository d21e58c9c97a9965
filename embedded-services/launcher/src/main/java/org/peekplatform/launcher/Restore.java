package org.peekplatform.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.server.DatabaseCatalogue;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.DatabaseFill;
import org.peekplatform.storage.DatabaseSnapshot;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.storage.StorageErrors;
import org.peekplatform.storage.TableContents;
import org.peekplatform.storage.TableId;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Makes a home of a backup. All of it is checked and built beside the home first; only then do the
/// two change places, by renaming. What the home held is kept in its `backups` folder.
///
/// The change of places can be interrupted at any point: a file in the home says that it has begun,
/// and [#finish] goes on with it.
public final class Restore {
    private static final Logger log = LoggerFactory.getLogger(Restore.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What changes places.
    private static final List<String> ITEMS =
            List.of("data", "plugins", "overlay", "config.json", "recovery-password.txt");

    /// How folders begin into which backups are restored only to verify them.
    static final String ASIDE = ".verify-";

    /// How folders begin that are to take the place of a home.
    private static final String READY = "restored-";

    private static final String JOURNAL = "restore.json";

    private final Home home;
    private final String version;

    /// A change of places that has begun, or is to be made at the next start.
    ///
    /// @param ready folder in the home with what was built
    /// @param former folder in the home for what it holds now
    private record Swap(String ready, String former) {}

    /// @param version of the platform
    public Restore(Home home, String version) {
        this.home = home;
        this.version = version;
    }

    /// Restores a backup into a folder of its own, compares all, and deletes the folder. Blocks.
    ///
    /// @throws PeekException saying what is wrong with the file
    public void verify(Path file) {
        Path aside = home.backups().resolve(ASIDE + UUID.randomUUID());
        try {
            build(file, aside);
        } finally {
            Folders.deleteQuietly(aside);
        }
    }

    /// Builds what is in `file` beside the home and has it take the home's place: now, or at the
    /// next start when something runs on the home. Blocks.
    ///
    /// @param settings go before those of the backup
    /// @return what has been done, as a sentence
    /// @throws PeekException saying what is wrong with the file; nothing has been changed then
    public String restore(Path file, Map<String, String> settings) {
        removeLeftovers(home);
        Path ready = home.root().resolve(READY + UUID.randomUUID());
        boolean built = false;
        BackupContents contents;
        try (FolderLock _ = FolderLock.take(ready)) {
            contents = build(file, ready);
            fillConfigured(file, contents, ready, settings);
            write(
                    new Swap(
                            String.valueOf(ready.getFileName()),
                            "backups/before-restore-" + Backup.stamp()));
            built = true;
        } finally {
            if (!built) {
                Folders.deleteQuietly(ready);
            }
        }
        String what =
                "the backup of "
                        + contents.madeAt()
                        + " ("
                        + contents.tables().stream().mapToLong(BackupContents.Table::rows).sum()
                        + " rows, "
                        + contents.plugins().size()
                        + " plugins)";
        String empty =
                contents.emptied().isEmpty()
                        ? ""
                        : " Empty, until their plugins load them again: "
                                + String.join(", ", contents.emptied())
                                + ".";
        Path former = finish(home);
        if (former == null) {
            return "Peek is running on "
                    + home.root()
                    + ". Stop it and start it again: "
                    + what
                    + " takes the place of its data then, and what it holds is kept in "
                    + home.backups()
                    + "."
                    + empty;
        }
        return home.root()
                + " holds "
                + what
                + " now. What it held before is kept in "
                + former
                + "."
                + empty;
    }

    /// Makes the change of places that is due, if there is one and nothing runs on the home. Call
    /// before anything of the home is read.
    ///
    /// @return the folder with what the home held; `null` when there was nothing to do
    public static @Nullable Path finish(Home home) {
        Path journal = home.root().resolve(JOURNAL);
        if (Files.notExists(journal)) {
            removeLeftovers(home);
            return null;
        }
        if (!RunFiles.findRunning(home).isEmpty()) {
            return null;
        }
        try {
            Swap swap = JSON.readValue(Files.readAllBytes(journal), Swap.class);
            Path ready = home.root().resolve(swap.ready());
            Path former = home.root().resolve(swap.former());
            Folders.make(former);
            for (String item : ITEMS) {
                Path made = ready.resolve(item);
                // What is not there any more has taken its place before an interruption.
                if (Files.exists(made)) {
                    Path place = home.root().resolve(item);
                    if (Files.exists(place)) {
                        Files.move(place, former.resolve(item), StandardCopyOption.ATOMIC_MOVE);
                    }
                    Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            Folders.deleteQuietly(ready);
            Files.delete(journal);
            removeLeftovers(home);
            log.info("A backup was restored; what was there before is in {}", former);
            return former;
        } catch (IOException | JacksonException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the restore that "
                            + journal
                            + " describes cannot be finished ("
                            + e
                            + "); check disk and rights and start again",
                    e);
        }
    }

    /// Deletes what was built by processes that ended amid a restore, but not what one is building
    /// now, nor what waits for the next start.
    private static void removeLeftovers(Home home) {
        try (Stream<Path> inside = Files.list(home.root())) {
            Path journal = home.root().resolve(JOURNAL);
            String due =
                    Files.exists(journal)
                            ? JSON.readValue(Files.readAllBytes(journal), Swap.class).ready()
                            : "";
            for (Path folder : inside.toList()) {
                String name = folder.getFileName().toString();
                if (name.startsWith(READY) && !name.equals(due) && !FolderLock.isHeld(folder)) {
                    log.info("{} was left by a restore that was interrupted; deleting it", folder);
                    Folders.deleteQuietly(folder);
                }
            }
        } catch (IOException | JacksonException e) {
            log.warn("What interrupted restores left in {} could not be deleted", home.root(), e);
        }
    }

    private void write(Swap swap) {
        Path journal = home.root().resolve(JOURNAL);
        Path fresh = home.root().resolve("." + JOURNAL);
        try {
            Files.write(fresh, JSON.writeValueAsBytes(swap));
            Files.move(
                    fresh,
                    journal,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    journal + " cannot be written (" + e + "); check disk and rights",
                    e);
        }
    }

    /// Checks the whole file, then builds a home of it.
    ///
    /// @param into a folder that is empty or does not exist
    private BackupContents build(Path file, Path into) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            BackupContents contents = contents(file, zip);
            check(file, zip, contents);
            extract(zip, contents, into);
            fill(file, zip, contents, into);
            return contents;
        } catch (NoSuchFileException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "there is no file " + file, e);
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    file
                            + " cannot be restored ("
                            + e.getMessage()
                            + "); it is damaged or no backup of Peek, or the disk is full. Nothing"
                            + " was changed",
                    e);
        }
    }

    private BackupContents contents(Path file, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(BackupContents.NAME);
        if (entry == null) {
            throw refused(
                    file, "it has no " + BackupContents.NAME + ", so it is no backup of Peek");
        }
        BackupContents contents;
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            CRC32 crc = new CRC32();
            crc.update(bytes);
            if (crc.getValue() != entry.getCrc()) {
                throw refused(file, "its " + BackupContents.NAME + " is damaged");
            }
            contents = JSON.readValue(bytes, BackupContents.class);
        } catch (JacksonException e) {
            throw refused(file, "its " + BackupContents.NAME + " is damaged");
        }
        if (contents.format() != BackupContents.FORMAT) {
            throw refused(
                    file,
                    "it was made by Peek "
                            + contents.version()
                            + " in a form that Peek "
                            + version
                            + " does not read; restore it with that version");
        }
        return contents;
    }

    private static void check(Path file, ZipFile zip, BackupContents contents) throws IOException {
        Map<String, BackupContents.File> expected = new HashMap<>();
        contents.files().forEach(one -> expected.put(one.path(), one));
        Enumeration<? extends ZipEntry> entries = zip.entries();
        Set<String> seen = new HashSet<>();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            String path = entry.getName();
            if (path.equals(BackupContents.NAME)) {
                continue;
            }
            BackupContents.File known = expected.get(path);
            if (known == null || !seen.add(path)) {
                throw refused(file, "it holds " + path + ", which its contents do not list");
            }
            requireInside(file, path);
            MessageDigest digest = Backup.sha256();
            long bytes;
            try (InputStream in = new DigestInputStream(zip.getInputStream(entry), digest)) {
                bytes = in.transferTo(OutputStream.nullOutputStream());
            }
            if (bytes != known.bytes()
                    || !HexFormat.of().formatHex(digest.digest()).equals(known.sha256())) {
                throw refused(file, path + " in it is damaged");
            }
        }
        for (String path : expected.keySet()) {
            if (!seen.contains(path)) {
                throw refused(file, path + " is missing in it");
            }
        }
    }

    private static void requireInside(Path file, String path) {
        Path relative = Path.of(path);
        if (relative.isAbsolute()
                || !relative.normalize().equals(relative)
                || relative.startsWith("..")
                || !(path.startsWith(BackupContents.HOME)
                        || path.startsWith(BackupContents.DATABASE))) {
            throw refused(file, "the name " + path + " in it leads out of the home");
        }
    }

    private static void extract(ZipFile zip, BackupContents contents, Path into)
            throws IOException {
        Folders.make(into);
        for (String folder : List.of("data", "plugins", "overlay")) {
            Folders.make(into.resolve(folder));
        }
        for (BackupContents.File one : contents.files()) {
            if (!one.path().startsWith(BackupContents.HOME)) {
                continue;
            }
            Path target = into.resolve(one.path().substring(BackupContents.HOME.length()));
            Path folder = target.getParent();
            if (folder != null) {
                Folders.make(folder);
            }
            Folders.makeFile(target);
            try (InputStream in = zip.getInputStream(zip.getEntry(one.path()));
                    OutputStream out = Files.newOutputStream(target)) {
                in.transferTo(out);
            }
        }
    }

    private static void fill(Path file, ZipFile zip, BackupContents contents, Path into)
            throws IOException {
        try (PlatformThreads threads = new PlatformThreads();
                Database database = Database.open(into.resolve("data"), threads)) {
            fill(file, zip, contents, into, database);
        }
    }

    /// Where the restored settings name a database outside the home, the rows go there too.
    private static void fillConfigured(
            Path file, BackupContents contents, Path into, Map<String, String> settings) {
        PeekConfig.Storage storage =
                Config.load(new Home(into), settings).values().server().storage();
        if (storage.url().isEmpty()) {
            return;
        }
        PostgresLocation location =
                new PostgresLocation(storage.url(), storage.user(), storage.password());
        try (ZipFile zip = new ZipFile(file.toFile());
                PlatformThreads threads = new PlatformThreads();
                Database database = Database.open(location, threads)) {
            requireEmpty(location, database);
            fill(file, zip, contents, into, database);
        } catch (IOException e) {
            throw refused(file, "it cannot be read (" + e.getMessage() + ")");
        }
        Folders.deleteQuietly(into.resolve("data/peek.mv.db"));
    }

    private static void requireEmpty(PostgresLocation location, Database database) {
        database.problem()
                .ifPresent(problem -> {
                    throw new PeekException(ErrorCode.OFFLINE, problem);
                });
        boolean used;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            used =
                    snapshot.schemas().size() > 1
                            || !new DatabaseCatalogue(database.platformStorage()).list().isEmpty();
        }
        if (used) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    location
                            + " is in use already, and a restore replaces nothing there; make an"
                            + " empty database and name it with --set server.storage.url=…."
                            + " Nothing was changed");
        }
    }

    private static void fill(
            Path file, ZipFile zip, BackupContents contents, Path into, Database database)
            throws IOException {
        PluginStore packages = new PluginStore(into.resolve("plugins"));
        Set<String> schemas = new HashSet<>();
        schemas.add(Database.PLATFORM_SCHEMA);
        for (BackupContents.Plugin plugin : contents.plugins()) {
            InstalledPackage found =
                    packages.find(plugin.name(), plugin.version(), plugin.sha256())
                            .orElseThrow(() ->
                                    refused(
                                            file,
                                            "the package of plugin "
                                                    + plugin.name()
                                                    + " is not in it; make another one"));
            if (plugin.hasSchema()) {
                database.migrate(plugin.name(), found.content().resolve("migrations"));
                schemas.add(plugin.name());
            }
        }
        try (DatabaseFill fill = database.fill()) {
            fill(file, zip, contents, fill, schemas);
            contents.counters().forEach(fill::set);
            fill.finish();
        } catch (PeekException e) {
            throw e.code().equals(StorageErrors.CONTENTS_DIFFER)
                    ? refused(file, String.valueOf(e.getMessage()))
                    : e;
        }
    }

    private static void fill(
            Path file, ZipFile zip, BackupContents contents, DatabaseFill fill, Set<String> schemas)
            throws IOException {
        Map<TableId, BackupContents.Table> expected = new HashMap<>();
        contents.tables()
                .forEach(table -> expected.put(new TableId(table.schema(), table.name()), table));
        for (String schema : schemas) {
            for (TableId table : fill.tables(schema)) {
                BackupContents.Table written = expected.remove(table);
                if (written != null) {
                    try (InputStream rows = zip.getInputStream(zip.getEntry(written.path()))) {
                        fill.fill(
                                new TableContents(
                                        table,
                                        written.columns(),
                                        written.rows(),
                                        written.checksum()),
                                rows);
                    }
                } else if (contents.emptied().contains(table.toString())) {
                    fill.empty(table);
                } else {
                    throw refused(file, "table " + table + " is not in it");
                }
            }
        }
        if (!expected.isEmpty()) {
            throw refused(
                    file,
                    "table "
                            + expected.keySet().iterator().next()
                            + " is in it, but the scripts of its plugin do not make it");
        }
    }

    private static PeekException refused(Path file, String why) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                file + " cannot be restored: " + why + ". Nothing was changed");
    }
}
