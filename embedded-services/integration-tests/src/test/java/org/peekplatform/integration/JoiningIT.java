package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What an administrator does to let others in and to shut them out, with real processes and a real
/// browser on the device.
class JoiningIT {
    private static final Path SCREENSHOTS =
            Path.of(System.getProperty("peek.screenshots", "target/screenshots"))
                    .resolve("joining");

    @TempDir Path home;
    @TempDir Path elsewhere;

    @Test
    void aServiceOfAnotherHomeJoinsFollowsTheCatalogueAndIsShutOut() throws Exception {
        try (PeekProcess server =
                        PeekProcess.start(home, "server", "server.dataExchange.network=true");
                Browser admin = new Browser("admin-service", SCREENSHOTS, 1280, 900)) {
            PeekProcess.Result installed =
                    PeekProcess.run(home, "plugin", "install", PeekProcess.tutorial().toString());
            assertThat(installed.code()).as(installed.text()).isZero();
            TutorialDay.logIn(admin, server);
            admin.click("nav-parties");
            admin.find("parties-empty");
            String token = makeToken(admin, "A client service", "depot", "127.0.0.1");
            admin.click("token-done");

            PeekProcess.Result joined = PeekProcess.run(elsewhere, "join", token);

            assertThat(joined.text()).contains("as client 'depot'");
            assertThat(joined.code()).isZero();
            assertThat(PeekProcess.run(elsewhere, "join", token).text())
                    .contains("The token has been used, by 'depot'");
            try (PeekProcess client = PeekProcess.start(elsewhere, "client");
                    Browser screen = new Browser("screen", SCREENSHOTS, 390, 844)) {
                client.await("running the tutorial", JoiningIT::runsTutorial);
                screen.open(client.clientSite());
                screen.find("tile-tutorial");
                admin.awaitText("party-depot", "may connect");
                admin.screenshot("joined");

                admin.click("revoke-depot");
                admin.click("confirm-yes");

                client.await(
                        "shut out",
                        health ->
                                health.path("state").asString("").equals("degraded")
                                        && problem(health).contains("has revoked the client"));
                admin.awaitText("party-depot", "revoked");
                admin.awaitText("refusals", "client 'depot'");
                admin.awaitText("refusals", "has revoked the client 'depot'");
                admin.screenshot("revoked");
            }
        }
    }

    @Test
    void aDeviceOfTheNetworkJoinsByItsLinkAndIsShutOut() throws Exception {
        Optional<String> address = networkAddress();
        assumeThat(address).as("an address that is not of this machine alone").isPresent();
        try (PeekProcess peek = PeekProcess.start(home, "server,client", "client.network=true");
                Browser admin = new Browser("admin-device", SCREENSHOTS, 1280, 900);
                Browser phone = new Browser("phone", SCREENSHOTS, 390, 844)) {
            URI site =
                    URI.create(
                            "https://" + address.orElseThrow() + ":" + peek.clientSite().getPort());
            phone.open(site);
            phone.find("join-token");
            phone.screenshot("stranger");
            TutorialDay.logIn(admin, peek);
            admin.click("nav-parties");
            admin.awaitText("refusals", "a device (Chrome on ");
            makeToken(admin, "A phone", "Ann", address.orElseThrow());
            String link = admin.text("token-link");
            assertThat(link).startsWith(site + "/#/join/peek-");

            phone.open(URI.create(link));
            phone.awaitText("join-given", "lets this device join");
            phone.screenshot("invited");
            phone.click("join-submit");
            phone.find("home-empty");
            phone.awaitText("link-status", "Online");
            phone.screenshot("joined");
            phone.open(site);
            phone.find("home-empty");

            admin.click("token-done");
            admin.awaitText("party-Ann", "may connect");
            admin.click("revoke-Ann");
            admin.click("confirm-yes");

            phone.awaitText("join-note", "has revoked this device");
            phone.screenshot("revoked");
            admin.awaitText("refusals", "device 'Ann'");
            admin.screenshot("device-revoked");
        }
    }

    private static String makeToken(Browser admin, String kind, String name, String host) {
        admin.click("make-token");
        admin.select("token-kind", kind);
        admin.type("token-name", name);
        admin.type("token-host", host);
        admin.click("token-make");
        admin.awaitText("token-text", "peek-");
        String text = admin.text("token-text");
        return text.substring(text.indexOf("peek-"));
    }

    private static boolean runsTutorial(JsonNode health) {
        JsonNode plugin = health.path("plugins").path(0);
        return plugin.path("name").asString("").equals("tutorial")
                && plugin.path("state").asString("").equals("running");
    }

    private static String problem(JsonNode health) {
        return health.path("links").path(0).path("problem").asString("");
    }

    private static Optional<String> networkAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }
}
