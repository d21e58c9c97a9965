package org.peekplatform.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.DeviceActions;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.TableEndpoints;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.pluginhost.HostedParty;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.ServiceOffer;
import org.peekplatform.queue.PartyTasks;
import org.peekplatform.storage.PluginTables;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyDevices;
import org.peekplatform.vortex.PartyRpc;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.RowsObserver;

/// What the server offers to the server parts of plugins.
final class ServerOffer implements ServiceOffer {
    private static final Caller SELF = ServerService.SELF;

    private final ServerService server;
    private final Map<PluginScope, Party> parties = new ConcurrentHashMap<>();

    ServerOffer(ServerService server) {
        this.server = server;
    }

    @Override
    public ServiceKind service() {
        return ServiceKind.SERVER;
    }

    @Override
    public void prepare(PluginScope scope) {
        parties.put(scope, HostedParty.of(scope));
        if (scope.manifest().requires(ServiceKind.STORAGE)) {
            server.database()
                    .migrate(
                            scope.plugin().name(),
                            scope.installed().content().resolve("migrations"));
            if (!scope.manifest().reloadableTables().isEmpty()) {
                server.database()
                        .requireReloadable(
                                scope.plugin().name(), scope.manifest().reloadableTables());
            }
        }
    }

    @Override
    public void released(PluginScope scope) {
        parties.remove(scope);
    }

    @Override
    public TupleEndpoints tuples(PluginScope scope) {
        return new PartyTuples(server.observables(), party(scope));
    }

    @Override
    public ActionEndpoints actions(PluginScope scope) {
        return new PartyActions(server.actions(), party(scope));
    }

    @Override
    public TupleObserver observer(PluginScope scope) {
        return new RowsObserver(server.observables(), party(scope), SELF);
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        return new PartySender(server.actions(), party(scope), SELF);
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        return new PartyRpc(server.rpc(), server.calls(), party(scope), server.threads());
    }

    @Override
    public TableClients tables(PluginScope scope) {
        return new PartyTables(server.actions(), party(scope), SELF);
    }

    @Override
    public <T> Optional<T> capability(PluginScope scope, Class<T> type) {
        if (type == PluginStorage.class && scope.manifest().requires(ServiceKind.STORAGE)) {
            return Optional.of(type.cast(server.database().pluginStorage(scope.plugin().name())));
        }
        if (type == Tasks.class) {
            return Optional.of(
                    type.cast(new PartyTasks(server.tasks(), server.schedules(), party(scope))));
        }
        if (type == DeviceActions.class) {
            return Optional.of(
                    type.cast(new PartyDevices(server.links(), party(scope), server.threads())));
        }
        if (type == TableEndpoints.class && scope.manifest().requires(ServiceKind.STORAGE)) {
            return Optional.of(
                    type.cast(new PluginTables(server.actions(), server.database(), party(scope))));
        }
        return Optional.empty();
    }

    private Party party(PluginScope scope) {
        return parties.computeIfAbsent(scope, HostedParty::of);
    }
}
