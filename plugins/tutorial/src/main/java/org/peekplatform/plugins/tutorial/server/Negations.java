package org.peekplatform.plugins.tutorial.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.task.TaskHandle;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.task.TaskStatus;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.tuples.Negate;
import org.peekplatform.plugins.tutorial.tuples.Negated;
import org.peekplatform.plugins.tutorial.tuples.Negation;

/// Has a worker negate a number now and then, and shows what became of it.
final class Negations {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final TupleSelector<Negation> NEGATIONS = TupleSelector.of(Negation.class);

    /// While one waits for a worker, submitting gives that one again.
    private static final TaskOptions ONE_AT_A_TIME =
            TaskOptions.USUAL.withUniqueKey("negate").withKeep(Duration.ofHours(1));

    private final PluginContext context;
    private final Tasks tasks;
    private final InstantSource clock;
    private @Nullable Negation latest;
    private long next = 1;

    Negations(PluginContext context, InstantSource clock) {
        this.context = context;
        this.tasks = context.capability(Tasks.class);
        this.clock = clock;
    }

    void open() {
        context.tuples().provide(Negation.class, Audience.DEVICES, selector -> shown());
        context.tasks().every("tutorial-negate", EVERY, this::turn);
    }

    private synchronized List<Negation> shown() {
        return latest == null ? List.of() : List.of(latest);
    }

    private void turn() {
        Negation open = open(shown());
        if (open != null) {
            // Perhaps there is no worker, or it failed at it.
            tasks.find(open.taskId())
                    .ifPresent(task -> show(open.taskId(), open.number(), task.status(), null));
            return;
        }
        long number = next++;
        TaskHandle task = tasks.submit(new Negate(number), ONE_AT_A_TIME);
        show(task.id(), number, task.status(), null);
        task.result(Negated.class)
                .whenComplete((result, failure) -> ended(task, number, result, failure));
    }

    private void ended(
            TaskHandle task, long number, @Nullable Negated result, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
        TaskStatus end =
                new TaskStatus(
                        task.id(),
                        cause == null ? TaskState.DONE : TaskState.DEAD,
                        1,
                        1,
                        null,
                        null,
                        cause == null ? null : cause.getMessage());
        // One that waited since before a restart has a number of its own.
        show(task.id(), result == null ? number : -result.number(), end, result);
    }

    private static @Nullable Negation open(List<Negation> shown) {
        return shown.isEmpty() || shown.getFirst().state().isOver() ? null : shown.getFirst();
    }

    private void show(String id, long number, TaskStatus status, @Nullable Negated result) {
        synchronized (this) {
            Negation before = latest != null && latest.taskId().equals(id) ? latest : null;
            // The end may be heard of before the submission has been shown.
            if (before != null && before.state().isOver() && !status.state().isOver()) {
                return;
            }
            latest =
                    new Negation(
                            id,
                            number,
                            status.state(),
                            result == null ? null : Long.valueOf(result.number()),
                            status.reason(),
                            before != null && before.state() == status.state()
                                    ? before.changedAt()
                                    : clock.instant());
        }
        context.tuples().changed(NEGATIONS);
    }
}
