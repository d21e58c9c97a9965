package org.peekplatform.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that a figure has started. What it says on its standard output can be read line by
/// line, what it complains about goes to a file.
final class Child implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(30);
    private static final int COMPLAINT_LINES = 12;

    private final String name;
    private final Process process;
    private final Path errors;
    private final long spawned;

    private Child(String name, Process process, Path errors, long spawned) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.spawned = spawned;
    }

    /// @param environment `NAME=value`, added to ours
    static Child start(String name, List<String> command, List<String> environment, Path errors)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        builder.redirectError(errors.toFile());
        // Settings of whoever runs the benchmarks must not reach one side only.
        builder.environment().remove("PEEK_HOME");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            builder.environment()
                    .put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        long spawned = System.nanoTime();
        return new Child(name, builder.start(), errors, spawned);
    }

    /// When it was started, on the clock of `System.nanoTime`.
    long spawned() {
        return spawned;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// The next line it prints.
    String line() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw failed("ended before it said what was expected");
        }
        return line;
    }

    /// Everything it still prints, and then that it ended well.
    String rest() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            text.append(line).append('\n');
        }
        int code = process.waitFor();
        if (code != 0) {
            throw failed("ended with code " + code);
        }
        return text.toString();
    }

    /// Tells it something.
    void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    BenchException failed(String how) {
        StringBuilder text = new StringBuilder(name + " " + how);
        try {
            List<String> complaints = Files.readAllLines(errors);
            complaints
                    .subList(Math.max(0, complaints.size() - COMPLAINT_LINES), complaints.size())
                    .forEach(line -> text.append("\n    ").append(line));
        } catch (IOException e) {
            text.append("; what it complained about cannot be read from ").append(errors);
        }
        return new BenchException(text.toString());
    }

    /// Ends it as Ctrl-C does, and waits until it is gone.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GOODBYE.toSeconds(), TimeUnit.SECONDS)) {
                kill();
                throw failed("did not end within " + GOODBYE.toSeconds() + " s and was killed");
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    void kill() {
        process.destroyForcibly();
    }
}
