package org.peekplatform.agent;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
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
import org.peekplatform.vortex.PartyRpc;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.RowsObserver;

/// What the agent offers to the agent parts of plugins: calls both ways, and the server's data and
/// actions with a service's rights.
final class AgentOffer implements ServiceOffer {
    private final AgentService agent;
    private final Map<PluginScope, Party> parties = new ConcurrentHashMap<>();

    AgentOffer(AgentService agent) {
        this.agent = agent;
    }

    @Override
    public ServiceKind service() {
        return ServiceKind.AGENT;
    }

    @Override
    public void released(PluginScope scope) {
        parties.remove(scope);
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
        return new RowsObserver(agent.link(), party(scope), agent.self());
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        return new PartySender(agent.link(), party(scope), agent.self());
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        return new PartyRpc(agent.rpc(), agent.link(), party(scope), agent.threads());
    }

    @Override
    public TableClients tables(PluginScope scope) {
        return new PartyTables(agent.link(), party(scope), agent.self());
    }

    @Override
    public <T> Optional<T> capability(PluginScope scope, Class<T> type) {
        return Optional.empty();
    }

    private Party party(PluginScope scope) {
        return parties.computeIfAbsent(scope, HostedParty::of);
    }

    private static PeekException notOffered(String what) {
        return new PeekException(
                ErrorCode.NOT_OFFERED,
                "agent parts of plugins cannot offer "
                        + what
                        + ", because nobody dials an agent; serve a call, and offer them in the server part");
    }
}
