package org.peekplatform.pluginhost;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.peekplatform.api.ServiceKind;

/// Loads the classes of one plugin from its jars.
///
/// Of the host it sees the packages of the allow-list and nothing else; for everything else the JDK
/// and then its own jars are asked, so a plugin may bring any version of any library. A package of
/// the allow-list never comes from a plugin's jar, as its types are shared with the host.
final class PluginClassLoader extends URLClassLoader {
    /// Visible to every plugin.
    static final List<String> ALWAYS =
            List.of("org.peekplatform.api.", "org.jspecify.annotations.", "org.slf4j.");

    /// Visible to plugins whose manifest asks for storage: jOOQ, and the two libraries whose types
    /// stand in signatures of its `DSLContext`.
    static final List<String> WITH_STORAGE =
            List.of("org.jooq.", "org.reactivestreams.", "io.r2dbc.spi.");

    /// Visible in a process that shows JavaFX views.
    static final List<String> WITH_DESKTOP = List.of("javafx.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;
    private final List<String> visible;

    PluginClassLoader(InstalledPackage installed, boolean showsViews) {
        super(
                "plugin " + installed.name() + " " + installed.version(),
                urls(installed.jars()),
                ClassLoader.getPlatformClassLoader());
        host = PluginClassLoader.class.getClassLoader();
        List<String> prefixes = new ArrayList<>(ALWAYS);
        if (installed.manifest().requires(ServiceKind.STORAGE)) {
            prefixes.addAll(WITH_STORAGE);
        }
        if (showsViews) {
            prefixes.addAll(WITH_DESKTOP);
        }
        visible = List.copyOf(prefixes);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        for (String prefix : visible) {
            if (name.startsWith(prefix)) {
                return host.loadClass(name);
            }
        }
        return super.loadClass(name, resolve);
    }

    private static URL[] urls(List<Path> jars) {
        return jars.stream().map(PluginClassLoader::url).toArray(URL[]::new);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(jar.toString(), impossible);
        }
    }
}
