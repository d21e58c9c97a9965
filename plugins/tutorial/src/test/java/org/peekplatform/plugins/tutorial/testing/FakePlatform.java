package org.peekplatform.plugins.tutorial.testing;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.PluginTasks;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionHandler;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.rpc.RpcPeer;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.api.storage.EditHost;
import org.peekplatform.api.storage.EditableTable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.TableEndpoints;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableClient;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.task.OwnProcess;
import org.peekplatform.api.task.TaskEndpoints;
import org.peekplatform.api.task.TaskHandler;
import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.api.tuple.ViewerTupleProvider;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// One service in memory, as a plugin sees it: real storage, providers asked on every change,
/// handlers in a transaction, and observers told after its commit. What the host would do on other
/// threads happens at once, but for tasks, which wait for [#runTasks] or go to the executor given.
public final class FakePlatform implements PluginContext, AutoCloseable {
    private final FakeStorage storage = new FakeStorage();
    private final Path folder;
    private final @Nullable Executor executor;
    private final Map<Class<?>, TupleProvider<?>> providers = new ConcurrentHashMap<>();
    private final Map<Class<?>, Audience> audiences = new ConcurrentHashMap<>();
    private final Map<Class<?>, ActionHandler<?>> handlers = new ConcurrentHashMap<>();
    private final Map<Class<?>, EditableTable<?>> tables = new ConcurrentHashMap<>();
    private final List<String> changedKeys = new CopyOnWriteArrayList<>();
    private final List<Observation<?>> observations = new CopyOnWriteArrayList<>();
    private final Deque<PluginTasks.Work> queued = new ArrayDeque<>();
    private final List<PluginTasks.Work> repeated = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, Object> served = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> capabilities = new ConcurrentHashMap<>();
    private final Map<Class<?>, TaskHandler<?>> taskHandlers = new ConcurrentHashMap<>();
    private final List<TupleSelector<?>> announced = new CopyOnWriteArrayList<>();
    private volatile @Nullable PeekException broken;
    private volatile Consumer<ActionTuple> onSend = action -> {};

    private record Observation<T extends Tuple>(
            TupleSelector<T> selector, TupleListener<T> listener, Map<Object, T> rows) {}

    /// With tasks that wait for [#runTasks].
    public FakePlatform(Path folder) {
        this(folder, null);
    }

    /// With tasks that run on `executor`.
    public FakePlatform(Path folder, @Nullable Executor executor) {
        this.folder = folder;
        this.executor = executor;
        capabilities.put(PluginStorage.class, storage);
        capabilities.put(TableEndpoints.class, endpoints());
        capabilities.put(Tasks.class, new FakeTasks(taskHandlers, storage));
        capabilities.put(TaskEndpoints.class, taskEndpoints());
    }

    /// Starts a part of the plugin here.
    public FakePlatform start(PeekPlugin part) throws Exception {
        part.start(this);
        return this;
    }

    public FakeStorage storage() {
        return storage;
    }

    public <T> void offer(Class<T> capability, T implementation) {
        capabilities.put(capability, implementation);
    }

    /// From now on everything that is sent fails; `null` mends it.
    public void breakSending(@Nullable PeekException failure) {
        broken = failure;
    }

    /// Calls `then` before each action is carried out.
    public void onSend(Consumer<ActionTuple> then) {
        onSend = then;
    }

    /// Tells observers of `type` that its rows cannot be had.
    public void reportProblem(Class<? extends Tuple> type, String message) throws Exception {
        for (Observation<?> observation : observations) {
            if (observation.selector().type() == type) {
                observation.listener().problem(ErrorCode.INTERNAL, message);
            }
        }
    }

    /// Who may observe or send `type`.
    public @Nullable Audience audience(Class<?> type) {
        return audiences.get(type);
    }

    /// What has been announced as changed, in order.
    public List<TupleSelector<?>> announced() {
        return announced;
    }

