package org.peekplatform.agent;

import java.util.function.Supplier;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RpcHub;
import org.peekplatform.web.Health;
import org.peekplatform.web.PluginFiles;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.TlsIdentity;

/// The agent service. It dials the server and is dialed by nobody; its site, on this machine only,
/// says how it is.
public final class AgentService implements AutoCloseable {
    private final Setup setup;
    private final RpcHub rpc;
    private final LinkClient link;

    /// What the agent is made of.
    ///
    /// @param name unique among the agents of the system
    /// @param version of the platform
    /// @param server dials the server's data exchange
    /// @param port of the site; 0 picks a free one
    /// @param health what `/health` answers
    public record Setup(
            String name,
            String version,
            LinkDialer server,
            PluginHost host,
            PlatformThreads threads,
            int port,
            TlsIdentity tls,
            Supplier<Health> health) {}

    public AgentService(Setup setup) {
        this.setup = setup;
        rpc = new RpcHub(self(), Authorisation.asDeclared());
        link =
                new LinkClient(
                        setup.name(),
                        false,
                        setup.server(),
                        setup.threads(),
                        LinkClient.Timing.USUAL);
        link.serve(rpc);
        link.announce(setup.version());
        setup.host().addService(new AgentOffer(this));
    }

    /// Begins to dial the server.
    public void start() {
        link.start();
    }

    /// Opens the site.
    public Site openSite() {
        return Site.start(
                new Site.Setup(
                        "agent site",
                        "agent.port",
                        setup.port(),
                        false,
                        setup.tls(),
                        null,
                        new PluginFiles("none"),
                        setup.health(),
                        request -> {
                            throw new PeekException(
                                    ErrorCode.NOT_OFFERED,
                                    "an agent takes no links; dial the server");
                        },
                        (_, caller) -> {
                            throw new IllegalStateException("a link of " + caller);
                        },
                        Frame.MAX_BYTES_FROM_DEVICE,
                        routes -> {}));
    }

    /// The link over which this service observes, acts, calls and is called.
    public LinkClient link() {
        return link;
    }

    /// How the link to the server stands.
    public LinkState serverLink() {
        return link.state();
    }

    RpcHub rpc() {
        return rpc;
    }

    PlatformThreads threads() {
        return setup.threads();
    }

    Caller.Service self() {
        return new Caller.Service(ServiceKind.AGENT, setup.name());
    }

    @Override
    public void close() {
        link.close();
        rpc.close();
    }
}
