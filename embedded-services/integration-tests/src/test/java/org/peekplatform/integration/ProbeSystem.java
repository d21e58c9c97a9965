package org.peekplatform.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;

/// Server and client service as two processes with the probe installed, each of which can be killed
/// and comes back on the same ports. Between the two, and before the client, is a proxy that can
/// make trouble.
final class ProbeSystem implements AutoCloseable {
    private final Path home;
    private final int adminPort = freePort();
    private final int exchangePort = freePort();
    private final int clientPort = freePort();
    private final FaultProxy upstream;
    private final FaultProxy downstream;
    private @Nullable PeekProcess server;
    private @Nullable PeekProcess client;

    ProbeSystem(Path home, long seed) throws Exception {
        this.home = home;
        upstream = new FaultProxy(exchangePort, seed);
        downstream = new FaultProxy(clientPort, seed + 1);
        try {
            startServer();
            RunningAdmin.find(new Home(home.toAbsolutePath()))
                    .orElseThrow()
                    .install(PeekProcess.probe());
            startClient();
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    /// Between client service and server.
    FaultProxy upstream() {
        return upstream;
    }

    /// Between devices and client service, for devices that dial [#throughProxy].
    FaultProxy downstream() {
        return downstream;
    }

    int clientPort() {
        return clientPort;
    }

    int exchangePort() {
        return exchangePort;
    }

    int adminPort() {
        return adminPort;
    }

    URI direct() {
        return URI.create("ws://127.0.0.1:" + clientPort + "/vortex");
    }

    URI throughProxy() {
        return URI.create("ws://127.0.0.1:" + downstream.port() + "/vortex");
    }

    void startServer() throws IOException, InterruptedException {
        server =
                PeekProcess.start(
                        home,
                        "server",
                        Map.of(
                                "server.admin.port",
                                String.valueOf(adminPort),
                                "server.dataExchange.port",
                                String.valueOf(exchangePort)));
    }

    void startClient() throws IOException, InterruptedException {
        PeekProcess started =
                PeekProcess.start(
                        home,
                        "client",
                        Map.of(
                                "client.port",
                                String.valueOf(clientPort),
                                "client.server.url",
                                "ws://127.0.0.1:" + upstream.port()));
        client = started;
        started.await(
                "running with the probe",
                health ->
                        health.path("plugins").path(0).path("name").asString("").equals("probe")
                                && health.path("plugins")
                                        .path(0)
                                        .path("state")
                                        .asString("")
                                        .equals("running"));
    }

    PeekProcess server() {
        return running(server);
    }

    PeekProcess client() {
        return running(client);
    }

    void killServer() throws InterruptedException {
        server().kill();
    }

    void killClient() throws InterruptedException {
        client().kill();
    }

    @Override
    public void close() {
        for (AutoCloseable one : new AutoCloseable[] {client, server, downstream, upstream}) {
            if (one instanceof PeekProcess process) {
                process.close();
            } else if (one instanceof FaultProxy proxy) {
                proxy.close();
            }
        }
    }

    private static PeekProcess running(@Nullable PeekProcess process) {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
