package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.launcher.CliOperations.PluginLine;
import org.peekplatform.pluginhost.PluginInstaller;

class HomeOperationsTest {
    private final TestSystems systems = new TestSystems();
    private final HomeOperations operations =
            new HomeOperations(
                    null,
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    private Home home;
    private CliOptions options;

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        TestPlugin.events();
        home = new Home(folder.resolve("home"));
        options = new CliOptions(home, Set.of(), true, Map.of());
    }

    @AfterEach
    void stop() {
        systems.close();
    }

    @Test
    void withNothingRunningPluginsAreInstalledListedAndRemovedInTheHome() throws IOException {
        home.prepare();

        assertThat(operations.plugins(options)).isEmpty();
        assertThat(operations.install(options, new TestPlugin("pump", "1.0.0").in(folder)))
                .isEqualTo(
                        "pump 1.0.0 is installed in "
                                + home.root()
                                + ", where nothing runs now; it starts with the next start of Peek.");
        assertThat(operations.install(options, new TestPlugin("pump", "1.1.0").in(folder)))
                .isEqualTo(
                        "pump 1.1.0 is installed in "
                                + home.root()
                                + ", where nothing runs now; it starts with the next start of Peek.");
        assertThat(
                        operations.install(
                                options,
                                new TestPlugin("valve", "1.0.0").failingIn("start").in(folder)))
                .startsWith("The valve 1.0.0 is installed but does not run: ");
        List<PluginLine> lines = operations.plugins(options);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).isEqualTo(new PluginLine("pump", "1.1.0", "stopped", null));
        assertThat(lines.get(1).state()).isEqualTo("failed");
        assertThat(lines.get(1).problem()).contains("the valve of valve is stuck").endsWith(".");
        assertThat(operations.remove(options, "pump"))
                .isEqualTo("The pump 1.1.0 was removed; its data were kept.");
        assertThat(operations.plugins(options)).hasSize(1);
        assertThat(TestSystems.runFiles(home)).isEmpty();
    }

    @Test
    void withAServerRunningItIsAskedToDoTheSame() {
        PeekSystem running = systems.start(home, PeekSystem.ALL);

        assertThat(operations.plugins(options)).isEmpty();
        assertThat(operations.install(options, new TestPlugin("pump", "1.0.0").in(folder)))
                .isEqualTo("The pump 1.0.0 is installed and running.");
        assertThat(operations.plugins(options))
                .containsExactly(new PluginLine("pump", "1.0.0", "running", null));
        assertThat(running.host().statuses()).hasSize(1);
        assertThat(operations.remove(options, "pump"))
                .isEqualTo("The pump 1.0.0 was removed; its data were kept.");
        assertThat(running.host().statuses()).isEmpty();
    }

    @Test
    void refusalsAreTheSameSentencesRunningOrNot() throws IOException {
        Path none = Files.writeString(folder.resolve("none.zip"), "no zip");
        home.prepare();
        String offline = refusal(() -> operations.install(options, none));
        String offlineRemoval = refusal(() -> operations.remove(options, "../pump x"));
        systems.start(home, PeekSystem.ALL);

        assertThat(offline).contains("none.zip: it is not a zip archive");
        assertThat(refusal(() -> operations.install(options, none)))
                .containsIgnoringCase(
                        "none.zip: it is not a zip archive; pack the plugin as a zip");
        assertThat(offlineRemoval).contains("there is no plugin");
        assertThat(refusal(() -> operations.remove(options, "kettle")))
                .startsWith("There is no plugin 'kettle' here");
    }

    @Test
    void aHomeThatIsNotThereIsNotMadeByLooking() {
        assertThatThrownBy(() -> operations.plugins(options))
                .isInstanceOf(PeekException.class)
                .hasMessage(
                        "there is no Peek at "
                                + home.root()
                                + "; start one with peek --home DIR first");
        assertThat(home.exists()).isFalse();
    }

    /// Symptom: a window left open over night could not install a plugin any more, nor one whose
    /// server had restarted. Cause: the log-in and the port were remembered for ever. Fix: a
    /// refusal leads to another log-in, and the port is looked up each time.
    @Test
    void theOwnerStaysLoggedInAcrossRestartsOfTheServer() {
        PeekSystem first = systems.start(home, TestSystems.SERVER);
        RunningAdmin admin = RunningAdmin.find(home).orElseThrow();
        assertThat(admin.install(new TestPlugin("pump", "1.0.0").in(folder)))
                .isEqualTo("The pump 1.0.0 is installed and running.");
        first.close();
        PeekSystem second = systems.start(home, TestSystems.SERVER);

        assertThat(admin.install(new TestPlugin("pump", "1.1.0").in(folder)))
                .isEqualTo("The pump 1.1.0 is installed and running.");
        assertThat(admin.site()).hasToString(second.url("admin"));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        systems.start(home, TestSystems.SERVER);
        RunningAdmin admin = RunningAdmin.find(home).orElseThrow();

        assertThatThrownBy(() -> admin.install(folder.resolve("gone.zip")))
                .isInstanceOf(PeekException.class)
                .hasMessage("there is no file " + folder.resolve("gone.zip"));
    }

    static PluginInstaller installer(PeekSystem system) {
        return Objects.requireNonNull(system.installer());
    }

    private static String refusal(Runnable work) {
        try {
            work.run();
        } catch (PeekException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("nothing was refused");
    }
}
