package org.peekplatform.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.client.ClientService;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.queue.EmbeddedTaskEngine;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.server.ServerService;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkLimits;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.MemoryLink;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.web.Health;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.TlsIdentity;
import tools.jackson.databind.json.JsonMapper;

/// A server with its admin site and a client service, in a folder of its own, on free ports.
final class AdminFixture implements AutoCloseable {
    static final String PASSWORD = "abcd-efgh-right";

    final ManualClock clock = new ManualClock();
    final PlatformThreads threads = new PlatformThreads();
    final HttpClient http = HttpClient.newHttpClient();
    final Path home;
    final Database database;
    final TaskEngine tasks;
    final PluginHost host;
    final ServerService server;
    final ClientService client;
    final AdminService admin;
    final Site site;

    /// Runs each time the password is looked up.
    volatile Runnable onPassword = () -> {};

    AdminFixture(Path home) {
        this.home = home;
        database = Database.open(home.resolve("data"), threads);
        tasks =
                new EmbeddedTaskEngine(
                        database.platformStorage(),
                        database.transactions(),
                        threads,
                        clock,
                        TaskEngine.Timing.USUAL);
        TlsIdentity tls = TlsIdentity.own(home.resolve("data/identity"));
        PluginStore store = new PluginStore(home.resolve("plugins"));
        host = new PluginHost(store, home.resolve("data/plugins"), "0.1.0", threads);
        server =
                new ServerService(
                        new ServerService.Setup(
                                "0.1.0",
                                database,
                                tasks,
                                new Schedules(
                                        database.platformStorage(),
                                        tasks,
                                        threads,
                                        new Schedules.ZonedClock(clock, ZoneOffset.UTC)),
                                store,
                                host,
                                threads,
                                clock,
                                0,
                                false,
                                tls,
                                "link-key",
                                Set.of("client"),
                                () -> new Health(true, "{}")));
        admin =
                new AdminService(
                        new AdminService.Setup(
                                server.observables(),
                                server.actions(),
                                server.links(),
                                host,
                                server.installer(),
                                server::catalogue,
                                server.enrolment(),
                                tasks,
                                threads,
                                clock,
                                0,
                                false,
                                tls,
                                withReloadable ->
                                        new BackupMaker.Made(
                                                Path.of("made.zip"),
                                                withReloadable
                                                        ? "It holds all."
                                                        : "It holds the rest."),
                                this::password,
                                () -> new Health(true, "{}")));
        server.onCatalogueChange(admin::catalogueChanged);
        client =
                new ClientService(
                        new ClientService.Setup(
                                "client",
                                "0.1.0",
                                MemoryLink.dialer(
                                        server.links(),
                                        new Caller.Service(ServiceKind.CLIENT, "client")),
                                host,
                                threads,
                                0,
                                false,
                                LinkLimits.device(1 << 20),
                                tls,
                                "cookie key",
                                clock,
                                () -> new Health(true, "{}")));
        client.start();
        site = admin.openSite();
        host.start(server.catalogue());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.header("X-Peek-Request", "1").build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(site.url() + path));
    }

    HttpResponse<String> login(String user, String password) {
        String body =
                JsonMapper.shared().writeValueAsString(Map.of("user", user, "password", password));
        return send(request("/api/login").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// @return the session's cookie
    String login() {
        return cookie(login("recovery", PASSWORD));
    }

    static String cookie(HttpResponse<?> answer) {
        return answer.headers().firstValue("Set-Cookie").orElse(";").split(";", 2)[0];
    }

    HttpResponse<String> upload(String cookie, byte[] zip) {
        return send(
                request("/api/plugins")
                        .header("Cookie", cookie)
                        .header("X-Peek-File", "dropped.zip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(zip)));
    }

    static String message(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body()).path("message").asString();
    }

    /// A link over the admin site with the session of `cookie`.
    LinkClient administrator(String cookie) {
        return online(
                new HttpWebSocketDialer(
                        http,
                        URI.create("ws://127.0.0.1:" + site.port() + "/vortex"),
                        () -> Map.of("Cookie", cookie)));
    }

    /// A link to the server's hub as `caller`, as services of the process have it.
    LinkClient atServer(Caller caller) {
        return online(MemoryLink.dialer(server.links(), caller));
    }

    /// A link of a device to the client service.
    LinkClient device() {
        return online(MemoryLink.dialer(client.links(), new Caller.Device("phone")));
    }

    private LinkClient online(LinkDialer dialer) {
        LinkClient link = new LinkClient("test", false, dialer, threads, LinkClient.Timing.USUAL);
        CompletableFuture<Void> up = new CompletableFuture<>();
        link.onState(state -> {
            if (state instanceof LinkState.Online) {
                up.complete(null);
            }
        });
        link.start();
        up.orTimeout(5, TimeUnit.SECONDS).join();
        return link;
    }

    private String password() {
        onPassword.run();
        return PASSWORD;
    }

    @Override
    public void close() {
        host.close();
        client.close();
        admin.close();
        server.close();
        site.close();
        tasks.close();
        database.close();
        http.shutdownNow();
        threads.close();
    }
}
