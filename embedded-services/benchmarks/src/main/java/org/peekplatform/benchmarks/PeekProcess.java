package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A Peek that runs for a figure, on a home and ports of its own.
final class PeekProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofMinutes(2);

    private final Child child;
    private final Path home;
    private final int clientPort;
    private final int adminPort;

    private PeekProcess(Child child, Path home, int clientPort, int adminPort) {
        this.child = child;
        this.home = home;
        this.clientPort = clientPort;
        this.adminPort = adminPort;
    }

    /// All services, no window.
    static PeekProcess headless(Lab lab, Path home, Path archive) throws IOException {
        return start(lab, home, archive, List.of("--service", "all"), List.of());
    }

    /// The workstation with all services, on `display`.
    static PeekProcess window(Lab lab, Path home, Path archive, String display) throws IOException {
        return start(lab, home, archive, List.of(), List.of("DISPLAY=" + display));
    }

    /// The server in a process of its own.
    static PeekProcess server(Lab lab, Path home) throws IOException {
        PeekProcess both = start(lab, home, null, List.of("--service", "server"), List.of());
        return new PeekProcess(both.child, home, 0, both.adminPort);
    }

    /// The client service in a process of its own, on the home of a server that runs.
    static PeekProcess client(Lab lab, Path home) throws IOException {
        PeekProcess both = start(lab, home, null, List.of("--service", "client"), List.of());
        return new PeekProcess(both.child, home, both.clientPort, 0);
    }

    private static PeekProcess start(
            Lab lab, Path home, @Nullable Path archive, List<String> how, List<String> environment)
            throws IOException {
        List<Integer> ports = Lab.freePorts(3);
        List<String> arguments = new ArrayList<>(how);
        arguments.addAll(
                List.of(
                        "--home",
                        home.toString(),
                        "--set",
                        "client.port=" + ports.get(0),
                        "--set",
                        "server.admin.port=" + ports.get(1),
                        "--set",
                        "server.dataExchange.port=" + ports.get(2),
                        "--set",
                        "agent.port=0",
                        "--set",
                        "worker.port=0"));
        Child child = lab.start("peek", lab.product(archive, arguments), environment);
        return new PeekProcess(child, home, ports.get(0), ports.get(1));
    }

    Child child() {
        return child;
    }

    int clientPort() {
        return clientPort;
    }

    int adminPort() {
        return adminPort;
    }

    String recoveryPassword() throws IOException {
        return Files.readString(home.resolve("recovery-password.txt")).strip();
    }

    /// Waits until every service says that it is running.
    ///
    /// @return milliseconds since the process was started
    double awaitRunning() {
        long at = 0;
        for (int port : sites()) {
            at = HttpProbe.await(child, port, "/health", PeekProcess::isRunning, LONGEST_START);
        }
        return (at - child.spawned()) / 1e6;
    }

    /// Waits until the plugin runs everywhere.
    long awaitPlugin(String name) {
        long at = 0;
        for (int port : sites()) {
            at =
                    HttpProbe.await(
                            child,
                            port,
                            "/health",
                            body -> isRunning(body) && body.contains("\"name\":\"" + name + "\""),
                            LONGEST_START);
        }
        return at;
    }

    private int[] sites() {
        return IntStream.of(clientPort, adminPort).filter(port -> port > 0).toArray();
    }

    /// The state of the service is the first that is said; those of plugins and links follow.
    static boolean isRunning(String health) {
        int state = health.indexOf("\"state\":");
        return state >= 0 && health.startsWith("\"state\":\"running\"", state);
    }

    @Override
    public void close() {
        child.close();
    }
}
