package org.peekplatform.client;

import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.RunningViews;
import org.peekplatform.pluginhost.View;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.DeviceReporter;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkLimits;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;
import org.peekplatform.vortex.RpcHub;
import org.peekplatform.vortex.TopicSource;
import org.peekplatform.vortex.Transactions;
import org.peekplatform.web.DeviceCookie;
import org.peekplatform.web.DeviceGate;
import org.peekplatform.web.Health;
import org.peekplatform.web.PluginFiles;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.DeviceMessages;
import org.peekplatform.web.identity.TlsIdentity;

/// The client service: devices connect to it, it connects to the server.
public final class ClientService implements AutoCloseable {
    private final Setup setup;
    private final ObservableHub local;
    private final ActionHub localActions;
    private final RpcHub rpc;
    private final LinkClient own;
    private final LinkClient forDevices;
    private final LinkService links;
    private final DeviceReporter reporter;
    private final PluginFiles files = new PluginFiles("mobile");
    private final PartyTuples tuples;
    private final Registration watch;
    private final Registration linkWatch;
    private final DeviceGate gate;
    private final RowsObserver revoked;

    /// What the client service is made of.
    ///
    /// @param name unique among the client services of the system
    /// @param version of the platform
    /// @param server dials the server's data exchange
    /// @param port of the site; 0 picks a free one
    /// @param network whether other machines may connect
    /// @param devices what the link of each device may take up
    /// @param tls who the site is over TLS
    /// @param cookieKey secret of this service that the cookies of devices are signed with
    /// @param health what `/health` answers
    public record Setup(
            String name,
            String version,
            LinkDialer server,
            PluginHost host,
            PlatformThreads threads,
            int port,
            boolean network,
            LinkLimits devices,
            TlsIdentity tls,
            String cookieKey,
            InstantSource clock,
            Supplier<Health> health) {}

    public ClientService(Setup setup) {
        this.setup = setup;
        local = new ObservableHub(setup.threads(), Transactions.none(), Authorisation.asDeclared());
        localActions = new ActionHub(Transactions.none(), local, Authorisation.asDeclared());
        own =
                new LinkClient(
                        setup.name(),
                        false,
                        setup.server(),
                        setup.threads(),
                        LinkClient.Timing.USUAL);
        rpc = new RpcHub(self(), Authorisation.asDeclared());
        own.serve(rpc);
        own.announce(setup.version());
        forDevices =
                new LinkClient(
                        setup.name() + " for its devices",
                        true,
                        setup.server(),
                        setup.threads(),
                        LinkClient.Timing.USUAL);
        links =
                new LinkService(
                        ServiceKind.CLIENT,
                        setup.name(),
                        setup.version(),
                        new CachingSource(local, forDevices),
                        new ProxyGate(localActions, forDevices),
                        setup.devices());
        forDevices.perform(links);
        reporter = new DeviceReporter(own, self(), setup.threads(), setup.clock());
        links.watch(reporter);
        tuples = new PartyTuples(local, Party.platform("peek"));
        tuples.provide(
                View.class,
                Audience.DEVICES,
                selector -> RunningViews.of(setup.host(), ServiceKind.MOBILE));
        tuples.provide(
                Upstream.class,
                Audience.DEVICES,
                selector -> List.of(Upstream.of(forDevices.state())));
        Party platform = Party.platform("peek");
        gate =
                new DeviceGate(
                        new UpstreamRegistrar(
                                new PartySender(own, platform, self()), setup.threads()),
                        setup.cookieKey(),
                        setup.clock());
        revoked = new RowsObserver(own, platform, self());
        linkWatch = forDevices.onState(state -> tuples.changed(Upstream.class));
        setup.host().addService(new ClientOffer(this));
        watch = setup.host().onChange(this::pluginsChanged);
    }

    /// Begins to dial the server.
    public void start() {
        own.start();
        forDevices.start();
    }

    /// Opens the site for devices.
    public Site openSite() {
        Site site =
                Site.start(
                        new Site.Setup(
                                "client site",
                                "client.port",
                                setup.port(),
                                setup.network(),
                                setup.tls(),
                                "peek/web/client",
                                files,
                                setup.health(),
                                gate,
                                links,
                                Frame.MAX_BYTES_FROM_DEVICE,
                                routes -> {
                                    gate.addTo(routes);
                                    routes.before("/", ClientService::greet);
                                }));
        revoked.observe(
                TupleSelector.of(DeviceMessages.Revoked.class),
                update -> {
                    gate.revoked(
                            update.rows().stream()
                                    .map(DeviceMessages.Revoked::id)
                                    .collect(Collectors.toUnmodifiableSet()));
                    site.endLinksThatAreOver();
                });
        return site;
    }

    /// Takes links from within the process.
    public LinkService links() {
        return links;
    }

    /// The link over which this service itself observes and acts, with a service's rights; devices
    /// have the other.
    public LinkClient ownLink() {
        return own;
    }

    /// How the link to the server stands.
    public LinkState serverLink() {
        return forDevices.state();
    }

    /// What client parts of plugins can observe: their own, and the server's with a service's
    /// rights.
    TopicSource ownTopics() {
        return new CachingSource(local, own);
    }

    /// Where the actions of client parts go.
    ActionGate ownGate() {
        return new ProxyGate(localActions, own);
    }

    ObservableHub local() {
        return local;
    }

    ActionHub localActions() {
        return localActions;
    }

    RpcHub rpc() {
        return rpc;
    }

    PlatformThreads threads() {
        return setup.threads();
    }

    Caller.Service self() {
        return new Caller.Service(ServiceKind.CLIENT, setup.name());
    }

    @Override
    public void close() {
        watch.close();
        linkWatch.close();
        reporter.close();
        links.close();
        forDevices.close();
        own.close();
        rpc.close();
        localActions.close();
        local.close();
    }

    private void pluginsChanged() {
        List<InstalledPackage> installed = setup.host().installed();
        files.serve(installed);
        tuples.changed(View.class);
    }

    private static void greet(Context request) {
        if (Site.isLocal(request)) {
            DeviceCookie.give(request);
        }
    }
}
