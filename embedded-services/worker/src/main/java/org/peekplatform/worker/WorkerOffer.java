package org.peekplatform.worker;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.task.TaskEndpoints;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.pluginhost.HostedParty;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.ServiceOffer;
import org.peekplatform.queue.PartyTaskEndpoints;
import org.peekplatform.queue.PartyTasks;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyRpc;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.RowsObserver;

/// What the worker, and each of its processes for tasks, offers to the worker parts of plugins:
/// tasks and storage, calls both ways, and the server's data and actions with a service's rights.
final class WorkerOffer implements ServiceOffer {
    private final WorkerParts worker;
    private final Map<PluginScope, Party> parties = new ConcurrentHashMap<>();

    WorkerOffer(WorkerParts worker) {
        this.worker = worker;
    }

    @Override
    public ServiceKind service() {
        return ServiceKind.WORKER;
    }

    @Override
    public void released(PluginScope scope) {
        parties.remove(scope);
        TaskProcesses processes = worker.processes();
        if (processes != null) {
            processes.released(scope);
        }
    }

    @Override
    public TupleEndpoints tuples(PluginScope scope) {
        throw notOffered("tuples");
    }

    @Override
    public ActionEndpoints actions(PluginScope scope) {
        throw notOffered("actions");
    }

    @Override
    public TupleObserver observer(PluginScope scope) {
        return new RowsObserver(worker.link(), party(scope), worker.self());
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        return new PartySender(worker.link(), party(scope), worker.self());
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        return new PartyRpc(worker.rpc(), worker.link(), party(scope), worker.threads());
    }

    @Override
    public TableClients tables(PluginScope scope) {
        return new PartyTables(worker.link(), party(scope), worker.self());
    }

    @Override
    public <T> Optional<T> capability(PluginScope scope, Class<T> type) {
        if (type == PluginStorage.class && scope.manifest().requires(ServiceKind.STORAGE)) {
            return Optional.of(type.cast(worker.database().pluginStorage(scope.plugin().name())));
        }
        if (type == TaskEndpoints.class) {
            return Optional.of(type.cast(tasks(scope)));
        }
        if (type == Tasks.class) {
            return Optional.of(
                    type.cast(new PartyTasks(worker.tasks(), worker.schedules(), party(scope))));
        }
        return Optional.empty();
    }

    private TaskEndpoints tasks(PluginScope scope) {
        TaskProcesses processes = worker.processes();
        return new PartyTaskEndpoints(
                worker.runner(),
                party(scope),
                processes == null ? null : process -> processes.handler(scope, process));
    }

    private Party party(PluginScope scope) {
        return parties.computeIfAbsent(scope, HostedParty::of);
    }

    private static PeekException notOffered(String what) {
        return new PeekException(
                ErrorCode.NOT_OFFERED,
                "worker parts of plugins cannot offer "
                        + what
                        + ", because nobody dials a worker; serve a call, and offer them in the server part");
    }
}
