package org.peekplatform.storage;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.storage.MigrationScripts.Script;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings schemas up to their scripts with Flyway, and leaves Flyway alone when the scripts are
/// those applied last: loading it costs more than opening the database.
///
/// H2 commits each definition at once, so a script that fails in the middle leaves half of it
/// behind. Therefore the schema is saved to a file before scripts run, and restored from it when
/// one fails. The file stays until the outcome is in the database: if the process dies in between,
/// the next start finds the file and restores first. It is named after the scripts that were to be
/// applied, which tells a migration that was finished from one that was not.
final class Migrations {
    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    static final String PLATFORM_SCHEMA = "peek";

    /// The scripts of the platform's own schema.
    static final List<String> PLATFORM_SCRIPTS =
            List.of(
                    "V1__catalogue.sql",
                    "V2__queued_actions.sql",
                    "V3__enrolled_parties.sql",
                    "V4__tasks.sql",
                    "V5__task_queue.sql");

    private record Applied(String hash, @Nullable String version) {}

    private final Engine engine;
    private final @Nullable Path savedSchemas;

    // Held while the database works, on purpose: Flyway keeps settings in static fields.
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /// @param savedSchemas where schemas are saved; `null` when a failure leaves nothing behind
    Migrations(Engine engine, @Nullable Path savedSchemas) {
        this.engine = engine;
        this.savedSchemas = savedSchemas;
    }

    /// Brings the platform's own schema up to date.
    void migratePlatform() {
        try (Connection connection = engine.dataSource().getConnection()) {
            migrate(
                    connection,
                    PLATFORM_SCHEMA,
                    MigrationScripts.bundled(PLATFORM_SCRIPTS, engine.vendor()));
        } catch (SQLException e) {
            throw unavailable(PLATFORM_SCHEMA, e);
        }
    }

    /// @param connection free for this, in auto-commit mode
    SchemaState migrate(Connection connection, String schema, MigrationScripts scripts) {
        oneAtATime.lock();
        try {
            Applied applied = applied(connection, schema);
            finishInterrupted(connection, schema, applied);
            if (applied != null && applied.hash().equals(scripts.hash())) {
                return new SchemaState(schema, applied.version(), 0);
            }
            if (schema.equals(PLATFORM_SCHEMA) && applied != null) {
                refuseLaterPlatform(applied, scripts);
            }
            return apply(connection, schema, scripts);
        } catch (SQLException e) {
            throw unavailable(schema, e);
        } finally {
            oneAtATime.unlock();
        }
    }

    private PeekException unavailable(String schema, SQLException e) {
        return new PeekException(
                StorageErrors.DATABASE_UNAVAILABLE,
                "plugin schema '" + schema + "' cannot be migrated: " + engine.plainMessage(e),
                e);
    }

    private static void refuseLaterPlatform(Applied applied, MigrationScripts scripts) {
        MigrationVersion found = MigrationVersion.fromVersion(applied.version());
        MigrationVersion known = scripts.lastVersion();
        if (found.compareTo(known) > 0) {
            throw new PeekException(
                    StorageErrors.DATABASE_TOO_NEW,
                    "the database was used by a later version of Peek (its schema 'peek' is at"
                            + " version "
                            + found
                            + ", this program knows "
                            + known
                            + "); start that version, or restore a backup from before");
        }
    }

    private SchemaState apply(Connection connection, String schema, MigrationScripts scripts)
            throws SQLException {
        boolean exists = exists(connection, schema);
        Flyway flyway = flyway(schema, scripts);
        Path saved;
        try {
            if (exists) {
                refuseWhatCannotFollow(flyway, schema, scripts);
            }
            saved =
                    savedSchemas != null && (!exists || flyway.info().pending().length > 0)
                            ? savedFile(savedSchemas, schema, scripts.hash())
                            : null;
        } catch (FlywayException e) {
            throw failed(schema, e, null);
        }
        if (saved != null) {
            save(connection, schema, exists, saved);
        }
        MigrateResult result;
        try {
            result = flyway.migrate();
        } catch (FlywayException e) {
            if (saved == null && !exists) {
                dropUnfinished(schema);
            }
            throw failed(schema, e, saved == null ? null : restored(schema, saved));
        }
        String version =
                result.migrationsExecuted > 0 && result.targetSchemaVersion != null
                        ? result.targetSchemaVersion
                        : result.initialSchemaVersion;
        remember(connection, schema, scripts.hash(), version);
        if (saved != null) {
            delete(saved);
        }
        log.info(
                "Schema '{}' is at version {}; {} migration scripts applied",
                schema,
                version == null ? "0" : version,
                result.migrationsExecuted);
        ForeignKeyIndexes.report(connection, schema);
        return new SchemaState(schema, version, result.migrationsExecuted);
    }

