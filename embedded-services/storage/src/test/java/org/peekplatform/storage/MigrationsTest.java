package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;
import org.slf4j.LoggerFactory;

@ParameterizedClass
@EnumSource(TestEngine.class)
class MigrationsTest {
    private final TestEngine engine;
    @TempDir Path home;

    private OpenDatabase open;

    MigrationsTest(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void openDatabase() {
        open = new OpenDatabase(engine, home);
    }

    @AfterEach
    void closeDatabase() {
        open.close();
    }

    @Test
    void newScriptsAreAppliedToThePluginsOwnSchema() {
        Path scripts = open.script("tutorial", "V1__a.sql", "CREATE TABLE a (id INT);");
        open.script("tutorial", "V2__b.sql", "CREATE TABLE b (id INT); INSERT INTO b VALUES (4);");

        assertThat(open.database.migrate("tutorial", scripts))
                .isEqualTo(new SchemaState("tutorial", "2", 2));
        assertThat(open.database.pluginStorage("tutorial").dsl().fetchValue("SELECT id FROM b"))
                .isEqualTo(4);
        assertThat(open.database.platformStorage().dsl().fetch("SELECT * FROM tutorial.b"))
                .hasSize(1);
    }

    @Test
    void anUpgradeAppliesOnlyWhatIsNew() {
        PluginStorage storage = open.plugin("tutorial");
        OpenDatabase.insert(storage, 1);
        Path scripts = open.script("tutorial", "V2__n.sql", "ALTER TABLE entry ADD n INT;");

        assertThat(open.database.migrate("tutorial", scripts))
                .isEqualTo(new SchemaState("tutorial", "2", 1));
        assertThat(storage.dsl().fetchSingle("SELECT id, n FROM entry").intoArray())
                .containsExactly(1L, null);
        assertThat(savedSchemas()).isEmpty();
    }

    /// Without its history table Flyway would run V1 again and fail.
    @Test
    void unchangedScriptsDoNotReachFlyway() {
        PluginStorage storage = open.plugin("tutorial");
        storage.dsl().execute("DROP TABLE flyway_schema_history");

        assertThat(open.plugin("tutorial")).isNotNull();
        assertThat(open.database.migrate("tutorial", home.resolve("scripts-tutorial")))
                .isEqualTo(new SchemaState("tutorial", "1", 0));
    }

    @Test
    void theUnchangedPlatformSchemaDoesNotReachFlyway() {
        open.database.platformStorage().dsl().execute("DROP TABLE flyway_schema_history");
        open.close();
        open = new OpenDatabase(engine, home);
        assertThat(open.database.platformStorage().dsl().fetch("SELECT * FROM schema_migration"))
                .extracting(row -> row.get("version"))
                .containsExactly("" + Migrations.PLATFORM_SCRIPTS.size());
    }

    @Test
    void aSchemaThatWasDroppedIsMadeAnewAlthoughItsScriptsAreUnchanged() {
        open.plugin("tutorial");
        open.database.platformStorage().dsl().execute("DROP SCHEMA tutorial CASCADE");
        assertThat(OpenDatabase.count(open.plugin("tutorial"))).isZero();
    }

    @Test
    void aPluginWithoutScriptsGetsAnEmptySchema() {
        assertThat(open.database.migrate("quiet", home.resolve("no-such-folder")))
                .isEqualTo(new SchemaState("quiet", null, 0));
        PluginStorage storage = open.database.pluginStorage("quiet");
        storage.dsl().execute("CREATE TABLE own (id INT)");
        assertThat(storage.dsl().fetch("SELECT * FROM quiet.own")).isEmpty();
    }

    @Test
    void theCatalogueOfPluginsIsThere() {
        var dsl = open.database.platformStorage().dsl();
        dsl.execute(
                "INSERT INTO plugin_catalogue (name, version, sha256, installed_at, enabled,"
                        + " position) VALUES ('tutorial', '1.0.0', ?, CAST(? AS TIMESTAMP WITH TIME ZONE), TRUE, 3)",
                "0".repeat(64),
                OffsetDateTime.of(2026, 11, 21, 12, 0, 0, 0, ZoneOffset.UTC));
        assertThat(
                        dsl.fetchSingle("SELECT name, enabled, position FROM plugin_catalogue")
                                .intoArray())
                .containsExactly("tutorial", true, 3);
    }

    @Test
    void everyPlatformScriptIsListed() throws Exception {
        var folder = Path.of(Migrations.class.getResource("migrations").toURI());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(Migrations.PLATFORM_SCRIPTS);
        }
    }

