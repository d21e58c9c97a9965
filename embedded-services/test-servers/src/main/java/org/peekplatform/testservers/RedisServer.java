package org.peekplatform.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Redis server that keeps everything in memory and asks for a password.
public final class RedisServer implements AutoCloseable {
    private static @Nullable RedisServer shared;

    private final Path folder;
    private final int port;
    private final WatchedProcess process;

    private RedisServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        process = new WatchedProcess("Redis", "TERM", folder.resolve("log"));
    }

    /// The server that all tests of this process share; it runs until the process ends. Who stops
    /// or empties servers makes one of their own.
    public static synchronized RedisServer shared() {
        RedisServer server = shared;
        if (server == null) {
            server = create();
            server.start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
            shared = server;
        }
        return server;
    }

    /// Makes a server without starting it.
    public static RedisServer create() {
        try {
            return new RedisServer(
                    Files.createTempDirectory("peek-redis-"), WatchedProcess.freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the server, empty, on the port it has always had, and waits until it answers.
    public void start() {
        process.start(
                List.of(
                        program("redis-server").toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        folder.toString(),
                        "--requirepass",
                        password(),
                        "--save",
                        "",
                        "--appendonly",
                        "no"),
                Map.of(),
                this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            // An answer, though it is that a password is needed.
            return socket.getInputStream().read() == '-';
        } catch (IOException e) {
            return false;
        }
    }

    /// Forgets everything.
    public void flush() {
        Programs.run(
                List.of(program("redis-cli").toString(), "-p", Integer.toString(port), "FLUSHALL"),
                Map.of("REDISCLI_AUTH", password()));
    }

    /// Kills the server with `kill -9`.
    public void kill() {
        process.signal("KILL");
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public String password() {
        return "of this Redis";
    }

    private static Path program(String name) {
        return Programs.find(
                name,
                List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"),
                "Redis (the package redis-server)");
    }

    /// Ends the server.
    @Override
    public void close() {
        kill();
        Programs.deleteTree(folder);
    }
}
