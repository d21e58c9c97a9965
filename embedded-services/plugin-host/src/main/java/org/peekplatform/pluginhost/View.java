package org.peekplatform.pluginhost;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// A web view of a plugin, as home screens show it: a tile that opens an element.
///
/// @param plugin name of the plugin, which has one view on each site
/// @param title text of the tile
/// @param icon address on the site
/// @param module address on the site of the ES module that registers `element`
/// @param element name of the custom element
@TupleType(name = "peek.View")
public record View(
        @TupleKey String plugin,
        String title,
        String version,
        @Nullable String icon,
        String module,
        String element)
        implements Tuple {

    /// Sites serve the folder `web` of a package below `/plugins/<name>/<sha12>/`.
    private static final String WEB = "web/";

    /// The view on the site of `service`, which is [ServiceKind#MOBILE] or [ServiceKind#ADMIN]; for
    /// [ServiceKind#DESKTOP] the web view in the workstation, from the site for devices.
    ///
    /// @return empty when the plugin has none there, or, on a site, wants no tile for it
    public static Optional<View> of(InstalledPackage installed, ServiceKind service) {
        return switch (service) {
            case MOBILE -> mobile(installed);
            case ADMIN -> admin(installed);
            case DESKTOP -> desktop(installed);
            case SERVER, STORAGE, CLIENT, AGENT, WORKER -> Optional.empty();
        };
    }

    /// The address of a file in the folder `web` of a package, on the sites that serve it.
    ///
    /// @param path in the package, such as `web/assets/icon.png`
    public static String url(InstalledPackage installed, String path) {
        return address(installed) + path.substring(WEB.length());
    }

    /// The part of the address that all files of a package share.
    public static String address(InstalledPackage installed) {
        return "/plugins/" + installed.name() + "/" + installed.shortHash() + "/";
    }

    private static Optional<View> mobile(InstalledPackage installed) {
        PluginManifest.Mobile mobile = installed.manifest().mobile();
        if (mobile == null || !mobile.showHomeLink()) {
            return Optional.empty();
        }
        return Optional.of(
                view(
                        installed,
                        mobile.homeLinkText(),
                        mobile.icon(),
                        mobile.module(),
                        mobile.element()));
    }

    private static Optional<View> admin(InstalledPackage installed) {
        PluginManifest.Admin admin = installed.manifest().admin();
        if (admin == null
                || !admin.showHomeLink()
                || admin.module() == null
                || admin.element() == null) {
            return Optional.empty();
        }
        return Optional.of(
                view(
                        installed,
                        admin.homeLinkText(),
                        admin.icon(),
                        admin.module(),
                        admin.element()));
    }

    private static Optional<View> desktop(InstalledPackage installed) {
        PluginManifest.Desktop desktop = installed.manifest().desktop();
        if (desktop == null || desktop.module() == null || desktop.element() == null) {
            return Optional.empty();
        }
        return Optional.of(
                view(
                        installed,
                        desktop.viewText(),
                        desktop.icon(),
                        desktop.module(),
                        desktop.element()));
    }

    private static View view(
            InstalledPackage installed,
            String title,
            @Nullable String icon,
            String module,
            String element) {
        return new View(
                installed.name(),
                title,
                installed.version(),
                icon == null ? null : url(installed, icon),
                url(installed, module),
                element);
    }
}
