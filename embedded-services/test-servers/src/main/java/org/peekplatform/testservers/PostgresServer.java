package org.peekplatform.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server with the settings it comes with, asking for passwords as in earnest.
///
/// Runs as user `postgres` where the tests run as root, which PostgreSQL refuses. A shell between
/// this process and the server ends it when this process dies, however it dies.
public final class PostgresServer implements AutoCloseable {
    private static final String ADMINISTRATOR = "postgres";
    private static final String PASSWORD = "of the administrator";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    // The shell waits for the end of its input, which comes with the end of this process.
    private static final String WATCHED =
            "exec 3<&0; \"$@\" 3<&- & server=$!;"
                    + " { read -r line <&3; kill -INT $server; } 2>/dev/null & watch=$!;"
                    + " wait $server; kill $watch 2>/dev/null";

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable PostgresServer shared;

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    /// A database and the user who owns it and nothing else.
    public record Database(String url, String user, String password) {}

    private PostgresServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /// The server that all tests of this process share; it runs until the process ends. Who stops
    /// or kills servers makes one of their own.
    public static synchronized PostgresServer shared() {
        PostgresServer server = shared;
        if (server == null) {
            server = create();
            server.start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
            shared = server;
        }
        return server;
    }

    /// Makes a server with an empty data folder, without starting it.
    public static PostgresServer create() {
        try {
            Path folder = Files.createTempDirectory("peek-postgres-");
            Path password = Files.writeString(folder.resolve("password"), PASSWORD);
            if (asRoot()) {
                var postgres =
                        folder.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(ADMINISTRATOR);
                Files.setOwner(folder, postgres);
                Files.setOwner(password, postgres);
            }
            Programs.run(
                    command(
                            "initdb",
                            "--pgdata=" + folder.resolve("data"),
                            "--username=" + ADMINISTRATOR,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C.UTF-8",
                            "--no-sync"),
                    Map.of());
            return new PostgresServer(folder, freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the server on the port it has always had, and waits until it takes connections.
    public void start() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!tryStart(until)) {
            // What was killed may hold its memory for a moment longer.
            if (System.nanoTime() > until) {
                throw new IllegalStateException("PostgreSQL does not start: " + log());
            }
        }
    }

    private boolean tryStart(long until) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, "peek-postgres"));
        command.addAll(
                command(
                        "postgres",
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="));
        try {
            Process started =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("log").toFile()))
                            .start();
            process = started;
            List<String> question =
                    List.of(
                            program("pg_isready").toString(),
                            "--host=127.0.0.1",
                            "--port=" + port,
                            "--quiet");
            while (started.isAlive()) {
                if (answers(question)) {
                    return true;
                }
                if (System.nanoTime() > until) {
                    throw new IllegalStateException("PostgreSQL does not answer: " + log());
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean answers(List<String> question) throws IOException {
        try {
            return new ProcessBuilder(question).start().waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL starts", e);
        }
    }

    /// Ends the server in good order; connections are cut.
    public void stop() {
        signal("INT");
    }

    /// Ends the server as its administrator may in a hurry: nothing is finished or written, the
    /// next start recovers.
    public void stopImmediately() {
        signal("QUIT");
    }

    /// Kills the server with `kill -9`.
    public void kill() {
        signal("KILL");
    }

    /// Whether the server has been started and not ended.
    public boolean isRunning() {
        Process started = process;
        return started != null && started.isAlive();
    }

    private void signal(String name) {
        Process started = process;
        if (started == null || !started.isAlive()) {
            return;
        }
        try {
            String pid =
                    Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst().strip();
            Programs.run(List.of("/bin/kill", "-" + name, pid), Map.of());
            if (!started.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                started.destroyForcibly();
                throw new IllegalStateException("PostgreSQL does not end: " + log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL ends", e);
        }
    }

    public int port() {
        return port;
    }

    /// Makes an empty database, which a user of its own owns.
    public Database newDatabase() {
        String name = "peek_" + DATABASES.incrementAndGet();
        String password = "of " + name;
        administer("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
        administer("CREATE DATABASE " + name + " OWNER " + name);
        return new Database("jdbc:postgresql://127.0.0.1:" + port + "/" + name, name, password);
    }

    /// Carries out a statement as the administrator of the server.
    ///
    /// @return the rows, one a line, columns with a bar between them
    public String administer(String sql) {
        return Programs.run(
                        List.of(
                                program("psql").toString(),
                                "--host=127.0.0.1",
                                "--port=" + port,
                                "--username=" + ADMINISTRATOR,
                                "--dbname=postgres",
                                "--no-psqlrc",
                                "--quiet",
                                "--tuples-only",
                                "--no-align",
                                "--set=ON_ERROR_STOP=1",
                                "--command=" + sql),
                        Map.of("PGPASSWORD", PASSWORD))
                .strip();
    }

    /// A program that came with the server, such as `psql` or `pgbench`.
    public static Path program(String name) {
        return Programs.find(
                name,
                List.of(
                        "/usr/lib/postgresql/*/bin",
                        "/usr/pgsql-*/bin",
                        "/opt/homebrew/opt/*/bin",
                        "/usr/local/opt/*/bin"),
                "PostgreSQL (the package postgresql)");
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (asRoot()) {
            command.addAll(
                    List.of(
                            "setpriv",
                            "--reuid=" + ADMINISTRATOR,
                            "--regid=" + ADMINISTRATOR,
                            "--clear-groups"));
        }
        command.add(program(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean asRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Ends the server and deletes its data.
    @Override
    public void close() {
        stopImmediately();
        Programs.deleteTree(folder);
    }
}
