package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.queue.EmbeddedTaskEngine;
import org.peekplatform.queue.NewTask;
import org.peekplatform.queue.Task;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.storage.Database;
import org.peekplatform.testservers.PostgresServer;
import org.peekplatform.vortex.PlatformThreads;
import tools.jackson.databind.json.JsonMapper;

/// Tasks in processes of their own, which are real ones.
class TaskProcessTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final TaskOptions ONCE = TaskOptions.USUAL.withAttempts(1);
    private static final String[] TWO_AT_ONCE = {"worker.tasks=2"};

    private final TestSystems systems = new TestSystems();
    private final PlatformThreads threads = new PlatformThreads();

    @TempDir Path folder;
    private @Nullable Database joined;
    private @Nullable TaskEngine engine;

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
        if (joined != null) {
            joined.close();
        }
        systems.close();
        threads.close();
    }

    private Home home() {
        return new Home(folder.resolve("home"));
    }

    private PeekSystem start(Set<ServiceKind> services, String... settings) throws Exception {
        PeekSystem system = systems.start(home(), services, settings);
        TestSystems.install(system, SmithPlugin.in(folder));
        Database database =
                PeekSystem.joinDatabase(
                        home(),
                        Config.load(home(), settingsOf(settings)).values().server().storage(),
                        threads);
        joined = database;
        engine =
                new EmbeddedTaskEngine(
                        database.platformStorage(),
                        database.transactions(),
                        threads,
                        Clock.systemUTC(),
                        TaskEngine.Timing.USUAL);
        return system;
    }

    private static Map<String, String> settingsOf(String... settings) {
        Map<String, String> all = new HashMap<>();
        for (String setting : settings) {
            all.put(
                    setting.substring(0, setting.indexOf('=')),
                    setting.substring(setting.indexOf('=') + 1));
        }
        return all;
    }

    private PeekSystem startServerAndWorker() throws Exception {
        return start(Set.of(ServiceKind.SERVER, ServiceKind.WORKER), TWO_AT_ONCE);
    }

    private TaskEngine engine() {
        return Objects.requireNonNull(engine);
    }

    private long forge(String how, TaskOptions options) {
        return engine().submit(
                        new NewTask(
                                "smith",
                                "smith.Forge",
                                ("{\"how\":\"" + how + "\"}").getBytes(StandardCharsets.UTF_8),
                                options,
                                null));
    }

    private Task over(long id) throws Exception {
        return engine().ended(id).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /// The process that has done a task well.
    private long forged(long id) throws Exception {
        Task task = over(id);
        assertThat(task.state()).as(task.reason()).isEqualTo(TaskState.DONE);
        return JsonMapper.shared()
                .readTree(Objects.requireNonNull(task.result()))
                .path("pid")
                .asLong(0);
    }

    /// The process that is at a task, as its progress says.
    private ProcessHandle processAt(long id) throws InterruptedException {
        return processAt(id, -1);
    }

    /// The same once it is another than `before`.
    private ProcessHandle processAt(long id, long before) throws InterruptedException {
        String said = "in process ";
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Task task = engine().find(id).orElseThrow();
            String step = task.step();
            if (step != null && step.startsWith(said) && !step.equals(said + before)) {
                assertThat(task.progress()).isEqualTo(0.5);
                return ProcessHandle.of(Long.parseLong(step.substring(said.length())))
                        .orElseThrow();
            }
            if (System.nanoTime() > until || task.state().isOver()) {
                throw new AssertionError("nobody is at the task: " + task.status());
            }
            TestSystems.breathe();
        }
    }

    private void sweepsInTheWorker() throws Exception {
        long id =
                engine().submit(
                                new NewTask(
                                        "smith",
                                        "smith.Sweep",
                                        "{}".getBytes(StandardCharsets.UTF_8),
                                        ONCE,
                                        null));
        assertThat(forged(id)).isEqualTo(ProcessHandle.current().pid());
    }

    private List<String> effects() {
        PluginStorage storage = Objects.requireNonNull(joined).pluginStorage("smith");
        return storage.dsl()
                .fetch("SELECT task FROM effect ORDER BY task")
                .getValues(0, String.class);
    }

    private static void awaitEnd(ProcessHandle process) throws Exception {
        process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aProcessDoesAsManyTasksAsItMayAndThenAnotherGoesOn() throws Exception {
        startServerAndWorker();
        doesThreeTasksInTwoProcesses();
        sweepsInTheWorker();
    }

    @Test
    void theSameWithPostgresql() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        start(
                Set.of(ServiceKind.SERVER, ServiceKind.WORKER),
                "worker.tasks=2",
                "server.storage.url=" + database.url(),
                "server.storage.user=" + database.user(),
                "server.storage.password=" + database.password());
        doesThreeTasksInTwoProcesses();
    }

    private void doesThreeTasksInTwoProcesses() throws Exception {
        long first = forged(forge("well", ONCE));
        long second = forged(forge("well", ONCE));
        long third = forged(forge("well", ONCE));
        assertThat(first).isPositive().isNotEqualTo(ProcessHandle.current().pid());
        assertThat(second).isEqualTo(first);
        assertThat(third).isPositive().isNotEqualTo(first);
        assertThat(effects()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aTaskThatNeedsTooMuchMemoryFailsAndTheOthersGoOn() throws Exception {
        startServerAndWorker();
        long other = forge("never", ONCE);
        ProcessHandle process = processAt(other);

        Task task = over(forge("in vain", ONCE));
        assertThat(task.state()).isEqualTo(TaskState.DEAD);
        assertThat(task.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(task.reason())
                .isEqualTo(
                        "The task needed more than the 64 MB of memory that plugin 'smith' gives to"
                                + " its process.");
        assertThat(engine().find(other).orElseThrow().state()).isEqualTo(TaskState.RUNNING);
        assertThat(process.isAlive()).isTrue();
        assertThat(effects()).isEmpty();
        sweepsInTheWorker();
    }

    @Test
    void aProcessThatEndsFailsItsAttemptAndAnotherIsMadeInAnotherProcess() throws Exception {
        startServerAndWorker();
        Task ended = over(forge("fatally", ONCE));
        assertThat(ended.state()).isEqualTo(TaskState.DEAD);
        assertThat(ended.reason())
                .isEqualTo(
                        "The process that did the task for plugin 'smith' ended with code 7; the log"
                                + " of the worker has what it said.");

        long killed =
                forge(
                        "never",
                        TaskOptions.USUAL.withAttempts(2).withBackOff(Duration.ofMillis(10)));
        ProcessHandle first = processAt(killed);
        first.destroyForcibly();
        ProcessHandle second = processAt(killed, first.pid());
        second.destroyForcibly();
        assertThat(over(killed).reason()).contains("ended with code 137");
        assertThat(over(killed).attempts()).isEqualTo(2);
        assertThat(effects()).isEmpty();
        assertThat(forged(forge("well", ONCE))).isPositive();
    }

    @Test
    void aTaskThatIsCalledOffIsInterruptedAndItsProcessGoesOn() throws Exception {
        startServerAndWorker();
        long id = forge("never", ONCE);
        ProcessHandle process = processAt(id);
        assertThat(engine().cancel(id)).isTrue();

        assertThat(over(id).code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(forged(forge("well", ONCE))).isEqualTo(process.pid());
        assertThat(effects()).hasSize(1);
    }

    @Test
    void aTaskThatDoesNotEndWhenItsTimeIsOverEndsWithItsProcess() throws Exception {
        startServerAndWorker();
        long id = forge("deaf", ONCE.withDeadline(Duration.ofSeconds(20)));
        ProcessHandle process = processAt(id);

        Task task = over(id);
        assertThat(task.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(task.reason()).isEqualTo("The task did not end within its deadline of 20.0 s.");
        assertThat(forged(forge("well", ONCE))).isNotEqualTo(process.pid());
        awaitEnd(process);
        assertThat(effects()).hasSize(1);
    }

    @Test
    void whatAHandlerThrowsIsTheReasonAsInTheWorker() throws Exception {
        startServerAndWorker();
        Task task = over(forge("coldly", TaskOptions.USUAL));
        assertThat(task.state()).isEqualTo(TaskState.DEAD);
        assertThat(task.attempts()).isEqualTo(1);
        assertThat(task.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(task.reason()).isEqualTo("The iron is cold.");
    }

    @Test
    void processesEndWithTheirPluginAndWithTheWorker() throws Exception {
        PeekSystem system = startServerAndWorker();
        ProcessHandle idle = ProcessHandle.of(forged(forge("well", ONCE))).orElseThrow();
        Objects.requireNonNull(system.installer()).remove("smith");
        awaitEnd(idle);

        TestSystems.install(system, SmithPlugin.in(folder));
        ProcessHandle busy = processAt(forge("never", ONCE));
        engine().close();
        Objects.requireNonNull(joined).close();
        system.close();
        awaitEnd(busy);
    }

    @Test
    void aProcessEndsWithAWorkerThatIsKilled() throws Exception {
        start(Set.of(ServiceKind.SERVER));
        Process worker =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.peekplatform.launcher.Main",
                                "--home",
                                home().root().toString(),
                                "--service",
                                "worker",
                                "--set",
                                "worker.port=0")
                        .redirectErrorStream(true)
                        .redirectOutput(new File(folder.toFile(), "worker.log"))
                        .start();
        try {
            long id = forge("never", TaskOptions.USUAL.withBackOff(Duration.ZERO));
            ProcessHandle process = processAt(id);
            assertThat(process.parent().orElseThrow().pid()).isEqualTo(worker.pid());
            worker.destroyForcibly();
            awaitEnd(process);
            assertThat(effects()).isEmpty();
        } finally {
            worker.destroyForcibly().waitFor();
        }
    }
}
