package org.peekplatform.shell.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.launcher.Cli;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunFiles;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.pluginhost.PluginFollower;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.vortex.FallbackDialer;
import org.peekplatform.vortex.HttpStreamDialer;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;

/// The services that run on the same home in other processes. The window joins their client site as
/// a device and their admin site as the owner of the home, and takes plugins from the home's own
/// store.
final class RunningServices implements Services {
    private static final Caller.Administrator OWNER = new Caller.Administrator("owner");

    private final Home home;
    private final RunningAdmin admin;
    private final HttpClient http;
    private final WorkstationDevice device;
    private final LinkClient administrator;
    private final PluginStore store;
    private final PluginHost host;
    private @Nullable PluginFollower follower;

    private RunningServices(
            Home home,
            RunningAdmin admin,
            HttpClient http,
            WorkstationDevice device,
            LinkClient administrator,
            PluginStore store,
            PluginHost host) {
        this.home = home;
        this.admin = admin;
        this.http = http;
        this.device = device;
        this.administrator = administrator;
        this.store = store;
        this.host = host;
    }

    static RunningServices join(
            Home home, RunningAdmin admin, PlatformThreads threads, DesktopUiHost views) {
        HttpClient http = HttpClient.newHttpClient();
        Map<String, String> cookie = Map.of("Cookie", "peek_device=" + DeviceSecret.of(home));
        WorkstationDevice device =
                WorkstationDevice.open(
                        home, dialer(http, () -> clientSite(home), () -> cookie), threads);
        LinkClient administrator =
                new LinkClient(
                        "Workstation admin",
                        false,
                        dialer(http, () -> adminSite(home, admin), admin::proof),
                        threads,
                        LinkClient.Timing.USUAL);
        administrator.onState(state -> {
            if (state instanceof LinkState.Offline) {
                admin.loginAgain();
            }
        });
        PluginStore store = new PluginStore(home.plugins());
        PluginHost host =
                new PluginHost(store, home.data().resolve("plugins"), Cli.version(), threads);
        host.addService(DesktopOffer.desktop(device, views));
        host.addService(DesktopOffer.admin(administrator, OWNER, views));
        return new RunningServices(home, admin, http, device, administrator, store, host);
    }

    @Override
    public void start() {
        device.link().start();
        administrator.start();
        follower =
                new PluginFollower(
                        host,
                        store,
                        new RowsObserver(administrator, Party.platform("peek"), OWNER),
                        sha256 -> {
                            throw new IOException(
                                    "package " + sha256 + " is not in the store of this home");
                        },
                        () -> {});
    }

    @Override
    public PluginHost host() {
        return host;
    }

    @Override
    public WorkstationDevice device() {
        return device;
    }

    @Override
    public String install(Path zip) {
        return admin.install(zip);
    }

    @Override
    public Optional<String> url(String site) {
        return (site.equals("client")
                        ? runningClientSite(home)
                        : Optional.of(adminSite(home, admin)))
                .map(URI::toString);
    }

    @Override
    public void close() {
        PluginFollower following = follower;
        if (following != null) {
            following.close();
        }
        host.close();
        device.close();
        administrator.close();
        http.shutdownNow();
    }

    /// Asked for at every dialing: a service that restarts may have another port, and the one it
    /// had may be somebody else's now, who must not be shown the proof of this device.
    private static URI clientSite(Home home) {
        return runningClientSite(home)
                .orElseThrow(() ->
                        new PeekException(
                                ErrorCode.OFFLINE, "the client service of this home does not run"));
    }

    private static Optional<URI> runningClientSite(Home home) {
        return RunFiles.findRunning(home, "client")
                .map(running -> running.ports().get("http"))
                .map(port -> URI.create("http://127.0.0.1:" + port));
    }

    private static URI adminSite(Home home, RunningAdmin known) {
        return RunningAdmin.find(home).map(RunningAdmin::site).orElse(known.site());
    }

    /// @param site asked for at every dialing
    private static LinkDialer dialer(
            HttpClient http, Supplier<URI> site, Supplier<Map<String, String>> proof) {
        LinkDialer webSocket =
                listener ->
                        new HttpWebSocketDialer(http, address("ws", site.get(), "/vortex"), proof)
                                .dial(listener);
        LinkDialer stream =
                listener ->
                        new HttpStreamDialer(
                                        http,
                                        address("http", site.get(), "/vortex/stream"),
                                        proof,
                                        true)
                                .dial(listener);
        return new FallbackDialer(webSocket, stream);
    }

    private static URI address(String scheme, URI site, String path) {
        return URI.create(scheme + "://" + site.getAuthority() + path);
    }
}
