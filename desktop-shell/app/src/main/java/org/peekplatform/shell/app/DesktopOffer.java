package org.peekplatform.shell.app;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.pluginhost.HostedParty;
import org.peekplatform.pluginhost.PluginManifest;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.ServiceOffer;
import org.peekplatform.shell.model.IconSource;
import org.peekplatform.shell.ui.CallGuard;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.shell.ui.HomeLink;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.RowsObserver;

/// What the workstation offers to the `desktop` and the `admin` parts of plugins: views, and data
/// over its links.
final class DesktopOffer implements ServiceOffer {
    private final ServiceKind kind;
    private final LinkClient link;
    private final Caller caller;
    private final DesktopUiHost views;
    private final Map<PluginScope, Party> parties = new ConcurrentHashMap<>();

    /// @param kind `DESKTOP` or `ADMIN`
    /// @param link over which parts of this kind observe and act
    DesktopOffer(ServiceKind kind, LinkClient link, Caller caller, DesktopUiHost views) {
        this.kind = kind;
        this.link = link;
        this.caller = caller;
        this.views = views;
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
        throw notOffered("actions");
    }

    @Override
    public TupleObserver observer(PluginScope scope) {
        return new RowsObserver(link, party(scope), caller);
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        return new PartySender(link, party(scope), caller);
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        throw new PeekException(
                ErrorCode.NOT_OFFERED,
                kind.id()
                        + " parts of plugins neither call nor are called; send an action, whose handler may call");
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
        PluginManifest.Desktop desktop = scope.manifest().desktop();
        if (kind == ServiceKind.ADMIN && admin != null) {
            return new HomeLink(
                    admin.showHomeLink(), admin.homeLinkText(), icon(scope, admin.icon()));
        }
        if (kind == ServiceKind.DESKTOP && desktop != null) {
            return new HomeLink(
                    desktop.showHomeLink(), desktop.homeLinkText(), icon(scope, desktop.icon()));
        }
        return new HomeLink(false, null, null);
    }

    private static @Nullable IconSource icon(PluginScope scope, @Nullable String path) {
        return path == null || !path.endsWith(".png")
                ? null
                : IconSource.of(scope.installed().content().resolve(path));
    }

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
