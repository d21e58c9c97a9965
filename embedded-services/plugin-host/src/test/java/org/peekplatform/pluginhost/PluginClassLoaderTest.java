package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginClassLoaderTest {
    /// The same class as one of the host's libraries, in another version.
    private static final String OTHER_SEMVER =
            """
            package org.semver4j;
            public class Semver {
                public static String whose() { return "the plugin's own"; }
            }
            """;

    @TempDir private Path home;
    private Path incoming = Path.of("unset");

    @BeforeEach
    void makeFolder() throws Exception {
        incoming = Files.createDirectory(home.resolve("incoming"));
    }

    private PluginClassLoader loader(boolean showsViews, TestPlugin plugin) {
        PluginStore store = new PluginStore(home.resolve("plugins"));
        return new PluginClassLoader(store.put(plugin.packageIn(incoming)), showsViews);
    }

    private static TestPlugin plain() {
        return new TestPlugin("map", "1.0.0");
    }

    private static TestPlugin withStorage() {
        return new TestPlugin("map", "1.0.0").on("server", "storage");
    }

    private static void assertShared(PluginClassLoader loader, String name) throws Exception {
        assertThat(loader.loadClass(name))
                .isSameAs(PluginClassLoaderTest.class.getClassLoader().loadClass(name));
    }

    private static void assertHidden(PluginClassLoader loader, String name) throws Exception {
        assertThat(PluginClassLoaderTest.class.getClassLoader().loadClass(name))
                .as("the host has it")
                .isNotNull();
        assertThatThrownBy(() -> loader.loadClass(name)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void everyPluginSeesTheApi() throws Exception {
        try (PluginClassLoader loader = loader(false, plain())) {
            assertShared(loader, "org.peekplatform.api.PeekPlugin");
            assertShared(loader, "org.peekplatform.api.tuple.Tuple");
        }
    }

    @Test
    void everyPluginSeesTheNullnessAnnotations() throws Exception {
        try (PluginClassLoader loader = loader(false, plain())) {
            assertShared(loader, "org.jspecify.annotations.Nullable");
        }
    }

    @Test
    void everyPluginSeesTheLog() throws Exception {
        try (PluginClassLoader loader = loader(false, plain())) {
            assertShared(loader, "org.slf4j.Logger");
            assertShared(loader, "org.slf4j.event.Level");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.jooq.DSLContext",
                "org.reactivestreams.Publisher",
                "io.r2dbc.spi.ConnectionFactory"
            })
    void onlyPluginsWithStorageSeeJooqAndWhatItsSignaturesName(String name) throws Exception {
        try (PluginClassLoader loader = loader(true, withStorage())) {
            assertShared(loader, name);
        }
        try (PluginClassLoader loader = loader(true, plain())) {
            assertHidden(loader, name);
        }
    }

    /// The list of prefixes is complete when every type in every signature is visible.
    @Test
    void everyMethodOfTheStorageCanBeResolvedInAPlugin() throws Exception {
        try (PluginClassLoader loader = loader(false, withStorage())) {
            Class<?> storage = loader.loadClass("org.peekplatform.api.storage.PluginStorage");
            Class<?> dsl = loader.loadClass("org.jooq.DSLContext");
            assertThat(storage.getMethods()).isNotEmpty();
            Stream.of(dsl.getMethods())
                    .flatMap(method ->
                            Stream.concat(
                                    Stream.of(method.getReturnType()),
                                    Stream.of(method.getParameterTypes())))
                    .map(type -> type.isArray() ? type.componentType() : type)
                    .filter(type -> !type.isPrimitive())
                    .forEach(type -> assertThat(type).isSameAs(resolved(loader, type.getName())));
        }
    }

    private static Class<?> resolved(ClassLoader loader, String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException problem) {
            throw new AssertionError(name + " is not visible to plugins", problem);
        }
    }

    @Test
    void javaFxIsSeenOnlyWhereViewsAreShown() throws Exception {
        try (PluginClassLoader loader = loader(true, plain())) {
            assertShared(loader, "javafx.beans.property.Property");
            assertShared(loader, "javafx.scene.Node");
        }
        try (PluginClassLoader loader = loader(false, plain())) {
            assertHidden(loader, "javafx.beans.property.Property");
        }
    }

    @Test
    void classesOfTheJdkComeFromThePlatform() throws Exception {
        try (PluginClassLoader loader = loader(false, plain())) {
            assertThat(loader.loadClass("java.sql.Connection")).isSameAs(java.sql.Connection.class);
            assertThat(loader.loadClass("java.net.http.HttpClient")).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.peekplatform.pluginhost.PluginHost",
                "org.peekplatform.vortex.PlatformThreads",
                "tools.jackson.databind.json.JsonMapper",
                "org.semver4j.Semver",
                "ch.qos.logback.classic.Logger",
                "org.junit.jupiter.api.Test"
            })
    void classesOfTheHostAreNotSeen(String name) throws Exception {
        try (PluginClassLoader loader = loader(true, withStorage())) {
            assertHidden(loader, name);
        }
    }

    @Test
    void aLibraryOfThePluginWinsOverTheVersionOfTheHost() throws Exception {
        try (PluginClassLoader loader =
                loader(false, plain().file("lib/semver.jar", Compiled.jar(OTHER_SEMVER)))) {
            Class<?> semver = loader.loadClass("org.semver4j.Semver");

            assertThat(semver.getMethod("whose").invoke(null)).isEqualTo("the plugin's own");
            assertThat(semver.getClassLoader()).isSameAs(loader);
            assertThat(org.semver4j.Semver.isValid("1.0.0")).as("the host's is another").isTrue();
        }
    }

    @Test
    void aPackageOfTheApiNeverComesFromAPlugin() throws Exception {
        String fake =
                "package org.peekplatform.api; public class Smuggled { public static int x = 1; }";
        try (PluginClassLoader loader =
                loader(false, plain().file("lib/fake.jar", Compiled.jar(fake)))) {
            assertThatThrownBy(() -> loader.loadClass("org.peekplatform.api.Smuggled"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void resourcesComeFromThePluginNotFromTheHost() throws Exception {
        try (PluginClassLoader loader = loader(false, plain())) {
            assertThat(
                            PluginClassLoaderTest.class.getResource(
                                    "/META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .as("the host has it")
                    .isNotNull();
            assertThat(loader.getResource("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .isNull();
            try (InputStream own = loader.getResourceAsStream("test/plugin/Recorder.class")) {
                assertThat(own).isNotNull();
            }
        }
    }

    @Test
    void aClosedLoaderHoldsNoJarAndLoadsNothingMore() throws Exception {
        PluginClassLoader loader = loader(false, plain());
        assertThat(loader.loadClass("test.plugin.Recorder")).isNotNull();

        loader.close();

        assertThat(loader.getResource("test/plugin/Recorder.class")).isNull();
    }
}
