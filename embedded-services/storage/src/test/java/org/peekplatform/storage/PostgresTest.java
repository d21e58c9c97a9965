package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;
import org.postgresql.PGConnection;

/// What only a database can do that is a server of its own: be away, return, let nobody in.
@Timeout(180)
class PostgresTest {
    private static final String ENTRY =
            "CREATE TABLE entry (id BIGINT PRIMARY KEY, text VARCHAR(200));";

    @TempDir Path home;
    private final PlatformThreads threads = new PlatformThreads();

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private static PluginStorage plugin(Database database, Path home) throws Exception {
        Path scripts = Files.createDirectories(home.resolve("scripts"));
        Files.writeString(scripts.resolve("V1__entry.sql"), ENTRY);
        database.migrate("one", scripts);
        return database.pluginStorage("one");
    }

    private static void awaitUsable(Database database) throws InterruptedException {
        var usable = new CountDownLatch(1);
        database.whenUsable(usable::countDown);
        assertThat(usable.await(60, TimeUnit.SECONDS)).as("%s", database.problem()).isTrue();
    }

    @Test
    void noAcknowledgedCommitIsLostWhenTheServerIsKilledOrStoppedAndTheDatabaseIsUsedAgain()
            throws Exception {
        try (var server = PostgresServer.create()) {
            server.start();
            try (var database = Database.open(TestEngine.location(server), threads)) {
                PluginStorage storage = plugin(database, home);
                Set<Long> acknowledged = new ConcurrentSkipListSet<>();
                var ids = new AtomicLong();
                var stop = new AtomicBoolean();
                try (var writers = PlatformThreads.perTask("writer")) {
                    for (int i = 0; i < 6; i++) {
                        writers.execute(() -> write(storage, ids, acknowledged, stop));
                    }
                    for (int outage = 0; outage < 4; outage++) {
                        int before = acknowledged.size();
                        awaitMore(acknowledged, before + 50);
                        if (outage % 2 == 0) {
                            server.kill();
                        } else {
                            server.stopImmediately();
                        }
                        server.start();
                        awaitUsable(database);
                    }
                    int before = acknowledged.size();
                    awaitMore(acknowledged, before + 50);
                    stop.set(true);
                }
                Set<Long> found =
                        new TreeSet<>(
                                storage.dsl()
                                        .fetch("SELECT id FROM entry")
                                        .getValues(0, Long.class));
                Set<Long> lost = new TreeSet<>(acknowledged);
                lost.removeAll(found);
                assertThat(lost).isEmpty();
                // The pool, the lock, and nothing that was left behind.
                assertThat(
                                Integer.parseInt(
                                        server.administer(
                                                "SELECT count(*) FROM pg_stat_activity WHERE"
                                                        + " application_name = 'Peek'")))
                        .isLessThanOrEqualTo(ConnectionPool.Limits.DEFAULT.size() + 1);
            }
        }
    }

