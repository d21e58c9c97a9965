package org.peekplatform.shell.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.shell.ui.Bench.settle;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.shell.model.ShellModel;
import org.slf4j.LoggerFactory;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class UiWatchdogTest {
    private final CountDownLatch warned = new CountDownLatch(1);

    @Start
    void start(Stage stage) {
        // Only the toolkit is needed.
    }

    @Test
    void aStandstillIsLoggedOnceWithThePluginAndThePlace() throws Exception {
        DesktopUiHost host = new DesktopUiHost(new ShellModel());
        DesktopUi ui =
                host.forPlugin(
                        new PluginInfo("slow", "1.0.0", "Slow"),
                        ServiceKind.DESKTOP,
                        new HomeLink(true, null, null),
                        closeable -> {},
                        new Bench.RecordingGuard());
        Lines lines = new Lines();
        Logger logger = (Logger) LoggerFactory.getLogger(UiWatchdog.class);
        logger.addAppender(lines);
        lines.start();

        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                UiWatchdog watchdog = new UiWatchdog(host, timer, Duration.ofMillis(60))) {
            settle();
            ui.uiThread().execute(this::blockUntilNoticed);
            assertThat(warned.await(20, TimeUnit.SECONDS)).isTrue();
            settle();
            settle();
            assertThat(watchdog).isNotNull();
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.events)
                .filteredOn(e -> e.getFormattedMessage().contains("plugin 'slow'"))
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.getFormattedMessage())
                            .startsWith("The window has not reacted for ")
                            .endsWith(
                                    "it is inside plugin 'slow' (a task on the JavaFX"
                                            + " thread)");
                    assertThat(e.getThrowableProxy().getStackTraceElementProxyArray())
                            .anyMatch(frame ->
                                    frame.getStackTraceElement()
                                            .getMethodName()
                                            .equals("blockUntilNoticed"));
                });
        assertThat(lines.events)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.startsWith("The window reacts again after "));
    }

    private void blockUntilNoticed() {
        try {
            assertThat(warned.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private final class Lines extends AppenderBase<ILoggingEvent> {
        final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
            if (event.getFormattedMessage().contains("plugin 'slow'")) {
                warned.countDown();
            }
        }
    }
}
