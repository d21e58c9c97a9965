package org.peekplatform.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.websocket.WsConfig;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.HttpStreamLink;
import org.peekplatform.vortex.Link;
import org.peekplatform.web.identity.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP port of a service: checks and headers for every request, `/health`, static files, the
/// service's end of links at `/vortex`, and the routes its service adds. Listens on loopback until
/// it is opened to the network. TLS and plain HTTP share the port; from other machines only TLS is
/// taken.
public final class Site implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Site.class);
    // What the system has taken of a large frame cannot be overtaken any more, and it takes
    // megabytes by itself. Linux doubles this; at 128 kbit/s it is four seconds.
    private static final int SEND_BUFFER = 32 << 10;
    // Connections that the system has made and that wait to be taken. Beyond it the system drops
    // what they send and tries again after seconds; all devices of a site come back at once.
    private static final int ACCEPT_QUEUE = 4_096;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";
    private static final String CALLER = "peek.caller";
    private static final String TENURE = "peek.tenure";
    private static final String LISTENER = "peek.listener";
    private static final String LINK = "peek.link";

    private final Setup setup;
    private final LocalCheck local;
    private final SslContextFactory.Server ssl;
    private final Limits limits;
    private final Javalin javalin;
    private final Set<TenuredLink> open = ConcurrentHashMap.newKeySet();
    private final HttpLinks httpLinks;
    private volatile boolean network;
    private volatile ServerConnector connector;

    /// What a service wants of its site.
    ///
    /// @param name for messages, such as `admin site`
    /// @param portKey the key in config.json that sets the port
    /// @param port 0 picks a free one
    /// @param network whether other machines may connect
    /// @param tls who the site is over TLS
    /// @param files folder on the class path with the site's files, or `null`
    /// @param plugins files of plugins
    /// @param health what `/health` answers
    /// @param callers proves who opens a link
    /// @param links takes the links
    /// @param maxFrameBytes the largest frame accepted
    /// @param routes adds routes
    public record Setup(
            String name,
            String portKey,
            int port,
            boolean network,
            TlsIdentity tls,
            @Nullable String files,
            PluginFiles plugins,
            Supplier<Health> health,
            Callers callers,
            Link.Acceptor links,
            int maxFrameBytes,
            Consumer<RoutesConfig> routes) {}

    /// How long others may take.
    ///
    /// @param header for the header of a request
    /// @param body for the body of a request that carries frames
    /// @param links for a sign of life over a link
    record Limits(Duration header, Duration body, HttpStreamLink.Timing links) {
        static final Limits USUAL =
                new Limits(
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(30),
                        HttpStreamLink.Timing.USUAL);
    }

    /// Starts to listen.
    ///
    /// @throws PeekException with `CONFLICT` when the port is taken; the message says what to do
    public static Site start(Setup setup) {
        return start(setup, LocalCheck::isLoopback, Limits.USUAL);
    }

    /// The same.
    ///
    /// @param local whether an address is one of this machine only
    static Site start(Setup setup, Predicate<String> local, Limits limits) {
        return new Site(setup, local, limits);
    }

    private Site(Setup setup, Predicate<String> local, Limits limits) {
        this.setup = setup;
        this.local = new LocalCheck(local);
        this.limits = limits;
        ssl = ssl(setup.tls());
        network = setup.network();
        httpLinks =
                new HttpLinks(setup.callers(), setup.links(), setup.maxFrameBytes(), limits, open);
        javalin = Javalin.create(this::configure);
        connector = new ServerConnector(javalin.jettyServer().server());
        try {
            javalin.start();
        } catch (RuntimeException e) {
            javalin.stop();
            throw new PeekException(ErrorCode.CONFLICT, explain(e), e);
        }
        log.info("{} listens at {}", setup.name(), url());
    }

    /// The port in use.
    public int port() {
        return connector.getLocalPort();
    }

    /// The address on this machine, such as `http://127.0.0.1:8010`.
    public String url() {
        return "http://" + LOOPBACK + ":" + port();
    }

    /// Whether a request comes from this machine, not from another one.
    public static boolean isLocal(Context request) {
        return LocalCheck.isLocal(request);
    }

    /// Ends the links whose [Tenure] is over now, not only when the next frame passes.
    public void endLinksThatAreOver() {
        open.forEach(link -> link.endIfOver(false));
    }

    public boolean isOpenToNetwork() {
        return network;
    }

    /// Opens the site to other machines, or closes it to them. Links are cut for a moment and come
    /// back by themselves.
    ///
    /// @throws PeekException when another program has the port there; the site listens as before
    public synchronized void openToNetwork(boolean open) {
        if (open == network) {
            return;
        }
        int port = port();
        try {
            listen(open, port);
        } catch (PeekException e) {
            listen(!open, port);
            throw e;
        }
        log.info(
                "{} now listens {}",
                setup.name(),
                open ? "to the network" : "on this machine only");
    }

    private void listen(boolean open, int port) {
        Server server = javalin.jettyServer().server();
        ServerConnector old = connector;
        try {
            httpLinks.end(Link.CloseReason.GOING_AWAY);
            old.stop();
            server.removeConnector(old);
            network = open;
            ServerConnector next =
                    connector(
                            server,
                            old.getConnectionFactory(HttpConnectionFactory.class)
                                    .getHttpConfiguration());
            next.setPort(port);
            server.addConnector(next);
            next.start();
        } catch (Exception e) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "the %s cannot listen %s at port %d"
                            .formatted(
                                    setup.name(),
                                    open ? "to the network" : "on this machine",
                                    port),
                    e);
        }
    }

    @Override
    public void close() {
        httpLinks.end(Link.CloseReason.GOING_AWAY);
        javalin.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = 1 << 20;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendDateHeader(false);
            // Sets the scheme. Without the check of the host name: there is one certificate.
            http.addCustomizer(new SecureRequestCustomizer(false));
        });
        config.jetty.modifyServer(server -> server.setErrorHandler(new ProtocolErrors()));
        config.jetty.modifyServletContextHandler(context -> context.setSessionHandler(none()));
        config.jetty.addConnector(this::connector);
        config.jetty.modifyWebSocketServletFactory(factory -> {
            factory.setMaxBinaryMessageSize(setup.maxFrameBytes());
            factory.setIdleTimeout(IDLE);
        });
        RequestCheck check = new RequestCheck(() -> network, setup.tls());
        config.routes.before(request -> {
            SecurityHeaders.set(request);
            check.check(request);
            local.check(request);
        });
        config.routes.get("/health", this::health).head("/health", this::health);
        config.routes.wsBeforeUpgrade(
                "/vortex",
                request -> {
                    SecurityHeaders.set(request);
                    check.check(request);
                    local.checkLink(request);
                    request.attribute(CALLER, setup.callers().prove(request));
                    request.attribute(TENURE, setup.callers().tenure(request));
                });
        config.routes.ws("/vortex", this::links);
        httpLinks.addTo(config.routes);
        setup.routes().accept(config.routes);
        // A request may have been the log-out of whoever opened a link.
        config.routes.after("/api/*", request -> endLinksThatAreOver());
        String files = setup.files();
        if (files != null) {
            new Docs().addTo(config.routes);
            StaticFiles site = new StaticFiles(files, setup.plugins());
            Handler file =
                    request -> {
                        if (!site.serve(request)) {
                            throw new PeekException(
                                    ErrorCode.NOT_OFFERED,
                                    "There is nothing at " + request.path() + ".");
                        }
                    };
            config.routes.get("/*", file).head("/*", file);
        }
        config.routes.exception(PeekException.class, HttpErrors::answer);
        config.routes.exception(HttpResponseException.class, HttpErrors::refused);
        config.routes.exception(IOException.class, HttpErrors::brokenOff);
        config.routes.exception(Exception.class, HttpErrors::unexpected);
    }

    /// Javalin looks at the session of every request for a link, which would make one for each and
    /// keep it for ever, with a cookie; Peek's own are in [Sessions].
    private static SessionHandler none() {
        SessionHandler handler = new SessionHandler();
        handler.setUsingCookies(false);
        NullSessionCache cache = new NullSessionCache(handler);
        cache.setSessionDataStore(new NullSessionDataStore());
        handler.setSessionCache(cache);
        return handler;
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        SslConnectionFactory tls = new SslConnectionFactory(ssl, HttpVersion.HTTP_1_1.asString());
        ServerConnector made =
                new ServerConnector(
                        server,
                        1,
                        1,
                        new DetectorConnectionFactory(tls),
                        new HttpConnectionFactory(http));
        made.setHost(network ? EVERYWHERE : LOOPBACK);
        made.setPort(setup.port());
        made.setIdleTimeout(IDLE.toMillis());
        made.setAcceptQueueSize(ACCEPT_QUEUE);
        made.addBean(new HeaderDeadline(made, limits.header()));
        made.setAcceptedSendBufferSize(SEND_BUFFER);
        connector = made;
        return made;
    }

    private static SslContextFactory.Server ssl(TlsIdentity tls) {
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setKeyStore(tls.keyStore());
        ssl.setKeyStorePassword(tls.keyStorePassword());
        ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        ssl.setSniRequired(false);
        ssl.setRenegotiationAllowed(false);
        return ssl;
    }

    private void health(Context request) {
        Health health = setup.health().get();
        request.status(health.serving() ? 200 : 503)
                .contentType("application/json")
                .result(health.json());
    }

    private void links(WsConfig ws) {
        ws.onConnect(context -> {
            Caller caller = context.attribute(CALLER);
            Tenure tenure = context.attribute(TENURE);
            if (caller == null || tenure == null) {
                context.closeSession(1008, "not proven");
                return;
            }
            TenuredLink link = new TenuredLink(new WebSocketLink(context.session), tenure);
            open.add(link);
            context.attribute(LINK, link);
            context.attribute(LISTENER, setup.links().accept(link, caller));
        });
        ws.onBinaryMessage(context -> {
            TenuredLink link = context.attribute(LINK);
            Link.Listener listener = context.attribute(LISTENER);
            if (link != null && listener != null) {
                byte[] bytes = new byte[context.data().remaining()];
                context.data().get(bytes);
                link.receive(bytes, listener);
            }
        });
        ws.onMessage(context -> context.closeSession(1003, "frames are binary"));
        ws.onClose(context -> {
            TenuredLink link = context.attribute(LINK);
            if (link != null) {
                open.remove(link);
            }
            Link.Listener listener = context.attribute(LISTENER);
            if (listener != null) {
                listener.closed("the device closed the connection (" + context.status() + ")");
            }
        });
        ws.onError(context -> log.debug("A link of {} broke", setup.name(), context.error()));
    }

    private String explain(RuntimeException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                boolean mayNot = String.valueOf(cause.getMessage()).startsWith("Permission");
                return "Port %d of the %s %s, or choose another port with --set %s=NUMBER or in config.json."
                        .formatted(
                                setup.port(),
                                setup.name(),
                                mayNot
                                        ? "may not be used by this user. Allow it"
                                        : "is in use by another program. Close that program",
                                setup.portKey());
            }
        }
        return setup.name() + " cannot be started: " + problem.getMessage();
    }
}
