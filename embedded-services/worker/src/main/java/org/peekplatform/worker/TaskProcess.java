package org.peekplatform.worker;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.task.OwnProcess;
import org.peekplatform.queue.Claim;
import org.peekplatform.queue.TaskRunner;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Java process that does tasks of one plugin, one at a time, as the worker sees it.
///
/// Frames go through its standard input and output; it ends when its input does, so also when this
/// process is killed. What it writes to its standard error goes to the log.
final class TaskProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TaskProcess.class);

    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    /// For a handler after it was interrupted; less than the grace of the runner.
    private static final Duration GRACE = Duration.ofSeconds(2);

    /// What `ExitOnOutOfMemoryError` exits with.
    private static final int OUT_OF_MEMORY = 3;

    private final String plugin;
    private final OwnProcess kind;
    private final Process process;
    private final FramePipe pipe;
    private final CompletableFuture<Header> ready = new CompletableFuture<>();
    private volatile Work work;
    private int done;
    private volatile boolean killed;
    private volatile @Nullable PeekException death;

    /// The task under way.
    private record Work(long id, TaskRunner.@Nullable Run run, CompletableFuture<Frame> answer) {}

    private TaskProcess(String plugin, OwnProcess kind, Process process) {
        this.plugin = plugin;
        this.kind = kind;
        this.process = process;
        pipe = new FramePipe(process.getInputStream(), process.getOutputStream());
        work = new Work(0, null, new CompletableFuture<>());
    }

    /// Starts the process and waits until it can do tasks.
    ///
    /// @param main its class
    /// @param start what it reads first
    /// @throws PeekException with a sentence when it cannot
    static TaskProcess start(
            String plugin, OwnProcess kind, Class<?> main, byte[] start, Executor threads)
            throws InterruptedException {
        Path java =
                Path.of(System.getProperty("java.home"), "bin", windows() ? "java.exe" : "java");
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                java.toString(),
                                "-Xmx" + kind.megabytes() + "m",
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                // Its standard output is for frames.
                                "-XX:+DisplayVMOutputToStderr",
                                "--enable-native-access=ALL-UNNAMED",
                                main.getName()));
        // Not as an argument: systems limit how long these are.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        TaskProcess started;
        try {
            started = new TaskProcess(plugin, kind, builder.start());
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "no process for tasks of plugin '%s' can be started with %s (%s)"
                            .formatted(plugin, java, e.getMessage()),
                    e);
        }
        boolean usable = false;
        try {
            threads.execute(started::listen);
            threads.execute(started::logErrors);
            started.begin(start);
            usable = true;
            return started;
        } finally {
            if (!usable) {
                started.kill();
            }
        }
    }

    private static boolean windows() {
        return File.separatorChar == '\\';
    }

    private void begin(byte[] start) throws InterruptedException {
        try {
            pipe.write(Frame.of(new Header.Ping(), start));
        } catch (IOException e) {
            log.debug("The process for tasks of plugin '{}' reads nothing", plugin, e);
        }
        Header answer;
        try {
            answer = ready.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw died(e);
        } catch (TimeoutException e) {
            throw new PeekException(
                    ErrorCode.TIMED_OUT,
                    "the process for tasks of plugin '%s' was not ready within %d s"
                            .formatted(plugin, LONGEST_START.toSeconds()),
                    e);
        }
        if (answer instanceof Header.Refused(String code, String message)) {
            log.debug("The process for tasks of plugin '{}' says {}", plugin, code);
            throw new PeekException(ErrorCode.INTERNAL, message);
        }
        log.info(
                "Process {} does tasks of plugin '{}', with {} MB",
                process.pid(),
                plugin,
                kind.megabytes());
    }

    /// Does one task; returns when it is done, with its effect committed. When the calling thread
    /// is interrupted, the task is, and soon after the process ends if that does not help.
    ///
    /// @throws Exception why the attempt failed
    void perform(Claim claim, TaskRunner.Run run) throws Exception {
        Work begun = new Work(claim.id(), run, new CompletableFuture<>());
        work = begun;
        done++;
        PeekException already = death;
        if (already != null) {
            begun.answer().completeExceptionally(already);
        }
        String id = String.valueOf(claim.id());
        send(Frame.of(new Header.Call(id, "worker", claim.type(), 0, null), ClaimBytes.of(claim)));
        Frame answer;
        try {
            answer = answer(begun, claim);
        } catch (ExecutionException e) {
            throw died(e);
        }
        if (answer.header() instanceof Header.Returned(var _, String code, String message)
                && code != null) {
            throw new PeekException(
                    new ErrorCode(code, kindOf(answer.payload())), String.valueOf(message));
        }
    }

    private Frame answer(Work begun, Claim claim) throws ExecutionException {
        try {
            return begun.answer().get();
        } catch (InterruptedException e) {
            send(Frame.of(new Header.Cancel(String.valueOf(claim.id()))));
        }
        try {
            return begun.answer().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException e) {
            kill();
            throw new PeekException(
                    ErrorCode.TIMED_OUT,
                    "plugin '%s' did not end task %d when it was interrupted, so its process was ended"
                            .formatted(plugin, claim.id()),
                    e);
        }
    }

    /// Whether it can do another task.
    boolean isUsable() {
        return death == null && !killed && done < kind.tasks();
    }

    OwnProcess kind() {
        return kind;
    }

    /// Ends it at once, whatever it does.
    void kill() {
        killed = true;
        process.destroyForcibly();
    }

    /// Ends its input, and so the process.
    @Override
    public void close() {
        killed = true;
        try {
            process.getOutputStream().close();
            if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException e) {
            log.debug("The input of process {} cannot be closed", process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private void send(Frame frame) {
        try {
            pipe.write(frame);
        } catch (IOException e) {
            // Its end is noticed by who listens.
            log.debug("Process {} reads nothing any more", process.pid(), e);
        }
    }

    private void listen() {
        try {
            for (Frame frame = pipe.read(); frame != null; frame = pipe.read()) {
                take(frame);
            }
        } catch (IOException | PeekException e) {
            log.debug("Process {} says nothing that can be understood", process.pid(), e);
            process.destroyForcibly();
        }
        PeekException end = howItEnded();
        // Before the work is looked at: whoever begins later sees it.
        death = end;
        ready.completeExceptionally(end);
        work.answer().completeExceptionally(end);
    }

    private void take(Frame frame) throws IOException {
        Work current = work;
        switch (frame.header()) {
            case Header.Pong pong -> ready.complete(pong);
            case Header.Refused refused -> ready.complete(refused);
            case Header.Returned(String id, var _, var _)
                    when id.equals(String.valueOf(current.id())) ->
                    current.answer().complete(frame);
            case Header.Call(String id, var _, var _, var _, var _)
                    when id.equals(String.valueOf(current.id())) && current.run() != null -> {
                DataInputStream told =
                        new DataInputStream(new ByteArrayInputStream(frame.payload()));
                current.run().progress(told.readDouble(), told.readUTF());
            }
            default -> log.debug("Process {} says {}", process.pid(), frame);
        }
    }

    private void logErrors() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.warn("Process {} of plugin '{}': {}", process.pid(), plugin, line);
            }
        } catch (IOException e) {
            log.debug("The errors of process {} cannot be read", process.pid(), e);
        }
    }

    /// Once its output has ended, it is of no use any more.
    private PeekException howItEnded() {
        int code;
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            code = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            code = -1;
        }
        return new PeekException(
                ErrorCode.INTERNAL,
                code == OUT_OF_MEMORY
                        ? "the task needed more than the %d MB of memory that plugin '%s' gives to its process"
                                .formatted(kind.megabytes(), plugin)
                        : "the process that did the task for plugin '%s' ended with code %d; the log of the worker has what it said"
                                .formatted(plugin, code));
    }

    private static PeekException died(ExecutionException problem) {
        return problem.getCause() instanceof PeekException death
                ? new PeekException(death.code(), String.valueOf(death.getMessage()), problem)
                : new PeekException(ErrorCode.INTERNAL, "a process for tasks failed", problem);
    }

    private static ErrorCode.Kind kindOf(byte[] payload) {
        return ErrorCode.Kind.valueOf(new String(payload, StandardCharsets.UTF_8));
    }
}
