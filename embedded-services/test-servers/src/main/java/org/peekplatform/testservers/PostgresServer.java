package org.peekplatform.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server with the settings it comes with, asking for passwords as in earnest.
///
/// Runs as user `postgres` where the tests run as root, which PostgreSQL refuses.
public final class PostgresServer implements AutoCloseable {
    private static final String ADMINISTRATOR = "postgres";
    private static final String PASSWORD = "of the administrator";
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable PostgresServer shared;

    private final Path folder;
    private final int port;
    private final WatchedProcess process;

    /// A database and the user who owns it and nothing else.
    public record Database(String url, String user, String password) {}

    private PostgresServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        process = new WatchedProcess("PostgreSQL", "INT", folder.resolve("log"));
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
            return new PostgresServer(folder, WatchedProcess.freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the server on the port it has always had, and waits until it takes connections.
    public void start() {
        List<String> question =
                List.of(
                        program("pg_isready").toString(),
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--quiet");
        process.start(
                command(
                        "postgres",
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="),
                Map.of(),
                () -> answers(question));
    }

    private static boolean answers(List<String> question) {
        try {
            return new ProcessBuilder(question).start().waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL starts", e);
        }
    }

    /// Ends the server in good order; connections are cut.
    public void stop() {
        process.signal("INT");
    }

    /// Ends the server as its administrator may in a hurry: nothing is finished or written, the
    /// next start recovers.
    public void stopImmediately() {
        process.signal("QUIT");
    }

    /// Kills the server with `kill -9`.
    public void kill() {
        process.signal("KILL");
    }

    /// Whether the server has been started and not ended.
    public boolean isRunning() {
        return process.isRunning();
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

    /// Ends the server and deletes its data.
    @Override
    public void close() {
        stopImmediately();
        Programs.deleteTree(folder);
    }
}
