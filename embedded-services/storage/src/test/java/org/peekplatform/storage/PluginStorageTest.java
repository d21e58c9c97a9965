package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.slf4j.LoggerFactory;

@ParameterizedClass
@EnumSource(TestEngine.class)
class PluginStorageTest {
    private final TestEngine engine;
    @TempDir Path home;

    private OpenDatabase open;
    private PluginStorage one;
    private PluginStorage two;
    private Transactions transactions;

    PluginStorageTest(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void openDatabase() {
        open = new OpenDatabase(engine, home);
        one = open.plugin("one");
        two = open.plugin("two");
        transactions = open.database.transactions();
    }

    @AfterEach
    void closeDatabase() {
        open.close();
    }

    /// What others see: another thread has no part in this one's transaction.
    private static int committed(PluginStorage storage) throws Exception {
        try (var other = PlatformThreads.perTask("test")) {
            return other.submit(() -> OpenDatabase.count(storage)).get();
        }
    }

    @Test
    void outsideATransactionEachStatementCommits() throws Exception {
        OpenDatabase.insert(one, 1);
        assertThat(committed(one)).isEqualTo(1);
    }

    @Test
    void aTransactionCommitsWhenItsWorkReturns() throws Exception {
        int seenWithin =
                one.transaction(dsl -> {
                    OpenDatabase.insert(one, 1);
                    return committed(one);
                });
        assertThat(seenWithin).isZero();
        assertThat(committed(one)).isEqualTo(1);
    }

    @Test
    void aTransactionWhoseWorkThrowsIsRolledBack() throws Exception {
        var problem = new IllegalStateException("no");
        assertThatThrownBy(() -> one.transaction(dsl -> insertAndThrow(problem))).isSameAs(problem);
        assertThat(committed(one)).isZero();
    }

    private boolean insertAndThrow(RuntimeException problem) {
        OpenDatabase.insert(one, 1);
        throw problem;
    }

    @Test
    void aCheckedExceptionComesWrapped() {
        assertThatThrownBy(() ->
                        one.transaction(dsl -> {
                            throw new IOException("no file");
                        }))
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessage("a transaction of plugin 'one' failed: no file")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void storageJoinsTheHostsTransaction() throws Exception {
        transactions.run(
                "one",
                rollback -> {
                    OpenDatabase.insert(one, 1);
                    one.transaction(
                            dsl -> dsl.execute("INSERT INTO entry (id, text) VALUES (2, 'y')"));
                    assertThat(committed(one)).isZero();
                    return 0;
                });
        assertThat(committed(one)).isEqualTo(2);
    }

    @Test
    void workThatAsksForItIsRolledBackThoughItReturns() throws Exception {
        List<String> hooks = new ArrayList<>();
        String answer =
                transactions.run(
                        "one",
                        rollback -> {
                            OpenDatabase.insert(one, 1);
                            transactions.afterCommit(() -> hooks.add("ran"));
                            rollback.request();
                            return "rejected";
                        });
        assertThat(answer).isEqualTo("rejected");
        assertThat(committed(one)).isZero();
        assertThat(hooks).isEmpty();
    }

    @Test
    void whatTheWorkThrowsReachesTheCallerUnwrapped() throws Exception {
        var problem = new IOException("no");
        assertThatThrownBy(() ->
                        transactions.run(
                                "one",
                                rollback -> {
                                    OpenDatabase.insert(one, 1);
                                    throw problem;
                                }))
                .isSameAs(problem);
        assertThat(committed(one)).isZero();
    }

    @Test
    void anErrorRollsBackToo() throws Exception {
        assertThatThrownBy(() ->
                        transactions.run(
                                "one",
                                rollback -> {
                                    OpenDatabase.insert(one, 1);
                                    throw new StackOverflowError();
                                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(committed(one)).isZero();
        OpenDatabase.insert(one, 2); // no transaction is left on this thread
        assertThat(committed(one)).isEqualTo(1);
    }

    @Test
    void anotherPluginsStorageJoinsOnTheSameConnectionWithItsOwnSchema() throws Exception {
        transactions.run(
                "one",
                rollback -> {
                    OpenDatabase.insert(one, 1);
                    OpenDatabase.insert(two, 7);
                    two.transaction(dsl -> dsl.execute("DELETE FROM entry WHERE id = 0"));
                    OpenDatabase.insert(one, 2);
                    assertThat(session(one)).isEqualTo(session(two));
                    return 0;
                });
        assertThat(committed(one)).isEqualTo(2);
        assertThat(committed(two)).isEqualTo(1);
    }

    private Object session(PluginStorage storage) {
        Object id = storage.dsl().fetchValue(engine.sessionId);
        return id == null ? "none" : id;
    }

    @Test
    void aPluginCalledInTheMiddleOfAStatementLeavesTheSchemaToItsCaller() {
        OpenDatabase.insert(one, 1);
        OpenDatabase.insert(one, 2);
        int rows =
                one.transaction(dsl ->
                        dsl.connectionResult(connection -> {
                            OpenDatabase.insert(two, 7);
                            try (var statement = connection.createStatement();
                                    var result =
                                            statement.executeQuery("SELECT COUNT(*) FROM entry")) {
                                result.next();
                                return result.getInt(1);
                            }
                        }));
        assertThat(rows).isEqualTo(2);
    }

    @Test
    void aPluginThatChangesTheSchemaOfItsConnectionDisturbsNobody() {
        for (int i = 0; i < 3; i++) {
            one.dsl().execute(engine.useTwo);
            assertThat(OpenDatabase.count(one)).isZero();
            OpenDatabase.insert(two, i);
            one.dsl().connection(connection -> connection.setSchema("two"));
            assertThat(OpenDatabase.count(one)).isZero();
        }
        assertThat(OpenDatabase.count(two)).isEqualTo(3);
    }

    @Test
    void aNestedTransactionThatThrowsTakesBackItsOwnPartAndItsHooks() throws Exception {
        List<String> hooks = new ArrayList<>();
        one.transaction(dsl -> {
            OpenDatabase.insert(one, 1);
            transactions.afterCommit(() -> hooks.add("outer"));
            assertThatThrownBy(() ->
                            two.transaction(inner -> {
                                OpenDatabase.insert(two, 7);
                                OpenDatabase.insert(one, 2);
                                transactions.afterCommit(() -> hooks.add("inner"));
                                throw new IllegalStateException("no");
                            }))
                    .isInstanceOf(IllegalStateException.class);
            OpenDatabase.insert(one, 3);
            return 0;
        });
        assertThat(one.dsl().fetch("SELECT id FROM entry ORDER BY id").getValues(0, Long.class))
                .containsExactly(1L, 3L);
        assertThat(committed(two)).isZero();
        assertThat(hooks).containsExactly("outer");
    }

    @Test
    void jooqsOwnTransactionIsJoinedByStorageAndHooksWaitForIt() throws Exception {
        List<String> hooks = new ArrayList<>();
        one.dsl()
                .transaction(configuration -> {
                    configuration.dsl().execute("INSERT INTO entry (id) VALUES (1)");
                    OpenDatabase.insert(one, 2);
                    OpenDatabase.insert(two, 7);
                    transactions.afterCommit(() -> hooks.add("done"));
                    assertThat(hooks).isEmpty();
                    assertThat(committed(one)).isZero();
                });
        assertThat(committed(one)).isEqualTo(2);
        assertThat(committed(two)).isEqualTo(1);
        assertThat(hooks).containsExactly("done");
    }

    @Test
    void jooqsNestedTransactionsAreSavepointsOfOurs() throws Exception {
        transactions.run(
                "one",
                rollback -> {
                    OpenDatabase.insert(one, 1);
                    assertThatThrownBy(() ->
                                    one.dsl()
                                            .transaction(configuration -> {
                                                OpenDatabase.insert(one, 2);
                                                throw new IOException("no");
                                            }))
                            .isInstanceOf(DataAccessException.class);
                    one.dsl()
                            .transaction(configuration ->
                                    configuration
                                            .dsl()
                                            .transaction(inner ->
                                                    inner.dsl()
                                                            .execute(
                                                                    "INSERT INTO"
                                                                            + " entry"
                                                                            + " (id)"
                                                                            + " VALUES"
                                                                            + " (3)")));
                    assertThat(committed(one)).isZero();
                    return 0;
                });
        assertThat(one.dsl().fetch("SELECT id FROM entry ORDER BY id").getValues(0, Long.class))
                .containsExactly(1L, 3L);
    }

    @Test
    void jooqsOwnTransactionThatThrowsIsRolledBackAndLeavesNothingOnTheThread() throws Exception {
        assertThatThrownBy(() ->
                        one.dsl()
                                .transaction(configuration -> {
                                    OpenDatabase.insert(one, 1);
                                    throw new IOException("no");
                                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(committed(one)).isZero();
        OpenDatabase.insert(one, 2);
        assertThat(committed(one)).isEqualTo(1);
    }

    @Test
    void hooksRunInOrderAfterTheCommitAndOneThatThrowsStopsNoOther() throws Exception {
        List<String> hooks = new ArrayList<>();
        transactions.run(
                "one",
                rollback -> {
                    OpenDatabase.insert(one, 1);
                    transactions.afterCommit(() -> hooks.add("first sees " + count(one)));
                    transactions.afterCommit(() -> {
                        throw new IllegalStateException("a hook that throws, on purpose");
                    });
                    transactions.afterCommit(() -> hooks.add("third"));
                    assertThat(hooks).isEmpty();
                    return 0;
                });
        assertThat(hooks).containsExactly("first sees 1", "third");
    }

    private static int count(PluginStorage storage) {
        try {
            return committed(storage);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHookOutsideATransactionRunsAtOnce() {
        List<String> hooks = new ArrayList<>();
        transactions.afterCommit(() -> hooks.add("now"));
        assertThat(hooks).containsExactly("now");
    }

    @Test
    void aTransactionOfTheHostWithinAnotherIsOneOfItsOwn() throws Exception {
        assertThatThrownBy(() ->
                        transactions.run(
                                "one",
                                outer -> {
                                    OpenDatabase.insert(one, 1);
                                    transactions.run(
                                            "two",
                                            inner -> {
                                                OpenDatabase.insert(two, 7);
                                                return 0;
                                            });
                                    assertThat(committed(two)).isEqualTo(1);
                                    throw new IllegalStateException("only the outer one");
                                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(committed(one)).isZero();
        assertThat(committed(two)).isEqualTo(1);
    }

    /// To end a deadlock H2 rolls back the whole transaction of the loser. One that catches the
    /// exception and goes on would commit its second half alone.
    @Test
    void aTransactionThatLostADeadlockCommitsNothing() throws Exception {
        OpenDatabase.insert(one, 1);
        OpenDatabase.insert(one, 2);
        var bothHoldARow = new CyclicBarrier(2);
        List<Throwable> losers = new ArrayList<>();
        try (var executor = PlatformThreads.perTask("test")) {
            List<Future<Integer>> runs =
                    List.of(
                            executor.submit(() -> lockBoth(1, 2, bothHoldARow)),
                            executor.submit(() -> lockBoth(2, 1, bothHoldARow)));
            for (Future<Integer> run : runs) {
                try {
                    run.get();
                } catch (ExecutionException e) {
                    losers.add(e.getCause());
                }
            }
        }
        assertThat(losers)
                .singleElement()
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrors.TRANSACTION_LOST));
        // The winner's three statements, and nothing of the loser's.
        assertThat(one.dsl().fetchValue("SELECT COUNT(DISTINCT text) FROM entry")).isEqualTo(1L);
        assertThat(OpenDatabase.count(one)).isEqualTo(3);
    }

    private int lockBoth(long first, long second, CyclicBarrier bothHoldARow) {
        return one.transaction(dsl -> {
            String by = "by " + first;
            dsl.execute("UPDATE entry SET text = ? WHERE id = ?", by, first);
            bothHoldARow.await(10, TimeUnit.SECONDS);
            try {
                dsl.execute("UPDATE entry SET text = ? WHERE id = ?", by, second);
            } catch (DataAccessException e) {
                // a plugin that thinks it can go on
                assertThat(e).hasMessageMatching("(?is).*deadlock.*");
            }
            return dsl.execute("INSERT INTO entry (id, text) VALUES (?, ?)", first + 10, by);
        });
    }

    @Test
    void whoWaitsInVainForAConnectionIsToldWhoHasThem() throws Exception {
        open.close();
        var limits =
                new ConnectionPool.Limits(2, Duration.ofMillis(300), Duration.ofSeconds(30), 2);
        open = new OpenDatabase(engine, home, limits);
        one = open.database.pluginStorage("one");
        two = open.database.pluginStorage("two");
        try (var first = one.dsl().fetchLazy("SELECT 1");
                var second = two.dsl().fetchLazy("SELECT 1")) {
            assertThat(first.hasNext() && second.hasNext()).isTrue();
            assertThatThrownBy(() -> OpenDatabase.count(one))
                    .isInstanceOfSatisfying(
                            PeekException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrors.DATABASE_BUSY))
                    .hasMessage(
                            "no database connection became free for plugin 'one' within 0 s; held"
                                    + " by plugin 'one' (1), plugin 'two' (1)");
        }
        assertThat(OpenDatabase.count(one)).isZero();
    }

    @Test
    void aPluginThatHoldsItsWholeShareLeavesTheRestToOthers() {
        open.close();
        var limits =
                new ConnectionPool.Limits(3, Duration.ofMillis(300), Duration.ofSeconds(30), 2);
        open = new OpenDatabase(engine, home, limits);
        one = open.database.pluginStorage("one");
        two = open.database.pluginStorage("two");
        try (var first = one.dsl().fetchLazy("SELECT 1");
                var second = one.dsl().fetchLazy("SELECT 1")) {
            assertThat(first.hasNext() && second.hasNext()).isTrue();
            assertThatThrownBy(() -> OpenDatabase.count(one))
                    .hasMessage(
                            "no database connection became free for plugin 'one' within 0 s; it"
                                    + " holds 2 itself, as many as it may have");
            assertThat(OpenDatabase.count(two)).isZero();
        }
        assertThat(OpenDatabase.count(one)).isZero();
    }

    @Test
    void aPluginThatKeepsAConnectionIsNamedInTheLogOnce() throws Exception {
        open.close();
        var warnings = new LinkedBlockingQueue<ILoggingEvent>();
        var appender =
                new AppenderBase<ILoggingEvent>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        warnings.add(event);
                    }
                };
        appender.start();
        var log = (Logger) LoggerFactory.getLogger(ConnectionPool.class);
        log.addAppender(appender);
        try {
            open =
                    new OpenDatabase(
                            engine,
                            home,
                            new ConnectionPool.Limits(
                                    2, Duration.ofSeconds(5), Duration.ofMillis(40), 2));
            one = open.database.pluginStorage("one");
            try (var forgotten = one.dsl().fetchLazy("SELECT 1")) {
                assertThat(forgotten.hasNext()).isTrue();
                ILoggingEvent warning = warnings.poll(10, TimeUnit.SECONDS);
                assertThat(warning).isNotNull();
                assertThat(warning.getFormattedMessage())
                        .startsWith("Plugin 'one' has held a database connection for 0 s")
                        .contains(Thread.currentThread().getName());
                assertThat(warnings.poll(200, TimeUnit.MILLISECONDS)).isNull();
            }
        } finally {
            log.detachAppender(appender);
        }
    }

    @Test
    void anUnmigratedSchemaIsNamed() {
        PluginStorage unknown = open.database.pluginStorage("unknown");
        assertThatThrownBy(() -> unknown.dsl().fetch("SELECT 1"))
                .isInstanceOf(PeekException.class)
                .hasMessage("no connection on schema 'unknown': Schema \"unknown\" not found");
        assertThat(OpenDatabase.count(one)).isZero();
    }

    @Test
    void afterClosingEveryCallSaysSo() {
        open.database.close();
        assertThatThrownBy(() -> OpenDatabase.count(one))
                .isInstanceOfSatisfying(
                        PeekException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STOPPED))
                .hasMessage("the database is closed; plugin 'one' asked for a connection");
    }

    @Test
    void closingRollsBackWhatIsUnderWay() throws Exception {
        var inserted = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        try (var executor = PlatformThreads.perTask("test")) {
            Future<Integer> work =
                    executor.submit(() ->
                            one.transaction(dsl -> {
                                OpenDatabase.insert(one, 1);
                                inserted.countDown();
                                closed.await();
                                return 0;
                            }));
            inserted.await();
            open.close();
            closed.countDown();
            assertThatThrownBy(work::get).hasCauseInstanceOf(PeekException.class);
        }
        open = new OpenDatabase(engine, home);
        assertThat(OpenDatabase.count(open.database.pluginStorage("one"))).isZero();
    }

    @Test
    void nullsComeLastAndNamesAreLowerCaseAsInPostgres() {
        one.dsl().execute("INSERT INTO entry (id, text) VALUES (1, NULL), (2, 'a')");
        assertThat(
                        one.dsl()
                                .fetch("SELECT ID FROM Entry ORDER BY text")
                                .getValues("id", Long.class))
                .containsExactly(2L, 1L);
    }
}