    private static void awaitMore(Set<Long> acknowledged, int size) {
        while (acknowledged.size() < size) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void write(
            PluginStorage storage, AtomicLong ids, Set<Long> acknowledged, AtomicBoolean stop) {
        while (!stop.get() && !Thread.currentThread().isInterrupted()) {
            long id = ids.incrementAndGet();
            try {
                if (id % 2 == 0) {
                    OpenDatabase.insert(storage, id);
                } else {
                    storage.transaction(
                            dsl -> dsl.execute("INSERT INTO entry (id) VALUES (?)", id));
                }
                acknowledged.add(id);
            } catch (PeekException | DataAccessException e) {
                // Not acknowledged: the database is away. Who spun instead would leave no processor
                // to what notices its return.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    @Test
    void aDatabaseThatIsDownWhenItIsOpenedIsUsedAsSoonAsItRuns() throws Exception {
        try (var server = PostgresServer.create()) {
            server.start();
            PostgresLocation location = TestEngine.location(server);
            server.stop();
            try (var database = Database.open(location, threads)) {
                assertThat(database.problem().orElseThrow())
                        .startsWith(location + " cannot be reached (")
                        .contains("refused")
                        .endsWith("see that it runs and that server.storage.url is right");
                assertThatThrownBy(() -> database.pluginStorage("one").dsl().execute("SELECT 1"))
                        .isInstanceOfSatisfying(
                                PeekException.class,
                                e ->
                                        assertThat(e.code())
                                                .isEqualTo(StorageErrors.DATABASE_UNAVAILABLE))
                        .hasMessage(database.problem().orElseThrow());
                server.start();
                awaitUsable(database);
                OpenDatabase.insert(plugin(database, home), 1);
            }
        }
    }

    @Test
    void aWrongPasswordIsOneSentenceAndIsTakenWhenItIsRight() throws Exception {
        PostgresServer server = PostgresServer.shared();
        PostgresLocation right = TestEngine.location(server);
        var wrong = new PostgresLocation(right.url(), right.user(), "s3cret");
        try (var database = Database.open(wrong, threads)) {
            assertThat(database.problem())
                    .contains(
                            wrong
                                    + " does not let user '"
                                    + wrong.user()
                                    + "' in (password authentication failed for user \""
                                    + wrong.user()
                                    + "\"); correct server.storage.user and"
                                    + " server.storage.password");
            assertThat(wrong.toString()).doesNotContain("s3cret");
            server.administer("ALTER ROLE " + right.user() + " PASSWORD 's3cret'");
            awaitUsable(database);
        }
    }

    @Test
    void aDatabaseThatDoesNotExistAndAHostThatDoesNotAreNamed() {
        PostgresLocation right = TestEngine.location(PostgresServer.shared());
        var nowhere =
                new PostgresLocation(
                        right.url().replaceFirst("/[^/]*$", "/nowhere"),
                        right.user(),
                        right.password());
        try (var database = Database.open(nowhere, threads)) {
            assertThat(database.problem().orElseThrow())
                    .contains("database 'nowhere' does not exist; create it, owned by user");
        }
        var unknown = new PostgresLocation("jdbc:postgresql://no.such.invalid/peek", "a", "b");
        try (var database = Database.open(unknown, threads)) {
            assertThat(database.problem().orElseThrow()).contains("there is no host");
        }
    }

    @Test
    void aSecondServerIsToldSoAndTakesOverWhenTheFirstHasEnded() throws Exception {
        PostgresLocation location = TestEngine.location(PostgresServer.shared());
        try (var second = secondOf(location)) {
            awaitUsable(second);
            OpenDatabase.insert(plugin(second, home), 1);
        }
    }

    private Database secondOf(PostgresLocation location) {
        try (var first = Database.open(location, threads)) {
            assertThat(first.problem()).isEmpty();
            Database second = Database.open(location, threads);
            assertThat(second.problem())
                    .contains(
                            location
                                    + " is in use by another Peek server; stop that one, or give"
                                    + " this one a database of its own in server.storage.url");
            return second;
        }
    }

    @Test
    void aDatabaseOfALaterVersionIsLeftAlone() throws Exception {
        PostgresLocation location = TestEngine.location(PostgresServer.shared());
        try (var database = Database.open(location, threads)) {
            database.platformStorage()
                    .dsl()
                    .execute(
                            "UPDATE schema_migration SET version = '999', scripts_hash = 'later'"
                                    + " WHERE schema_name = 'peek'");
        }
        try (var database = Database.open(location, threads)) {
            assertThat(database.problem())
                    .contains(
                            "the database was used by a later version of Peek (its schema 'peek' is"
                                    + " at version 999, this program knows "
                                    + Migrations.PLATFORM_SCRIPTS.size()
                                    + "); start that version, or restore a backup from before");
        }
    }

    @Test
    void aLostClaimIsNoticedAndTakenAgain() throws Exception {
        PostgresServer server = PostgresServer.shared();
        PostgresLocation location = TestEngine.location(server);
        try (var database = Database.open(location, threads)) {
            PluginStorage storage = plugin(database, home);
            OpenDatabase.insert(storage, 1);
            var lost = new CountDownLatch(1);
            database.onChange(lost::countDown);
            server.administer(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                            + location.user()
                            + "'");
            assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
            awaitUsable(database);
            assertThat(OpenDatabase.count(storage)).isEqualTo(1);
        }
    }

    @Test
    void statementsPreparedBeforeAnUpgradeAnswerWithItsColumns() throws Exception {
        try (var database = Database.open(TestEngine.location(PostgresServer.shared()), threads)) {
            PluginStorage storage = plugin(database, home);
            OpenDatabase.insert(storage, 1);
            for (int i = 0; i < 20; i++) {
                storage.transaction(dsl -> dsl.fetch("SELECT * FROM entry"));
            }
            Files.writeString(
                    home.resolve("scripts/V2__n.sql"), "ALTER TABLE entry ADD n INT DEFAULT 4;");
            database.migrate("one", home.resolve("scripts"));
            List<Integer> values =
                    storage.transaction(
                            dsl -> dsl.fetch("SELECT * FROM entry").getValues("n", Integer.class));
            assertThat(values).containsExactly(4);
        }
    }

    @Test
    void everyCommitWaitsForTheDiskWhateverTheRoleSays() throws Exception {
        PostgresServer server = PostgresServer.shared();
        PostgresLocation location = TestEngine.location(server);
        server.administer("ALTER ROLE " + location.user() + " SET synchronous_commit = off");
        try (var database = Database.open(location, threads)) {
            PluginStorage storage = plugin(database, home);
            assertThat(storage.dsl().fetchValue("SHOW synchronous_commit")).isEqualTo("on");
            storage.dsl().execute("SET synchronous_commit = off");
            storage.dsl().execute("SET statement_timeout = 1");
            assertThat(storage.dsl().fetchValue("SHOW synchronous_commit")).isEqualTo("on");
            assertThat(storage.dsl().fetchValue("SELECT 1 FROM pg_sleep(0.05)")).isEqualTo(1);
        }
    }

    @Test
    void threeHundredCurrentSchemasAreVerifiedFast() throws Exception {
        try (var database = Database.open(TestEngine.location(PostgresServer.shared()), threads)) {
            plugin(database, home);
            long begun = System.nanoTime();
            for (int i = 0; i < 300; i++) {
                assertThat(database.migrate("one", home.resolve("scripts")).applied()).isZero();
            }
            System.out.printf(
                    "300 current schemas: %d ms%n",
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
    }

    @Test
    void scriptsOfOneProductAreAppliedThereAlone() throws Exception {
        Path scripts = Files.createDirectories(home.resolve("scripts"));
        Files.createDirectories(scripts.resolve("postgresql"));
        Files.createDirectories(scripts.resolve("h2"));
        Files.writeString(scripts.resolve("V1__entry.sql"), ENTRY);
        Files.writeString(
                scripts.resolve("postgresql/V2__product.sql"),
                "CREATE FUNCTION product() RETURNS text LANGUAGE sql AS $$ SELECT 'pg' $$;");
        Files.writeString(
                scripts.resolve("h2/V2__product.sql"),
                "CREATE ALIAS product AS 'String product() { return \"h2\"; }';");
        try (var postgres = Database.open(TestEngine.location(PostgresServer.shared()), threads);
                var h2 = Database.open(home.resolve("data"), threads)) {
            postgres.migrate("one", scripts);
            h2.migrate("one", scripts);
            assertThat(postgres.pluginStorage("one").dsl().fetchValue("SELECT product()"))
                    .isEqualTo("pg");
            assertThat(h2.pluginStorage("one").dsl().fetchValue("SELECT product()"))
                    .isEqualTo("h2");
            Files.writeString(scripts.resolve("V2__both.sql"), "SELECT 1;");
            assertThatThrownBy(() -> h2.migrate("one", scripts))
                    .hasMessageContaining("are one and the same step")
                    .hasMessageContaining("V2__both.sql");
        }
    }

    @Test
    void theDriverItselfIsReachedForCopy() throws Exception {
        try (var database = Database.open(TestEngine.location(PostgresServer.shared()), threads)) {
            PluginStorage storage = plugin(database, home);
            storage.dsl()
                    .connection((Connection connection) -> {
                        var copy =
                                connection
                                        .unwrap(PGConnection.class)
                                        .getCopyAPI()
                                        .copyIn("COPY entry (id) FROM STDIN");
                        byte[] row = "7\n".getBytes(StandardCharsets.US_ASCII);
                        copy.writeToCopy(row, 0, row.length);
                        copy.endCopy();
                    });
            assertThat(OpenDatabase.count(storage)).isEqualTo(1);
        }
    }
}
