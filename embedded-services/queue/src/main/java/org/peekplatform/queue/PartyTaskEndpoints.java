package org.peekplatform.queue;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Registration;
import org.peekplatform.api.task.OwnProcess;
import org.peekplatform.api.task.TaskContext;
import org.peekplatform.api.task.TaskEndpoints;
import org.peekplatform.api.task.TaskHandler;
import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.vortex.Party;

/// The queue, as the plugin that does tasks sees it.
public final class PartyTaskEndpoints implements TaskEndpoints {
    private final TaskRunner runner;
    private final Party party;
    private final @Nullable Elsewhere elsewhere;

    /// Has tasks of the plugin done in processes of their own.
    @FunctionalInterface
    public interface Elsewhere {
        TaskRunner.Handler handler(OwnProcess process);
    }

    /// @param elsewhere `null` in such a process
    public PartyTaskEndpoints(TaskRunner runner, Party party, @Nullable Elsewhere elsewhere) {
        this.runner = runner;
        this.party = party;
        this.elsewhere = elsewhere;
    }

    @Override
    public <T extends TaskTuple> Registration handle(Class<T> type, TaskHandler<T> handler) {
        requireNonNull(handler, "handler");
        return register(type, (claim, run) -> call(type, handler, claim, run));
    }

    @Override
    public <T extends TaskTuple> Registration handle(
            Class<T> type, TaskHandler<T> handler, OwnProcess process) {
        requireNonNull(handler, "handler");
        requireNonNull(process, "process");
        return elsewhere == null
                ? handle(type, handler)
                : register(type, elsewhere.handler(process));
    }

    private Registration register(Class<? extends TaskTuple> type, TaskRunner.Handler handler) {
        String name = PartyTasks.nameOf(party, requireNonNull(type, "type"));
        return party.owner().register(runner.handle(name, handler));
    }

    private <T extends TaskTuple> byte @Nullable [] call(
            Class<T> type, TaskHandler<T> handler, Claim claim, TaskRunner.Run run)
            throws Exception {
        T task = party.codec().decode(claim.payload(), type);
        Optional<Tuple> result =
                party.guard()
                        .call(
                                "task " + claim.type(),
                                () ->
                                        Optional.ofNullable(
                                                handler.handle(task, new Context(claim, run))));
        return result.map(tuple -> PartyTasks.json(party, tuple)).orElse(null);
    }

    private final class Context implements TaskContext {
        private final Claim claim;
        private final TaskRunner.Run run;

        Context(Claim claim, TaskRunner.Run run) {
            this.claim = claim;
            this.run = run;
        }

        @Override
        public String id() {
            return String.valueOf(claim.id());
        }

        @Override
        public int attempt() {
            return claim.attempt();
        }

        @Override
        public void progress(double done, String step) {
            run.progress(done, requireNonNull(step, "step"));
        }

        @Override
        public boolean isCancelled() {
            return run.isCancelled();
        }

        @Override
        public <R extends Tuple> Optional<R> previous(Class<R> type) {
            byte @Nullable [] previous = claim.previous();
            return previous == null
                    ? Optional.empty()
                    : Optional.of(party.codec().decode(previous, type));
        }
    }
}
