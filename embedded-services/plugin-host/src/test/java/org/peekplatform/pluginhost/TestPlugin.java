package org.peekplatform.pluginhost;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Builds packages of test plugins. Unless told otherwise, every part is a [#RECORDER].
final class TestPlugin {
    /// Tells the test, through the capability `Consumer`, of each hook that is called; what the
    /// test throws there is what the hook throws.
    static final String RECORDER =
            """
            package test.plugin;

            import java.util.function.Consumer;
            import org.peekplatform.api.PeekPlugin;
            import org.peekplatform.api.PluginContext;

            public class Recorder implements PeekPlugin {
                private Consumer<Object> test;
                private String me;

                @SuppressWarnings("unchecked")
                public void load(PluginContext context) {
                    test = context.capability(Consumer.class);
                    me = context.plugin().name() + " " + context.plugin().version() + " on "
                            + context.service().id();
                    test.accept("load " + me);
                }

                public void start(PluginContext context) {
                    test.accept("start " + me);
                    test.accept(context);
                }

                public void stop() {
                    test.accept("stop " + me);
                }

                public void unload() {
                    test.accept("unload " + me);
                }
            }
            """;

    private final String name;
    private final String version;
    private List<String> services = List.of("server");
    private final Map<String, String> requires = new LinkedHashMap<>();
    private String platform = ">=0.1.0 <1.0.0";
    private String hook = "test.plugin.Recorder";
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<String> sources = new ArrayList<>();

    TestPlugin(String name, String version) {
        this.name = name;
        this.version = version;
    }

    TestPlugin on(String... kinds) {
        services = List.of(kinds);
        return this;
    }

    TestPlugin requires(String plugin, String range) {
        requires.put(plugin, range);
        return this;
    }

    TestPlugin platform(String range) {
        platform = range;
        return this;
    }

    TestPlugin hook(String type, String source) {
        hook = type;
        sources.add(source);
        return this;
    }

    TestPlugin source(String source) {
        sources.add(source);
        return this;
    }

    TestPlugin file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    TestPlugin file(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    String manifest() {
        StringBuilder sections = new StringBuilder();
        String dashed = name.replace('_', '-');
        for (String service : services) {
            switch (service) {
                case "server", "client", "agent", "worker", "desktop", "admin" ->
                        sections.append(
                                ",\n  \"%s\": { \"entryHook\": \"%s\" }".formatted(service, hook));
                case "mobile" ->
                        sections.append(
                                ",\n  \"mobile\": { \"module\": \"web/mobile/view.js\", \"element\": \"%s-view\" }"
                                        .formatted(dashed));
                default -> {}
            }
        }
        return """
        {
          "plugin": { "name": "%s", "title": "The %s", "version": "%s" },
          "requiresServices": [%s],
          "requires": { "platform": "%s", "plugins": { %s } }%s
        }
        """
                .formatted(
                        name,
                        name,
                        version,
                        services.stream()
                                .map(one -> '"' + one + '"')
                                .collect(Collectors.joining(", ")),
                        platform,
                        requires.entrySet().stream()
                                .map(one ->
                                        "\"%s\": \"%s\"".formatted(one.getKey(), one.getValue()))
                                .collect(Collectors.joining(", ")),
                        sections);
    }

    byte[] bytes() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("plugin_package.json", manifest().getBytes(StandardCharsets.UTF_8));
        all.put(
                "lib/plugin.jar",
                Compiled.jar(
                        sources.isEmpty()
                                ? new String[] {RECORDER}
                                : sources.toArray(String[]::new)));
        if (services.contains("mobile")) {
            all.put("web/mobile/view.js", new byte[] {'/', '/'});
        }
        all.putAll(files);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                // The same plugin built twice is the same package.
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return bytes.toByteArray();
    }

    Path writeTo(Path folder) {
        try {
            return Files.write(folder.resolve(name + "-" + version + ".zip"), bytes());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    PluginPackage packageIn(Path folder) {
        return PluginPackage.read(writeTo(folder));
    }
}
