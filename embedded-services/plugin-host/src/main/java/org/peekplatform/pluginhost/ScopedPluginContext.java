package org.peekplatform.pluginhost;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.PluginTasks;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;

/// The context of one part of a plugin: what the service offers, within the scope of this run.
/// After the end of `stop` only [#plugin] and [#service] still answer.
final class ScopedPluginContext implements PluginContext {
    /// Who offers what, by name of class, as the host has no need to see these classes.
    private static final Map<String, String> OFFERED_ON =
            Map.of(
                    "org.peekplatform.api.storage.PluginStorage", "server and worker",
                    "org.peekplatform.api.task.Tasks", "server and worker",
                    "org.peekplatform.api.task.TaskEndpoints", "worker",
                    "org.peekplatform.api.action.DeviceActions", "server",
                    "org.peekplatform.api.storage.TableEndpoints", "server",
                    "org.peekplatform.api.desktop.DesktopUi", "desktop and admin");

    private static final Set<String> STORAGE =
            Set.of(
                    "org.peekplatform.api.storage.PluginStorage",
                    "org.peekplatform.api.storage.TableEndpoints");

    private static final Set<String> TASKS =
            Set.of("org.peekplatform.api.task.Tasks", "org.peekplatform.api.task.TaskEndpoints");

    private final HostedScope scope;
    private final ServiceOffer offer;
    private final Path dataDirectory;
    private final PluginTasks tasks;
    private final Once<TupleEndpoints> tuples = new Once<>();
    private final Once<ActionEndpoints> actions = new Once<>();
    private final Once<TupleObserver> observer = new Once<>();
    private final Once<ActionSender> sender = new Once<>();
    private final Once<Rpc> rpc = new Once<>();
    private final Once<TableClients> tables = new Once<>();

    ScopedPluginContext(
            HostedScope scope, ServiceOffer offer, PluginTasks tasks, Path dataDirectory) {
        this.scope = scope;
        this.offer = offer;
        this.tasks = tasks;
        this.dataDirectory = dataDirectory;
    }

    @Override
    public PluginInfo plugin() {
        return scope.plugin();
    }

    @Override
    public ServiceKind service() {
        return scope.service();
    }

    @Override
    public TupleEndpoints tuples() {
        return open(tuples, offer::tuples);
    }

    @Override
    public ActionEndpoints actions() {
        return open(actions, offer::actions);
    }

    @Override
    public TupleObserver observer() {
        return open(observer, offer::observer);
    }

    @Override
    public ActionSender sender() {
        return open(sender, offer::sender);
    }

    @Override
    public Rpc rpc() {
        return open(rpc, offer::rpc);
    }

    @Override
    public TableClients tables() {
        return open(tables, offer::tables);
    }

    @Override
    public PluginTasks tasks() {
        scope.checkOpen();
        return tasks;
    }

    @Override
    public Path dataDirectory() {
        scope.checkOpen();
        try {
            return Files.createDirectories(dataDirectory);
        } catch (IOException problem) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the folder %s of plugin '%s' cannot be made (%s); check disk space and permissions"
                            .formatted(dataDirectory, scope.plugin().name(), problem),
                    problem);
        }
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        requireNonNull(resource, "resource");
        return scope.own(resource);
    }

    @Override
    public <T> T capability(Class<T> type) {
        requireNonNull(type, "type");
        scope.checkOpen();
        if (STORAGE.contains(type.getName()) && !scope.manifest().requires(ServiceKind.STORAGE)) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "plugin '%s' asks for %s, but its manifest does not name 'storage' in 'requiresServices'; add it there"
                            .formatted(scope.plugin().name(), type.getSimpleName()));
        }
        if (TASKS.contains(type.getName()) && !scope.manifest().requires(ServiceKind.WORKER)) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "plugin '%s' asks for %s, but its manifest does not name 'worker' in 'requiresServices'; add it there"
                            .formatted(scope.plugin().name(), type.getSimpleName()));
        }
        return offer.capability(scope, type)
                .orElseThrow(() -> {
                    String where = OFFERED_ON.get(type.getName());
                    return new PeekException(
                            ErrorCode.NOT_OFFERED,
                            where == null
                                    ? "plugin '%s' asks for %s, which no service offers"
                                            .formatted(scope.plugin().name(), type.getSimpleName())
                                    : "plugin '%s' asks for %s on %s, which does not offer it; ask for it on %s"
                                            .formatted(
                                                    scope.plugin().name(),
                                                    type.getSimpleName(),
                                                    scope.service().id(),
                                                    where));
                });
    }

    private <T> T open(Once<T> slot, Function<PluginScope, T> source) {
        scope.checkOpen();
        return slot.get(() -> source.apply(scope));
    }

    /// Holds the first value made; a failure to make one is not held.
    private static final class Once<T> {
        private @Nullable T value;

        synchronized T get(java.util.function.Supplier<T> make) {
            T known = value;
            if (known == null) {
                known = make.get();
                value = known;
            }
            return known;
        }
    }
}
