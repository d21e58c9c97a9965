package org.peekplatform.client;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.pluginhost.HostedParty;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.ServiceOffer;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyRpc;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.RowsObserver;

/// What the client service offers to the client parts of plugins: their own data and actions for
/// devices, and the server's.
final class ClientOffer implements ServiceOffer {
    private final ClientService client;
    private final Map<PluginScope, Party> parties = new ConcurrentHashMap<>();

    ClientOffer(ClientService client) {
        this.client = client;
    }

    @Override
    public ServiceKind service() {
        return ServiceKind.CLIENT;
    }

    @Override
    public void released(PluginScope scope) {
        parties.remove(scope);
    }

    @Override
    public TupleEndpoints tuples(PluginScope scope) {
        return new PartyTuples(client.local(), party(scope));
    }

    @Override
    public ActionEndpoints actions(PluginScope scope) {
        return new PartyActions(client.localActions(), party(scope));
    }

    @Override
    public TupleObserver observer(PluginScope scope) {
        return new RowsObserver(client.ownTopics(), party(scope), client.self());
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        return new PartySender(client.ownGate(), party(scope), client.self());
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        return new PartyRpc(client.rpc(), client.ownLink(), party(scope), client.threads());
    }

    @Override
    public TableClients tables(PluginScope scope) {
        return new PartyTables(client.ownGate(), party(scope), client.self());
    }

    @Override
    public <T> Optional<T> capability(PluginScope scope, Class<T> type) {
        return Optional.empty();
    }

    private Party party(PluginScope scope) {
        return parties.computeIfAbsent(scope, HostedParty::of);
    }
}
