package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@ParameterizedClass
@EnumSource(TestEngine.class)
class ForeignKeyIndexesTest {
    private static final String TABLES =
            """
            CREATE TABLE site (id BIGINT, part BIGINT, PRIMARY KEY (id, part));
            CREATE TABLE served_by_index (
                site BIGINT, part BIGINT, FOREIGN KEY (site, part) REFERENCES site (id, part));
            CREATE INDEX by_site ON served_by_index (part, site);
            CREATE TABLE served_by_key (
                site BIGINT, part BIGINT, number INT, PRIMARY KEY (site, part, number),
                FOREIGN KEY (site, part) REFERENCES site (id, part));
            CREATE TABLE un_served (
                site BIGINT, part BIGINT, FOREIGN KEY (site, part) REFERENCES site (id, part));
            CREATE INDEX too_late ON un_served (site);
            CREATE TABLE unxserved (id BIGINT PRIMARY KEY);
            """;

    private final TestEngine engine;

    @TempDir Path home;

    ForeignKeyIndexesTest(TestEngine engine) {
        this.engine = engine;
    }

    @Test
    void keysWithoutAnIndexAreNamedWithTheirCureAfterEachChangeOfTheSchemaAndNotAgain() {
        assertThat(warningsWhen(open -> migrate(open, "V1__tables.sql", TABLES)))
                .containsExactly(
                        "Schema 'the_plugin': the foreign key of table 'un_served' on (site, part)"
                                + " has no index, so each deletion of a row it refers to reads the"
                                + " whole table; add a migration script with: CREATE INDEX"
                                + " un_served_site_part_idx ON un_served (site, part);");
        assertThat(warningsWhen(open -> migrate(open, "V1__tables.sql", TABLES))).isEmpty();
        assertThat(
                        warningsWhen(open ->
                                migrate(
                                        open,
                                        "V2__index.sql",
                                        "CREATE INDEX un_served_site_part_idx ON un_served (site,"
                                                + " part);")))
                .isEmpty();
    }

    private static void migrate(OpenDatabase open, String name, String script) {
        open.database.migrate("the_plugin", open.script("the_plugin", name, script));
    }

    private List<String> warningsWhen(Consumer<OpenDatabase> work) {
        var warnings = new ListAppender<ILoggingEvent>();
        warnings.start();
        var log = (Logger) LoggerFactory.getLogger(ForeignKeyIndexes.class);
        log.addAppender(warnings);
        try (var open = new OpenDatabase(engine, home)) {
            work.accept(open);
        } finally {
            log.detachAppender(warnings);
        }
        return warnings.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
