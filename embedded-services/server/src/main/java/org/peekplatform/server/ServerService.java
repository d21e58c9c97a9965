package org.peekplatform.server;

import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.CatalogueEntry;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.InstalledPlugin;
import org.peekplatform.pluginhost.PluginCatalogue;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginInstaller;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyRegistry;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RpcHub;
import org.peekplatform.vortex.RpcRouter;
import org.peekplatform.web.Health;
import org.peekplatform.web.PluginFiles;
import org.peekplatform.web.ServiceGate;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server: the catalogue of plugins, their server parts with the database, and the data
/// exchange that every other service dials.
public final class ServerService implements AutoCloseable {
    static final Caller.Service SELF = new Caller.Service(ServiceKind.SERVER, "server");
    private static final Logger log = LoggerFactory.getLogger(ServerService.class);
    private static final Duration KEEP_SEEN = Duration.ofMinutes(5);
    private static final Duration LOAD_AGAIN = Duration.ofSeconds(5);

    private final Setup setup;
    private final ObservableHub observables;
    private final ActionHub actions;
    private final RpcHub rpc;
    private final RpcRouter calls;
    private final LinkService links;
    private final PluginCatalogue catalogue;
    private final PluginInstaller installer;
    private final PartyTuples tuples;
    private final Registration watch;
    private final Enrolment enrolment;
    private final ServiceGate gate;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// What the server is made of.
    ///
    /// @param version of the platform
    /// @param tasks on the same database
    /// @param dataExchangePort 0 picks a free one
    /// @param dataExchangeNetwork whether services on other machines may connect
    /// @param tls who the data exchange is over TLS; services know it again by its fingerprint
    /// @param linkKey lets processes that can read the home join
    /// @param localNames of the services in this process, which need not join
    /// @param health what `/health` answers
    public record Setup(
            String version,
            Database database,
            TaskEngine tasks,
            Schedules schedules,
            PluginStore store,
            PluginHost host,
            PlatformThreads threads,
            InstantSource clock,
            int dataExchangePort,
            boolean dataExchangeNetwork,
            TlsIdentity tls,
            String linkKey,
            Set<String> localNames,
            Supplier<Health> health) {}

    public ServerService(Setup setup) {
        this.setup = setup;
        Authorisation authorisation = Authorisation.asDeclared();
        observables =
                new ObservableHub(setup.threads(), setup.database().transactions(), authorisation);
        actions =
                new ActionHub(
                        setup.database().transactions(),
                        observables,
                        authorisation,
                        setup.database().actionLog());
        rpc = new RpcHub(SELF, authorisation);
        calls = new RpcRouter(rpc, setup.threads());
        calls.servePeers();
        links = new LinkService(SELF.kind(), SELF.name(), setup.version(), observables, actions);
        links.route(calls);
        catalogue = new DatabaseCatalogue(setup.database().platformStorage());
        tuples = new PartyTuples(observables, Party.platform("peek"));
        installer =
                new PluginInstaller(
                        setup.store(),
                        setup.host(),
                        catalogue,
                        setup.clock(),
                        this::catalogueChanged);
        tuples.provide(InstalledPlugin.class, Audience.SERVICES, selector -> installed());
        enrolment =
                new Enrolment(
                        new DatabaseParties(setup.database().platformStorage()),
                        setup.tls().fingerprint(),
                        setup.linkKey(),
                        setup.localNames(),
                        setup.clock());
        setup.database().whenUsable(this::loadParties);
        gate = new ServiceGate(enrolment, setup.clock());
        new DeviceDesk(enrolment).offer(tuples, new PartyActions(actions, Party.platform("peek")));
        keepSeenLater();
        links.watch(
                new PartyRegistry(
                        SELF,
                        setup.version(),
                        tuples,
                        new PartyActions(actions, Party.platform("peek")),
                        setup.threads(),
                        setup.clock()));
        setup.host().addService(new ServerOffer(this));
        watch = setup.host().onChange(() -> tuples.changed(InstalledPlugin.class));
    }

    /// Opens the data exchange to other services.
    public Site openDataExchange() {
        Site site =
                Site.start(
                        new Site.Setup(
                                "data exchange",
                                "server.dataExchange.port",
                                setup.dataExchangePort(),
                                setup.dataExchangeNetwork(),
                                setup.tls(),
                                null,
                                new PluginFiles("none"),
                                setup.health(),
                                gate,
                                links,
                                Frame.MAX_BYTES,
                                routes -> {
                                    gate.addTo(routes);
                                    routes.get("/packages/{sha256}", this::sendPackage);
                                }));
        enrolment.onChange(site::endLinksThatAreOver);
        return site;
    }

    /// Which plugins are to run.
    public List<CatalogueEntry> catalogue() {
        return catalogue.list();
    }

    /// Calls `listener` after each change of the catalogue; it must not block.
    public Registration onCatalogueChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Who has joined.
    public Enrolment enrolment() {
        return enrolment;
    }

    public PluginInstaller installer() {
        return installer;
    }

    /// Takes links from within the process, and from the admin site.
    public LinkService links() {
        return links;
    }

    public ObservableHub observables() {
        return observables;
    }

    public ActionHub actions() {
        return actions;
    }

    TaskEngine tasks() {
        return setup.tasks();
    }

    Schedules schedules() {
        return setup.schedules();
    }

    RpcHub rpc() {
        return rpc;
    }

    RpcRouter calls() {
        return calls;
    }

    PlatformThreads threads() {
        return setup.threads();
    }

    Database database() {
        return setup.database();
    }

    @Override
    public void close() {
        watch.close();
        enrolment.keepSeen();
        links.close();
        rpc.close();
        actions.close();
        observables.close();
    }

    private void loadParties() {
        try {
            enrolment.load();
        } catch (RuntimeException e) {
            // Lost again in between, or not: the next attempt tells.
            log.warn("Who has joined cannot be read; it is tried again", e);
            setup.threads().later(LOAD_AGAIN, () -> setup.database().whenUsable(this::loadParties));
        }
    }

    private void catalogueChanged() {
        tuples.changed(InstalledPlugin.class);
        listeners.forEach(Runnable::run);
    }

    private List<InstalledPlugin> installed() {
        Map<String, InstalledPackage> packages =
                setup.host().installed().stream()
                        .collect(Collectors.toMap(InstalledPackage::name, Function.identity()));
        return catalogue.list().stream()
                .map(entry ->
                        InstalledPlugin.of(
                                entry,
                                Optional.ofNullable(packages.get(entry.name()))
                                        .map(known -> known.manifest().info().title())
                                        .orElse(entry.name())))
                .toList();
    }

    private void keepSeenLater() {
        setup.threads()
                .later(
                        KEEP_SEEN,
                        () -> {
                            keepSeenLater();
                            enrolment.keepSeen();
                        });
    }

    private void sendPackage(Context request) {
        gate.prove(request);
        String sha256 = request.pathParam("sha256");
        CatalogueEntry entry =
                catalogue.list().stream()
                        .filter(one -> one.sha256().equals(sha256))
                        .findFirst()
                        .orElseThrow(() ->
                                new PeekException(
                                        ErrorCode.NOT_OFFERED,
                                        "there is no package " + sha256 + " in the catalogue"));
        request.contentType("application/zip")
                .result(setup.store().open(entry.name(), entry.version(), entry.sha256()));
    }
}
