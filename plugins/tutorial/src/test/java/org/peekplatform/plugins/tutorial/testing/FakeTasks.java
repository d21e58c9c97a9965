package org.peekplatform.plugins.tutorial.testing;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.task.TaskContext;
import org.peekplatform.api.task.TaskHandle;
import org.peekplatform.api.task.TaskHandler;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.task.TaskStatus;
import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.Tuple;

/// Tasks that wait until [#work] is called, which tries each once, in a transaction that ends with
/// it.
public final class FakeTasks implements Tasks {
    private final Map<Class<?>, TaskHandler<?>> handlers;
    private final FakeStorage storage;
    private final List<Waiting> all = new CopyOnWriteArrayList<>();

    FakeTasks(Map<Class<?>, TaskHandler<?>> handlers, FakeStorage storage) {
        this.handlers = handlers;
        this.storage = storage;
    }

    /// How many have been queued.
    public int submitted() {
        return all.size();
    }

    /// Does what waits and has a handler; what throws is given up.
    public void work() {
        for (Waiting one : List.copyOf(all)) {
            TaskHandler<?> handler = handlers.get(one.task.getClass());
            if (one.state == TaskState.QUEUED && handler != null) {
                one.run(handler);
            }
        }
    }

    @Override
    public List<TaskHandle> submitAll(List<? extends TaskTuple> tasks, TaskOptions options) {
        return tasks.stream().map(task -> submit(task, options)).toList();
    }

    @Override
    public TaskHandle submit(TaskTuple task, TaskOptions options) {
        String key = options.uniqueKey();
        for (Waiting one : all) {
            if (key != null && key.equals(one.key) && !one.state.isOver()) {
                return one;
            }
        }
        Waiting one = new Waiting(String.valueOf(all.size() + 1), task, key);
        all.add(one);
        return one;
    }

    @Override
    public Optional<TaskHandle> find(String id) {
        return all.stream()
                .filter(one -> one.id.equals(id))
                .<TaskHandle>map(one -> one)
                .findFirst();
    }

    @Override
    public Registration schedule(String name, String cron, TaskTuple task, TaskOptions options) {
        throw new UnsupportedOperationException();
    }

    private final class Waiting implements TaskHandle, TaskContext {
        private final String id;
        private final TaskTuple task;
        private final @Nullable String key;
        private final CompletableFuture<Tuple> end = new CompletableFuture<>();
        private volatile TaskState state = TaskState.QUEUED;
        private volatile double progress;
        private volatile @Nullable String step;
        private volatile @Nullable String reason;

        Waiting(String id, TaskTuple task, @Nullable String key) {
            this.id = id;
            this.task = task;
            this.key = key;
        }

        @SuppressWarnings("unchecked") // the platform files handlers under their types
        private void run(TaskHandler<?> handler) {
            state = TaskState.RUNNING;
            try {
                Tuple result =
                        storage.inTransaction(
                                dsl ->
                                        requireNonNull(
                                                ((TaskHandler<TaskTuple>) handler)
                                                        .handle(task, this),
                                                "every task of the tutorial has a result"),
                                done -> true);
                state = TaskState.DONE;
                end.complete(result);
            } catch (RuntimeException e) {
                die(
                        e instanceof PeekException refused ? refused.code() : ErrorCode.INTERNAL,
                        String.valueOf(e.getMessage()));
            }
        }

        private void die(ErrorCode code, String message) {
            // The host makes sentences of the messages of exceptions.
            String sentence = Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
            state = TaskState.DEAD;
            reason = sentence;
            end.completeExceptionally(new PeekException(code, sentence));
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public TaskStatus status() {
            return new TaskStatus(id, state, 0, progress, step, null, reason);
        }

        @Override
        public CompletableFuture<TaskStatus> ended() {
            return end.handle((result, failure) -> status());
        }

        @Override
        public <R extends Tuple> CompletableFuture<R> result(Class<R> type) {
            return end.thenApply(type::cast);
        }

        @Override
        public boolean cancel() {
            boolean open = !state.isOver();
            if (state == TaskState.QUEUED) {
                die(ErrorCode.CANCELLED, "the task was called off");
            }
            return open;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public void progress(double done, String what) {
            progress = done;
            step = what;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public <R extends Tuple> Optional<R> previous(Class<R> type) {
            return Optional.empty();
        }
    }
}
