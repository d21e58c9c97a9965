package org.peekplatform.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.server.DatabaseCatalogue;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.DatabaseFill;
import org.peekplatform.storage.DatabaseSnapshot;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.storage.PostgresMove;
import org.peekplatform.storage.StorageErrors;
import org.peekplatform.storage.TableContents;
import org.peekplatform.storage.TableId;
import org.peekplatform.vortex.PlatformThreads;

/// Copies the database of a home to another place, compares both, and only then has `config.json`
/// name the new one. The former one is not touched. When something fails, or this process is
/// killed, the home is as it was, and the next move removes what has been left at the new place.
///
/// Definitions are made by the scripts of the plugins, as in a restore.
final class StorageMove {
    /// How folders in `data` begin in which an H2 database is made; backups leave them out.
    static final String ASIDE = "peek.move-";

    private static final String H2_FILE = "peek.mv.db";

    private final Home home;
    private final Config config;
    private final Consumer<String> progress;

    /// What has been copied.
    ///
    /// @param left schemas that no installed plugin owns
    private record Copied(int tables, long rows, List<String> left) {}

    StorageMove(Home home, Config config, Consumer<String> progress) {
        this.home = home;
        this.config = config;
        this.progress = progress;
    }

    /// Moves the database. Blocks.
    ///
    /// @return what has been done, as a sentence
    /// @throws PeekException saying why not; nothing has been changed then
    String to(CliOperations.StoragePlace place) {
        requireStopped();
        Map<ConfigKey, String> changes = changes(place);
        changes.keySet().forEach(config::requireChangeable);
        PostgresLocation from = location(config);
        PostgresLocation to = location(config.with(changes));
        if (String.valueOf(from).equals(String.valueOf(to))) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the storage of " + home.root() + " is in " + name(from) + " already");
        }
        requireThere(from);
        requireFree(to);
        try (PlatformThreads threads = new PlatformThreads();
                Database source = open(from, threads)) {
            removeLeftovers();
            Copied copied =
                    to == null
                            ? toH2(source, threads, changes)
                            : toPostgres(source, to, threads, changes);
            return sentence(copied, from, to);
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the storage was not moved: "
                            + home.data()
                            + " cannot be used ("
                            + e
                            + "); check that the disk has room, and rights",
                    e);
        }
    }

    private void requireStopped() {
        List<RunFiles.Running> running = RunFiles.findRunning(home);
        if (!running.isEmpty()) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "Peek is running on "
                            + home.root()
                            + " ("
                            + running.stream()
                                    .map(one -> one.service() + ", process " + one.pid())
                                    .collect(Collectors.joining("; "))
                            + "); stop it, then move its storage");
        }
    }

    /// Back to H2 user and password stay, so that going back is one setting.
    private static Map<ConfigKey, String> changes(CliOperations.StoragePlace place) {
        Map<ConfigKey, String> changes = new LinkedHashMap<>();
        changes.put(ConfigKey.STORAGE_URL, place.url());
        if (!place.url().isEmpty()) {
            changes.put(ConfigKey.STORAGE_USER, place.user());
            changes.put(ConfigKey.STORAGE_PASSWORD, place.password());
        }
        return changes;
    }

    private static @Nullable PostgresLocation location(Config of) {
        PeekConfig.Storage storage = of.values().server().storage();
        return storage.url().isEmpty()
                ? null
                : new PostgresLocation(storage.url(), storage.user(), storage.password());
    }

    private String name(@Nullable PostgresLocation place) {
        return place == null ? "H2 in " + h2() : place.toString();
    }

    private Path h2() {
        return home.data().resolve(H2_FILE);
    }

    private void requireThere(@Nullable PostgresLocation from) {
        if (from != null) {
            PostgresMove.requireUnused(from);
        } else if (Files.notExists(h2())) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "there is no database in "
                            + home.data()
                            + " to move; set server.storage.url in "
                            + home.config()
                            + " and start Peek");
        }
    }

    private void requireFree(@Nullable PostgresLocation to) {
        if (to == null && Files.exists(h2())) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    h2()
                            + " is there already, and nothing is replaced there; move that file"
                            + " away, or delete it if it is only what was left when the storage"
                            + " was moved to PostgreSQL");
        }
    }

    private Database open(@Nullable PostgresLocation place, PlatformThreads threads) {
        Database database =
                place == null ? Database.open(home.data(), threads) : Database.open(place, threads);
        String problem = database.problem().orElse(null);
        if (problem != null) {
            database.close();
            throw new PeekException(ErrorCode.OFFLINE, problem);
        }
        return database;
    }

    /// The database that is read is open, so no other move is under way.
    private void removeLeftovers() throws IOException {
        try (Stream<Path> files = Files.list(home.data())) {
            files.filter(file -> file.getFileName().toString().startsWith(ASIDE))
                    .forEach(Folders::deleteQuietly);
        }
    }

    private Copied toH2(Database source, PlatformThreads threads, Map<ConfigKey, String> changes)
            throws IOException {
        Path aside = home.data().resolve(ASIDE + UUID.randomUUID());
        try {
            Folders.make(aside);
            Copied copied;
            try (DatabaseSnapshot rows = source.snapshot();
                    Database target = Database.open(aside, threads)) {
                copied = copy(source, rows, target);
            }
            Path made = aside.resolve(H2_FILE);
            try (FileChannel file = FileChannel.open(made, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            Files.move(made, h2(), StandardCopyOption.ATOMIC_MOVE);
            boolean changed = false;
            try {
                config.change(changes);
                changed = true;
            } finally {
                if (!changed) {
                    Folders.deleteQuietly(h2());
                }
            }
            return copied;
        } finally {
            Folders.deleteQuietly(aside);
        }
    }

    private Copied toPostgres(
            Database source,
            PostgresLocation to,
            PlatformThreads threads,
            Map<ConfigKey, String> changes)
            throws IOException {
        try (DatabaseSnapshot rows = source.snapshot();
                PostgresMove made = PostgresMove.begin(to, schemas(source, rows));
                Database target = open(to, threads)) {
            Copied copied = copy(source, rows, target);
            made.whole();
            config.change(changes);
            made.keep();
            return copied;
        }
    }

    /// The platform's schema and those of the plugins that are installed.
    private List<String> schemas(Database source, DatabaseSnapshot rows) {
        List<String> schemas = new ArrayList<>();
        schemas.add(Database.PLATFORM_SCHEMA);
        List<String> there = rows.schemas();
        for (InstalledPackage plugin : plugins(source)) {
            if (there.contains(plugin.name())) {
                schemas.add(plugin.name());
            }
        }
        return schemas;
    }

    /// The installed plugins that use storage.
    private List<InstalledPackage> plugins(Database source) {
        PluginStore packages = new PluginStore(home.plugins());
        return new DatabaseCatalogue(source.platformStorage())
                .list().stream()
                        .map(entry ->
                                packages.find(entry.name(), entry.version(), entry.sha256())
                                        .orElseThrow(() ->
                                                new PeekException(
                                                        ErrorCode.CONFLICT,
                                                        "the package of plugin "
                                                                + entry.name()
                                                                + " is not in "
                                                                + home.plugins()
                                                                + ", and its tables cannot be made"
                                                                + " without it; install "
                                                                + entry.name()
                                                                + " again, or remove it")))
                        .filter(plugin -> plugin.manifest().requires(ServiceKind.STORAGE))
                        .toList();
    }

    private Copied copy(Database source, DatabaseSnapshot from, Database to) {
        List<String> schemas = schemas(source, from);
        for (InstalledPackage plugin : plugins(source)) {
            if (schemas.contains(plugin.name())) {
                to.migrate(plugin.name(), plugin.content().resolve("migrations"));
            }
        }
        int tables = 0;
        long rows = 0;
        try (DatabaseFill fill = to.fill()) {
            for (String schema : schemas) {
                for (TableId table : tables(from, fill, schema)) {
                    TableContents copied =
                            fill.copy(
                                    from,
                                    table,
                                    some ->
                                            progress.accept(
                                                    "%s: %,d rows …".formatted(table, some)));
                    progress.accept(
                            "%s: %,d rows, the same on both sides".formatted(table, copied.rows()));
                    tables++;
                    rows += copied.rows();
                }
                copyCounters(from, fill, schema);
            }
            fill.finish();
        } catch (IOException e) {
            throw new UncheckedIOException("rows are not read from files here", e);
        }
        List<String> left = new ArrayList<>(from.schemas());
        left.removeAll(schemas);
        return new Copied(tables, rows, left);
    }

    private static List<TableId> tables(DatabaseSnapshot from, DatabaseFill to, String schema) {
        List<TableId> there = from.tables(schema);
        List<TableId> made = to.tables(schema);
        Set<TableId> different = new HashSet<>(there);
        different.addAll(made);
        different.removeIf(table -> there.contains(table) && made.contains(table));
        if (!different.isEmpty()) {
            throw new PeekException(
                    StorageErrors.CONTENTS_DIFFER,
                    "the scripts of plugin "
                            + schema
                            + " do not make the tables that there are; the difference is in "
                            + different.stream()
                                    .map(TableId::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; start Peek once so that its scripts are applied, or install a"
                            + " version of the plugin whose scripts make them");
        }
        return there;
    }

    private static void copyCounters(DatabaseSnapshot from, DatabaseFill to, String schema) {
        var counters = Set.copyOf(from.counters(schema));
        counters.forEach(to::set);
        var set = Set.copyOf(to.counters(schema));
        if (!set.equals(counters)) {
            throw new PeekException(
                    StorageErrors.CONTENTS_DIFFER,
                    "the sequences of schema '"
                            + schema
                            + "' stand at "
                            + set
                            + " in the copy, but at "
                            + counters
                            + " in the database");
        }
    }

    private String sentence(
            Copied copied, @Nullable PostgresLocation from, @Nullable PostgresLocation to) {
        StringBuilder text = new StringBuilder();
        text.append(
                "The storage of %s is in %s now, and %s says so: %,d rows of %,d tables, the same on both sides by count and checksum."
                        .formatted(
                                home.root(),
                                name(to),
                                home.config(),
                                copied.rows(),
                                copied.tables()));
        if (!copied.left().isEmpty()) {
            text.append(" Not moved, as their plugins are not installed: the kept data of ")
                    .append(String.join(", ", copied.left()))
                    .append('.');
        }
        text.append(" The former database is as it was, ")
                .append(name(from))
                .append(". To go back, set server.storage.url to ")
                .append(from == null ? "\"\"" : "its address")
                .append(
                        from != null && to != null
                                ? ", and user and password to what they were"
                                : "")
                .append("; what is written from now on is not in it.");
        return text.toString();
    }
}
