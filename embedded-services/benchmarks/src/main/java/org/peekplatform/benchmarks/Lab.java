package org.peekplatform.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What every figure needs: the built Peek, a folder for everything temporary, and processes, none
/// of which outlives this one.
final class Lab implements AutoCloseable {
    static final String PRODUCT = "org.peekplatform.shell.app.Main";
    private static final String BASELINES = "org.peekplatform.benchmarks.baseline.";

    private final Checkout checkout;
    private final Options options;
    private final PrintStream progress;
    private final Path folder;
    private final Set<Child> children = ConcurrentHashMap.newKeySet();
    private int files;

    Lab(Checkout checkout, Options options, PrintStream progress) throws IOException {
        this.checkout = checkout;
        this.options = options;
        this.progress = progress;
        folder = Files.createTempDirectory("peek-bench");
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("bench-end").unstarted(this::close));
    }

    Checkout checkout() {
        return checkout;
    }

    Options options() {
        return options;
    }

    Pairs pairs(int usual) {
        return new Pairs(count(usual), ForeignCpu::begin);
    }

    /// How often to measure.
    int count(int usual) {
        return options.pairs() > 0 ? options.pairs() : usual;
    }

    void say(String sentence) {
        progress.println(sentence);
        progress.flush();
    }

    /// A path in the temporary folder that nothing else uses.
    synchronized Path file(String name) {
        return folder.resolve(String.format(Locale.ROOT, "%03d-%s", ++files, name));
    }

    synchronized Path newFolder(String name) throws IOException {
        return Files.createDirectories(file(name));
    }

    /// Ports of the loopback interface that are free now.
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return List.copyOf(ports);
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    /// The command line of the start script for Peek itself.
    ///
    /// @param archive of classes; `null` for none
    List<String> product(@Nullable Path archive, List<String> arguments) throws IOException {
        List<String> extra = new ArrayList<>(archive == null ? List.of() : archived(archive));
        Path recordings = options.jfr();
        // A JVM that makes an archive does not record.
        if (recordings != null && (archive == null || Files.exists(archive))) {
            Files.createDirectories(recordings);
            extra.add(
                    "-XX:StartFlightRecording:settings=profile,dumponexit=true,filename="
                            + recordings.resolve(file("peek").getFileName() + ".jfr"));
            extra.add("-Xlog:jfr*=off");
        }
        return java(extra, checkout.productJars(), PRODUCT, arguments);
    }

    /// The same command line for a baseline.
    List<String> baseline(Path archive, String main, List<String> arguments) throws IOException {
        return java(archived(archive), checkout.ownJars(), BASELINES + main, arguments);
    }

    /// A helper of the benchmarks in a process of its own.
    List<String> helper(Class<?> main, List<String> arguments) throws IOException {
        return java(List.of(), checkout.ownJars(), main.getName(), arguments);
    }

    /// The same with the jars of another folder behind those of the benchmarks.
    List<String> helper(Path jars, Class<?> main, List<String> arguments) throws IOException {
        return java(
                List.of(),
                Checkout.classPath(checkout.ownJars())
                        + File.pathSeparator
                        + Checkout.classPath(jars),
                main.getName(),
                arguments);
    }

    private List<String> java(List<String> extra, Path jars, String main, List<String> arguments)
            throws IOException {
        return java(extra, Checkout.classPath(jars), main, arguments);
    }

    private List<String> java(
            List<String> extra, String classPath, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(checkout.jvmOptions());
        command.addAll(extra);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        return command;
    }

    private static List<String> archived(Path archive) {
        return List.of(
                "-Xshare:auto",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:cds*=off",
                "-Xlog:aot*=off");
    }

    /// Starts a process, which ends at the latest with this one.
    Child start(String name, List<String> command, List<String> environment) throws IOException {
        Child child = Child.start(name, command, environment, file(name + ".log"));
        children.add(child);
        return child;
    }

    Child start(String name, List<String> command) throws IOException {
        return start(name, command, List.of());
    }

    @Override
    public void close() {
        children.forEach(Child::kill);
        if (options.keep()) {
            return;
        }
        try {
            delete(folder);
        } catch (IOException e) {
            say("peek bench: " + folder + " could not be deleted (" + e + ")");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
