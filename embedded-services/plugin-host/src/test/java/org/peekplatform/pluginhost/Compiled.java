package org.peekplatform.pluginhost;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles the sources of test plugins, in memory, into jars.
final class Compiled {
    private static final Map<List<String>, byte[]> JARS = new ConcurrentHashMap<>();

    private Compiled() {}

    /// A jar with the classes of `sources`, each of which holds one public class.
    static byte[] jar(String... sources) {
        return JARS.computeIfAbsent(List.of(sources), Compiled::compile);
    }

    private static byte[] compile(List<String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Output> outputs = new ArrayList<>();
        StringWriter messages = new StringWriter();
        JavaFileManager files =
                new ForwardingJavaFileManager<>(compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location,
                            String className,
                            JavaFileObject.Kind kind,
                            FileObject sibling) {
                        Output output = new Output(className);
                        outputs.add(output);
                        return output;
                    }
                };
        boolean done =
                compiler.getTask(
                                messages,
                                files,
                                null,
                                List.of("-proc:none"),
                                null,
                                sources.stream().map(Source::new).toList())
                        .call();
        if (!done) {
            throw new IllegalArgumentException(messages.toString());
        }
        return zip(outputs.stream());
    }

    private static byte[] zip(Stream<Output> classes) {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            for (Output one : classes.toList()) {
                ZipEntry entry = new ZipEntry(one.className.replace('.', '/') + ".class");
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(one.bytes.toByteArray());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return jar.toByteArray();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///" + path(text)), Kind.SOURCE);
            this.text = text;
        }

        private static String path(String text) {
            String packageName = text.replaceFirst("(?s).*?package ([\\w.]+);.*", "$1");
            String type =
                    text.replaceFirst(
                            "(?s).*?public (?:final |abstract )?(?:class|interface|record) (\\w+).*",
                            "$1");
            return packageName.replace('.', '/') + "/" + type + ".java";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Output extends SimpleJavaFileObject {
        private final String className;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Output(String className) {
            super(URI.create("mem:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
            this.className = className;
        }

        @Override
        public ByteArrayOutputStream openOutputStream() {
            return bytes;
        }
    }
}
