package org.peekplatform.admin;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.queue.Task;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Sentences;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tasks of all plugins for administrators, and what they may do to them.
final class TaskAdmin {
    /// Shown at most, the latest changes first.
    static final int MOST = 200;

    /// Tasks change in other processes as well, so the list is renewed from time to time for those
    /// who look at it.
    private static final Duration RENEWED = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(TaskAdmin.class);

    private final TaskEngine engine;
    private final PlatformThreads threads;
    private final AtomicBoolean closed = new AtomicBoolean();

    TaskAdmin(TaskEngine engine, PlatformThreads threads) {
        this.engine = engine;
        this.threads = threads;
    }

    Registration offer(PartyTuples tuples, PartyActions actions) {
        tuples.provide(TaskRow.class, Audience.ADMINISTRATORS, this::tasks);
        tuples.provide(TaskCounts.class, Audience.ADMINISTRATORS, selector -> List.of(counts()));
        actions.handle(
                RetryTask.class,
                Audience.ADMINISTRATORS,
                (action, context) -> {
                    ActionOutcome outcome = retry(action.id(), context);
                    changed(tuples);
                    return outcome;
                });
        actions.handle(
                CancelTask.class,
                Audience.ADMINISTRATORS,
                (action, context) -> {
                    ActionOutcome outcome = cancel(action.id(), context);
                    changed(tuples);
                    return outcome;
                });
        renewLater(tuples);
        return () -> closed.set(true);
    }

    private void renewLater(PartyTuples tuples) {
        threads.later(
                RENEWED,
                () -> {
                    if (!closed.get()) {
                        changed(tuples);
                        renewLater(tuples);
                    }
                });
    }

    private static void changed(PartyTuples tuples) {
        tuples.changed(TaskRow.class);
        tuples.changed(TaskCounts.class);
    }

    private List<TaskRow> tasks(TupleSelector<TaskRow> selector) {
        String wanted = selector.key().get("state");
        TaskState state = wanted == null ? null : state(wanted);
        return engine.list(new TaskEngine.Query(state, null, MOST)).stream()
                .map(TaskAdmin::row)
                .toList();
    }

    private static TaskState state(String wanted) {
        return Arrays.stream(TaskState.values())
                .filter(state -> idOf(state).equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new PeekException(
                                ErrorCode.BAD_REQUEST,
                                "tasks are not listed by state '"
                                        + wanted
                                        + "'; they are by the states "
                                        + Arrays.stream(TaskState.values())
                                                .map(TaskAdmin::idOf)
                                                .collect(Collectors.joining(", "))));
    }

    private static String idOf(TaskState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static TaskRow row(Task task) {
        return new TaskRow(
                String.valueOf(task.id()),
                task.plugin(),
                task.type(),
                idOf(task.state()),
                task.attempts(),
                task.mostAttempts(),
                task.progress(),
                task.step(),
                task.reason(),
                task.worker(),
                task.submittedAt(),
                task.changedAt(),
                task.dueAt(),
                text(task.afterId()),
                task.cancelRequested());
    }

    private static @Nullable String text(@Nullable Long number) {
        return number == null ? null : number.toString();
    }

    private TaskCounts counts() {
        Map<TaskState, Long> counts = engine.counts();
        return new TaskCounts(
                counts.getOrDefault(TaskState.QUEUED, 0L),
                counts.getOrDefault(TaskState.RUNNING, 0L),
                counts.getOrDefault(TaskState.DONE, 0L),
                counts.getOrDefault(TaskState.FAILED, 0L),
                counts.getOrDefault(TaskState.DEAD, 0L));
    }

    private ActionOutcome retry(String id, ActionContext context) {
        try {
            if (!engine.retry(number(id))) {
                return new ActionOutcome.Rejected(
                        ErrorCode.CONFLICT,
                        "Task " + id + " is not dead, so there is nothing to try again.");
            }
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
        log.info("{} had task {} tried again", context.caller(), id);
        return new ActionOutcome.Applied();
    }

    private ActionOutcome cancel(String id, ActionContext context) {
        try {
            if (!engine.cancel(number(id))) {
                return new ActionOutcome.Rejected(
                        ErrorCode.CONFLICT, "Task " + id + " is over already.");
            }
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
        log.info("{} called task {} off", context.caller(), id);
        return new ActionOutcome.Applied();
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "'" + id + "' is no task", e);
        }
    }
}
