package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// A plugin whose worker part does what its tasks say, good and bad, in processes of their own that
/// do two tasks with 64 MB. Each writes its id and process into the table `effect`.
final class SmithPlugin {
    private static final String SOURCE =
            """
            package test.smith;

            import java.util.ArrayList;
            import java.util.List;
            import org.peekplatform.api.ErrorCode;
            import org.peekplatform.api.PeekException;
            import org.peekplatform.api.PeekPlugin;
            import org.peekplatform.api.PluginContext;
            import org.peekplatform.api.ServiceKind;
            import org.peekplatform.api.storage.PluginStorage;
            import org.peekplatform.api.task.OwnProcess;
            import org.peekplatform.api.task.TaskContext;
            import org.peekplatform.api.task.TaskEndpoints;
            import org.peekplatform.api.task.TaskTuple;
            import org.peekplatform.api.tuple.Tuple;
            import org.peekplatform.api.tuple.TupleType;

            public class Smith implements PeekPlugin {
                @TupleType(name = "smith.Forge")
                public record Forge(String how) implements TaskTuple {}

                @TupleType(name = "smith.Sweep")
                public record Sweep() implements TaskTuple {}

                @TupleType(name = "smith.Forged")
                public record Forged(long pid) implements Tuple {}

                private final long pid = ProcessHandle.current().pid();

                public void start(PluginContext context) {
                    if (context.service() != ServiceKind.WORKER) {
                        return;
                    }
                    PluginStorage storage = context.capability(PluginStorage.class);
                    TaskEndpoints tasks = context.capability(TaskEndpoints.class);
                    tasks.handle(
                            Forge.class,
                            (task, about) -> forge(task, about, storage),
                            new OwnProcess(64, 2));
                    tasks.handle(Sweep.class, (task, about) -> new Forged(pid));
                }

                private Forged forge(Forge task, TaskContext about, PluginStorage storage)
                        throws Exception {
                    System.out.println("Whatever a library prints.");
                    storage.dsl().execute("INSERT INTO effect VALUES (?, ?)", about.id(), pid);
                    about.progress(0.5, "in process " + pid);
                    switch (task.how()) {
                        case "well" -> {}
                        case "in vain" -> {
                            List<byte[]> much = new ArrayList<>();
                            while (true) {
                                much.add(new byte[1 << 20]);
                            }
                        }
                        case "never" -> Thread.sleep(3_600_000);
                        case "deaf" -> {
                            while (true) {
                                try {
                                    Thread.sleep(3_600_000);
                                } catch (InterruptedException e) {
                                    continue;
                                }
                            }
                        }
                        case "fatally" -> System.exit(7);
                        default ->
                                throw new PeekException(
                                        ErrorCode.BAD_REQUEST, "the iron is cold");
                    }
                    return new Forged(pid);
                }
            }
            """;

    private static final String MANIFEST =
            """
            {
              "plugin": { "name": "smith", "title": "Smith", "version": "1.0.0" },
              "requiresServices": ["server", "storage", "worker"],
              "requires": { "platform": ">=0.1.0 <1.0.0" },
              "server": { "entryHook": "test.smith.Smith" },
              "worker": { "entryHook": "test.smith.Smith" }
            }
            """;

    private SmithPlugin() {}

    static Path in(Path folder) throws IOException {
        Path work = Files.createDirectories(folder.resolve("smith-classes"));
        Path source = Files.writeString(folder.resolve("Smith.java"), SOURCE);
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                work.toString(),
                                source.toString());
        if (code != 0) {
            throw new IllegalStateException("the smith does not compile");
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(work.resolve("test/smith"))) {
            for (Path file : files.sorted().toList()) {
                classes.put("test/smith/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("plugin_package.json", MANIFEST.getBytes(StandardCharsets.UTF_8));
        entries.put("lib/plugin.jar", TestPlugin.zip(classes));
        entries.put(
                "migrations/V1__effect.sql",
                "CREATE TABLE effect (task VARCHAR(20), process BIGINT);"
                        .getBytes(StandardCharsets.UTF_8));
        return Files.write(folder.resolve("smith-1.0.0.zip"), TestPlugin.zip(entries));
    }
}
