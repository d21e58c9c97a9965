package org.peekplatform.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.peekplatform.pluginhost.InstalledPackage;
import org.peekplatform.pluginhost.View;

/// The web files of the plugins that are installed now, as one site serves them: the site's own
/// folder of each package and `assets`, nothing else of it.
public final class PluginFiles {
    private static final String ASSETS = "assets/";

    private final String folder;
    private volatile Map<String, InstalledPackage> byAddress = Map.of();

    /// @param folder under `web/` in a package: `mobile` or `admin`
    public PluginFiles(String folder) {
        this.folder = folder + "/";
    }

    /// Serves these packages from now on, and no others.
    public void serve(Collection<InstalledPackage> installed) {
        byAddress =
                installed.stream()
                        .collect(Collectors.toUnmodifiableMap(View::address, Function.identity()));
    }

    /// @param path of a request, checked for its characters; `/plugins/NAME/HASH/FOLDER/…`
    Optional<Path> find(String path) {
        String[] parts = path.split("/", 5);
        if (parts.length < 5) {
            return Optional.empty();
        }
        String address = "/plugins/" + parts[2] + "/" + parts[3] + "/";
        InstalledPackage installed = byAddress.get(address);
        String file = parts[4];
        if (installed == null || !(file.startsWith(folder) || file.startsWith(ASSETS))) {
            return Optional.empty();
        }
        Path web = installed.content().resolve("web").normalize();
        Path found = web.resolve(file).normalize();
        return found.startsWith(web) && Files.isRegularFile(found)
                ? Optional.of(found)
                : Optional.empty();
    }
}
