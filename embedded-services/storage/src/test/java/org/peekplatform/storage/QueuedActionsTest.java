package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionHandler;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.ActionLog;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PlatformThreads;

/// Queued actions with a real database: effect and outcome are one.
@ParameterizedClass
@EnumSource(TestEngine.class)
class QueuedActionsTest {
    private static final Caller DEVICE = new Caller.Device("d1");

    private final TestEngine engine;
    @TempDir Path home;
    private final PlatformThreads threads = new PlatformThreads();
    private final AtomicInteger calls = new AtomicInteger();
    private OpenDatabase open;
    private PluginStorage storage;
    private ObservableHub observables;
    private ActionHub hub;

    @TupleType(name = "tutorial.Add")
    record Add(long id) implements ActionTuple {}

    @TupleType(name = "tutorial.Added")
    record Added(long id) implements Tuple {}

    QueuedActionsTest(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void start() {
        open = new OpenDatabase(engine, home);
        storage = open.plugin("tutorial");
        observables =
                new ObservableHub(
                        threads, open.database.transactions(), Authorisation.asDeclared());
        hub =
                new ActionHub(
                        open.database.transactions(),
                        observables,
                        Authorisation.asDeclared(),
                        open.database.actionLog());
    }

    @AfterEach
    void stop() {
        hub.close();
        observables.close();
        open.close();
    }

    private void handle(ActionHandler<Add> then) {
        new PartyActions(hub, Party.platform("tutorial"))
                .handle(
                        Add.class,
                        Audience.DEVICES,
                        (action, context) -> {
                            calls.incrementAndGet();
                            OpenDatabase.insert(storage, action.id());
                            return then.handle(action, context);
                        });
    }

    private ActionGate.Done send(long sequence, long acknowledged) throws Exception {
        return send("q", sequence, acknowledged);
    }

    private ActionGate.Done send(String queue, long sequence, long acknowledged) throws Exception {
        String json = "{\"id\":" + sequence + "}";
        return hub.actQueued(
                        "tutorial.Add",
                        json.getBytes(StandardCharsets.UTF_8),
                        DEVICE,
                        new Header.Queued(queue, sequence, acknowledged))
                .get(20, TimeUnit.SECONDS);
    }

    private int outcomes() {
        return open.database
                .platformStorage()
                .dsl()
                .fetchCount(org.jooq.impl.DSL.table("action_outcome"));
    }

    @Test
    void anOutcomeOutlivesTheProcessAndIsGivenAgainWithItsValues() throws Exception {
        handle((action, context) -> new ActionOutcome.Applied(new Added(action.id())));
        ActionGate.Done first = send(1, 0);
        assertThat(first.result()).isEqualTo(Header.Result.APPLIED);
        stop();
        start();
        handle((action, context) -> new ActionOutcome.Applied());

        ActionGate.Done again = send(1, 0);
        assertThat(again.result()).isEqualTo(Header.Result.APPLIED);
        assertThat(again.values()).asString(StandardCharsets.UTF_8).isEqualTo("[{\"id\":1}]");
        assertThat(calls).hasValue(1);
        assertThat(OpenDatabase.count(storage)).isEqualTo(1);
    }

    @Test
    void aRejectionAndAFaultAreStoredWithoutTheirEffect() throws Exception {
        handle((action, context) -> {
            if (action.id() == 1) {
                return new ActionOutcome.Rejected(
                        new ErrorCode("TUTORIAL_NO", ErrorCode.Kind.CALLER), "No, because.");
            }
            throw new IllegalStateException("a bug");
        });
        for (int round = 0; round < 2; round++) {
            ActionGate.Done rejected = send(1, 0);
            assertThat(rejected.result()).isEqualTo(Header.Result.REJECTED);
            assertThat(rejected.code()).isEqualTo("TUTORIAL_NO");
            assertThat(rejected.message()).isEqualTo("No, because.");
            assertThat(send(2, 0).code()).isEqualTo("INTERNAL");
        }
        assertThat(calls).hasValue(2);
        assertThat(OpenDatabase.count(storage)).isZero();
        assertThat(outcomes()).isEqualTo(2);
    }

    @Test
    void whatMayPassLeavesNothingBehindAndTheNumberUnused() throws Exception {
        handle((action, context) -> {
            return switch (calls.get()) {
                case 1 -> throw new PeekException(ErrorCode.OFFLINE, "The meter is not reached.");
                case 2 ->
                        throw new DataAccessException(
                                "timeout",
                                new SQLException("lock timeout", engine.lockTimeout, 50200));
                case 3 ->
                        throw new DataAccessException(
                                "deadlock", new SQLException("deadlock", "40001", 40001));
                default -> new ActionOutcome.Applied();
            };
        });
        for (int round = 0; round < 3; round++) {
            assertThat(send(1, 0).isFinal()).isFalse();
            assertThat(OpenDatabase.count(storage)).isZero();
            assertThat(outcomes()).isZero();
        }
        assertThat(send(1, 0).result()).isEqualTo(Header.Result.APPLIED);
        assertThat(OpenDatabase.count(storage)).isEqualTo(1);
    }

    @Test
    void acknowledgedOutcomesAreForgottenAndTheirNumbersAreNot() throws Exception {
        handle((action, context) -> new ActionOutcome.Applied());
        send(1, 0);
        send(2, 0);
        send(3, 2);

        assertThat(outcomes()).isEqualTo(1);
        assertThat(send(2, 0).code()).isEqualTo("FORGOTTEN");
        assertThat(send(5, 3).message()).contains("goes on with number 4");
        assertThat(calls).hasValue(3);
    }

    @Test
    void whatAPluginSaysAtAnyLengthIsStored() throws Exception {
        handle((action, context) ->
                new ActionOutcome.Rejected(
                        new ErrorCode("X".repeat(5_000), ErrorCode.Kind.CALLER),
                        "é".repeat(50_000)));

        assertThat(send(1, 0).result()).isEqualTo(Header.Result.REJECTED);
        assertThat(send(1, 0).message()).hasSize(4_001);
    }

    @Test
    void aDeviceThatBeginsTooManyQueuesLosesTheOldest() throws Exception {
        handle((action, context) -> {
            storage.dsl().execute("DELETE FROM entry");
            return new ActionOutcome.Applied();
        });
        for (int i = 0; i < DatabaseActionLog.MAX_QUEUES + 5; i++) {
            assertThat(send("q" + i, 1, 0).isFinal()).isTrue();
        }
        assertThat(
                        open.database
                                .platformStorage()
                                .dsl()
                                .fetchCount(org.jooq.impl.DSL.table("action_queue")))
                .isEqualTo(DatabaseActionLog.MAX_QUEUES);
        assertThat(outcomes()).isEqualTo(DatabaseActionLog.MAX_QUEUES);
    }

    @Test
    void queuesOfDevicesThatAreGoneAreForgotten() throws Exception {
        handle((action, context) -> new ActionOutcome.Applied());
        send(1, 0);
        DatabaseActionLog log = (DatabaseActionLog) open.database.actionLog();

        assertThat(log.forgetUnheardSince(OffsetDateTime.now(ZoneOffset.UTC).minusDays(90)))
                .isZero();
        assertThat(log.forgetUnheardSince(OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(1)))
                .isEqualTo(1);
        assertThat(outcomes()).isZero();
        assertThat(send(2, 1).code()).isEqualTo("OUT_OF_ORDER");
    }

    // The lane of a device keeps its actions apart within a process; between processes only the
    // database can.
    @Test
    void twoThatCarryOutTheSameNumberAtOnceHaveOneEffect() throws Exception {
        ActionLog log = open.database.actionLog();
        ActionLog.Numbered zero =
                new ActionLog.Numbered("device:d1", "tutorial", new Header.Queued("q", 1, 0));
        log.once(zero, () -> ActionGate.Done.applied(new byte[0]));
        ActionLog.Numbered number =
                new ActionLog.Numbered("device:d1", "tutorial", new Header.Queued("q", 2, 0));
        AtomicInteger ran = new AtomicInteger();
        Runnable one =
                () -> {
                    try {
                        log.once(
                                number,
                                () -> {
                                    ran.incrementAndGet();
                                    OpenDatabase.insert(storage, 2);
                                    return ActionGate.Done.applied(new byte[0]);
                                });
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                };
        Thread first = Thread.ofVirtual().start(one);
        Thread second = Thread.ofVirtual().start(one);
        first.join();
        second.join();

        assertThat(ran).hasValue(1);
        assertThat(OpenDatabase.count(storage)).isEqualTo(1);
    }

    @Test
    void afterTheDatabaseIsClosedNothingIsSaidToBeDurable() {
        ActionLog log = open.database.actionLog();
        assertThat(log.durable()).succeedsWithin(java.time.Duration.ofSeconds(10));
        open.close();

        assertThatThrownBy(() -> log.durable().get(10, TimeUnit.SECONDS))
                .hasMessageContaining("the database is closed");
    }
}
