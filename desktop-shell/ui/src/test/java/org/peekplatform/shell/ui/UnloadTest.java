package org.peekplatform.shell.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.shell.ui.Bench.onUi;
import static org.peekplatform.shell.ui.Bench.settle;
import static org.peekplatform.shell.ui.Bench.until;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.shell.model.Page;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// Nothing of a plugin stays in memory once it has stopped.
@ExtendWith(ApplicationExtension.class)
class UnloadTest {
    private static final int CYCLES = 20;

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bench bench;

    @Start
    void start(Stage registered) throws Exception {
        // Not on the stage TestFX knows: it keeps every event of that one, and so every node.
        bench = new Bench(new Stage(), folder.resolve("window.properties"));
        bench.model.setReady(true);
        bench.show();
    }

    @AfterEach
    void close() {
        onUi(() -> {
            bench.window.close();
            return null;
        });
    }

    @Test
    void theClassLoaderOfAStoppedPluginIsCollected(FxRobot robot) throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < CYCLES; i++) {
            loaders.add(openUseAndStop(robot));
        }
        until("the home page is drawn again", new Pulses(3)::past);

        assertThat(alive(loaders)).isZero();
    }

    @Test
    void theViewInAClosedTabIsCollectedWhileItsPluginRuns(FxRobot robot) throws Exception {
        var part = bench.plugin("gauge", "Gauge");
        ClassLoader loader = new FixtureLoader();
        List<WeakReference<Object>> views = new ArrayList<>();
        part.ui.addView(
                "v",
                "Gauge",
                () -> {
                    DesktopView view = newView(loader);
                    views.add(new WeakReference<>(view));
                    views.add(new WeakReference<>(view.node()));
                    return view;
                });
        settle();

        robot.clickOn("#tile-gauge");
        robot.clickOn("#gauge-field").write("12");
        robot.push(KeyCode.CONTROL, KeyCode.W);
        until("the home page is drawn again", new Pulses(3)::past);

        assertThat(views).hasSize(2);
        assertThat(alive(views)).isZero();
    }

    private WeakReference<ClassLoader> openUseAndStop(FxRobot robot) throws Exception {
        ClassLoader loader = new FixtureLoader();
        var part = bench.plugin("gauge", "Gauge");
        part.ui.addView("v", "Gauge", () -> newView(loader));
        settle();
        onUi(() -> {
            bench.model.open(new Page.PluginView(bench.model.tiles().getFirst().firstView()));
            return null;
        });
        // The mouse over the view and the keyboard in it: the scene remembers both.
        robot.clickOn("#gauge-field");
        assertThat(
                        onUi(() -> bench.stage.getScene().getFocusOwner().getScene())
                                .getFocusOwner()
                                .getId())
                .isEqualTo("gauge-field");
        part.stop();
        return new WeakReference<>(loader);
    }

    private static DesktopView newView(ClassLoader loader) {
        try {
            Class<?> type = loader.loadClass("org.peekplatform.shell.ui.fixture.GaugeView");
            assertThat(type.getClassLoader()).isSameAs(loader);
            return (DesktopView) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the fixture cannot be loaded", e);
        }
    }

    private static <T> long alive(List<WeakReference<T>> references) {
        for (int i = 0; i < 10 && count(references) > 0; i++) {
            System.gc();
            until("a few pulses", new Pulses(2)::past);
        }
        return count(references);
    }

    private static <T> long count(List<WeakReference<T>> references) {
        return references.stream().filter(r -> !r.refersTo(null)).count();
    }

    private static final class Pulses {
        private int left;

        Pulses(int left) {
            this.left = left;
        }

        boolean past() {
            return left-- <= 0;
        }
    }

    /// Loads the fixture's classes itself, everything else with the test.
    private static final class FixtureLoader extends ClassLoader {
        FixtureLoader() {
            super(UnloadTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.peekplatform.shell.ui.fixture.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