    /// The queue of tasks for workers.
    public FakeTasks queue() {
        return (FakeTasks) capability(Tasks.class);
    }

    private TaskEndpoints taskEndpoints() {
        return new TaskEndpoints() {
            @Override
            public <T extends TaskTuple> Registration handle(
                    Class<T> type, TaskHandler<T> handler) {
                taskHandlers.put(type, handler);
                return () -> taskHandlers.remove(type);
            }

            @Override
            public <T extends TaskTuple> Registration handle(
                    Class<T> type, TaskHandler<T> handler, OwnProcess process) {
                return handle(type, handler);
            }
        };
    }

    /// Runs the tasks that wait, also those that they add.
    public void runTasks() throws Exception {
        for (PluginTasks.Work next = queued.poll(); next != null; next = queued.poll()) {
            next.run();
        }
    }

    /// Runs the tasks that wait, and those that they have given to workers.
    public void work() throws Exception {
        runTasks();
        queue().work();
    }

    /// Lets a turn of every repeating task come.
    public void tick() {
        for (PluginTasks.Work work : repeated) {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// The rows that an observer of `selector` would have now.
    public <T extends Tuple> List<T> rows(TupleSelector<T> selector) {
        try {
            return provider(selector).load(selector);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of these rows, those with one of `keys`, as the host loads them after a change of some rows.
    public <T extends Tuple> Optional<List<T>> rows(TupleSelector<T> selector, Set<String> keys) {
        try {
            return provider(selector).loadRows(selector, keys);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// The keys of rows that changed alone, in order.
    public List<String> changedKeys() {
        return List.copyOf(changedKeys);
    }

    /// Sends `action` and gives its outcome.
    public ActionOutcome perform(ActionTuple action) {
        return carryOut(action);
    }

    @Override
    public PluginInfo plugin() {
        return new PluginInfo("tutorial", "1.0.0", "Tutorial");
    }

    @Override
    public ServiceKind service() {
        return ServiceKind.SERVER;
    }

    @Override
    public TupleEndpoints tuples() {
        return new TupleEndpoints() {
            @Override
            public <T extends Tuple> Registration provide(
                    Class<T> type, Audience audience, TupleProvider<T> provider) {
                providers.put(type, provider);
                audiences.put(type, audience);
                return () -> providers.remove(type);
            }

            @Override
            public <T extends Tuple> Registration providePerViewer(
                    Class<T> type, Audience audience, ViewerTupleProvider<T> provider) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void changed(TupleSelector<?> selector, Collection<?> keys) {
                keys.forEach(key -> changedKeys.add(String.valueOf(key)));
                changed(selector);
            }

            @Override
            public void changed(TupleSelector<?> selector) {
                storage.afterCommit(() -> announce(selector));
            }

            @Override
            public void changed(Class<? extends Tuple> type) {
                for (Observation<?> observation : observations) {
                    if (observation.selector().type() == type) {
                        changed(observation.selector());
                    }
                }
            }
        };
    }

    @Override
    public ActionEndpoints actions() {
        return new ActionEndpoints() {
            @Override
            public <A extends ActionTuple> Registration handle(
                    Class<A> type, Audience audience, ActionHandler<A> handler) {
                handlers.put(type, handler);
                audiences.put(type, audience);
                return () -> handlers.remove(type);
            }
        };
    }

    @Override
    public TupleObserver observer() {
        return new TupleObserver() {
            @Override
            public <T extends Tuple> CompletableFuture<List<T>> ask(TupleSelector<T> selector) {
                throw new UnsupportedOperationException();
            }

            @Override
            public <T extends Tuple> Registration observe(
                    TupleSelector<T> selector, TupleListener<T> listener) {
                Observation<T> added = new Observation<>(selector, listener, new LinkedHashMap<>());
                observations.add(added);
                deliver(added, true);
                return () -> observations.remove(added);
            }
        };
    }

    /// How many observations are open.
    public int observers() {
        return observations.size();
    }

    /// Calls end where the test serves them, whatever their target.
    @Override
    public Rpc rpc() {
        return new Rpc() {
            @Override
            public <T> Registration serve(
                    Class<T> type, Set<ServiceKind> callers, T implementation) {
                served.put(type, implementation);
                return () -> served.remove(type, implementation);
            }

            @Override
            public <T> T client(Class<T> type, RpcTarget target) {
                return type.cast(
                        Proxy.newProxyInstance(
                                type.getClassLoader(),
                                new Class<?>[] {type},
                                (proxy, method, arguments) -> call(type, method, arguments)));
            }

            @Override
            public <T> T client(Class<T> type, RpcTarget target, Duration deadline) {
                return client(type, target);
            }

            @Override
            public List<RpcPeer> peers(ServiceKind kind) {
                return List.of();
            }
        };
    }

    private @Nullable Object call(
            Class<?> type, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Object implementation = served.get(type);
        if (implementation == null) {
            throw new PeekException(
                    ErrorCode.OFFLINE, "No agent is connected to the server; nothing was sent.");
        }
        try {
            return method.invoke(implementation, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public ActionSender sender() {
        return new ActionSender() {
            @Override
            public CompletableFuture<ActionOutcome> send(ActionTuple action) {
                PeekException failure = broken;
                if (failure != null) {
                    return CompletableFuture.failedFuture(failure);
                }
                try {
                    return CompletableFuture.completedFuture(carryOut(action));
                } catch (RuntimeException e) {
                    return CompletableFuture.failedFuture(e);
                }
            }

            @Override
            public CompletableFuture<ActionOutcome> send(
                    ActionTuple action, Class<? extends Tuple> valueType) {
                return send(action);
            }
        };
    }

    @Override
    public TableClients tables() {
        return new TableClients() {
            @Override
            public <T extends Tuple> TableClient<T> of(Class<T> type) {
                return new TableClient<>() {
                    @Override
                    public CompletableFuture<TablePage<T>> read(TableQuery<T> query) {
                        return answer(() -> table(type).read(storage.dsl(), query));
                    }

                    @Override
                    public CompletableFuture<TableAnswer<T>> edit(TableEdit<T> edit) {
                        return answer(() ->
                                storage.inTransaction(
                                        dsl -> table(type).edit(dsl, edit, editHost()),
                                        answer -> true));
                    }
                };
            }
        };
    }

    private <R> CompletableFuture<R> answer(Supplier<R> work) {
        PeekException failure = broken;
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// Adds a row to the table of its type.
    public <T extends Tuple> TableAnswer<T> create(T row) {
        return edit(new TableEdit.Create<>(row), row);
    }

    /// Changes a row of the table of its type.
    public <T extends Tuple> TableAnswer<T> update(T before, T after) {
        return edit(new TableEdit.Update<>(before, after), before);
    }

    /// Deletes the row of the tutorial's table that has this id.
    public TableAnswer<StringInt> delete(long id) {
        StringInt row =
                rows(TupleSelector.of(StringInt.class)).stream()
                        .filter(one -> one.id() == id)
                        .findFirst()
                        .orElseThrow();
        return edit(new TableEdit.Delete<>(row), row);
    }

    private <T extends Tuple> TableAnswer<T> edit(TableEdit<T> edit, T row) {
        // A row's class is that of its table.
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) row.getClass();
        return tables().of(type).edit(edit).join();
    }

    /// The table offered for `type`.
    public <T extends Tuple> EditableTable<T> table(Class<T> type) {
        @SuppressWarnings("unchecked")
        EditableTable<T> found = (EditableTable<T>) tables.get(type);
        if (found == null) {
            throw new PeekException(ErrorCode.NOT_OFFERED, "no table of " + type.getSimpleName());
        }
        return found;
    }

    private TableEndpoints endpoints() {
        return new TableEndpoints() {
            @Override
            public <T extends Tuple> Registration offer(EditableTable<T> table) {
                tables.put(table.type(), table);
                return () -> tables.remove(table.type());
            }
        };
    }

    private EditHost editHost() {
        return new EditHost() {
            @Override
            public Caller caller() {
                return new Caller.Administrator("owner");
            }

            @Override
            public void changed(TupleSelector<?> selector) {
                tuples().changed(selector);
            }

            @Override
            public void afterCommit(Runnable then) {
                storage.afterCommit(then);
            }
        };
    }

    @Override
    public PluginTasks tasks() {
        return new PluginTasks() {
            @Override
            public Registration run(String name, Work work) {
                if (executor == null) {
                    queued.add(work);
                } else {
                    executor.execute(() -> call(work));
                }
                return () -> {};
            }

            @Override
            public Registration every(String name, Duration period, Work work) {
                repeated.add(work);
                return () -> repeated.remove(work);
            }
        };
    }

    @Override
    public Path dataDirectory() {
        return folder;
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        return resource;
    }

    @Override
    public <T> T capability(Class<T> type) {
        Object found = capabilities.get(type);
        if (found == null) {
            throw new PeekException(ErrorCode.NOT_OFFERED, "no " + type.getSimpleName());
        }
        return type.cast(found);
    }

    @Override
    public void close() {
        storage.close();
    }

    private <A extends ActionTuple> ActionOutcome carryOut(A action) {
        onSend.accept(action);
        @SuppressWarnings("unchecked")
        ActionHandler<A> handler = (ActionHandler<A>) handlers.get(action.getClass());
        if (handler == null) {
            throw new PeekException(ErrorCode.NOT_OFFERED, "no handler of " + action);
        }
        ActionContext context =
                new ActionContext() {
                    @Override
                    public Caller caller() {
                        return new Caller.Administrator("owner");
                    }

                    @Override
                    public void changed(TupleSelector<?> selector, Collection<?> keys) {
                        tuples().changed(selector, keys);
                    }

                    @Override
                    public void changed(TupleSelector<?> selector) {
                        tuples().changed(selector);
                    }
                };
        return storage.inTransaction(
                dsl -> handler.handle(action, context),
                outcome -> outcome instanceof ActionOutcome.Applied);
    }

    private void announce(TupleSelector<?> selector) {
        announced.add(selector);
        for (Observation<?> observation : observations) {
            if (observation.selector().equals(selector)) {
                deliver(observation, false);
            }
        }
    }

    private <T extends Tuple> void deliver(Observation<T> observation, boolean first) {
        synchronized (observation.rows()) {
            Map<Object, T> before = new LinkedHashMap<>(observation.rows());
            List<T> rows = rows(observation.selector());
            List<T> added = new ArrayList<>();
            List<T> changed = new ArrayList<>();
            observation.rows().clear();
            for (T row : rows) {
                Object key = key(row);
                T old = before.remove(key);
                if (old == null) {
                    added.add(row);
                } else if (!old.equals(row)) {
                    changed.add(row);
                }
                observation.rows().put(key, row);
            }
            List<T> removed = List.copyOf(before.values());
            if (!first && added.isEmpty() && changed.isEmpty() && removed.isEmpty()) {
                return;
            }
            try {
                observation.listener().rows(new TupleUpdate<>(rows, added, changed, removed));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private <T extends Tuple> TupleProvider<T> provider(TupleSelector<T> selector) {
        @SuppressWarnings("unchecked")
        TupleProvider<T> found = (TupleProvider<T>) providers.get(selector.type());
        if (found == null) {
            throw new IllegalStateException("nobody provides " + selector);
        }
        return found;
    }

    private static Object key(Tuple row) {
        for (var component : row.getClass().getRecordComponents()) {
            if (component.isAnnotationPresent(TupleKey.class)) {
                try {
                    return requireNonNull(component.getAccessor().invoke(row));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalStateException("no key in " + row);
    }

    private static void call(PluginTasks.Work work) {
        try {
            work.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
