package org.peekplatform.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/// Builds zips of plugins with a server part and a web view for the administrator.
final class TestPlugin {
    private static final String HOOK =
            """
            package test.plugin;

            public class Hook implements org.peekplatform.api.PeekPlugin {
                public void start(org.peekplatform.api.PluginContext context) {}
            }
            """;

    private final String name;
    private final String version;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TestPlugin(String name, String version) {
        this.name = name;
        this.version = version;
        entry("plugin_package.json", manifest("\"server\", \"admin\"", ""));
        entries.put("lib/plugin.jar", jar());
        entry("web/admin/view.js", "// " + name);
    }

    TestPlugin services(String quoted) {
        return entry("plugin_package.json", manifest(quoted, ""));
    }

    TestPlugin requires(String plugin, String range) {
        return entry(
                "plugin_package.json",
                manifest("\"server\", \"admin\"", "\"" + plugin + "\": \"" + range + "\""));
    }

    TestPlugin entry(String path, String text) {
        entries.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TestPlugin without(String path) {
        entries.remove(path);
        return this;
    }

    byte[] zip() {
        return zip(entries);
    }

    private String manifest(String services, String plugins) {
        return """
        {
          "plugin": { "name": "%s", "title": "The %s", "version": "%s" },
          "requiresServices": [%s],
          "requires": { "platform": ">=0.1.0 <1.0.0", "plugins": { %s } },
          "server": { "entryHook": "test.plugin.Hook" },
          "admin": { "module": "web/admin/view.js", "element": "%s-view" }
        }
        """
                .formatted(name, name, version, services, plugins, name);
    }

    private static byte[] jar() {
        try {
            Path folder = Files.createTempDirectory("test-plugin");
            Path source = Files.writeString(folder.resolve("Hook.java"), HOOK);
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
            return zip(Map.of("test/plugin/Hook.class", compiled));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] zip(Map<String, byte[]> entries) {
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

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }
}
