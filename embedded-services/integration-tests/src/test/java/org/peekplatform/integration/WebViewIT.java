package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;

/// A web view of a plugin in the real workstation: the page of the client service in JavaFX's
/// browser, over the workstation's own link and queue. One test, as JavaFX starts once in a
/// process.
class WebViewIT {
    private static final Path SCREENSHOTS =
            Path.of(System.getProperty("peek.screenshots", "target/screenshots"));
    private static final int MANY = 10_000;

    @TempDir Path home;

    @Test
    void aWebViewLivesInTheWorkstationAsInABrowser() throws Exception {
        try (PeekProcess server = PeekProcess.start(home, "server,worker")) {
            RunningAdmin.find(new Home(home.toAbsolutePath()))
                    .orElseThrow()
                    .install(PeekProcess.tutorial());
            try (AdminLink admin = new AdminLink(home)) {
                long id = admin.add("Sand Point", 1).get(30, TimeUnit.SECONDS).id();
                for (String name : List.of("Bear Valley", "Chignik Lagoon", "Gustavus")) {
                    admin.add(name, 4).get(30, TimeUnit.SECONDS);
                }
                try (WorkstationWindow window =
                        new WorkstationWindow(home, SCREENSHOTS.resolve("web-view"))) {
                    String plus = "find('plus-" + id + "').click()";
                    try (PeekProcess client = PeekProcess.start(home, "client")) {
                        window.openView("tutorial", "Rows (web)");
                        window.awaitPage("words(find('tutorial-table')).includes('Sand Point')");
                        // It was started after the window, on a port of its own.
                        window.awaitText("http://" + client.clientSite().getAuthority());
                        window.screenshot("light");
                        admin.add("Added meanwhile", 1).get(30, TimeUnit.SECONDS);
                        window.awaitPage("words(find('tutorial-count')).includes('5 rows')");
                        window.inPage(plus);
                        awaitNumber(admin, id, 2);
                        looks(window);
                        client.kill();
                    }
                    window.awaitPage("find('offline')");
                    window.inPage(plus);
                    window.inPage(plus);
                    window.awaitText("2 changes");
                    window.awaitText("the client service of this home does not run");
                    window.screenshot("offline");
                    // The page goes, what it has queued stays.
                    WeakReference<Object> page = window.page();
                    window.press(KeyCode.W, true);
                    assertThat(released(page)).as("the closed web view is released").isTrue();
                    window.openView("tutorial", "Rows (web)");
                    window.awaitText("cannot be shown just now");
                    window.screenshot("not-served");
                    try (PeekProcess client = PeekProcess.start(home, "client")) {
                        awaitNumber(admin, id, 4);
                        window.awaitPage("words(find('tutorial-table')).includes('Sand Point')");
                        manyRows(admin, window);
                        assertThat(client.terminate()).isEqualTo(143);
                    }
                }
                assertThat(server.terminate()).isEqualTo(143);
            }
        }
    }

    private static void looks(WorkstationWindow window) throws Exception {
        window.press(KeyCode.T, true);
        window.awaitPage("document.documentElement.dataset.theme === 'dark'");
        window.screenshot("dark");
        window.resize(640, 640);
        window.awaitPage("innerWidth < 600");
        window.screenshot("dark-small");
        window.press(KeyCode.T, true);
        window.awaitPage("document.documentElement.dataset.theme === 'light'");
        window.screenshot("light-small");
        window.resize(1500, 900);
        window.awaitPage("innerWidth > 1000");
        window.screenshot("light-wide");
    }

    private static void manyRows(AdminLink admin, WorkstationWindow window) throws Exception {
        try (LongestStep step = new LongestStep()) {
            admin.importRows(
                    "text,number\n"
                            + IntStream.range(0, MANY)
                                    .mapToObj(i -> "Row number " + i + "," + i + "\n")
                                    .collect(Collectors.joining()));
            window.awaitPage(
                    "words(find('tutorial-count')).replace(/\\D/g, '') === '" + (MANY + 5) + "'");
            System.getLogger("test")
                    .log(
                            System.Logger.Level.INFO,
                            "{0} rows held up the window for {1} ms",
                            MANY,
                            step.soFar().toMillis());
            assertThat(step.soFar()).isPositive();
        }
        window.screenshot("many-rows");
    }

    private static void awaitNumber(AdminLink admin, long id, long number) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (admin.rows().stream().noneMatch(row -> row.id() == id && row.int1() == number)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the number is not " + number + ": " + admin.rows());
            }
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean released(WeakReference<Object> page) throws InterruptedException {
        for (int i = 0; i < 50 && !page.refersTo(null); i++) {
            System.gc();
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        return page.refersTo(null);
    }
}
