package org.peekplatform.admin;

import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.pluginhost.CatalogueEntry;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginInstaller;
import org.peekplatform.pluginhost.PluginStatus;
import org.peekplatform.pluginhost.RunningViews;
import org.peekplatform.pluginhost.View;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Sentences;
import org.peekplatform.web.Health;
import org.peekplatform.web.PluginFiles;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The administrators' site at the server, and the tuples and actions behind it.
public final class AdminService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminService.class);

    private final Setup setup;
    private final PartyTuples tuples;
    private final PluginFiles files = new PluginFiles("admin");
    private final List<SiteSwitch> sites = new CopyOnWriteArrayList<>();
    private final Registration watch;
    private final Registration partyWatch;
    private final Registration taskWatch;

    /// What the admin is made of.
    ///
    /// @param catalogue what is installed
    /// @param enrolment who has joined
    /// @param tasks of the same database
    /// @param port of the site; 0 picks a free one
    /// @param network whether other machines may connect
    /// @param tls who the site is over TLS
    /// @param backups makes them
    /// @param recoveryPassword asked for at every log-in, so that a changed one counts at once
    public record Setup(
            ObservableHub observables,
            ActionHub actions,
            LinkService links,
            PluginHost host,
            PluginInstaller installer,
            Supplier<List<CatalogueEntry>> catalogue,
            Enrolment enrolment,
            TaskEngine tasks,
            PlatformThreads threads,
            InstantSource clock,
            int port,
            boolean network,
            TlsIdentity tls,
            BackupMaker backups,
            Supplier<String> recoveryPassword,
            Supplier<Health> health) {}

    public AdminService(Setup setup) {
        this.setup = setup;
        Party party = Party.platform("admin");
        tuples = new PartyTuples(setup.observables(), party);
        tuples.provide(PluginRow.class, Audience.ADMINISTRATORS, selector -> plugins());
        tuples.provide(SiteRow.class, Audience.ADMINISTRATORS, selector -> siteRows());
        new PartyTuples(setup.observables(), Party.platform("peek"))
                .provide(
                        View.class,
                        Audience.ADMINISTRATORS,
                        selector -> RunningViews.of(setup.host(), ServiceKind.ADMIN));
        PartyActions actions = new PartyActions(setup.actions(), party);
        actions.handle(RemovePlugin.class, Audience.ADMINISTRATORS, this::remove);
        actions.handle(OpenSite.class, Audience.ADMINISTRATORS, this::open);
        partyWatch =
                new PartyAdmin(setup.enrolment(), this::site, setup.threads().work())
                        .offer(tuples, actions);
        taskWatch = new TaskAdmin(setup.tasks(), setup.threads()).offer(tuples, actions);
        watch = setup.host().onChange(this::pluginsChanged);
    }

    /// Opens the site.
    public Site openSite() {
        AdminLogin login = new AdminLogin(setup.clock(), setup.recoveryPassword());
        PluginUpload upload = new PluginUpload(setup.installer(), login);
        BackupRequests backups = new BackupRequests(setup.backups(), login);
        return Site.start(
                new Site.Setup(
                        "admin site",
                        "server.admin.port",
                        setup.port(),
                        setup.network(),
                        setup.tls(),
                        "peek/web/admin",
                        files,
                        setup.health(),
                        login,
                        setup.links(),
                        Frame.MAX_BYTES_FROM_DEVICE,
                        (RoutesConfig routes) -> {
                            login.addTo(routes);
                            upload.addTo(routes);
                            backups.addTo(routes);
                        }));
    }

    /// The catalogue of plugins has changed.
    public void catalogueChanged() {
        tuples.changed(PluginRow.class);
    }

    /// Lets administrators open and close `site`.
    public void offer(SiteSwitch site) {
        sites.add(site);
        tuples.changed(SiteRow.class);
    }

    @Override
    public void close() {
        watch.close();
        partyWatch.close();
        taskWatch.close();
    }

    private Optional<Site> site(String name) {
        return sites.stream()
                .filter(one -> one.name().equals(name))
                .map(SiteSwitch::site)
                .findFirst();
    }

    private void pluginsChanged() {
        files.serve(setup.host().installed());
        tuples.changed(PluginRow.class);
        tuples.changed(View.class);
    }

    private List<PluginRow> plugins() {
        Map<String, Instant> installed =
                setup.catalogue().get().stream()
                        .collect(
                                Collectors.toMap(
                                        CatalogueEntry::name, CatalogueEntry::installedAt));
        return setup.host().statuses().stream()
                .map(status -> row(status, installed.get(status.name())))
                .toList();
    }

    private static PluginRow row(PluginStatus status, @Nullable Instant installedAt) {
        String problem = status.problem();
        return new PluginRow(
                status.name(),
                status.title(),
                status.version(),
                status.state().name().toLowerCase(Locale.ROOT),
                problem == null ? null : Sentences.of(problem),
                status.services().stream().map(ServiceKind::id).toList(),
                installedAt);
    }

    private List<SiteRow> siteRows() {
        return sites.stream()
                .map(one ->
                        new SiteRow(
                                one.name(),
                                one.site().isOpenToNetwork()
                                        ? "all networks, port " + one.site().port()
                                        : "this machine only, port " + one.site().port(),
                                one.site().isOpenToNetwork(),
                                one.site().url()))
                .toList();
    }

    private ActionOutcome remove(RemovePlugin action, ActionContext context) {
        try {
            PluginInstaller.Result result = setup.installer().remove(action.name());
            log.info("{} removed plugin {}", context.caller(), result.name());
            return new ActionOutcome.Applied();
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
    }

    private ActionOutcome open(OpenSite action, ActionContext context) {
        Optional<SiteSwitch> found =
                sites.stream().filter(one -> one.name().equals(action.site())).findFirst();
        if (found.isEmpty()) {
            return new ActionOutcome.Rejected(
                    ErrorCode.NOT_OFFERED,
                    "There is no site '" + action.site() + "' in this process.");
        }
        SiteSwitch site = found.get();
        try {
            site.keeper().remember(action.network());
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
        log.info(
                "{} opened site {} to the network: {}",
                context.caller(),
                site.name(),
                action.network());
        // After the answer has left: opening cuts the links of that site, perhaps the one this
        // action came over.
        setup.threads()
                .later(
                        Duration.ofMillis(300),
                        () -> setup.threads().work().execute(() -> change(site, action.network())));
        return new ActionOutcome.Applied();
    }

    private void change(SiteSwitch site, boolean network) {
        try {
            site.site().openToNetwork(network);
        } catch (PeekException e) {
            log.error("Site {} stays as it was", site.name(), e);
            site.keeper().remember(site.site().isOpenToNetwork());
        }
        tuples.changed(SiteRow.class);
    }
}