    @Test
    void aFailingScriptLeavesTheSchemaAsItWasAndIsNamedWithItsLine() {
        PluginStorage storage = open.plugin("tutorial");
        storage.dsl()
                .execute(
                        "CREATE TABLE numbered (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY"
                                + " KEY, text VARCHAR(20) NOT NULL, body BYTEA)");
        storage.dsl().execute("CREATE INDEX numbered_text_idx ON numbered (text)");
        storage.dsl().execute("CREATE VIEW texts AS SELECT text FROM numbered");
        storage.dsl()
                .execute(
                        "INSERT INTO numbered (text, body) VALUES ('it''s', ?), ('zwölf', NULL)",
                        (Object) new byte[100_000]);
        OpenDatabase.insert(storage, 1);
        Path scripts =
                open.script(
                        "tutorial",
                        "V2__fine.sql",
                        "ALTER TABLE entry ADD n INT; DELETE FROM entry; DROP VIEW texts;");
        open.script(
                "tutorial",
                "V3__broken.sql",
                """
                -- makes one table, then fails
                CREATE TABLE half_done (id INT);
                DELETE FROM numbered;
                ALTER TABLE nowhere ADD n INT;
                """);

        assertRefused(
                StorageErrors.MIGRATION_FAILED,
                "migration script V3__broken.sql of plugin schema 'tutorial' failed at line 4"
                        + " ("
                        + engine.noTable
                        + "); the schema is as it was before; correct"
                        + " the script and install the plugin again",
                () -> open.database.migrate("tutorial", scripts));

        assertThat(OpenDatabase.count(storage)).isEqualTo(1);
        assertThat(
                        storage.dsl()
                                .fetch("SELECT text FROM texts ORDER BY text")
                                .getValues(0, String.class))
                .containsExactly("it's", "zwölf");
        assertThat(storage.dsl().fetchValue("SELECT body FROM numbered WHERE id = 1"))
                .isEqualTo(new byte[100_000]);
        storage.dsl().execute("INSERT INTO numbered (text) VALUES ('next')");
        assertThat(storage.dsl().fetchValue("SELECT MAX(id) FROM numbered")).isEqualTo(3L);
        assertThat(
                        storage.dsl()
                                .fetch(
                                        "SELECT table_name FROM information_schema.tables WHERE"
                                                + " table_schema = 'tutorial' ORDER BY table_name")
                                .getValues(0, String.class))
                .containsExactly("entry", "flyway_schema_history", "numbered", "texts");
        assertThat(storage.dsl().fetchValue(engine.countIndexes, "numbered_text_idx"))
                .isEqualTo(1L);
        assertThat(savedSchemas()).isEmpty();

        open.script("tutorial", "V3__broken.sql", "CREATE TABLE whole (id INT);");
        assertThat(open.database.migrate("tutorial", scripts))
                .isEqualTo(new SchemaState("tutorial", "3", 2));
    }

    @Test
    void aFirstScriptThatFailsLeavesNoSchemaBehind() {
        Path scripts =
                open.script("tutorial", "V1__a.sql", "CREATE TABLE a (id INT);\nSELECT nonsense;");

        assertRefused(
                StorageErrors.MIGRATION_FAILED,
                "migration script V1__a.sql of plugin schema 'tutorial' failed at line 2 ("
                        + engine.noColumn
                        + "); the schema is as it was before; correct the"
                        + " script and install the plugin again",
                () -> open.database.migrate("tutorial", scripts));

        assertThat(schemas()).doesNotContain("tutorial").contains("peek");
        open.script("tutorial", "V1__a.sql", "CREATE TABLE a (id INT);");
        assertThat(open.database.migrate("tutorial", scripts))
                .isEqualTo(new SchemaState("tutorial", "1", 1));
    }

