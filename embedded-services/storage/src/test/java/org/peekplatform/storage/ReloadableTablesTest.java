package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.peekplatform.api.PeekException;

@ParameterizedClass
@EnumSource(TestEngine.class)
class ReloadableTablesTest {
    private static final String TABLES =
            """
            CREATE TABLE pump (id BIGINT PRIMARY KEY);
            CREATE TABLE reading (id BIGINT PRIMARY KEY, pump BIGINT REFERENCES pump);
            CREATE TABLE reading_note (reading BIGINT REFERENCES reading);
            """;

    private final TestEngine engine;

    @TempDir Path home;

    ReloadableTablesTest(TestEngine engine) {
        this.engine = engine;
    }

    @Test
    void onlyTablesThatNoOtherNeedsMayBeEmptyAfterARestore() {
        try (var open = new OpenDatabase(engine, home)) {
            Database database = open.database;
            database.migrate("one", open.script("one", "V1__tables.sql", TABLES));

            assertThatCode(() ->
                            database.requireReloadable("one", List.of("reading", "reading_note")))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> database.requireReloadable("one", List.of("reading")))
                    .isInstanceOf(PeekException.class)
                    .hasMessage(
                            "'storage.reloadableTables' of plugin 'one' names table 'reading', but"
                                    + " table 'reading_note' has a foreign key to it, which a"
                                    + " restore would break; name 'reading_note' as well, or take"
                                    + " 'reading' out");
            assertThatThrownBy(() -> database.requireReloadable("one", List.of("readings")))
                    .isInstanceOf(PeekException.class)
                    .hasMessage(
                            "'storage.reloadableTables' of plugin 'one' names table 'readings',"
                                    + " which its scripts do not make; correct the name (there are"
                                    + " pump, reading, reading_note)");
        }
    }
}
