package org.peekplatform.shell.app;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.action.QueuedAction;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.pluginhost.HostedParty;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginManifest;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.ServiceOffer;
import org.peekplatform.shell.model.IconSource;
import org.peekplatform.shell.ui.CallGuard;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.shell.ui.HomeLink;
import org.peekplatform.vortex.ActionQueue;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.RowsObserver;

/// What the workstation offers to the `desktop` and the `admin` parts of plugins: views, and data
/// over its links.
final class DesktopOffer implements ServiceOffer {
    private final ServiceKind kind;
    private final LinkClient link;
    private final Caller caller;
    private final @Nullable WorkstationDevice device;
    private final DesktopUiHost views;
    private final Map<PluginScope, Party> parties = new ConcurrentHashMap<>();

    private DesktopOffer(
            ServiceKind kind,
            LinkClient link,
            Caller caller,
            @Nullable WorkstationDevice device,
            DesktopUiHost views) {
        this.kind = kind;
        this.link = link;
        this.caller = caller;
        this.device = device;
        this.views = views;
    }

    /// For desktop parts, which are those of a device.
    static DesktopOffer desktop(WorkstationDevice device, DesktopUiHost views) {
        return new DesktopOffer(
                ServiceKind.DESKTOP, device.link(), WorkstationDevice.SELF, device, views);
    }

    /// For admin parts.
    ///
    /// @param link to the server as `caller`
    static DesktopOffer admin(LinkClient link, Caller.Administrator caller, DesktopUiHost views) {
        return new DesktopOffer(ServiceKind.ADMIN, link, caller, null, views);
    }

    @Override
    public ServiceKind service() {
        return kind;
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
        WorkstationDevice own = device;
        if (own == null) {
            throw notOffered("actions");
        }
        return new PartyActions(own.handlers(), party(scope));
    }

    @Override
    public TupleObserver observer(PluginScope scope) {
        return new RowsObserver(link, party(scope), caller);
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        WorkstationDevice own = device;
        if (own == null) {
            return new PartySender(link, party(scope), caller);
        }
        return switch (own.queue()) {
            case WorkstationDevice.Queue.Open(ActionQueue actions) ->
                    new PartySender(link, party(scope), caller, actions);
            case WorkstationDevice.Queue.Missing(PeekException why) ->
                    new WithoutQueue(new PartySender(link, party(scope), caller), why);
        };
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        throw new PeekException(
                ErrorCode.NOT_OFFERED,
                kind.id()
                        + " parts of plugins neither call nor are called; send an action, whose handler may call");
    }

    @Override
    public TableClients tables(PluginScope scope) {
        return new PartyTables(link, party(scope), caller);
    }

    @Override
    public <T> Optional<T> capability(PluginScope scope, Class<T> type) {
        if (type != DesktopUi.class) {
            return Optional.empty();
        }
        CallGuard guard =
                new CallGuard() {
                    @Override
                    public <R extends @Nullable Object> R call(String what, Callable<R> call)
                            throws Exception {
                        return scope.guard().call(what, call);
                    }
                };
        return Optional.of(
                type.cast(
                        views.forPlugin(scope.plugin(), kind, homeLink(scope), scope::own, guard)));
    }

    private HomeLink homeLink(PluginScope scope) {
        PluginManifest.Admin admin = scope.manifest().admin();
        if (kind == ServiceKind.ADMIN && admin != null) {
            return new HomeLink(
                    admin.showHomeLink(),
                    admin.homeLinkText(),
                    icon(scope.installed(), admin.icon()));
        }
        return kind == ServiceKind.DESKTOP
                ? desktopLink(scope.installed())
                : new HomeLink(false, null, null);
    }

    /// How the `desktop` part is reached, its web view included.
    static HomeLink desktopLink(InstalledPackage installed) {
        PluginManifest.Desktop desktop = installed.manifest().desktop();
        return desktop == null
                ? new HomeLink(false, null, null)
                : new HomeLink(
                        desktop.showHomeLink(),
                        desktop.homeLinkText(),
                        icon(installed, desktop.icon()));
    }

    private static @Nullable IconSource icon(InstalledPackage installed, @Nullable String path) {
        return path == null || !path.endsWith(".png")
                ? null
                : IconSource.of(installed.content().resolve(path));
    }

    /// Says why this window has no queue.
    private record WithoutQueue(ActionSender sender, PeekException why) implements ActionSender {
        @Override
        public CompletableFuture<ActionOutcome> send(ActionTuple action) {
            return sender.send(action);
        }

        @Override
        public CompletableFuture<ActionOutcome> send(
                ActionTuple action, Class<? extends Tuple> valueType) {
            return sender.send(action, valueType);
        }

        @Override
        public QueuedAction enqueue(ActionTuple action) {
            CompletableFuture<@Nullable Void> stored = CompletableFuture.failedFuture(why);
            CompletableFuture<ActionOutcome> outcome = CompletableFuture.failedFuture(why);
            return new NotTaken(stored, outcome);
        }
    }

    private record NotTaken(
            CompletableFuture<@Nullable Void> stored, CompletableFuture<ActionOutcome> outcome)
            implements QueuedAction {}

    private Party party(PluginScope scope) {
        return parties.computeIfAbsent(scope, HostedParty::of);
    }

    private PeekException notOffered(String what) {
        return new PeekException(
                ErrorCode.NOT_OFFERED,
                kind.id()
                        + " parts of plugins cannot offer "
                        + what
                        + "; do it in the server or client part");
    }
}
