package org.peekplatform.integration;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Peek in a process of its own, started by the project's script as a user does, on free ports.
final class PeekProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(90);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path home;
    private final Path output;
    private final List<String> services;

    private PeekProcess(Process process, Path home, Path output, List<String> services) {
        this.process = process;
        this.home = home;
        this.output = output;
        this.services = services;
    }

    /// The root folder of the project.
    static Path root() {
        return Path.of(System.getProperty("peek.root", "../..")).toAbsolutePath().normalize();
    }

    /// The zip of the tutorial plugin, as the build made it.
    static Path tutorial() {
        Path zip = root().resolve("plugins/tutorial/target/tutorial-1.0.0.zip");
        if (!Files.exists(zip)) {
            throw new AssertionError(zip + " is missing: build the project first");
        }
        return zip;
    }

    /// The zip of the probe, which is installed to be asked and told things by tests.
    static Path probe() {
        Path zip = root().resolve("plugins/probe/target/probe-1.0.0.zip");
        if (!Files.exists(zip)) {
            throw new AssertionError(zip + " is missing: build the project first");
        }
        return zip;
    }

    /// Starts services and waits until each says that it is running.
    ///
    /// @param services `all`, or services separated by commas
    /// @param settings such as `client.network=true`, besides free ports
    static PeekProcess start(Path home, String services, String... settings)
            throws IOException, InterruptedException {
        Map<String, String> named = new LinkedHashMap<>();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            named.put(parts[0], parts[1]);
        }
        return start(home, services, named);
    }

    /// @param settings of which the ports that are missing are free ones
    static PeekProcess start(Path home, String services, Map<String, String> settings)
            throws IOException, InterruptedException {
        List<String> names =
                services.equals("all")
                        ? List.of("server", "client", "agent", "worker")
                        : List.of(services.split(","));
        String worker = settings.get("worker.name");
        if (worker != null) {
            names = names.stream().map(name -> named(name, worker)).toList();
        }
        Path output = Files.createTempFile("peek-" + services, ".log");
        List<String> command = command(home, "--service", services);
        Map<String, String> all = new LinkedHashMap<>();
        for (String port :
                List.of(
                        "server.admin.port",
                        "server.dataExchange.port",
                        "client.port",
                        "agent.port",
                        "worker.port")) {
            all.put(port, "0");
        }
        all.putAll(settings);
        all.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        ProcessBuilder builder = builder(command);
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        PeekProcess peek = new PeekProcess(process, home, output, names);
        peek.await("running", health -> health.path("state").asString("").equals("running"));
        return peek;
    }

    /// What a service is called in its home.
    private static String named(String service, String worker) {
        return service.equals("worker") ? "worker-" + worker : service;
    }

    /// Runs one command of the command line and returns what it printed.
    static Result run(Path home, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("peek-command", ".log");
        Process process =
                builder(command(home, arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        Files.delete(output);
        return new Result(process.exitValue(), text);
    }

    record Result(int code, String text) {}

    /// Waits until every service of this process is as wanted.
    void await(String what, Predicate<JsonNode> wanted) throws InterruptedException {
        Instant deadline = Instant.now().plus(LONGEST_START);
        for (String service : services) {
            while (!health(service).filter(wanted).isPresent()) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)
                        || Instant.now().isAfter(deadline)) {
                    throw new AssertionError(service + " is not " + what + ":\n" + log());
                }
            }
        }
    }

    /// What `/health` of a service says; empty while it does not answer.
    Optional<JsonNode> health(String service) throws InterruptedException {
        Optional<URI> site = url(service);
        if (site.isEmpty()) {
            return Optional.empty();
        }
        try {
            HttpResponse<String> answer =
                    HTTP.send(
                            HttpRequest.newBuilder(site.get().resolve("/health")).build(),
                            HttpResponse.BodyHandlers.ofString());
            return Optional.of(JSON.readTree(answer.body()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    URI adminSite() {
        return url("server").orElseThrow();
    }

    URI clientSite() {
        return url("client").orElseThrow();
    }

    Path home() {
        return home;
    }

    long pid() {
        return process.pid();
    }

    String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /// Ends the process as Ctrl-C or a service manager does, and waits.
    ///
    /// @return exit code
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("still running 30 seconds after SIGTERM:\n" + log());
        }
        return process.exitValue();
    }

    /// Ends the process without giving it a chance to do anything.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        new File(output.toString()).deleteOnExit();
    }

    private Optional<URI> url(String service) {
        Path file = home.resolve("run").resolve(service + ".json");
        try {
            JsonNode ports = JSON.readTree(Files.readString(file)).path("ports");
            int port = ports.path(service.equals("server") ? "admin" : "http").asInt(0);
            return port == 0
                    ? Optional.empty()
                    : Optional.of(URI.create("http://127.0.0.1:" + port));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> command(Path home, String... arguments) {
        List<String> command = new ArrayList<>(List.of(root().resolve("peek").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", home.toString()));
        return command;
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PEEK_NO_BUILD", "1");
        builder.environment().put("PEEK_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("DISPLAY");
        return builder;
    }
}
