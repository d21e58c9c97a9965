package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.MDC;

@Timeout(60)
class PluginGuardTest {
    private final ClassLoader loader = new URLClassLoader("test", new URL[0], null);
    private final PluginGuard guard = new PluginGuard("map", loader);

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void setsLoaderAndNameForTheCallAndPutsTheFormerOnesBack() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        MDC.put("plugin", "user");

        String seen =
                guard.call(
                        "provider",
                        () -> {
                            assertThat(Thread.currentThread().getContextClassLoader())
                                    .isSameAs(loader);
                            return MDC.get("plugin");
                        });

        assertThat(seen).isEqualTo("map");
        assertThat(MDC.get("plugin")).isEqualTo("user");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void putsThemBackAlsoWhenTheCallThrowsAndCountsIt() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        assertThatThrownBy(() ->
                        guard.call(
                                "provider",
                                () -> {
                                    throw new IOException("no");
                                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no");

        assertThat(MDC.get("plugin")).isNull();
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        guard.run("task", () -> {});
        assertThat(guard.calls().calls()).isEqualTo(2);
        assertThat(guard.calls().failures()).isEqualTo(1);
    }

    @Test
    void errorsOfLinkingAndAssertionsBecomeExceptions() {
        assertThatThrownBy(() ->
                        guard.call(
                                "provider of map.Line",
                                () -> {
                                    throw new NoClassDefFoundError("com/example/Gone");
                                }))
                .isInstanceOf(PeekException.class)
                .hasMessage(
                        "plugin 'map': provider of map.Line failed: the class com.example.Gone is not in the package and not offered by the platform");
        assertThatThrownBy(() ->
                        guard.call(
                                "provider",
                                () -> {
                                    throw new AssertionError("x");
                                }))
                .hasMessage("plugin 'map': provider failed: java.lang.AssertionError: x");
    }

    @Test
    void errorsThatNoProgramOutlivesAreNotHeldBack() {
        assertThatThrownBy(() ->
                        guard.call(
                                "provider",
                                () -> {
                                    throw new OutOfMemoryError("test");
                                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void runLogsOnceWithThePluginsNameAndThrowsNothing() {
        try (LogCapture log = new LogCapture(PluginGuard.class)) {
            guard.run(
                    "task 'poll'",
                    () -> {
                        throw new IOException("no route");
                    });

            assertThat(log.events())
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getFormattedMessage())
                                .isEqualTo("Plugin 'map': task 'poll' failed: no route");
                        assertThat(event.getMDCPropertyMap()).containsEntry("plugin", "map");
                    });
        }
        assertThat(guard.calls().failures()).isEqualTo(1);
    }

    @Test
    void aCallThatOverrunsReleasesItsCallerIsInterruptedAndReportedWithWhereItStood()
            throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (LogCapture log = new LogCapture(PluginGuard.class)) {
            assertThatThrownBy(() ->
                            guard.call(
                                    "start on server",
                                    Duration.ofMillis(200),
                                    () -> {
                                        try {
                                            never.await();
                                        } catch (InterruptedException problem) {
                                            interrupted.countDown();
                                            throw problem;
                                        }
                                        return "late";
                                    }))
                    .isInstanceOf(PeekException.class)
                    .hasMessage(
                            "plugin 'map': start on server did not end within 200 ms; it was interrupted and may still be running")
                    .extracting(problem -> ((PeekException) problem).code())
                    .isEqualTo(ErrorCode.TIMED_OUT);

            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(log.events())
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement()
                    .asString()
                    .contains(
                            "did not end within 200 ms",
                            "java.util.concurrent.CountDownLatch.await");
        }
    }

    @Test
    void aCallWithADeadlineRunsOnAVirtualThreadOfThePlugin() throws Exception {
        AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

        String result =
                guard.call(
                        "load on server",
                        Duration.ofSeconds(20),
                        () -> {
                            thread.set(Thread.currentThread());
                            assertThat(Thread.currentThread().getContextClassLoader())
                                    .isSameAs(loader);
                            return MDC.get("plugin");
                        });

        assertThat(result).isEqualTo("map");
        assertThat(thread.get()).matches(Thread::isVirtual);
        assertThat(thread.get())
                .extracting(Thread::getName)
                .isEqualTo("plugin-map-load-on-server-0");
    }

    @Test
    void whatThePluginThrowsWithinTheDeadlineReachesTheCallerUnchanged() {
        PeekException own = new PeekException(ErrorCode.TIMED_OUT, "the plugin's own");

        assertThatThrownBy(() ->
                        guard.call(
                                "load",
                                Duration.ofSeconds(20),
                                () -> {
                                    throw own;
                                }))
                .isSameAs(own);
    }
}
