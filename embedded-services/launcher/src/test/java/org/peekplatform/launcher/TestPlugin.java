package org.peekplatform.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/// Builds zips of plugins that tell the test what is called in them, fail where they are told to,
/// and wait where the test has put a gate.
final class TestPlugin {
    /// Plugins share no class with the test but those of Java; these objects are where both look.
    private static final String EVENTS = "peek.test.events";

    private static final String GATE = "peek.test.gate: ";

    private static final String HOOK =
            """
            package test.plugin;

            import java.util.Collection;
            import java.util.concurrent.CountDownLatch;
            import org.peekplatform.api.PeekPlugin;
            import org.peekplatform.api.PluginContext;

            public class Hook implements PeekPlugin {
                private String me = "";

                public void load(PluginContext context) throws Exception {
                    me = "NAME VERSION on " + context.service().id();
                    tell("load");
                }

                public void start(PluginContext context) throws Exception {
                    tell("start");
                }

                public void stop() throws Exception {
                    tell("stop");
                }

                public void unload() throws Exception {
                    tell("unload");
                }

                @SuppressWarnings("unchecked")
                private void tell(String what) throws Exception {
                    Object events = System.getProperties().get("peek.test.events");
                    ((Collection<Object>) events).add(what + " " + me);
                    if (System.getProperties().get("peek.test.gate: " + what + " " + me)
                            instanceof CountDownLatch gate) {
                        gate.await();
                    }
                    if (what.equals("FAILING")) {
                        throw new IllegalStateException("the valve of NAME is stuck");
                    }
                }
            }
            """;

    private final String name;
    private final String version;
    private List<String> services = List.of("server");
    private String failing = "";
    private String required = "";
    private String migration = "";
    private String reloadable = "";

    TestPlugin(String name, String version) {
        this.name = name;
        this.version = version;
    }

    TestPlugin on(String... kinds) {
        services = List.of(kinds);
        return this;
    }

    /// @param sql makes the tables of the plugin
    TestPlugin withTables(String sql) {
        services = List.of("server", "storage");
        migration = sql;
        return this;
    }

    /// @param table one that the plugin can load again
    TestPlugin reloading(String table) {
        reloadable = ",\n  \"storage\": { \"reloadableTables\": [\"%s\"] }".formatted(table);
        return this;
    }

    /// @param hook `load`, `start`, `stop` or `unload`
    TestPlugin failingIn(String hook) {
        failing = hook;
        return this;
    }

    TestPlugin requires(String plugin) {
        required = "\"" + plugin + "\": \">=1.0.0\"";
        return this;
    }

    Path in(Path folder) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("plugin_package.json", manifest().getBytes(StandardCharsets.UTF_8));
        entries.put("lib/plugin.jar", zip(Map.of("test/plugin/Hook.class", hook())));
        if (!migration.isEmpty()) {
            entries.put("migrations/V1__tables.sql", migration.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return Files.write(folder.resolve(name + "-" + version + ".zip"), zip(entries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is called in plugins from now on, such as `start NAME VERSION on SERVICE`.
    static List<String> events() {
        List<String> events = new CopyOnWriteArrayList<>();
        System.getProperties().put(EVENTS, events);
        return events;
    }

    /// Makes plugins wait at `event` until the gate is open.
    static CountDownLatch gateAt(String event) {
        CountDownLatch gate = new CountDownLatch(1);
        System.getProperties().put(GATE + event, gate);
        return gate;
    }

    /// Opens all gates and forgets them.
    static void openGates() {
        Collection<Object> keys = List.copyOf(System.getProperties().keySet());
        for (Object key : keys) {
            if (key.toString().startsWith(GATE)
                    && System.getProperties().remove(key) instanceof CountDownLatch gate) {
                gate.countDown();
            }
        }
    }

    private String manifest() {
        String hooks =
                services.stream()
                        .filter(service -> !service.equals("storage"))
                        .map(service ->
                                ",\n  \"%s\": { \"entryHook\": \"test.plugin.Hook\" }"
                                        .formatted(service))
                        .collect(Collectors.joining());
        return """
        {
          "plugin": { "name": "%s", "title": "The %s", "version": "%s" },
          "requiresServices": [%s],
          "requires": { "platform": ">=0.1.0 <1.0.0", "plugins": { %s } }%s
        }
        """
                .formatted(
                        name,
                        name,
                        version,
                        services.stream()
                                .map(one -> '"' + one + '"')
                                .collect(Collectors.joining(", ")),
                        required,
                        hooks + reloadable);
    }

    private byte[] hook() {
        try {
            Path folder = Files.createTempDirectory("test-plugin");
            Path source =
                    Files.writeString(
                            folder.resolve("Hook.java"),
                            HOOK.replace("NAME", name)
                                    .replace("VERSION", version)
                                    .replace("FAILING", failing));
            int code =
                    ToolProvider.getSystemJavaCompiler()
                            .run(null, null, null, "-proc:none", source.toString());
            if (code != 0) {
                throw new IllegalStateException("the test plugin does not compile");
            }
            byte[] compiled = Files.readAllBytes(folder.resolve("Hook.class"));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            return compiled;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry one = new ZipEntry(entry.getKey());
                one.setTime(0);
                zip.putNextEntry(one);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static List<String> only(List<String> events, String... kinds) {
        return events.stream()
                .filter(event ->
                        Arrays.stream(kinds).anyMatch(kind -> event.startsWith(kind + " ")))
                .toList();
    }
}
