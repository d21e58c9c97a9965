package org.peekplatform.launcher;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.admin.AdminService;
import org.peekplatform.admin.BackupMaker;
import org.peekplatform.admin.SiteSwitch;
import org.peekplatform.agent.AgentService;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.client.ClientService;
import org.peekplatform.pluginhost.CatalogueEntry;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginFollower;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginInstaller;
import org.peekplatform.pluginhost.PluginManifest;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.PluginStatus;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.queue.BrokerLocation;
import org.peekplatform.queue.BrokerTaskEngine;
import org.peekplatform.queue.EmbeddedTaskEngine;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.server.ServerService;
import org.peekplatform.storage.Database;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.storage.TableId;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkLimits;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.MemoryLink;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;
import org.peekplatform.web.DeviceCookie;
import org.peekplatform.web.Health;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.SecretFile;
import org.peekplatform.web.identity.TlsIdentity;
import org.peekplatform.worker.TaskProcesses;
import org.peekplatform.worker.WorkerService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The services of one process, put together. [#open] makes them, [#start] starts them, [#close]
/// stops them in the opposite order.
public final class PeekSystem implements AutoCloseable {
    /// The services this version can run in a process.
    public static final Set<ServiceKind> ALL =
            Set.of(ServiceKind.SERVER, ServiceKind.CLIENT, ServiceKind.AGENT, ServiceKind.WORKER);

    private static final Logger log = LoggerFactory.getLogger(PeekSystem.class);

    private final Home home;
    private final Config config;
    private final Set<ServiceKind> services;
    private final String version = Cli.version();
    private final PlatformThreads threads = new PlatformThreads();
    private final TlsIdentity tls;
    private final PluginHost host;
    private final PluginStore store;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, Site> sites = new LinkedHashMap<>();
    private final List<RunFiles> runFiles = new ArrayList<>();
    private @Nullable Database database;
    private @Nullable DatabaseKey databaseKey;
    private @Nullable TaskEngine tasks;
    private @Nullable Schedules schedules;
    private @Nullable ServerService server;
    private @Nullable AdminService admin;
    private @Nullable ClientService client;
    private @Nullable AgentService agent;
    private @Nullable WorkerService worker;
    private final Map<ServiceKind, RemoteServer> remotes = new EnumMap<>(ServiceKind.class);
    private @Nullable PluginFollower follower;
    private volatile HealthReport.State phase = HealthReport.State.STARTING;
    private final Map<ServiceKind, Reached> reached = new ConcurrentHashMap<>();
    private final ReentrantLock backingUp = new ReentrantLock();
    private boolean closing;

    private PeekSystem(Home home, Config config, Set<ServiceKind> services) {
        this.home = home;
        this.config = config;
        this.services = services;
        tls = TlsIdentity.own(home.identity());
        store = new PluginStore(home.plugins());
        host = new PluginHost(store, home.data().resolve("plugins"), version, threads);
        host.onChange(() -> services.forEach(this::health));
    }

    /// Makes the services: opens the database, but no port yet and no plugin.
    ///
    /// @throws PeekException with a sentence saying what is in the way
    public static PeekSystem open(Home home, Config config, Set<ServiceKind> services) {
        for (ServiceKind service : services) {
            RunFiles.ensureNotRunning(home, runName(config, service));
        }
        PeekSystem system = new PeekSystem(home, config, services);
        try {
            system.make();
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
        return system;
    }

    /// Opens the sites and starts the plugins. Returns when everything runs, or the plugins that do
    /// not have failed. When it throws, everything has been closed.
    ///
    /// @throws PeekException with a sentence saying what is in the way
    public void start() {
        try {
            open();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open() {
        synchronized (this) {
            if (closing) {
                throw new PeekException(ErrorCode.STOPPED, "Peek has been told to stop");
            }
        }
        ServerService central = server;
        if (central != null) {
            log.info("Services know this server by the fingerprint {}", tls.fingerprint());
            Site exchange = central.openDataExchange();
            sites.put("dataExchange", exchange);
        }
        AdminService administration = admin;
        if (administration != null) {
            Site site = administration.openSite();
            sites.put("admin", site);
            offerDataExchange(administration);
            administration.offer(
                    new SiteSwitch(
                            "admin",
                            site,
                            open -> config.change(ConfigKey.ADMIN_NETWORK, String.valueOf(open))));
        }
        ClientService forDevices = client;
        if (forDevices != null) {
            Site site = forDevices.openSite();
            sites.put("client", site);
            if (administration != null) {
                administration.offer(
                        new SiteSwitch(
                                "client",
                                site,
                                open ->
                                        config.change(
                                                ConfigKey.CLIENT_NETWORK, String.valueOf(open))));
            }
            forDevices.start();
        }
        AgentService outside = agent;
        if (outside != null) {
            sites.put("agent", outside.openSite());
            outside.start();
        }
        WorkerService working = worker;
        if (working != null) {
            sites.put("worker", working.openSite());
            working.start();
        }
        writeRunFiles();
        Database source = database;
        if (central != null && source != null) {
            // At once, or when the database can be used.
            source.whenUsable(() -> startPlugins(central));
        } else {
            follow();
        }
    }

    private void startPlugins(ServerService central) {
        host.start(central.catalogue());
        become(HealthReport.State.RUNNING);
        var schedule =
                new BackupSchedule(
                        home.backups(),
                        config.values().server().backups(),
                        Clock.systemUTC(),
                        threads,
                        file ->
                                backup(
                                        file,
                                        !config.values().server().backups().withoutReloadable()));
        synchronized (this) {
            if (!closing) {
                opened.add(schedule);
                return;
            }
        }
        schedule.close();
    }

    private void offerDataExchange(AdminService administration) {
        Site exchange = sites.get("dataExchange");
        if (exchange != null) {
            administration.offer(
                    new SiteSwitch(
                            "dataExchange",
                            exchange,
                            open ->
                                    config.change(
                                            ConfigKey.EXCHANGE_NETWORK, String.valueOf(open))));
        }
    }

    /// Starts the plugins without opening a port, for work on a home on which nothing runs.
    void startPluginsOnly() {
        ServerService central = server;
        if (central == null) {
            throw new IllegalStateException("no server in this process");
        }
        host.start(central.catalogue());
    }

    /// The plugins of this process.
    public PluginHost host() {
        return host;
    }

    public PlatformThreads threads() {
        return threads;
    }

    /// A link to the client service of this process, for the workstation of the same process.
    ///
    /// @param secret of the workstation, which is the same device as one that shows it as a cookie
    /// @throws IllegalStateException when this process has none
    public LinkDialer deviceDialer(String secret) {
        ClientService forDevices = client;
        if (forDevices == null) {
            throw new IllegalStateException("no client service in this process");
        }
        return MemoryLink.dialer(forDevices.links(), DeviceCookie.device(secret));
    }

    /// A link to the server of this process as an administrator. The owner of the home is one: the
    /// recovery password is theirs to read.
    ///
    /// @throws IllegalStateException when this process has no server
    public LinkDialer administratorDialer() {
        ServerService central = server;
        if (central == null) {
            throw new IllegalStateException("no server in this process");
        }
        return MemoryLink.dialer(
                central.links(),
                new Caller.Administrator(System.getProperty("user.name", "owner")));
    }

    /// Installs plugins, when this process has the server.
    public @Nullable PluginInstaller installer() {
        ServerService central = server;
        return central == null ? null : central.installer();
    }

    /// The address of a site of this process, `admin` or `client`; `null` when it has none.
    public @Nullable String url(String site) {
        Site found = sites.get(site);
        return found == null ? null : found.url();
    }

    /// Writes everything of the home into one file; blocks. One at a time.
    ///
    /// @param withReloadable whether with the rows of tables that their plugins can fill again
    Backup.Made backup(Path file, boolean withReloadable) {
        Database source = database;
        ServerService central = server;
        if (source == null || central == null) {
            throw new IllegalStateException("no server in this process");
        }
        backingUp.lock();
        try {
            List<CatalogueEntry> catalogue = central.catalogue();
            return new Backup(home, source, version)
                    .write(
                            file,
                            owners(catalogue),
                            withReloadable ? Set.of() : reloadable(source, catalogue));
        } finally {
            backingUp.unlock();
        }
    }

    private List<BackupContents.Plugin> owners(List<CatalogueEntry> catalogue) {
        return catalogue.stream()
                .map(entry ->
                        new BackupContents.Plugin(
                                entry.name(),
                                entry.version(),
                                entry.sha256(),
                                manifest(entry)
                                        .map(one -> one.requires(ServiceKind.STORAGE))
                                        .orElse(false)))
                .toList();
    }

    private Set<TableId> reloadable(Database source, List<CatalogueEntry> catalogue) {
        Set<TableId> all = new HashSet<>();
        for (CatalogueEntry entry : catalogue) {
            List<String> tables =
                    manifest(entry).map(PluginManifest::reloadableTables).orElse(List.of());
            if (!tables.isEmpty()) {
                // A plugin that does not run may name what must not be left out.
                source.requireReloadable(entry.name(), tables);
                tables.forEach(table -> all.add(new TableId(entry.name(), table)));
            }
        }
        return all;
    }

    private Optional<PluginManifest> manifest(CatalogueEntry entry) {
        return store.find(entry.name(), entry.version(), entry.sha256())
                .map(InstalledPackage::manifest);
    }

    private BackupMaker.Made backupByRequest(boolean withReloadable) {
        Path file = home.backups().resolve("backup-" + Backup.stamp() + ".zip");
        return new BackupMaker.Made(file, backup(file, withReloadable).sentence());
    }

    /// Whether [#close] has been called.
    synchronized boolean isClosing() {
        return closing;
    }

    /// Blocks until the system has been closed.
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        become(HealthReport.State.STOPPING);
        log.info("Peek is stopping");
        // Links first: devices keep what they show instead of seeing every plugin go.
        ClientService forDevices = client;
        if (forDevices != null) {
            closeQuietly(forDevices.links());
        }
        ServerService central = server;
        if (central != null) {
            closeQuietly(central.links());
        }
        closeQuietly(follower);
        closeQuietly(host);
        opened.reversed().forEach(PeekSystem::closeQuietly);
        sites.values().forEach(PeekSystem::closeQuietly);
        closeQuietly(databaseKey);
        closeQuietly(database);
        runFiles.forEach(PeekSystem::closeQuietly);
        closeQuietly(threads);
        log.info("Peek has stopped");
        closed.countDown();
    }

    private void make() {
        PeekConfig settings = config.values();
        if (services.contains(ServiceKind.SERVER)) {
            Database storage = openDatabase(settings.server().storage());
            storage.onChange(() -> services.forEach(this::health));
            database = storage;
            databaseKey = DatabaseKey.write(home, storage);
            queue(storage);
            ServerService central =
                    new ServerService(
                            new ServerService.Setup(
                                    version,
                                    storage,
                                    requireNonNull(tasks),
                                    requireNonNull(schedules),
                                    store,
                                    host,
                                    threads,
                                    Clock.systemUTC(),
                                    settings.server().dataExchange().port(),
                                    settings.server().dataExchange().network(),
                                    tls,
                                    LinkKey.of(home),
                                    services.stream()
                                            .filter(kind -> kind != ServiceKind.SERVER)
                                            .map(this::configuredName)
                                            .collect(Collectors.toUnmodifiableSet()),
                                    () -> health(ServiceKind.SERVER)));
            server = central;
            opened.add(central);
            AdminService administration =
                    new AdminService(
                            new AdminService.Setup(
                                    central.observables(),
                                    central.actions(),
                                    central.links(),
                                    host,
                                    central.installer(),
                                    central::catalogue,
                                    central.enrolment(),
                                    requireNonNull(tasks),
                                    threads,
                                    Clock.systemUTC(),
                                    settings.server().admin().port(),
                                    settings.server().admin().network(),
                                    forBrowsers(),
                                    this::backupByRequest,
                                    home::recoveryPassword,
                                    () -> health(ServiceKind.SERVER)));
            central.onCatalogueChange(administration::catalogueChanged);
            admin = administration;
            opened.add(administration);
        }
        if (services.contains(ServiceKind.CLIENT)) {
            ClientService forDevices =
                    new ClientService(
                            new ClientService.Setup(
                                    nameOf(ServiceKind.CLIENT),
                                    version,
                                    serverDialer(ServiceKind.CLIENT),
                                    host,
                                    threads,
                                    settings.client().port(),
                                    settings.client().network(),
                                    LinkLimits.device(
                                            (long) settings.client().deviceBufferMb() << 20),
                                    forBrowsers(),
                                    SecretFile.readOrMake(
                                            home.identity().resolve("cookies.key"),
                                            "the key of the cookies",
                                            SecretFile::random),
                                    Clock.systemUTC(),
                                    () -> health(ServiceKind.CLIENT)));
            client = forDevices;
            opened.add(forDevices);
        }
        if (services.contains(ServiceKind.AGENT)) {
            AgentService outside =
                    new AgentService(
                            new AgentService.Setup(
                                    nameOf(ServiceKind.AGENT),
                                    version,
                                    serverDialer(ServiceKind.AGENT),
                                    host,
                                    threads,
                                    settings.agent().port(),
                                    tls,
                                    () -> health(ServiceKind.AGENT)));
            agent = outside;
            opened.add(outside);
        }
        if (services.contains(ServiceKind.WORKER)) {
            makeWorker(settings.worker());
        }
    }

    private void makeWorker(PeekConfig.Worker settings) {
        Database storage = database;
        if (storage == null) {
            PeekConfig.Storage place = config.values().server().storage();
            if (place.url().isEmpty()) {
                requireServerOfThisHome();
            }
            storage = joinDatabase(home, place, threads);
            storage.onChange(() -> services.forEach(this::health));
            database = storage;
            queue(storage);
        }
        WorkerService working =
                new WorkerService(
                        new WorkerService.Setup(
                                nameOf(ServiceKind.WORKER),
                                version,
                                serverDialer(ServiceKind.WORKER),
                                host,
                                threads,
                                settings.port(),
                                tls,
                                storage,
                                requireNonNull(tasks),
                                requireNonNull(schedules),
                                settings.tasks(),
                                new TaskProcesses.Start(TaskProcess.class, this::taskProcess),
                                () -> health(ServiceKind.WORKER)));
        worker = working;
        opened.add(working);
    }

    private byte[] taskProcess(PluginScope scope) {
        return new TaskProcess.Input(
                        home.root(),
                        nameOf(ServiceKind.WORKER),
                        version,
                        config.values().server().storage(),
                        TaskProcess.plugins(scope, host))
                .bytes();
    }

    /// The database of another home is a file there.
    private void requireServerOfThisHome() {
        if (remoteServer(ServiceKind.WORKER).isElsewhere()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the worker of %s cannot reach the database, because its server has another home; run the worker with the home of the server, or use PostgreSQL and name it in server.storage of both homes"
                            .formatted(home.root()));
        }
    }

    private void queue(Database storage) {
        PeekConfig.Queue queue = config.values().server().queue();
        boolean broker = !queue.rabbitmq().url().isEmpty();
        if (broker == queue.redis().url().isEmpty()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "server.queue.rabbitmq.url and server.queue.redis.url belong together, but only %s is set; set both, or none to have workers take tasks from the database"
                            .formatted(
                                    broker
                                            ? "server.queue.rabbitmq.url"
                                            : "server.queue.redis.url"));
        }
        TaskEngine engine =
                broker
                        ? BrokerTaskEngine.open(
                                storage.platformStorage(),
                                storage.transactions(),
                                threads,
                                Clock.systemUTC(),
                                TaskEngine.Timing.USUAL,
                                new BrokerLocation(
                                        URI.create(queue.rabbitmq().url()),
                                        queue.rabbitmq().user(),
                                        queue.rabbitmq().password(),
                                        URI.create(queue.redis().url()),
                                        queue.redis().password()))
                        : new EmbeddedTaskEngine(
                                storage.platformStorage(),
                                storage.transactions(),
                                threads,
                                Clock.systemUTC(),
                                TaskEngine.Timing.USUAL);
        tasks = engine;
        schedules =
                new Schedules(
                        storage.platformStorage(),
                        engine,
                        threads,
                        new Schedules.ZonedClock(Clock.systemUTC(), ZoneId.systemDefault()));
        opened.add(engine);
    }

    private Database openDatabase(PeekConfig.Storage storage) {
        return storage.url().isEmpty()
                ? Database.open(home.data(), threads)
                : Database.open(location(storage), threads);
    }

    /// The database that the server of `home` has open.
    static Database joinDatabase(Home home, PeekConfig.Storage storage, PlatformThreads threads) {
        return storage.url().isEmpty()
                ? Database.join(() -> DatabaseKey.read(home), threads)
                : Database.join(location(storage), threads);
    }

    private static PostgresLocation location(PeekConfig.Storage storage) {
        return new PostgresLocation(storage.url(), storage.user(), storage.password());
    }

    /// What browsers are shown: the administrator's certificate where there is one. Services are
    /// always shown Peek's own, which they have pinned.
    private TlsIdentity forBrowsers() {
        PeekConfig.Tls files = config.values().tls();
        if (files.certificate().isEmpty() != files.key().isEmpty()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "tls.certificate and tls.key belong together, but only %s is set in %s; set both or none"
                            .formatted(
                                    files.key().isEmpty() ? "tls.certificate" : "tls.key",
                                    home.config()));
        }
        return files.certificate().isEmpty()
                ? tls
                : TlsIdentity.read(Path.of(files.certificate()), Path.of(files.key()));
    }

    private LinkDialer serverDialer(ServiceKind kind) {
        ServerService central = server;
        return central != null
                ? MemoryLink.dialer(central.links(), self(kind))
                : remoteServer(kind).dialer();
    }

    private Caller.Service self(ServiceKind kind) {
        return new Caller.Service(kind, nameOf(kind));
    }

    /// A service is called as the server knows it that it has joined.
    private String nameOf(ServiceKind kind) {
        return server == null
                ? RemoteServer.nameOf(home, PartyKind.of(kind), configuredName(kind))
                : configuredName(kind);
    }

    private String configuredName(ServiceKind kind) {
        return configuredName(config, kind);
    }

    private static String configuredName(Config config, ServiceKind kind) {
        PeekConfig settings = config.values();
        return switch (kind) {
            case CLIENT -> settings.client().name();
            case AGENT -> settings.agent().name();
            case WORKER -> settings.worker().name();
            case SERVER, STORAGE, ADMIN, MOBILE, DESKTOP -> kind.id();
        };
    }

    /// What a service is called among those that run on its home: of workers there may be several,
    /// each with a name of its own.
    static String runName(Config config, ServiceKind kind) {
        return kind == ServiceKind.WORKER
                ? ServiceIdentity.stem(PartyKind.WORKER, configuredName(config, kind))
                : kind.id();
    }

    private void follow() {
        ClientService forDevices = client;
        AgentService outside = agent;
        WorkerService working = worker;
        ServiceKind kind;
        LinkClient link;
        if (forDevices != null) {
            kind = ServiceKind.CLIENT;
            link = forDevices.ownLink();
        } else if (outside != null) {
            kind = ServiceKind.AGENT;
            link = outside.link();
        } else if (working != null) {
            kind = ServiceKind.WORKER;
            link = working.link();
        } else {
            throw new IllegalStateException("a process has a service");
        }
        follower =
                new PluginFollower(
                        host,
                        store,
                        new RowsObserver(link, Party.platform("peek"), self(kind)),
                        remoteServer(kind)::openPackage,
                        () -> become(HealthReport.State.RUNNING));
    }

    private RemoteServer remoteServer(ServiceKind kind) {
        RemoteServer known = remotes.get(kind);
        if (known == null) {
            PeekConfig settings = config.values();
            PeekConfig.ServerLink address =
                    switch (kind) {
                        case AGENT -> settings.agent().server();
                        case WORKER -> settings.worker().server();
                        case SERVER, STORAGE, CLIENT, ADMIN, MOBILE, DESKTOP ->
                                settings.client().server();
                    };
            known =
                    new RemoteServer(
                            home, PartyKind.of(kind), configuredName(kind), address.url(), threads);
            remotes.put(kind, known);
            opened.add(known);
        }
        return known;
    }

    private Health health(ServiceKind service) {
        List<HealthReport.UpstreamLink> links = new ArrayList<>();
        ClientService forDevices = client;
        if (service == ServiceKind.CLIENT && forDevices != null) {
            links.add(new HealthReport.UpstreamLink("server", forDevices.serverLink()));
        }
        AgentService outside = agent;
        if (service == ServiceKind.AGENT && outside != null) {
            links.add(new HealthReport.UpstreamLink("server", outside.serverLink()));
        }
        WorkerService working = worker;
        if (service == ServiceKind.WORKER && working != null) {
            links.add(new HealthReport.UpstreamLink("server", working.serverLink()));
            links.add(
                    new HealthReport.UpstreamLink(
                            "database",
                            working.hasDatabase()
                                    ? new LinkState.Online("database", version)
                                    : new LinkState.Offline("The database cannot be reached.")));
        }
        TaskEngine queue = tasks;
        boolean takesPart = service == ServiceKind.SERVER || service == ServiceKind.WORKER;
        if (takesPart && queue != null) {
            queue.trouble()
                    .ifPresent(why ->
                            links.add(
                                    new HealthReport.UpstreamLink(
                                            "broker", new LinkState.Offline(why))));
        }
        List<PluginStatus> plugins = host.statuses();
        boolean allWell =
                links.stream().allMatch(HealthReport.UpstreamLink::isUp)
                        && plugins.stream()
                                .allMatch(plugin ->
                                        plugin.state() == PluginStatus.State.RUNNING
                                                || plugin.state() == PluginStatus.State.STOPPED);
        Database source = database;
        String problem =
                source == null || service != ServiceKind.SERVER
                        ? null
                        : source.problem().orElse(null);
        boolean hindered =
                problem != null
                        ? phase != HealthReport.State.STOPPING
                        : phase == HealthReport.State.RUNNING && !allWell;
        HealthReport.State state = hindered ? HealthReport.State.DEGRADED : phase;
        return new HealthReport(
                        service.id(),
                        version,
                        state,
                        since(service, state),
                        problem,
                        plugins,
                        links)
                .health();
    }

    /// When a service got into a state, as far as its health has been asked for: a lost link shows
    /// from the first question after it was lost.
    private Instant since(ServiceKind service, HealthReport.State state) {
        return reached.merge(
                        service,
                        new Reached(state, Instant.now()),
                        (before, now) -> before.state() == state ? before : now)
                .at();
    }

    private record Reached(HealthReport.State state, Instant at) {}

    private synchronized void become(HealthReport.State next) {
        if (phase != HealthReport.State.STOPPING) {
            phase = next;
            services.forEach(this::health);
        }
    }

    private void writeRunFiles() {
        if (server != null) {
            runFiles.add(
                    RunFiles.write(
                            home,
                            ServiceKind.SERVER.id(),
                            Map.of("admin", port("admin"), "dataExchange", port("dataExchange"))));
        }
        if (client != null) {
            runFiles.add(
                    RunFiles.write(home, ServiceKind.CLIENT.id(), Map.of("http", port("client"))));
        }
        if (agent != null) {
            runFiles.add(
                    RunFiles.write(home, ServiceKind.AGENT.id(), Map.of("http", port("agent"))));
        }
        if (worker != null) {
            runFiles.add(
                    RunFiles.write(
                            home,
                            runName(config, ServiceKind.WORKER),
                            Map.of("http", port("worker"))));
        }
    }

    private int port(String site) {
        Site found = sites.get(site);
        if (found == null) {
            throw new IllegalStateException("site " + site + " is not open");
        }
        return found.port();
    }

    private static void closeQuietly(@Nullable AutoCloseable one) {
        if (one == null) {
            return;
        }
        try {
            one.close();
        } catch (Exception e) {
            log.warn("{} did not stop well", one.getClass().getSimpleName(), e);
        }
    }
}
