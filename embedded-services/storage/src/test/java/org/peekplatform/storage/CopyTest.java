package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;

/// All rows of one database, put into another one.
class CopyTest {
    private static final String TABLES =
            """
            CREATE SEQUENCE numbers START WITH 5;
            CREATE TABLE every_type (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                flag BOOLEAN, small SMALLINT, whole INTEGER, money DECIMAL(12, 2),
                narrow REAL, wide DOUBLE PRECISION, a_day DATE, an_hour TIME, local_time TIMESTAMP,
                moment TIMESTAMP WITH TIME ZONE, bytes BYTEA, a_key UUID, doc JSON,
                words VARCHAR(50) ARRAY, text TEXT, brief VARCHAR(20),
                doubled INTEGER GENERATED ALWAYS AS (whole * 2));
            CREATE TABLE parent (id BIGINT PRIMARY KEY, first_child BIGINT);
            CREATE TABLE child (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL REFERENCES parent);
            ALTER TABLE parent ADD FOREIGN KEY (first_child) REFERENCES child;
            INSERT INTO parent (id) VALUES (99);
            """;

    @TempDir Path folder;

    private final Map<TableContents, byte[]> written = new LinkedHashMap<>();
    private OpenDatabase from;
    private OpenDatabase to;
    private DSLContext dsl;

    private PluginStorage open(OpenDatabase database) {
        database.database.migrate("one", database.script("one", "V1__tables.sql", TABLES));
        return database.database.pluginStorage("one");
    }

    @BeforeEach
    void openBoth() {
        from = new OpenDatabase(folder.resolve("from"));
        to = new OpenDatabase(folder.resolve("to"));
        open(to);
        dsl = open(from).dsl();
    }

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    private List<Counter> write(DatabaseSnapshot snapshot) throws IOException {
        for (TableId table : snapshot.tables("one")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            written.put(snapshot.write(table, out), out.toByteArray());
        }
        return snapshot.counters("one");
    }

    private List<Counter> write() throws IOException {
        try (DatabaseSnapshot snapshot = from.database.snapshot()) {
            return write(snapshot);
        }
    }

    private void fill(List<Counter> counters) throws IOException {
        try (DatabaseFill fill = to.database.fill()) {
            for (Map.Entry<TableContents, byte[]> one : written.entrySet()) {
                fill.fill(one.getKey(), new ByteArrayInputStream(one.getValue()));
            }
            counters.forEach(fill::set);
            fill.finish();
        }
    }

    @Test
    void everyTypeArrivesAsItWasAndNumbersGoOn() throws Exception {
        dsl.execute(
                """
                INSERT INTO every_type (flag, small, whole, money, narrow, wide, a_day, an_hour,
                    local_time, moment, bytes, a_key, doc, words, text, brief)
                VALUES (TRUE, -1, 7, 1234.50, 0.1, 1e300, DATE '2026-02-28', TIME '23:59:58',
                    TIMESTAMP '2026-02-28 01:02:03.456789',
                    TIMESTAMP WITH TIME ZONE '2026-02-28 01:02:03.456789+05:30',
                    X'00ff10', '0e0c1f5e-9a5c-4f3e-8a57-2f1f0a9f0c11',
                    JSON '{"b": [1, 2.50], "a": null}', ARRAY['x', NULL, 'y,"z'],
                    'Zürich "quoted" \n 漢字', '')
                """);
        dsl.execute("INSERT INTO every_type (text) VALUES (NULL)");
        dsl.execute("SELECT NEXT VALUE FOR numbers");
        List<Counter> counters = write();

        fill(counters);

        DSLContext other = to.database.pluginStorage("one").dsl();
        assertThat(other.fetch("SELECT * FROM every_type ORDER BY id").formatCSV())
                .isEqualTo(dsl.fetch("SELECT * FROM every_type ORDER BY id").formatCSV());
        assertThat(other.fetchValue("SELECT NEXT VALUE FOR numbers")).isEqualTo(6L);
        other.execute("INSERT INTO every_type (text) VALUES ('next')");
        assertThat(other.fetchValue("SELECT id FROM every_type WHERE text = 'next'")).isEqualTo(3L);
    }

    @Test
    void tablesThatReferToEachOtherAreFilledAndWhatScriptsPutThereIsGone() throws Exception {
        dsl.execute("DELETE FROM parent");
        dsl.execute("INSERT INTO parent (id) VALUES (1)");
        dsl.execute("INSERT INTO child (id, parent) VALUES (2, 1)");
        dsl.execute("UPDATE parent SET first_child = 2");

        fill(write());

        DSLContext other = to.database.pluginStorage("one").dsl();
        assertThat(other.fetch("SELECT id, first_child FROM parent").formatCSV(false))
                .isEqualTo("1,2\n");
        assertThatThrownBy(() -> other.execute("INSERT INTO child (id, parent) VALUES (3, 4)"))
                .as("references are checked again")
                .hasMessageContaining("eferential");
    }

    @Test
    void aSnapshotIsOfOneMoment() throws Exception {
        try (DatabaseSnapshot snapshot = from.database.snapshot()) {
            snapshot.tables("one");
            dsl.execute("INSERT INTO every_type (text) VALUES ('late')");
            dsl.execute("INSERT INTO parent (id) VALUES (1)");
            write(snapshot);
        }

        assertThat(written.keySet())
                .extracting(TableContents::rows)
                .containsExactlyInAnyOrder(0L, 0L, 1L);
    }

    @Test
    void aRowThatIsNotTheSameIsFound() throws Exception {
        dsl.execute("INSERT INTO every_type (text) VALUES ('right')");
        List<Counter> counters = write();
        written.replaceAll((table, rows) ->
                new String(rows, StandardCharsets.UTF_8)
                        .replace("right", "wrong")
                        .getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> fill(counters))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("table one.every_type holds 1 rows with checksum");
    }

    @Test
    void aTableOfAnotherVersionIsRefused() throws Exception {
        List<Counter> counters = write();
        to.database.pluginStorage("one").dsl().execute("ALTER TABLE child ADD note VARCHAR(9)");

        assertThatThrownBy(() -> fill(counters))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("table one.child has the columns [id, parent, note]");
    }

    @Test
    void whatMigrationsRememberIsNotCopied() throws Exception {
        try (DatabaseSnapshot snapshot = from.database.snapshot()) {
            assertThat(snapshot.schemas()).containsExactly("peek", "one");
            assertThat(snapshot.tables("peek"))
                    .extracting(TableId::name)
                    .doesNotContain("schema_migration", "flyway_schema_history")
                    .contains("plugin_catalogue");
        }
    }
}
