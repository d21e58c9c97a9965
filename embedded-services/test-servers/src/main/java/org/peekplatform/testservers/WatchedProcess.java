package org.peekplatform.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The process of a server. A shell between this process and the server ends it when this process
/// dies, however it dies.
final class WatchedProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    // The shell waits for the end of its input, which comes with the end of this process. It says
    // first who the server is.
    private static final String WATCHED =
            "exec 3<&0; \"$@\" 3<&- & server=$!; echo $server > \"$PEEK_PID_FILE\";"
                    + " { read -r line <&3; kill -$PEEK_LAST_SIGNAL $server; } 2>/dev/null &"
                    + " watch=$!; wait $server; kill $watch 2>/dev/null";

    private final String name;
    private final String lastSignal;
    private final Path log;
    private final Path pidFile;
    private @Nullable Process process;

    /// @param name for messages
    /// @param lastSignal what the server gets when this process dies
    /// @param log where the server's output goes
    WatchedProcess(String name, String lastSignal, Path log) {
        this.name = name;
        this.lastSignal = lastSignal;
        this.log = log;
        pidFile = log.resolveSibling(log.getFileName() + ".pid");
    }

    /// Starts the server and waits until it answers. One that ends at once is started again, as
    /// what was killed may hold its port for a moment.
    void start(List<String> command, Map<String, String> environment, BooleanSupplier answers) {
        List<String> watched = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, "peek-server"));
        watched.addAll(command);
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Process started = launch(watched, environment);
            process = started;
            while (started.isAlive()) {
                if (answers.getAsBoolean()) {
                    return;
                }
                if (System.nanoTime() > until) {
                    throw new IllegalStateException(name + " does not answer: " + log());
                }
                pause(started);
            }
            if (System.nanoTime() > until) {
                throw new IllegalStateException(name + " does not start: " + log());
            }
        }
    }

    private Process launch(List<String> command, Map<String, String> environment) {
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("PEEK_PID_FILE", pidFile.toString());
        builder.environment().put("PEEK_LAST_SIGNAL", lastSignal);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pause(Process started) {
        try {
            if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " starts", e);
        }
    }

    boolean isRunning() {
        Process started = process;
        return started != null && started.isAlive();
    }

    /// Sends a signal to the server and waits until it has ended.
    void signal(String signal) {
        Process started = process;
        if (started == null || !started.isAlive()) {
            return;
        }
        try {
            String pid = Files.readString(pidFile).strip();
            Programs.run(List.of("/bin/kill", "-" + signal, pid), Map.of());
            if (!started.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                started.destroyForcibly();
                throw new IllegalStateException(name + " does not end: " + log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " ends", e);
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// A port that is free. Not one of those that the system gives to outgoing connections: a
    /// server takes seconds to listen, and whoever asks meanwhile whether it does may get its port
    /// for the question, and then even an answer from itself.
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken; another.
            }
        }
    }
}