    private List<Path> savedSchemas() {
        Path folder = home.resolve("data/saved-schemas");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> schemas() {
        return open.database
                .platformStorage()
                .dsl()
                .fetch("SELECT schema_name FROM information_schema.schemata")
                .getValues(0, String.class);
    }

    @Test
    void aScriptChangedAfterItWasAppliedIsRefusedByName() {
        open.plugin("tutorial");
        Path scripts = open.script("tutorial", "V1__entry.sql", "CREATE TABLE other (id INT);");
        assertRefused(
                StorageErrors.MIGRATION_REFUSED,
                "migration script V1__entry.sql of plugin schema 'tutorial' was changed after it"
                        + " had been applied; put its former text back and write the change as a"
                        + " new script with a higher version",
                () -> open.database.migrate("tutorial", scripts));
        assertThat(OpenDatabase.count(open.database.pluginStorage("tutorial"))).isZero();
    }

    @Test
    void aScriptThatIsMissingFromThePackageIsNamed() throws IOException {
        open.plugin("tutorial");
        Path scripts = open.script("tutorial", "V2__more.sql", "CREATE TABLE more (id INT);");
        open.database.migrate("tutorial", scripts);
        Files.delete(scripts.resolve("V2__more.sql"));
        assertRefused(
                StorageErrors.MIGRATION_REFUSED,
                "migration script V2 ('more') of plugin schema 'tutorial' has been applied to the"
                        + " database but is not in the package; install a version of the plugin"
                        + " that contains it",
                () -> open.database.migrate("tutorial", scripts));
    }

    @Test
    void aNewScriptBelowThoseAppliedIsNamed() {
        open.plugin("tutorial");
        Path scripts = open.script("tutorial", "V0_5__late.sql", "CREATE TABLE late (id INT);");
        assertRefused(
                StorageErrors.MIGRATION_REFUSED,
                "migration script V0_5__late.sql of plugin schema 'tutorial' has a lower version"
                        + " than scripts that have been applied; give it a higher one",
                () -> open.database.migrate("tutorial", scripts));
    }

    @Test
    void aScriptWithAWrongNameIsNamed() {
        Path scripts = open.script("tutorial", "v1_entry.sql", "CREATE TABLE entry (id INT);");
        assertRefused(
                StorageErrors.MIGRATION_REFUSED,
                "the migration script 'v1_entry.sql' of plugin schema 'tutorial' must be named like"
                        + " V2__what_it_does.sql",
                () -> open.database.migrate("tutorial", scripts));
    }

    @Test
    void schemasOfTwoPluginsWithTheSameTableNameAreKeptApart() {
        PluginStorage one = open.plugin("one");
        PluginStorage two = open.plugin("two");
        OpenDatabase.insert(one, 1);
        OpenDatabase.insert(one, 2);
        OpenDatabase.insert(two, 1);
        assertThat(OpenDatabase.count(one)).isEqualTo(2);
        assertThat(OpenDatabase.count(two)).isEqualTo(1);
    }

    @Test
    void scriptsMayContainWhatOtherToolsTakeForPlaceholders() {
        Path scripts =
                open.script(
                        "tutorial",
                        "V1__a.sql",
                        "CREATE TABLE a (t VARCHAR(20)); INSERT INTO a VALUES ('${user}');");
        open.database.migrate("tutorial", scripts);
        assertThat(open.database.pluginStorage("tutorial").dsl().fetchValue("SELECT t FROM a"))
                .isEqualTo("${user}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"peek", "public", "information_schema", "Tutorial", "a", "x; DROP"})
    void namesThatCannotBeAPluginsSchemaAreRefused(String name) {
        assertThatThrownBy(() -> open.database.migrate(name, home))
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessageStartingWith("'" + name + "' cannot be the schema of a plugin");
        assertThatThrownBy(() -> open.database.pluginStorage(name))
                .isInstanceOf(PeekException.class);
    }

    @Test
    void theLogSaysOncePerMigrationWhatWasDoneAndNeverTheWayIn() {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        root.addAppender(lines);
        try {
            OpenDatabase.count(open.plugin("tutorial"));
        } finally {
            root.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("Schema 'tutorial' is at version 1; 1 migration scripts applied")
                .noneMatch(line -> line.contains("jdbc:"))
                .noneMatch(line -> line.contains("jOOQ tip") || line.contains("@@@@"));
    }

    private static void assertRefused(ErrorCode code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PeekException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }
}
