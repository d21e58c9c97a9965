package org.peekplatform.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A built checkout of Peek: where its parts are and how its start script runs them.
///
/// @param root of the checkout
/// @param ownJars folder with the jars of the benchmarks
record Checkout(Path root, Path ownJars) {
    private static final Pattern OPTIONS =
            Pattern.compile("^jvm_options=\\((.*?)^\\)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern WORDS = Pattern.compile("\\s+");

    /// The checkout that this program was built in, unless another is named.
    static Checkout find(List<Path> named) {
        Path jars;
        try {
            jars =
                    Path.of(
                                    Checkout.class
                                            .getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()
                                            .toURI())
                            .resolveSibling("")
                            .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new BenchException("the place of the benchmarks is not a file", e);
        }
        Path root =
                named.isEmpty()
                        ? jars.resolve("../../../../..").normalize()
                        : named.getFirst().toAbsolutePath().normalize();
        Checkout found = new Checkout(root, jars);
        for (Path needed : List.of(found.script(), found.productJars())) {
            if (!Files.exists(needed)) {
                throw new BenchException(
                        needed + " does not exist; run the benchmarks as ./peek bench");
            }
        }
        return found;
    }

    Path script() {
        return root.resolve("peek");
    }

    Path productJars() {
        return root.resolve("desktop-shell/app/target/app/lib");
    }

    /// The jars of gRPC, which is a peer of the calls.
    Path grpcJars() {
        return ownJars.resolveSibling("grpc");
    }

    /// The packed tutorial plugin.
    Path tutorial() {
        return plugin("tutorial");
    }

    /// A packed plugin.
    Path plugin(String name) {
        Path folder = root.resolve("plugins").resolve(name).resolve("target");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> String.valueOf(file.getFileName()).matches(name + "-.*\\.zip"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new BenchException("there is no plugin zip in " + folder));
        } catch (IOException e) {
            throw new BenchException("the plugin in " + folder + " cannot be found", e);
        }
    }

    /// The file of the 11,833 plants beside the checkout; need not exist.
    Path plants() {
        return root.resolve("../shared/data/eia860-plants-2019/plants.csv").normalize();
    }

    /// The options that the start script gives every JVM, without those for the class archive.
    List<String> jvmOptions() throws IOException {
        return jvmOptions(Files.readString(script()));
    }

    static List<String> jvmOptions(String script) {
        Matcher options = OPTIONS.matcher(script);
        if (!options.find()) {
            throw new BenchException("the start script has no list jvm_options=(…)");
        }
        return WORDS.splitAsStream(options.group(1).strip()).toList();
    }

    /// The jars of a folder in the order of the start script, which the class archive depends on.
    static String classPath(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(".jar"))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
