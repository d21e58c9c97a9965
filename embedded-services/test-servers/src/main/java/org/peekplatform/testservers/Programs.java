package org.peekplatform.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds and runs the programs of servers.
final class Programs {
    private static final long PATIENCE_SECONDS = 60;

    private Programs() {}

    /// `name` on the PATH, else in the last of `folders` that has it; these may end in `/*/bin` for
    /// the versions installed beside each other.
    ///
    /// @param cure what to install, to end "… install "
    /// @throws IllegalStateException with a sentence when there is none
    static Path find(String name, List<String> folders, String cure) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(
                        Stream.of(path.split(File.pathSeparator)).map(Path::of),
                        folders.stream().flatMap(Programs::expanded))
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "this test needs the program '"
                                        + name
                                        + "', which is neither on the PATH nor in "
                                        + String.join(" or ", folders)
                                        + "; run ./peek test, which installs it on Debian, or"
                                        + " install "
                                        + cure));
    }

    private static Stream<Path> expanded(String folder) {
        int star = folder.indexOf("/*");
        if (star < 0) {
            return Stream.of(Path.of(folder));
        }
        Path above = Path.of(folder.substring(0, star));
        String below = folder.substring(star + 2).replaceFirst("^/", "");
        try (Stream<Path> versions = Files.isDirectory(above) ? Files.list(above) : Stream.of()) {
            return versions
                    .sorted(Comparator.comparingInt(Programs::version).reversed())
                    .map(version -> version.resolve(below))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Path folder) {
        String digits = folder.getFileName().toString().replaceAll("\\D.*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /// Runs a program to its end.
    ///
    /// @return what it printed
    /// @throws IllegalStateException with what it printed when it failed
    static String run(List<String> command, Map<String, String> environment) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        @Nullable Process process = null;
        try {
            process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command.getFirst() + " was interrupted", e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    static void deleteTree(Path folder) {
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        // A server that is just ending takes files away itself.
                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException problem) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path visited, @Nullable IOException problem) throws IOException {
                            Files.deleteIfExists(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
