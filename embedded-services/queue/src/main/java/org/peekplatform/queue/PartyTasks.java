package org.peekplatform.queue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.task.TaskHandle;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.task.TaskStatus;
import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.vortex.Party;

/// The queue, as the plugin that submits sees it.
public final class PartyTasks implements Tasks {
    static final int MAX_BYTES = 1 << 20;

    private final TaskEngine engine;
    private final Schedules schedules;
    private final Party party;

    public PartyTasks(TaskEngine engine, Schedules schedules, Party party) {
        this.engine = engine;
        this.schedules = schedules;
        this.party = party;
    }

    @Override
    public TaskHandle submit(TaskTuple task, TaskOptions options) {
        return new Handle(engine.submit(encoded(task, options)));
    }

    @Override
    public List<TaskHandle> submitAll(List<? extends TaskTuple> tasks, TaskOptions options) {
        List<NewTask> encoded = tasks.stream().map(task -> encoded(task, options)).toList();
        return engine.submitAll(encoded).stream().<TaskHandle>map(Handle::new).toList();
    }

    @Override
    public Optional<TaskHandle> find(String id) {
        long number;
        try {
            number = Long.parseLong(id);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return engine.find(number)
                .filter(task -> task.plugin().equals(party.name()))
                .map(task -> new Handle(task.id()));
    }

    @Override
    public Registration schedule(String name, String cron, TaskTuple task, TaskOptions options) {
        TaskOptions once =
                options.uniqueKey() == null ? options.withUniqueKey("schedule:" + name) : options;
        return party.owner().register(schedules.add(party.name(), name, cron, encoded(task, once)));
    }

    private NewTask encoded(TaskTuple task, TaskOptions options) {
        TaskOptions.Then then = options.then();
        return new NewTask(
                party.name(),
                nameOf(party, task.getClass()),
                json(party, task),
                options,
                then == null ? null : encoded(then.task(), then.options()));
    }

    static byte[] json(Party party, Tuple tuple) {
        byte[] json = party.codec().encode(tuple);
        if (json.length > MAX_BYTES) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    party.codec().nameOf(tuple.getClass())
                            + " has "
                            + json.length
                            + " bytes as JSON, more than 1 MiB; put what is large into a table and its"
                            + " key into the task");
        }
        return json;
    }

    static String nameOf(Party party, Class<? extends TaskTuple> type) {
        String name = party.codec().nameOf(type);
        if (!name.startsWith(party.name() + ".")) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the name of "
                            + type.getName()
                            + ", '"
                            + name
                            + "', must begin with '"
                            + party.name()
                            + ".'");
        }
        return name;
    }

    private final class Handle implements TaskHandle {
        private final long id;

        Handle(long id) {
            this.id = id;
        }

        @Override
        public String id() {
            return String.valueOf(id);
        }

        @Override
        public TaskStatus status() {
            return engine.find(id).orElseThrow(() -> EndedFutures.forgotten(id)).status();
        }

        @Override
        public CompletableFuture<TaskStatus> ended() {
            return engine.ended(id).thenApply(Task::status);
        }

        @Override
        public <R extends Tuple> CompletableFuture<R> result(Class<R> type) {
            return engine.ended(id).thenApply(task -> resultOf(task, type));
        }

        @Override
        public boolean cancel() {
            return engine.cancel(id);
        }
    }

    private <R extends Tuple> R resultOf(Task task, Class<R> type) {
        if (task.state() == TaskState.DEAD) {
            ErrorCode code = task.code();
            throw new PeekException(
                    code == null ? ErrorCode.INTERNAL : code, String.valueOf(task.reason()));
        }
        byte @Nullable [] json = task.result();
        if (json == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "task " + task.id() + " is done and returned nothing");
        }
        return party.codec().decode(json, type);
    }
}
