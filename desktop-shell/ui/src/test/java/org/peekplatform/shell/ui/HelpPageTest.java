package org.peekplatform.shell.ui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.shell.ui.Bench.onUi;
import static org.peekplatform.shell.ui.Bench.until;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.scene.web.WebView;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.shell.model.Page;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class HelpPageTest {
    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bench bench;

    @SuppressWarnings("NullAway.Init") // set by start
    private HttpServer site;

    @Start
    void start(Stage stage) throws Exception {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext(
                "/docs",
                exchange -> {
                    byte[] page =
                            ("<title>Handbook</title><a id=out href='http://localhost:"
                                            + site.getAddress().getPort()
                                            + "/elsewhere'>out</a>")
                                    .getBytes(UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        site.start();
        bench = new Bench(stage, folder.resolve("window.properties"));
        bench.help = Optional.of(address());
        bench.show();
    }

    @AfterEach
    void close() {
        onUi(() -> {
            bench.window.close();
            return null;
        });
        site.stop(0);
    }

    @Test
    void helpShowsTheDocumentationAndOtherSitesOpenOutside(FxRobot robot) {
        assertThat(robot.lookup(".web-view").tryQuery()).isEmpty();

        robot.push(KeyCode.F1);
        until("the handbook is shown", () -> robot.lookup(".web-view").tryQuery().isPresent());
        WebView web = robot.lookup(".web-view").queryAs(WebView.class);
        assertThat(onUi(() -> web.getEngine().getTitle())).isEqualTo("Handbook");

        robot.interact(() -> web.getEngine().executeScript("document.links[0].click()"));
        until("the link is opened outside", () -> !bench.opened.isEmpty());
        assertThat(bench.opened)
                .containsExactly(
                        URI.create(
                                "http://localhost:" + site.getAddress().getPort() + "/elsewhere"));
        until("the handbook is back", () -> web.getEngine().getLocation().endsWith("/docs"));

        robot.push(KeyCode.CONTROL, KeyCode.W);
        assertThat(bench.model.pages()).containsExactly(Page.HOME);
    }

    @Test
    void aSiteThatDoesNotAnswerIsASentenceAndAnotherTryHelps(FxRobot robot) {
        URI good = address();
        site.stop(0);
        robot.push(KeyCode.F1);
        until("the failure is said", () -> robot.lookup("#help-problem").tryQuery().isPresent());
        assertThat(robot.lookup("#help-problem").queryAs(Labeled.class).getText())
                .isEqualTo("The documentation at " + good + " does not load.");

        robot.clickOn("Open in the browser");
        assertThat(bench.opened).containsExactly(good);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + site.getAddress().getPort() + "/docs");
    }
}
