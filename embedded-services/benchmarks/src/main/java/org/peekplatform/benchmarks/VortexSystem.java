package org.peekplatform.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.benchmarks.fan.VortexLoad;
import tools.jackson.databind.JsonNode;

/// What the figures of the data exchange are measured on: server and client service as two
/// processes with the probe, the bare baseline, and a generator in a process of its own.
final class VortexSystem implements AutoCloseable {
    private final Lab lab;
    private final HttpClient http = HttpClient.newHttpClient();
    private final PeekProcess server;
    private final PeekProcess client;
    private final Child bare;
    private final int barePort;
    private final AdminSession admin;
    private @Nullable Child ws;
    private int wsPort;

    static VortexSystem start(Lab lab) throws IOException, InterruptedException {
        return new VortexSystem(lab);
    }

    private VortexSystem(Lab lab) throws IOException, InterruptedException {
        this.lab = lab;
        Path home = lab.file("home");
        barePort = Lab.freePorts(1).getFirst();
        bare =
                lab.start(
                        "the baseline",
                        lab.baseline(
                                lab.file("fan-baseline.jsa"),
                                "FanBaseline",
                                List.of(String.valueOf(barePort))));
        bare.line();
        server = PeekProcess.server(lab, home);
        server.awaitRunning();
        admin = AdminSession.login(http, server);
        admin.install(lab.checkout().plugin("probe"));
        client = PeekProcess.client(lab, home);
        client.awaitPlugin("probe");
    }

    PeekProcess server() {
        return server;
    }

    PeekProcess client() {
        return client;
    }

    Child bare() {
        return bare;
    }

    int barePort() {
        return barePort;
    }

    /// A device on the client service.
    WireLink device() throws InterruptedException {
        return WireLink.open(http, client.clientPort(), Map.of(), "Benchmark device");
    }

    String cookie() {
        return admin.cookie();
    }

    /// The port of a broadcaster made with npm `ws`; 0 when Node or the package is missing, which
    /// is said.
    int wsPort() throws IOException {
        if (ws == null && wsPort == 0) {
            Path script =
                    lab.checkout()
                            .root()
                            .resolve(
                                    "embedded-services/benchmarks/src/main/peers/ws-broadcast.mjs");
            if (!Files.isDirectory(lab.checkout().root().resolve("node_modules/ws"))) {
                lab.say("npm ws is not measured: node_modules/ws is missing; run npm ci");
                return 0;
            }
            int port = Lab.freePorts(1).getFirst();
            try {
                Child started =
                        lab.start(
                                "npm ws", List.of("node", script.toString(), String.valueOf(port)));
                started.line();
                ws = started;
                wsPort = port;
            } catch (IOException | BenchException e) {
                lab.say("npm ws is not measured: " + e.getMessage());
            }
        }
        return wsPort;
    }

    /// Runs a scenario of the generator.
    JsonNode load(Object... words) throws IOException, InterruptedException {
        try (Child load = generator(words)) {
            return Wire.JSON.readTree(load.rest());
        }
    }

    /// A generator that goes on until it is told to end.
    Child generator(Object... words) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (Object word : words) {
            arguments.add(String.valueOf(word));
        }
        return lab.start("the generator", lab.helper(VortexLoad.class, arguments));
    }

    static Sample sample(JsonNode values) {
        List<Double> numbers = new ArrayList<>();
        values.forEach(value -> numbers.add(value.asDouble(0)));
        return new Sample(numbers);
    }

    static String devices(int count) {
        return String.format(Locale.ROOT, "%,d devices", count);
    }

    @Override
    public void close() {
        Child peer = ws;
        if (peer != null) {
            peer.close();
        }
        client.close();
        server.close();
        bare.close();
        http.shutdownNow();
    }
}
