package org.peekplatform.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.queue.Claim;
import org.peekplatform.queue.NewTask;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.RowsObserver;

class TaskAdminTest {
    private static final Caller ADA = new Caller.Administrator("ada");

    @TempDir Path home;
    private AdminFixture fixture;
    private LinkClient link;

    @BeforeEach
    void start() {
        fixture = new AdminFixture(home);
        link = fixture.administrator(fixture.login());
    }

    @AfterEach
    void stop() {
        link.close();
        fixture.close();
    }

    private long submit() {
        return fixture.tasks.submit(
                new NewTask(
                        "pump",
                        "pump.Fill",
                        "{}".getBytes(StandardCharsets.UTF_8),
                        TaskOptions.USUAL,
                        null));
    }

    private void killNext() {
        Claim claim = fixture.tasks.claim("w", Set.of("pump.Fill"), 1).getFirst();
        fixture.tasks.fail(
                claim, new TaskEngine.Failure(ErrorCode.BAD_REQUEST, "There is no pump.", false));
    }

    private <T extends Tuple> List<T> rows(TupleSelector<T> selector) throws Exception {
        CompletableFuture<List<T>> rows = new CompletableFuture<>();
        try (Registration observation =
                new RowsObserver(link, Party.platform("test"), ADA)
                        .observe(selector, update -> rows.complete(update.rows()))) {
            return rows.get(20, TimeUnit.SECONDS);
        }
    }

    private ActionOutcome act(ActionTuple action) throws Exception {
        return new PartySender(link, Party.platform("test"), ADA)
                .send(action)
                .get(20, TimeUnit.SECONDS);
    }

    private String refusal(ActionTuple action) throws Exception {
        return act(action) instanceof ActionOutcome.Rejected no ? no.message() : "not refused";
    }

    @Test
    void tasksAreListedWithTheirStatesAndReasonsAndCounted() throws Exception {
        long dead = submit();
        killNext();
        long queued = submit();

        assertThat(rows(TupleSelector.of(TaskRow.class)))
                .extracting(TaskRow::id)
                .containsExactlyInAnyOrder(String.valueOf(dead), String.valueOf(queued));
        assertThat(rows(TupleSelector.of(TaskRow.class).with("state", "dead")))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.reason()).isEqualTo("There is no pump.");
                    assertThat(row.attempts()).isEqualTo(1);
                    assertThat(row.worker()).isEqualTo("w");
                });
        assertThat(rows(TupleSelector.of(TaskCounts.class)))
                .containsExactly(new TaskCounts(1, 0, 0, 0, 1));
    }

    @Test
    void aStateThatThereIsNotIsRefusedWithThoseThereAre() throws Exception {
        CompletableFuture<String> problem = new CompletableFuture<>();
        try (Registration observation =
                new RowsObserver(link, Party.platform("test"), ADA)
                        .observe(
                                TupleSelector.of(TaskRow.class).with("state", "lost"),
                                new TupleListener<TaskRow>() {
                                    @Override
                                    public void rows(TupleUpdate<TaskRow> update) {
                                        problem.complete("rows");
                                    }

                                    @Override
                                    public void problem(ErrorCode code, String message) {
                                        problem.complete(message);
                                    }
                                })) {
            assertThat(problem.get(20, TimeUnit.SECONDS))
                    .contains(
                            "by state 'lost'; they are by the states queued, running, done, failed, dead");
        }
    }

    @Test
    void aDeadTaskIsTriedAgainAndAQueuedOneIsCancelled() throws Exception {
        long id = submit();
        killNext();
        String text = String.valueOf(id);

        assertThat(act(new RetryTask(text))).isEqualTo(new ActionOutcome.Applied());
        assertThat(fixture.tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
        assertThat(refusal(new RetryTask(text)))
                .isEqualTo("Task " + id + " is not dead, so there is nothing to try again.");

        assertThat(act(new CancelTask(text))).isEqualTo(new ActionOutcome.Applied());
        assertThat(fixture.tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(refusal(new CancelTask(text))).isEqualTo("Task " + id + " is over already.");
        assertThat(refusal(new CancelTask("x"))).isEqualTo("'x' is no task.");
    }

    @Test
    void devicesNeitherSeeNorChangeTasks() {
        long id = submit();
        try (LinkClient device = fixture.device()) {
            assertThatThrownBy(() ->
                            new PartySender(
                                            device,
                                            Party.platform("test"),
                                            new Caller.Device("phone"))
                                    .send(new CancelTask(String.valueOf(id)))
                                    .get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("admin.CancelTask");
        }
        assertThat(fixture.tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
    }
}
