package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.storage.PluginStorage;

/// What H2 needs, as it cannot roll back definitions: migrations that a crash has cut off.
class SavedSchemasTest {
    @TempDir Path home;

    private OpenDatabase open;

    @BeforeEach
    void openDatabase() {
        open = new OpenDatabase(home);
    }

    @AfterEach
    void closeDatabase() {
        open.close();
    }

    /// As a process leaves it that dies while the scripts of an upgrade run.
    @Test
    void anUpgradeInterruptedByACrashIsTakenBackAtTheNextStart() throws Exception {
        PluginStorage storage = open.plugin("tutorial");
        OpenDatabase.insert(storage, 1);
        Path scripts = open.script("tutorial", "V2__n.sql", "ALTER TABLE entry ADD n INT;");
        String hash = MigrationScripts.read("tutorial", scripts, "h2").hash();
        Path saved =
                home.resolve("data/saved-schemas/tutorial." + hash.substring(0, 16) + ".sql.gz");
        storage.dsl()
                .execute(
                        "SCRIPT NOPASSWORDS NOSETTINGS TO '"
                                + saved
                                + "' COMPRESSION GZIP CHARSET 'UTF-8' SCHEMA tutorial");
        storage.dsl().execute("ALTER TABLE entry ADD n INT");
        storage.dsl().execute("DELETE FROM entry");
        open.close();
        open = new OpenDatabase(home);

        assertThat(open.database.migrate("tutorial", scripts))
                .isEqualTo(new SchemaState("tutorial", "2", 1));
        assertThat(OpenDatabase.count(open.database.pluginStorage("tutorial"))).isEqualTo(1);
        assertThat(saved).doesNotExist();
    }

    /// As a process leaves it that dies between the last script and deleting the saved schema.
    @Test
    void anUpgradeThatWasFinishedBeforeACrashIsKept() throws Exception {
        PluginStorage storage = open.plugin("tutorial");
        OpenDatabase.insert(storage, 1);
        String hash =
                MigrationScripts.read("tutorial", home.resolve("scripts-tutorial"), "h2").hash();
        Path saved =
                home.resolve("data/saved-schemas/tutorial." + hash.substring(0, 16) + ".sql.gz");
        Files.createFile(saved); // the schema did not exist before
        open.close();
        open = new OpenDatabase(home);

        assertThat(OpenDatabase.count(open.plugin("tutorial"))).isEqualTo(1);
        assertThat(saved).doesNotExist();
    }
}
