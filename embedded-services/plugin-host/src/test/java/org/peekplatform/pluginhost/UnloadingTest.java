package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Audience;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;

class UnloadingTest {
    private static final int CYCLES = 50;

    @TempDir private Path home;

    /// A class loader that stays costs all classes of a plugin for as long as the process lives.
    @Test
    void fiftyRunsOfAPluginLeaveAtMostOneClassLoader() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER, ServiceKind.CLIENT)) {
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            fixture.when(
                    "load map 1.0.0 on server",
                    () ->
                            loaders.add(
                                    new WeakReference<>(
                                            Thread.currentThread().getContextClassLoader())));
            fixture.start(new TestPlugin("map", "1.0.0").on("server", "client"));
            for (int i = 1; i < CYCLES; i++) {
                useEverything(fixture.context("map 1.0.0 on server"));
                fixture.host.disable("map");
                fixture.contexts.clear();
                fixture.host.enable("map");
            }
            fixture.host.remove("map");
            fixture.contexts.clear();

            assertThat(loaders).hasSize(CYCLES);
            System.gc();
            assertThat(loaders.stream().filter(loader -> loader.get() != null).count())
                    .isLessThanOrEqualTo(1);
        }
    }

    private static void useEverything(PluginContext context) {
        context.tasks().run("once", () -> {});
        context.tasks().every("often", Duration.ofHours(1), () -> {});
        context.tasks().run("endless", () -> Thread.sleep(Duration.ofHours(1)));
        context.own((AutoCloseable) () -> {});
        context.tuples().provide(Tuple.class, Audience.DEVICES, _ -> List.of());
    }
}
