package org.peekplatform.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.CatalogueEntry;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginStatus;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.queue.TaskRunner;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RpcHub;
import org.peekplatform.vortex.Sentences;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The other side of [TaskProcesses]: runs in a process of its own and does the tasks that a worker
/// hands over, until its input ends. Each is completed here, in the transaction of its handler and
/// with the worker's claim, which the worker keeps meanwhile.
public final class HandedTasks {
    private static final Logger log = LoggerFactory.getLogger(HandedTasks.class);

    private static final Duration TELL_EVERY = Duration.ofMillis(500);
    private static final Duration DATABASE = Duration.ofSeconds(20);

    private final FramePipe pipe;
    private final PlatformThreads threads;
    private final Map<String, TaskRunner.Run> runs = new ConcurrentHashMap<>();

    /// What the process is made of.
    ///
    /// @param worker name of the worker
    /// @param host without services, not started
    /// @param plugins the one whose tasks these are, first, and those it requires
    public record Setup(
            String worker,
            PluginHost host,
            List<CatalogueEntry> plugins,
            Database database,
            TaskEngine tasks,
            Schedules schedules) {
        public Setup {
            plugins = List.copyOf(plugins);
        }
    }

    /// Puts the process together.
    @FunctionalInterface
    public interface Composition {
        /// @param input as [TaskProcesses.Start] gave it
        Setup make(byte[] input) throws Exception;
    }

    /// @param in from the worker, to be read by nobody else
    /// @param out to the worker, to be written by nobody else
    public HandedTasks(InputStream in, OutputStream out, PlatformThreads threads) {
        pipe = new FramePipe(in, out);
        this.threads = threads;
    }

    /// Does tasks until the worker is gone.
    public void run(Composition composition) throws IOException, InterruptedException {
        Frame first = pipe.read();
        if (first == null) {
            return;
        }
        TaskRunner runner;
        try {
            runner = start(composition.make(first.payload()));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            log.error("The process cannot do tasks", e);
            pipe.write(Frame.of(new Header.Refused("INTERNAL", Sentences.of(e))));
            return;
        }
        pipe.write(Frame.of(new Header.Pong()));
        threads.later(TELL_EVERY, this::tell);
        for (Frame frame = pipe.read(); frame != null; frame = pipe.read()) {
            switch (frame.header()) {
                case Header.Call(String id, var _, var _, var _, var _) -> {
                    TaskRunner.Run run = runner.handedOver(ClaimBytes.parse(frame.payload()));
                    runs.put(id, run);
                    threads.later(Duration.ZERO, () -> perform(runner, id, run));
                }
                case Header.Cancel(String id) -> {
                    TaskRunner.Run run = runs.get(id);
                    if (run != null) {
                        run.withdraw();
                    }
                }
                default -> throw new IOException("a worker does not send " + frame);
            }
        }
    }

    private TaskRunner start(Setup setup) throws InterruptedException {
        Caller.Service self = new Caller.Service(ServiceKind.WORKER, setup.worker());
        RpcHub rpc = new RpcHub(self, Authorisation.asDeclared());
        // Never started: the link of that name is the worker's.
        LinkClient link =
                new LinkClient(
                        setup.worker(),
                        false,
                        receiver -> {
                            throw new PeekException(
                                    ErrorCode.OFFLINE,
                                    "a process for tasks has no link to the server");
                        },
                        threads,
                        LinkClient.Timing.USUAL);
        TaskRunner runner =
                new TaskRunner(
                        new TaskRunner.Setup(
                                setup.worker(),
                                1,
                                setup.tasks(),
                                setup.database().transactions(),
                                threads,
                                TaskRunner.Timing.USUAL));
        setup.host()
                .addService(
                        new WorkerOffer(
                                new WorkerParts(
                                        self,
                                        link,
                                        rpc,
                                        threads,
                                        setup.database(),
                                        runner,
                                        setup.tasks(),
                                        setup.schedules(),
                                        null)));
        awaitDatabase(setup.database());
        setup.host().start(setup.plugins());
        PluginStatus status =
                setup.host().statuses().stream()
                        .filter(one -> one.name().equals(setup.plugins().getFirst().name()))
                        .findFirst()
                        .orElseThrow();
        if (status.state() != PluginStatus.State.RUNNING) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "plugin '%s' does not start in a process for its tasks: %s"
                            .formatted(status.name(), status.problem()));
        }
        return runner;
    }

    private static void awaitDatabase(Database database) throws InterruptedException {
        CountDownLatch usable = new CountDownLatch(1);
        database.whenUsable(usable::countDown);
        if (!usable.await(DATABASE.toSeconds(), TimeUnit.SECONDS)) {
            throw new PeekException(
                    ErrorCode.OFFLINE, database.problem().orElse("the database cannot be reached"));
        }
    }

    // The guard around plugin code: what it throws becomes the reason of the task.
    private void perform(TaskRunner runner, String id, TaskRunner.Run run) {
        Frame answer;
        try {
            runner.complete(run);
            answer = Frame.of(new Header.Returned(id, null, null));
        } catch (PeekException e) {
            answer = failed(id, run, e.code(), e);
        } catch (Exception e) {
            answer = failed(id, run, ErrorCode.INTERNAL, e);
        }
        runs.remove(id, run);
        write(answer);
    }

    private static Frame failed(String id, TaskRunner.Run run, ErrorCode code, Exception problem) {
        if (!run.isCancelled()) {
            // The worker logs the reason; where in the plugin it arose is known here only.
            log.warn("Task {} failed", id, problem);
        }
        return Frame.of(
                new Header.Returned(id, code.name(), Sentences.of(problem)),
                code.kind().name().getBytes(StandardCharsets.UTF_8));
    }

    private void tell() {
        runs.forEach((id, run) -> {
            TaskEngine.Progress told = run.told();
            write(
                    Frame.of(
                            new Header.Call(id, "worker", "progress", 0, null),
                            bytes(told.done(), told.step())));
        });
        threads.later(TELL_EVERY, this::tell);
    }

    private static byte[] bytes(double done, @Nullable String step) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeDouble(done);
            out.writeUTF(step == null ? "" : step.substring(0, Math.min(step.length(), 1000)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(Frame frame) {
        try {
            pipe.write(frame);
        } catch (IOException e) {
            log.debug("The worker is gone", e);
        }
    }
}
