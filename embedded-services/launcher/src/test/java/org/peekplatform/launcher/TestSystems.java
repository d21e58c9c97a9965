package org.peekplatform.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.PluginInstaller;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Systems in the process of the test, on free ports, closed after it.
final class TestSystems implements AutoCloseable {
    static final Set<ServiceKind> SERVER = EnumSet.of(ServiceKind.SERVER);
    static final Set<ServiceKind> CLIENT = EnumSet.of(ServiceKind.CLIENT);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<PeekSystem> systems = new ArrayList<>();

    /// What `/health` says.
    record Answer(int status, JsonNode json) {
        String state() {
            return json.path("state").asString("");
        }

        /// Plugins as `NAME VERSION STATE` or `NAME VERSION STATE: PROBLEM`.
        List<String> plugins() {
            List<String> plugins = new ArrayList<>();
            for (JsonNode plugin : json.path("plugins")) {
                String problem = plugin.path("problem").asString("");
                plugins.add(
                        "%s %s %s%s"
                                .formatted(
                                        plugin.path("name").asString(),
                                        plugin.path("version").asString(),
                                        plugin.path("state").asString(),
                                        problem.isEmpty() ? "" : ": " + problem));
            }
            return plugins;
        }
    }

    PeekSystem open(Home home, Set<ServiceKind> services, String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("server.admin.port", "0");
        all.put("server.dataExchange.port", "0");
        all.put("client.port", "0");
        all.put("agent.port", "0");
        all.put("worker.port", "0");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            all.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        home.prepare();
        PeekSystem system = PeekSystem.open(home, Config.load(home, all), services);
        systems.add(system);
        return system;
    }

    PeekSystem start(Home home, Set<ServiceKind> services, String... settings) {
        PeekSystem system = open(home, services, settings);
        system.start();
        return system;
    }

    static String install(PeekSystem system, Path zip) {
        PluginInstaller installer = Objects.requireNonNull(system.installer());
        return installer.install(zip).message();
    }

    /// @param site `admin` or `client`
    Answer health(PeekSystem system, String site) {
        return health(Objects.requireNonNull(system.url(site)));
    }

    Answer health(String url) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(url + "/health")).build(),
                            HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks for the health until it is as wanted; there is no event for it.
    Answer until(PeekSystem system, String site, Predicate<Answer> wanted)
            throws InterruptedException {
        return until(Objects.requireNonNull(system.url(site)), wanted);
    }

    Answer until(String url, Predicate<Answer> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = health(url);
        while (!wanted.test(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("in the end the health was " + answer);
            }
            breathe();
            answer = health(url);
        }
        return answer;
    }

    /// The port of a service with one.
    static int port(Home home, String service) {
        return Objects.requireNonNull(
                RunFiles.findRunning(home, service).orElseThrow().ports().get("http"));
    }

    static void breathe() throws InterruptedException {
        boolean never = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        if (never) {
            throw new IllegalStateException();
        }
    }

    static int exchangePort(Home home) {
        return Objects.requireNonNull(
                RunFiles.findRunning(home, "server").orElseThrow().ports().get("dataExchange"));
    }

    static List<String> runFiles(Home home) throws IOException {
        try (Stream<Path> files = Files.list(home.run())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() {
        systems.reversed().forEach(PeekSystem::close);
        http.shutdownNow();
    }
}