    private Flyway flyway(String schema, MigrationScripts scripts) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .loggers(FlywayLog.class.getName())
                .dataSource(engine.dataSource())
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                // Given the scripts, Flyway has no folder and no class path to search.
                .resourceProvider(new InMemory(scripts.scripts()))
                .javaMigrationClassProvider(List::of)
                .locations(new String[0])
                .callbackLocations(new String[0])
                .skipDefaultCallbacks(true)
                .placeholderReplacement(false)
                .validateOnMigrate(false)
                .ignoreMigrationPatterns("*:pending")
                .group(engine.rollsBackDefinitions())
                .load();
    }

    private @Nullable Applied applied(Connection connection, String schema) throws SQLException {
        if (schema.equals(PLATFORM_SCHEMA) && !hasMemory(connection)) {
            return null;
        }
        // Not as a join, for which H2 lists all schemas once for each schema.
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT m.scripts_hash, m.version FROM peek.schema_migration m"
                                + " WHERE m.schema_name = ? AND EXISTS (SELECT 1"
                                + " FROM information_schema.schemata s"
                                + " WHERE s.schema_name = m.schema_name)")) {
            query.setString(1, schema);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new Applied(row.getString(1), row.getString(2)) : null;
            }
        }
    }

    private static boolean hasMemory(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT 1 FROM information_schema.tables"
                                        + " WHERE table_schema = 'peek'"
                                        + " AND table_name = 'schema_migration'")) {
            return row.next();
        }
    }

    private static boolean exists(Connection connection, String schema) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?")) {
            query.setString(1, schema);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void remember(
            Connection connection, String schema, String hash, @Nullable String version)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement delete =
                        connection.prepareStatement(
                                "DELETE FROM peek.schema_migration WHERE schema_name = ?");
                PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO peek.schema_migration"
                                        + " (schema_name, scripts_hash, version, migrated_at)"
                                        + " VALUES (?, ?, ?, ?)")) {
            delete.setString(1, schema);
            delete.executeUpdate();
            insert.setString(1, schema);
            insert.setString(2, hash);
            insert.setString(3, version);
            insert.setObject(4, OffsetDateTime.now(ZoneOffset.UTC));
            insert.executeUpdate();
            connection.commit();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void refuseWhatCannotFollow(
            Flyway flyway, String schema, MigrationScripts scripts) {
        ValidateResult result = flyway.validateWithResult();
        if (result.validationSuccessful) {
            return;
        }
        if (result.invalidMigrations.isEmpty()) {
            throw new PeekException(
                    StorageErrors.MIGRATION_REFUSED,
                    "the migration scripts of plugin schema '"
                            + schema
                            + "' are not valid: "
                            + result.getAllErrorMessages());
        }
        ValidateOutput first = result.invalidMigrations.getFirst();
        throw new PeekException(
                StorageErrors.MIGRATION_REFUSED,
                "migration script "
                        + scriptName(first, scripts)
                        + " of plugin schema '"
                        + schema
                        + "' "
                        + whatIsWrong(first));
    }

    private static String scriptName(ValidateOutput output, MigrationScripts scripts) {
        if (output.version == null || output.version.isEmpty()) {
            return "'" + output.description + "'";
        }
        MigrationVersion version = MigrationVersion.fromVersion(output.version);
        for (Script script : scripts.scripts()) {
            if (version.equals(script.version())) {
                return script.name();
            }
        }
        return "V" + output.version + " ('" + output.description + "')";
    }

    private static String whatIsWrong(ValidateOutput output) {
        return switch (output.errorDetails.errorCode) {
            case CoreErrorCode.CHECKSUM_MISMATCH ->
                    "was changed after it had been applied; put its former text back and write the"
                            + " change as a new script with a higher version";
            case CoreErrorCode.DESCRIPTION_MISMATCH, CoreErrorCode.TYPE_MISMATCH ->
                    "was renamed after it had been applied; give it its former name back";
            case CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED,
                    CoreErrorCode.APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED ->
                    "has been applied to the database but is not in the package; install a version"
                            + " of the plugin that contains it";
            case CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED ->
                    "has a lower version than scripts that have been applied; give it a higher one";
            default -> "cannot be applied: " + output.errorDetails.errorMessage;
        };
    }

    /// @param notRestored why the schema could not be put back; `null` when it was, or need not be
    private PeekException failed(String schema, FlywayException e, @Nullable String notRestored) {
        var sentence = new StringBuilder();
        if (e instanceof FlywayMigrateException script && script.getMigration() != null) {
            sentence.append("migration script ")
                    .append(script.getMigration().getScript())
                    .append(" of plugin schema '")
                    .append(schema)
                    .append("' failed");
            if (script.getLineNumber() > 0) {
                sentence.append(" at line ").append(script.getLineNumber());
            }
        } else {
            sentence.append("the migration of plugin schema '").append(schema).append("' failed");
        }
        sentence.append(" (").append(reason(e)).append("); ");
        sentence.append(
                notRestored == null
                        ? "the schema is as it was before; correct the script and install the"
                                + " plugin again"
                        : notRestored);
        return new PeekException(StorageErrors.MIGRATION_FAILED, sentence.toString(), e);
    }

    private String reason(FlywayException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return engine.plainMessage(sql);
            }
        }
        String message = e.getMessage();
        return message == null
                ? e.toString()
                : message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message);
    }

    /// Where definitions are rolled back, the schema itself and Flyway's table are not: they were
    /// made before.
    private void dropUnfinished(String schema) {
        try (Connection connection = engine.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE");
        } catch (SQLException e) {
            // An empty schema is taken for one without scripts at the next attempt.
            log.debug("The empty schema '{}' could not be dropped", schema, e);
        }
    }

    private static Path savedFile(Path savedSchemas, String schema, String hash) {
        return savedSchemas.resolve(schema + "." + hash.substring(0, 16) + ".sql.gz");
    }

    /// Completes or takes back what a process that died in the middle has left.
    private void finishInterrupted(Connection connection, String schema, @Nullable Applied applied)
            throws SQLException {
        if (savedSchemas == null) {
            return;
        }
        for (Path saved : savedFiles(savedSchemas, schema)) {
            if (applied != null && saved.equals(savedFile(savedSchemas, schema, applied.hash()))) {
                delete(saved);
                continue;
            }
            log.warn(
                    "A migration of schema '{}' was interrupted; the schema is restored from {}",
                    schema,
                    saved);
            restore(connection, schema, saved);
        }
    }

    private static List<Path> savedFiles(Path savedSchemas, String schema) {
        if (!Files.exists(savedSchemas)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(savedSchemas)) {
            return files.filter(
                            file -> {
                                String name = file.getFileName().toString();
                                return name.startsWith(schema + ".") && name.endsWith(".sql.gz");
                            })
                    .toList();
        } catch (IOException e) {
            throw unusable(savedSchemas, e);
        }
    }

    /// An empty file stands for a schema that does not exist.
    private void save(Connection connection, String schema, boolean exists, Path saved)
            throws SQLException {
        Path unfinished = saved.resolveSibling(schema + ".unfinished");
        try {
            Files.createDirectories(saved.getParent());
            Files.deleteIfExists(unfinished);
            if (exists) {
                engine.saveSchema(connection, schema, unfinished);
            } else {
                Files.createFile(unfinished);
            }
            try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            Files.move(unfinished, saved, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unusable(saved, e);
        }
    }

    /// Puts the schema back after a failure; returns why that did not work.
    private @Nullable String restored(String schema, Path saved) {
        // The failure may be an interruption, which must not stop the repair as well.
        boolean interrupted = Thread.interrupted();
        try (Connection connection = engine.dataSource().getConnection()) {
            restore(connection, schema, saved);
            return null;
        } catch (SQLException e) {
            log.error("Schema '{}' could not be restored from {}", schema, saved, e);
            return "and the schema could not be put back ("
                    + engine.plainMessage(e)
                    + "); it is saved in "
                    + saved
                    + " and restored when the plugin starts next";
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void restore(Connection connection, String schema, Path saved) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE");
        }
        try {
            if (Files.size(saved) > 0) {
                engine.restoreSchema(connection, schema, saved);
            }
        } catch (IOException e) {
            throw unusable(saved, e);
        }
        delete(saved);
    }

    private void delete(Path saved) {
        try {
            Files.deleteIfExists(saved);
        } catch (IOException e) {
            throw unusable(saved, e);
        }
    }

    private static PeekException unusable(Path place, IOException e) {
        return new PeekException(
                StorageErrors.DATABASE_UNAVAILABLE,
                place + " cannot be used (" + e + "); check disk and rights",
                e);
    }

    /// Offers Flyway the scripts that were read and hashed.
    private record InMemory(List<Script> scripts) implements ResourceProvider {
        @Override
        public @Nullable LoadableResource getResource(String name) {
            return scripts.stream()
                    .filter(script -> script.name().equals(name))
                    .findFirst()
                    .map(ScriptResource::new)
                    .orElse(null);
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return scripts.stream()
                    .filter(script -> script.name().startsWith(prefix))
                    .filter(script -> Stream.of(suffixes).anyMatch(script.name()::endsWith))
                    .<LoadableResource>map(ScriptResource::new)
                    .toList();
        }
    }

    private static final class ScriptResource extends LoadableResource {
        private final Script script;

        ScriptResource(Script script) {
            this.script = script;
        }

        @Override
        public Reader read() {
            return new StringReader(script.text());
        }

        @Override
        public String getAbsolutePath() {
            return script.name();
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return script.name();
        }

        @Override
        public String getFilename() {
            return script.name();
        }

        @Override
        public String getRelativePath() {
            return script.name();
        }
    }
}
