package org.peekplatform.shell.app;

import java.nio.file.Path;
import java.util.Optional;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.launcher.Config;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.PeekSystem;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.pluginhost.PluginInstaller;
import org.peekplatform.shell.ui.DesktopUiHost;
import org.peekplatform.vortex.LinkClient;

/// All services in the window's own process.
final class EmbeddedServices implements Services {
    private final PeekSystem system;
    private final WorkstationDevice device;
    private final LinkClient administrator;

    private EmbeddedServices(
            PeekSystem system, WorkstationDevice device, LinkClient administrator) {
        this.system = system;
        this.device = device;
        this.administrator = administrator;
    }

    static EmbeddedServices open(Home home, Config config, DesktopUiHost views) {
        PeekSystem system = PeekSystem.open(home, config, PeekSystem.ALL);
        WorkstationDevice device =
                WorkstationDevice.open(
                        home, system.deviceDialer(DeviceSecret.of(home)), system.threads());
        LinkClient administrator =
                new LinkClient(
                        "Workstation admin",
                        false,
                        system.administratorDialer(),
                        system.threads(),
                        LinkClient.Timing.USUAL);
        system.host().addService(DesktopOffer.desktop(device, views));
        system.host()
                .addService(
                        DesktopOffer.admin(
                                administrator, new Caller.Administrator("owner"), views));
        return new EmbeddedServices(system, device, administrator);
    }

    @Override
    public void start() {
        device.link().start();
        administrator.start();
        system.start();
    }

    @Override
    public PluginHost host() {
        return system.host();
    }

    @Override
    public WorkstationDevice device() {
        return device;
    }

    @Override
    public String install(Path zip) {
        PluginInstaller installer = system.installer();
        if (installer == null) {
            throw new PeekException(ErrorCode.NOT_OFFERED, "there is no server in this process");
        }
        return installer.install(zip).message();
    }

    @Override
    public Optional<String> url(String site) {
        return Optional.ofNullable(system.url(site));
    }

    @Override
    public void close() {
        system.host().close();
        device.close();
        administrator.close();
        system.close();
    }
}
