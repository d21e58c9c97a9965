package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;

class PluginInstallerTest {
    @TempDir private Path home;

    private final PluginCatalogue catalogue = new InMemoryPluginCatalogue();
    private final AtomicInteger changes = new AtomicInteger();

    @Test
    void installsUpgradesAndRemovesAndSaysSo() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER).start()) {
            PluginInstaller installer = installer(fixture);

            PluginInstaller.Result installed = installer.install(zip(fixture, "1.0.0"));
            assertThat(installed.message()).endsWith(" 1.0.0 is installed and running.");
            assertThat(catalogue.list())
                    .extracting(CatalogueEntry::version)
                    .containsExactly("1.0.0");

            installer.install(zip(fixture, "1.1.0"));
            assertThat(fixture.states()).containsExactly("alarm 1.1.0 RUNNING");
            assertThat(catalogue.list())
                    .extracting(CatalogueEntry::version)
                    .containsExactly("1.1.0");

            assertThat(installer.remove("alarm").message())
                    .endsWith(" 1.1.0 was removed; its data were kept.");
            assertThat(catalogue.list()).isEmpty();
            assertThat(fixture.states()).isEmpty();
            assertThat(changes).hasValue(3);
        }
    }

    @Test
    void aRefusedPackageChangesNothing() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER).start()) {
            PluginInstaller installer = installer(fixture);
            Path needy =
                    fixture.packed(new TestPlugin("alarm", "1.0.0").requires("map", "*")).zip();

            assertThatThrownBy(() -> installer.install(needy))
                    .isInstanceOf(PeekException.class)
                    .hasMessageContaining("map");

            assertThat(catalogue.list()).isEmpty();
            assertThat(fixture.states()).isEmpty();
            assertThat(fixture.home.resolve("plugins/alarm")).doesNotExist();
            assertThat(changes).hasValue(0);
        }
    }

    @Test
    void aPluginThatFailsToStartIsInstalledAndItsReasonIsTold() {
        try (HostFixture fixture = new HostFixture(home, ServiceKind.SERVER).start()) {
            fixture.when(
                    "start alarm 1.0.0 on server",
                    () -> {
                        throw new IllegalStateException("no siren on port 7");
                    });

            PluginInstaller.Result result = installer(fixture).install(zip(fixture, "1.0.0"));

            assertThat(result.message())
                    .contains("is installed but does not run")
                    .contains("no siren on port 7");
            assertThat(catalogue.list()).hasSize(1);
        }
    }

    private PluginInstaller installer(HostFixture fixture) {
        return new PluginInstaller(
                fixture.store,
                fixture.host,
                catalogue,
                InstantSource.fixed(HostFixture.NOW),
                changes::incrementAndGet);
    }

    private static Path zip(HostFixture fixture, String version) {
        return fixture.packed(new TestPlugin("alarm", version)).zip();
    }
}
