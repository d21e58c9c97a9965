package org.peekplatform.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.peekplatform.pluginhost.CatalogueEntry;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginScope;
import org.peekplatform.pluginhost.PluginStore;
import org.peekplatform.queue.EmbeddedTaskEngine;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.worker.HandedTasks;

/// A process that does tasks of one plugin for a worker, on the worker's home and database. The
/// worker starts it and says through its standard input what it is to do.
final class TaskProcess {
    private final PlatformThreads threads = new PlatformThreads();

    private TaskProcess() {}

    public static void main(String[] args) {
        // What plugins print must not come between the frames.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        int code = Cli.FAILED;
        try {
            TaskProcess process = new TaskProcess();
            new HandedTasks(System.in, out, process.threads).run(process::make);
            code = Cli.DONE;
        } catch (IOException e) {
            System.err.println("The worker cannot be understood: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // At once, without waiting for a plugin: the worker is gone, and nobody wants the rest.
            Runtime.getRuntime().halt(code);
        }
    }

    /// What the worker says first.
    ///
    /// @param plugins the one whose tasks are to be done, first, and those it requires
    record Input(
            Path home,
            String worker,
            String version,
            PeekConfig.Storage storage,
            List<CatalogueEntry> plugins) {
        Input {
            plugins = List.copyOf(plugins);
        }

        byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            try {
                out.writeUTF(home.toString());
                out.writeUTF(worker);
                out.writeUTF(version);
                out.writeUTF(storage.url());
                out.writeUTF(storage.user());
                out.writeUTF(storage.password());
                out.writeInt(plugins.size());
                for (CatalogueEntry plugin : plugins) {
                    out.writeUTF(plugin.name());
                    out.writeUTF(plugin.version());
                    out.writeUTF(plugin.sha256());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        static Input parse(byte[] bytes) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            Path home = Path.of(in.readUTF());
            String worker = in.readUTF();
            String version = in.readUTF();
            PeekConfig.Storage storage =
                    new PeekConfig.Storage(in.readUTF(), in.readUTF(), in.readUTF());
            List<CatalogueEntry> plugins = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                plugins.add(
                        new CatalogueEntry(
                                in.readUTF(), in.readUTF(), in.readUTF(), true, Instant.EPOCH));
            }
            return new Input(home, worker, version, storage, plugins);
        }
    }

    /// The plugin of `scope` and those it requires, directly or through others, as they are
    /// installed on `host`.
    static List<CatalogueEntry> plugins(PluginScope scope, PluginHost host) {
        Map<String, InstalledPackage> installed =
                host.installed().stream()
                        .collect(Collectors.toMap(InstalledPackage::name, Function.identity()));
        Map<String, InstalledPackage> wanted = new LinkedHashMap<>();
        List<InstalledPackage> open = new ArrayList<>(List.of(scope.installed()));
        while (!open.isEmpty()) {
            InstalledPackage next = open.removeFirst();
            if (wanted.putIfAbsent(next.name(), next) == null) {
                next.manifest().requires().plugins().keySet().stream()
                        .map(installed::get)
                        .filter(required -> required != null)
                        .forEach(open::add);
            }
        }
        return wanted.values().stream()
                .map(one ->
                        new CatalogueEntry(
                                one.name(), one.version(), one.sha256(), true, Instant.EPOCH))
                .toList();
    }

    private HandedTasks.Setup make(byte[] bytes) throws IOException {
        Input input = Input.parse(bytes);
        Home home = new Home(input.home());
        Database database = PeekSystem.joinDatabase(home, input.storage(), threads);
        TaskEngine tasks =
                new EmbeddedTaskEngine(
                        database.platformStorage(),
                        database.transactions(),
                        threads,
                        Clock.systemUTC(),
                        TaskEngine.Timing.USUAL);
        return new HandedTasks.Setup(
                input.worker(),
                new PluginHost(
                        new PluginStore(home.plugins()),
                        home.data().resolve("plugins"),
                        input.version(),
                        threads),
                input.plugins(),
                database,
                tasks,
                new Schedules(
                        database.platformStorage(),
                        tasks,
                        threads,
                        new Schedules.ZonedClock(Clock.systemUTC(), ZoneId.systemDefault())));
    }
}
