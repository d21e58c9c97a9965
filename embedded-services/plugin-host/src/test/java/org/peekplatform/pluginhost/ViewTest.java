package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.ServiceKind;

class ViewTest {
    private static final String SHA = "0123456789abcdef".repeat(4);

    private static InstalledPackage installed(
            PluginManifest.@Nullable Admin admin, PluginManifest.@Nullable Mobile mobile) {
        return new InstalledPackage(
                new PluginManifest(
                        new PluginManifest.Plugin("power_out", "Outages", "1.2.0", null, null),
                        List.of(ServiceKind.ADMIN, ServiceKind.MOBILE),
                        new PluginManifest.Requires(null, Map.of()),
                        null,
                        null,
                        null,
                        null,
                        null,
                        admin,
                        mobile,
                        null),
                SHA,
                Path.of("content"),
                Path.of("package.zip"));
    }

    @Test
    void theViewInTheMobileAppHasAddressesOfItsVersion() {
        InstalledPackage installed =
                installed(
                        null,
                        new PluginManifest.Mobile(
                                "web/mobile/x.js",
                                "power-out-board",
                                true,
                                "Outages",
                                "web/assets/icon.png"));

        assertThat(View.of(installed, ServiceKind.MOBILE))
                .contains(
                        new View(
                                "power_out",
                                "Outages",
                                "1.2.0",
                                "/plugins/power_out/0123456789ab/assets/icon.png",
                                "/plugins/power_out/0123456789ab/mobile/x.js",
                                "power-out-board"));
        assertThat(View.of(installed, ServiceKind.ADMIN)).isEmpty();
        assertThat(View.of(installed, ServiceKind.SERVER)).isEmpty();
    }

    @Test
    void theViewInTheAdminNeedNotHaveAnIcon() {
        InstalledPackage installed =
                installed(
                        new PluginManifest.Admin(
                                null, "web/admin/a.js", "power-out-admin", true, "Settings", null),
                        null);

        assertThat(View.of(installed, ServiceKind.ADMIN))
                .contains(
                        new View(
                                "power_out",
                                "Settings",
                                "1.2.0",
                                null,
                                "/plugins/power_out/0123456789ab/admin/a.js",
                                "power-out-admin"));
    }

    @Test
    void thereIsNoTileWithoutAWebViewOrWhereItIsNotWanted() {
        assertThat(
                        View.of(
                                installed(
                                        new PluginManifest.Admin(
                                                "a.B", null, null, true, "Settings", null),
                                        new PluginManifest.Mobile(
                                                "web/mobile/x.js",
                                                "power-out-board",
                                                false,
                                                "Outages",
                                                null)),
                                ServiceKind.ADMIN))
                .isEmpty();
        assertThat(
                        View.of(
                                installed(
                                        null,
                                        new PluginManifest.Mobile(
                                                "web/mobile/x.js",
                                                "power-out-board",
                                                false,
                                                "Outages",
                                                null)),
                                ServiceKind.MOBILE))
                .isEmpty();
    }

    @Test
    void theCatalogueTravelsAsTuplesAndBack() {
        CatalogueEntry entry = new CatalogueEntry("map", "1.0.0", SHA, false, Instant.EPOCH);

        InstalledPlugin tuple = InstalledPlugin.of(entry, "The map");

        assertThat(tuple)
                .isEqualTo(
                        new InstalledPlugin("map", "1.0.0", "The map", SHA, false, Instant.EPOCH));
        assertThat(tuple.entry()).isEqualTo(entry);
    }

    @Test
    void theCatalogueInMemoryKeepsOneEntryForEachName() {
        InMemoryPluginCatalogue catalogue = new InMemoryPluginCatalogue();
        CatalogueEntry map = new CatalogueEntry("map", "1.0.0", SHA, true, Instant.EPOCH);
        CatalogueEntry bus = new CatalogueEntry("bus", "1.0.0", SHA, true, Instant.EPOCH);
        CatalogueEntry newer = new CatalogueEntry("map", "1.1.0", SHA, true, Instant.EPOCH);
        catalogue.put(map);
        catalogue.put(bus);
        catalogue.put(newer);

        assertThat(catalogue.list()).containsExactly(bus, newer);

        catalogue.remove("bus");
        catalogue.remove("bus");

        assertThat(catalogue.list()).containsExactly(newer);
    }
}
