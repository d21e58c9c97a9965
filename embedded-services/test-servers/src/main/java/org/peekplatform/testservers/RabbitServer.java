package org.peekplatform.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A RabbitMQ broker of one node, which asks for a password. Takes some seconds to start.
///
/// Erlang's port mapper belongs to it: without one of its own, RabbitMQ would start a daemon that
/// outlives it and listens to the network.
public final class RabbitServer implements AutoCloseable {
    private static @Nullable RabbitServer shared;

    private final Path folder;
    private final int port;
    private final int distributionPort;
    private final int mapperPort;
    private final WatchedProcess mapper;
    private final WatchedProcess broker;

    private RabbitServer(Path folder) throws IOException {
        this.folder = folder;
        port = WatchedProcess.freePort();
        distributionPort = WatchedProcess.freePort();
        mapperPort = WatchedProcess.freePort();
        mapper = new WatchedProcess("Erlang's port mapper", "TERM", folder.resolve("mapper"));
        broker = new WatchedProcess("RabbitMQ", "TERM", folder.resolve("log"));
    }

    /// The broker that all tests of this process share; it runs until the process ends. Who stops
    /// or kills brokers makes one of their own.
    public static synchronized RabbitServer shared() {
        RabbitServer server = shared;
        if (server == null) {
            server = create();
            server.start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
            shared = server;
        }
        return server;
    }

    /// Makes a broker with an empty data folder, without starting it.
    public static RabbitServer create() {
        try {
            Path folder = Files.createTempDirectory("peek-rabbit-");
            Files.createDirectories(folder.resolve("home"));
            Files.writeString(folder.resolve("plugins"), "[].\n");
            RabbitServer made = new RabbitServer(folder);
            Files.writeString(
                    folder.resolve("rabbitmq.conf"),
                    """
                    listeners.tcp.1 = 127.0.0.1:%d
                    default_user = %s
                    default_pass = %s
                    vm_memory_high_watermark.absolute = 512MB
                    disk_free_limit.absolute = 50MB
                    """
                            .formatted(made.port, made.user(), made.password()));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the broker on the port it has always had, and waits until it takes connections.
    public void start() {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        if (!mapper.isRunning()) {
            mapper.start(
                    List.of(
                            program("epmd").toString(),
                            "-port",
                            Integer.toString(mapperPort),
                            "-address",
                            "127.0.0.1"),
                    Map.of(),
                    () -> answers(loopback, mapperPort, new byte[] {0, 1, 'n'}));
        }
        broker.start(
                List.of(script().toString()),
                Map.ofEntries(
                        Map.entry("HOME", folder.resolve("home").toString()),
                        Map.entry("RABBITMQ_NODENAME", "peek@localhost"),
                        Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString()),
                        Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
                        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
                        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("logs").toString()),
                        Map.entry(
                                "RABBITMQ_ENABLED_PLUGINS_FILE",
                                folder.resolve("plugins").toString()),
                        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
                        Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                        // Lets the script become the broker, instead of having it as a child.
                        Map.entry("RABBITMQ_ALLOW_INPUT", "yes"),
                        Map.entry(
                                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                                "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none")),
                () -> answers(loopback, port, new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1}));
    }

    private static boolean answers(InetAddress host, int port, byte[] question) {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(question);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Ends the broker in good order.
    public void stop() {
        broker.signal("TERM");
    }

    /// Kills the broker with `kill -9`.
    public void kill() {
        broker.signal("KILL");
    }

    public int port() {
        return port;
    }

    public String url() {
        return "amqp://127.0.0.1:" + port;
    }

    public String user() {
        return "peek";
    }

    public String password() {
        return "of-this-broker";
    }

    // The script of that name on the PATH may leave it to another user to run the broker. The one
    // meant here stands beside another that is on no PATH.
    private static Path script() {
        return Programs.find(
                        "rabbitmq-env",
                        List.of(
                                "/usr/lib/rabbitmq/lib/*/sbin",
                                "/opt/homebrew/opt/rabbitmq/sbin",
                                "/usr/local/opt/rabbitmq/sbin"),
                        "RabbitMQ (the package rabbitmq-server)")
                .resolveSibling("rabbitmq-server");
    }

    private static Path program(String name) {
        return Programs.find(
                name,
                List.of("/usr/lib/erlang/bin", "/opt/homebrew/bin", "/usr/local/bin"),
                "Erlang (the package erlang-base, which comes with rabbitmq-server)");
    }

    /// Ends the broker and deletes its data.
    @Override
    public void close() {
        kill();
        mapper.signal("TERM");
        Programs.deleteTree(folder);
    }
}
