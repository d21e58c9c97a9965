package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// What a new user does, whichever processes it runs in. One class for each way, as JavaFX starts
/// once in a process: start, drop the tutorial's zip, import a table, see it on a phone and in the
/// window, change a row and see it change everywhere. Screenshots of each step are in
/// `target/screenshots`.
abstract class TutorialDay {
    private static final Path SCREENSHOTS =
            Path.of(System.getProperty("peek.screenshots", "target/screenshots"));

    @TempDir Path home;

    /// The table of 11,833 plants is looked for beside the project; without it an excerpt is
    /// imported.
    private record Plants(Path file, int rows, String firstName) {
        static Plants find() throws IOException {
            Path whole =
                    PeekProcess.root()
                            .resolve("../shared/data/eia860-plants-2019/plants.csv")
                            .normalize();
            Path excerpt =
                    PeekProcess.root()
                            .resolve(
                                    "plugins/tutorial/src/test/resources/eia860/plants-excerpt.csv");
            Path file = Files.exists(whole) ? whole : excerpt;
            int rows;
            try (var lines = Files.lines(file)) {
                rows = (int) lines.count() - 1;
            }
            System.getLogger("test")
                    .log(System.Logger.Level.INFO, "importing {0} rows of {1}", rows, file);
            return new Plants(file, rows, "Sand Point");
        }
    }

    final void spend(PeekProcess server, PeekProcess client, String folder) throws Exception {
        Plants plants = Plants.find();
        Path shots = SCREENSHOTS.resolve(folder);
        try (Browser admin = new Browser("admin", shots, 1280, 800);
                Browser phone = new Browser("phone", shots, 390, 844)) {
            phone.open(client.clientSite());
            phone.find("home-empty");
            phone.mark();
            phone.screenshot("empty");

            logIn(admin, server);
            admin.choose("plugin-file", PeekProcess.root().resolve("README.md"));
            admin.awaitText(
                    "upload-refused",
                    "README.md: it is not a zip archive; pack the plugin as a zip.");
            admin.screenshot("refused");
            admin.choose("plugin-file", PeekProcess.tutorial());
            admin.awaitText("upload-done", "installed and running");
            admin.screenshot("installed");

            phone.click("tile-tutorial");
            phone.find("tutorial-empty");
            phone.screenshot("tutorial-empty");

            importPlants(admin, plants);

            phone.awaitText("tutorial-count", grouped(plants.rows()));
            phone.awaitText("tutorial-table", plants.firstName());
            phone.screenshot("tutorial-rows");

            try (WorkstationWindow window = new WorkstationWindow(home, shots)) {
                window.openTile("tutorial");
                window.awaitRows(plants.rows());
                window.awaitText(plants.firstName());
                window.screenshot("tutorial-rows");

                admin.type("editor-filter", plants.firstName());
                admin.awaitText("editor-count", "1 row");
                admin.click("edit-1");
                admin.type("editor-field-string1", "Changed by the test");
                admin.screenshot("row-dialog");
                admin.click("editor-save");

                phone.awaitText("tutorial-table", "Changed by the test");
                phone.screenshot("row-changed");
                window.awaitText("Changed by the test");
                window.screenshot("row-changed");
                assertThat(phone.isMarked()).as("the phone's page was not reloaded").isTrue();
            }
            admin.click("nav-system");
            admin.awaitText("health-state", "running");
            admin.screenshot("system");
            assertThat(phone.complaints()).isEmpty();
            // The browser notes the answers 401 (no session yet) and 400 (the zip that is none).
            assertThat(admin.complaints())
                    .allMatch(
                            line -> line.contains("/api/session") || line.contains("/api/plugins"))
                    .noneMatch(line -> line.contains("Content Security Policy"));
            for (PeekProcess process : List.of(server, client)) {
                process.await(
                        "running with the tutorial",
                        health ->
                                health.path("state").asString("").equals("running")
                                        && health.path("plugins")
                                                .path(0)
                                                .path("name")
                                                .asString("")
                                                .equals("tutorial")
                                        && health.path("plugins")
                                                .path(0)
                                                .path("state")
                                                .asString("")
                                                .equals("running"));
            }
        }
    }

    static void logIn(Browser admin, PeekProcess server) throws IOException {
        admin.open(server.adminSite());
        admin.find("login-form");
        admin.screenshot("login");
        admin.type("login-user", "recovery");
        admin.type(
                "login-password",
                Files.readString(server.home().resolve("recovery-password.txt")).strip());
        admin.click("login-submit");
        admin.find("drop-zone");
        admin.screenshot("no-plugins");
    }

    private static void importPlants(Browser admin, Plants plants) throws IOException {
        admin.click("nav-plugin-tutorial");
        admin.choose("import-file", plants.file());
        admin.find("import-run");
        admin.select("import-text-column", "Plant Name");
        admin.select("import-number-column", "Plant Code");
        admin.screenshot("import-columns");
        admin.click("import-run");
        admin.awaitText("import-done", grouped(plants.rows()));
        admin.screenshot("import-done");
    }

    private static String grouped(int number) {
        return "%,d".formatted(number);
    }

    static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return new ArrayList<>(files.toList());
        }
    }
}
