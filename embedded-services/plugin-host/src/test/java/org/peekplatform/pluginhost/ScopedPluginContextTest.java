package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.tuple.Tuple;
import org.slf4j.MDC;

@Timeout(60)
class ScopedPluginContextTest {
    @TempDir private Path home;

    private HostFixture started(ServiceKind service) {
        return new HostFixture(home, service)
                .start(new TestPlugin("map", "1.0.0").on(service.id()));
    }

    private static PluginContext server(HostFixture fixture) {
        return fixture.context("map 1.0.0 on server");
    }

    @Test
    void saysWhoAndWhereThePluginIs() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            PluginContext context = server(fixture);

            assertThat(context.plugin()).isEqualTo(new PluginInfo("map", "1.0.0", "The map"));
            assertThat(context.service()).isEqualTo(ServiceKind.SERVER);
            assertThat(context.dataDirectory())
                    .isEqualTo(home.resolve("data/map/server"))
                    .isDirectory();
            assertThat(context.observer()).isSameAs(context.observer());
            assertThat(context.sender()).isNotNull();
            assertThat(context.actions()).isNotNull();
        }
    }

    @Test
    void asksTheServiceForItsEndpointsOnce() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            PluginContext context = server(fixture);

            assertThat(context.tuples()).isSameAs(context.tuples());

            assertThat(fixture.events("tuples")).containsExactly("tuples for map 1.0.0 on server");
        }
    }

    @Test
    void passesOnThatAServiceHasNoEndpoints() {
        try (HostFixture fixture = started(ServiceKind.DESKTOP)) {
            PluginContext context = fixture.context("map 1.0.0 on desktop");

            assertThatThrownBy(context::tuples)
                    .hasMessage("tuples are not offered on desktop")
                    .extracting(problem -> ((PeekException) problem).code())
                    .isEqualTo(ErrorCode.NOT_OFFERED);
        }
    }

    @Test
    void namesTheServicesThatOfferACapability() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            PluginContext context = server(fixture);

            assertThat(context.capability(Consumer.class)).isNotNull();
            assertThatThrownBy(() -> context.capability(DesktopUi.class))
                    .hasMessage(
                            "plugin 'map' asks for DesktopUi on server, which does not offer it; ask for it on desktop and admin");
            assertThatThrownBy(() -> context.capability(PluginStorage.class))
                    .hasMessage(
                            "plugin 'map' asks for PluginStorage, but its manifest does not name 'storage' in 'requiresServices'; add it there");
            assertThatThrownBy(() -> context.capability(Runnable.class))
                    .hasMessage("plugin 'map' asks for Runnable, which no service offers");
        }
    }

    @Test
    void withdrawsEverythingInReverseOrderWhenThePluginStops() {
        List<String> closed = Collections.synchronizedList(new ArrayList<>());
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            PluginContext context = server(fixture);
            CountDownLatch running = new CountDownLatch(1);
            context.own((AutoCloseable) () -> closed.add("connection"));
            context.tuples().provide(Tuple.class, Audience.DEVICES, _ -> List.of());
            context.tasks()
                    .run(
                            "reader",
                            () -> {
                                try {
                                    running.countDown();
                                    new CountDownLatch(1).await();
                                } finally {
                                    closed.add("task");
                                }
                            });
            context.own((AutoCloseable) () -> closed.add("file"));
            assertThat(awaited(running)).isTrue();
            fixture.events();

            fixture.host.disable("map");

            assertThat(closed).containsExactly("file", "task", "connection");
            assertThat(fixture.events())
                    .containsExactly(
                            "stop map 1.0.0 on server",
                            "withdraw map 1.0.0 on server",
                            "unload map 1.0.0 on server",
                            "released map 1.0.0 on server");
        }
    }

    @Test
    void goesOnPastWhatCannotBeClosedAndReportsIt() {
        List<String> closed = new ArrayList<>();
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            server(fixture).own((AutoCloseable) () -> closed.add("first"));
            server(fixture)
                    .own(
                            (AutoCloseable)
                                    () -> {
                                        throw new IOException("still in use");
                                    });

            fixture.host.disable("map");

            assertThat(closed).containsExactly("first");
            assertThat(fixture.states())
                    .containsExactly(
                            "map 1.0.0 FAILED: plugin 'map': withdrawing a registration on server failed: still in use");
        }
    }

    @Test
    void aRegistrationThatWasClosedIsForgotten() {
        AtomicInteger closed = new AtomicInteger();
        HostedScope scope = scope();

        Registration registration = scope.register(closed::incrementAndGet);
        assertThat(scope.ownedCount()).isEqualTo(1);
        registration.close();
        registration.close();

        assertThat(scope.ownedCount()).isZero();
        assertThat(scope.withdraw(Duration.ofSeconds(20))).isEmpty();
        assertThat(closed).hasValue(1);
    }

    @Test
    void whatComesAfterTheStopIsClosedAtOnceAndRefused() {
        AtomicInteger closed = new AtomicInteger();
        HostedScope scope = scope();
        scope.closeToPlugin();

        assertThatThrownBy(() -> scope.register(closed::incrementAndGet))
                .hasMessage(
                        "plugin 'map' has stopped on server; nothing can be asked of its context any more");
        assertThat(closed).hasValue(1);
    }

    @Test
    void aContextOfAPluginThatHasStoppedAnswersNothingButWhoItWas() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            PluginContext context = server(fixture);
            fixture.host.disable("map");

            for (Runnable use :
                    List.<Runnable>of(
                            context::tuples,
                            context::actions,
                            context::observer,
                            context::sender,
                            context::tasks,
                            context::dataDirectory,
                            () -> context.own((AutoCloseable) () -> {}),
                            () -> context.capability(Consumer.class))) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(PeekException.class)
                        .extracting(problem -> ((PeekException) problem).code())
                        .isEqualTo(ErrorCode.STOPPED);
            }
            assertThat(context.plugin().name()).isEqualTo("map");
        }
    }

    @Test
    void theContextIsStillUsableInStop() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            AtomicReference<@Nullable Path> seen = new AtomicReference<>();
            fixture.when(
                    "stop map 1.0.0 on server", () -> seen.set(server(fixture).dataDirectory()));

            fixture.host.disable("map");

            assertThat(seen.get()).isNotNull();
            assertThat(fixture.states()).containsExactly("map 1.0.0 STOPPED");
        }
    }

    @Test
    void tasksRunOnVirtualThreadsWithThePluginsNameAndLoader() throws Exception {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
            server(fixture)
                    .tasks()
                    .run(
                            "poll",
                            () -> {
                                seen.add(Thread.currentThread().isVirtual());
                                seen.add(Thread.currentThread().getName());
                                seen.add(MDC.get("plugin"));
                                seen.add(Thread.currentThread().getContextClassLoader());
                            });

            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(true);
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("plugin-map-server-poll-0");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("map");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isInstanceOf(PluginClassLoader.class);
        }
    }

    @Test
    void aRepeatingTaskGoesOnAfterARunThatThrewUntilThePluginStops() throws Exception {
        try (HostFixture fixture = started(ServiceKind.SERVER);
                LogCapture log = new LogCapture(PluginGuard.class)) {
            BlockingQueue<Integer> runs = new LinkedBlockingQueue<>();
            AtomicInteger count = new AtomicInteger();
            server(fixture)
                    .tasks()
                    .every(
                            "poll",
                            Duration.ofMillis(5),
                            () -> {
                                runs.add(count.incrementAndGet());
                                if (count.get() == 1) {
                                    throw new IOException("no route");
                                }
                            });

            assertThat(runs.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(runs.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(runs.poll(20, TimeUnit.SECONDS)).isEqualTo(3);
            fixture.host.disable("map");

            assertThat(log.events())
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.getFormattedMessage())
                                    .isEqualTo("Plugin 'map': task 'poll' failed: no route"));
            assertThat(fixture.threads.timer().shutdownNow()).as("turns to come").isEmpty();
        }
    }

    @Test
    void aRepeatingTaskThatIsClosedHasNoMoreTurns() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            Registration task =
                    server(fixture).tasks().every("poll", Duration.ofHours(1), () -> {});

            task.close();

            assertThat(fixture.threads.timer().shutdownNow()).as("turns to come").isEmpty();
        }
    }

    @Test
    void aTaskMayEndItself() throws Exception {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            AtomicReference<@Nullable Registration> self = new AtomicReference<>();
            CountDownLatch known = new CountDownLatch(1);
            BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
            self.set(
                    server(fixture)
                            .tasks()
                            .run(
                                    "once",
                                    () -> {
                                        known.await();
                                        Registration own = self.get();
                                        if (own != null) {
                                            own.close();
                                        }
                                        interrupted.add(Thread.currentThread().isInterrupted());
                                    }));
            known.countDown();

            assertThat(interrupted.poll(20, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void aTaskThatIgnoresItsInterruptionIsReportedWithThePluginsName() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (HostFixture fixture = started(ServiceKind.SERVER);
                LogCapture log = new LogCapture(VirtualPluginTasks.class)) {
            server(fixture)
                    .tasks()
                    .run(
                            "deaf",
                            () -> {
                                running.countDown();
                                while (end.getCount() > 0) {
                                    try {
                                        end.await();
                                    } catch (InterruptedException ignored) {
                                        assertThat(ignored).isNotNull();
                                    }
                                }
                            });
            assertThat(awaited(running)).isTrue();

            fixture.host.disable("map");

            assertThat(log.events())
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.getFormattedMessage())
                                    .isEqualTo(
                                            "Task 'deaf' of plugin 'map' on server was interrupted and has not ended within 0.3 s; it may still be running"));
        } finally {
            end.countDown();
        }
    }

    @Test
    void refusesAPeriodThatIsNotAboveZero() {
        try (HostFixture fixture = started(ServiceKind.SERVER)) {
            assertThatThrownBy(() -> server(fixture).tasks().every("poll", Duration.ZERO, () -> {}))
                    .hasMessage(
                            "task 'poll' of plugin 'map' is to run every PT0S; give a period above zero");
        }
    }

    private HostedScope scope() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER)) {
            return new HostedScope(
                    fixture.stored(new TestPlugin("map", "1.0.0")),
                    ServiceKind.SERVER,
                    getClass().getClassLoader(),
                    new PluginGuard("map", getClass().getClassLoader()));
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }
}
