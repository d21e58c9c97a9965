package org.peekplatform.benchmarks.baseline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.flywaydb.core.Flyway;

/// What installing a plugin must at least do: unpack it, load its classes, migrate its schema.
public final class InstallBaseline {
    private static final String OWN_CLASSES = "org/peekplatform/plugins/";

    private InstallBaseline() {}

    /// Says `ready`, waits for a line, works, and prints the milliseconds it took.
    ///
    /// @param arguments the package, and an empty folder
    public static void main(String[] arguments)
            throws IOException, SQLException, ReflectiveOperationException, InterruptedException {
        Path folder = Path.of(arguments[1]);
        BareDatabase database = BareDatabase.open(folder);
        database.pool().getConnection().close();
        System.out.println("ready");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        long begun = System.nanoTime();
        Path content = folder.resolve("content");
        unpack(Path.of(arguments[0]), content);
        load(content.resolve("lib"));
        Flyway.configure()
                .dataSource(database.pool())
                .schemas("plugin")
                .defaultSchema("plugin")
                .createSchemas(true)
                .locations("filesystem:" + content.resolve("migrations"))
                .load()
                .migrate();
        System.out.println((System.nanoTime() - begun) / 1e6);
        new CountDownLatch(1).await();
    }

    private static void unpack(Path zip, Path content) throws IOException {
        try (InputStream file = Files.newInputStream(zip);
                ZipInputStream in = new ZipInputStream(file)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path target = content.resolve(entry.getName()).normalize();
                if (!target.startsWith(content)) {
                    throw new IOException(entry.getName() + " leads out of the package");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(content.resolve(target).getParent());
                    Files.copy(in, target);
                }
            }
        }
    }

    private static void load(Path lib) throws IOException, ReflectiveOperationException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(lib)) {
            jars = files.toList();
        }
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        // Stays open: a plugin goes on loading classes while it runs.
        @SuppressWarnings("resource")
        URLClassLoader loader =
                new URLClassLoader(
                        urls.toArray(new URL[0]), InstallBaseline.class.getClassLoader());
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry entry : file.stream().toList()) {
                    String name = entry.getName();
                    if (name.startsWith(OWN_CLASSES) && name.endsWith(".class")) {
                        Class.forName(
                                name.substring(0, name.length() - 6).replace('/', '.'),
                                false,
                                loader);
                    }
                }
            }
        }
    }
}
