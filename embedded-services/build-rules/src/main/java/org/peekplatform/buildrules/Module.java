package org.peekplatform.buildrules;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// The modules with Java code, by package, and the arrows between them: what a module is not said
/// to import here, it must not import.
///
/// The order matters where one package lies in another: the first that matches owns the class.
public enum Module {
    API_STORAGE("plugin-api/api-storage", "org.peekplatform.api.storage", 2),
    API_DESKTOP("plugin-api/api-desktop", "org.peekplatform.api.desktop", 2),
    API("plugin-api/api", "org.peekplatform.api", 20),
    VORTEX("embedded-services/vortex", "org.peekplatform.vortex", 20),
    STORAGE("embedded-services/storage", "org.peekplatform.storage", 5),
    QUEUE("embedded-services/queue", "org.peekplatform.queue", 8),
    PLUGIN_HOST("embedded-services/plugin-host", "org.peekplatform.pluginhost", 15),
    WEB("embedded-services/web", "org.peekplatform.web", 5),
    SERVER("embedded-services/server", "org.peekplatform.server", 1),
    CLIENT("embedded-services/client", "org.peekplatform.client", 1),
    AGENT("embedded-services/agent", "org.peekplatform.agent", 1),
    WORKER("embedded-services/worker", "org.peekplatform.worker", 1),
    LAUNCHER("embedded-services/launcher", "org.peekplatform.launcher", 10),
    ADMIN_SERVICE("admin/service", "org.peekplatform.admin", 3),
    SHELL_MODEL("desktop-shell/model", "org.peekplatform.shell.model", 5),
    SHELL_UI("desktop-shell/ui", "org.peekplatform.shell.ui", 5),
    SHELL_APP("desktop-shell/app", "org.peekplatform.shell.app", 1),
    PLUGINS("plugins", "org.peekplatform.plugins", 15);

    private final String folder;
    private final String rootPackage;
    private final int leastClasses;

    Module(String folder, String rootPackage, int leastClasses) {
        this.folder = folder;
        this.rootPackage = rootPackage;
        this.leastClasses = leastClasses;
    }

    /// Where its sources are, from the top of the repository.
    public String folder() {
        return folder;
    }

    public String rootPackage() {
        return rootPackage;
    }

    /// A check that looked at fewer classes than this has looked at the wrong place.
    public int leastClasses() {
        return leastClasses;
    }

    /// The modules this one may import, besides itself.
    public Set<Module> mayImport() {
        return switch (this) {
            case API -> Set.of();
            case API_STORAGE, API_DESKTOP -> EnumSet.of(API);
            case VORTEX -> EnumSet.of(API);
            case STORAGE -> EnumSet.of(API, API_STORAGE, VORTEX);
            case QUEUE -> EnumSet.of(API, API_STORAGE, VORTEX, STORAGE);
            case PLUGIN_HOST -> EnumSet.of(API, API_STORAGE, API_DESKTOP, VORTEX, STORAGE);
            case WEB -> EnumSet.of(API, VORTEX, PLUGIN_HOST);
            case ADMIN_SERVICE -> EnumSet.of(API, VORTEX, STORAGE, QUEUE, PLUGIN_HOST, WEB);
            case SERVER ->
                    EnumSet.of(
                            API,
                            API_STORAGE,
                            VORTEX,
                            STORAGE,
                            QUEUE,
                            PLUGIN_HOST,
                            WEB,
                            ADMIN_SERVICE);
            // Without storage: a client or agent may run where no database can be reached.
            case CLIENT, AGENT -> EnumSet.of(API, VORTEX, PLUGIN_HOST, WEB);
            case WORKER -> EnumSet.of(API, API_STORAGE, VORTEX, STORAGE, QUEUE, PLUGIN_HOST, WEB);
            case LAUNCHER ->
                    EnumSet.of(
                            API,
                            API_STORAGE,
                            VORTEX,
                            STORAGE,
                            PLUGIN_HOST,
                            WEB,
                            SERVER,
                            CLIENT,
                            AGENT,
                            WORKER,
                            QUEUE,
                            ADMIN_SERVICE);
            case SHELL_MODEL -> EnumSet.of(API, API_DESKTOP);
            case SHELL_UI -> EnumSet.of(API, API_DESKTOP, SHELL_MODEL);
            case SHELL_APP ->
                    EnumSet.of(
                            API, API_DESKTOP, SHELL_MODEL, SHELL_UI, LAUNCHER, VORTEX, PLUGIN_HOST);
            case PLUGINS -> EnumSet.of(API, API_STORAGE, API_DESKTOP);
        };
    }

    /// The module that owns a class of that package; empty for foreign code.
    public static Optional<Module> of(String packageName) {
        return Arrays.stream(values())
                .filter(module ->
                        packageName.equals(module.rootPackage)
                                || packageName.startsWith(module.rootPackage + "."))
                .findFirst();
    }

    boolean owns(JavaClass type) {
        return of(type.getPackageName()).filter(owner -> owner == this).isPresent();
    }
}
