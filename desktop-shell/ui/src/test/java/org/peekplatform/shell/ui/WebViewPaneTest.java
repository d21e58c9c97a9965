package org.peekplatform.shell.ui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peekplatform.shell.ui.Bench.get;
import static org.peekplatform.shell.ui.Bench.onUi;
import static org.peekplatform.shell.ui.Bench.settle;
import static org.peekplatform.shell.ui.Bench.until;

import com.sun.net.httpserver.HttpServer;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javafx.application.ColorScheme;
import javafx.scene.input.KeyCode;
import javafx.scene.web.WebView;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The bridge with a small page of our own; the real page against real services is tested with the
/// whole workstation.
@ExtendWith(ApplicationExtension.class)
class WebViewPaneTest {
    private static final String PAGE =
            """
            <title>page</title><div id=out></div><script>
            let pieces = [];
            const log = [];
            const queueLog = [];
            window.peekLog = log;
            window.peekQueueLog = queueLog;
            const page = {
              start: theme => { log.push('start ' + theme + ' ' + peekBridge.view('element')); peekBridge.open(); },
              theme: name => log.push('theme ' + name),
              online: () => log.push('online'),
              opened: () => { log.push('opened'); peekBridge.send('{"kind":"hello"}', 'ü🚀'); },
              piece: text => pieces.push(text.length),
              frame: header => { log.push(header + ' ' + pieces.length + ' ' + pieces.reduce((a, b) => a + b, 0)); pieces = []; },
              closed: reason => log.push('closed ' + reason),
              answered: (call, id, problem) => queueLog.push(`answered ${call} ${id} ${problem}`),
              settled: (call, result, code, message, values) => queueLog.push(`settled ${call} ${result} ${code} ${message} ${values}`),
              entry: (id, type, label, at, state, code, message) => queueLog.push(`entry ${id} ${type} ${label} ${at} ${state} ${code} ${message}`),
              listed: () => queueLog.push('listed'),
            };
            const begin = () => { window.peekPage = page; window.peekBridge?.ready(); };
            LATE ? setTimeout(begin, 500) : begin();
            </script>
            """;
    private static final WebElement ROWS =
            new WebElement("gauge", "Rows (web)", "1.2.0", "/plugins/gauge/rows.js", "gauge-rows");

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bench bench;

    @SuppressWarnings("NullAway.Init") // set by start
    private HttpServer site;

    private final RecordingLink link = new RecordingLink();
    private final RecordingQueue queue = new RecordingQueue();
    private final List<URI> browsed = new ArrayList<>();
    private volatile boolean served = true;
    private volatile boolean late;
    private final List<WeakReference<Object>> made = new ArrayList<>();

    @Start
    void start(Stage registered) throws Exception {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext(
                "/",
                exchange -> {
                    byte[] page = PAGE.replace("LATE", String.valueOf(late)).getBytes(UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        site.start();
        // Not on the stage TestFX knows: it keeps every event of that one, and so every node.
        bench = new Bench(new Stage(), folder.resolve("window.properties"));
        bench.model.setReady(true);
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

    private WebViewPane pane(Executor ui) {
        WebViewPane pane =
                new WebViewPane(
                        ROWS,
                        () -> served ? Optional.of(address()) : Optional.empty(),
                        link,
                        queue,
                        ui,
                        browsed::add);
        made.add(new WeakReference<>(pane));
        return pane;
    }

    private WebView open(FxRobot robot) {
        var part = bench.plugin("gauge", "Gauge");
        part.ui.addView("web", "Rows (web)", () -> pane(part.ui.uiThread()));
        settle();
        robot.clickOn("#tile-gauge");
        until("the page is shown", () -> robot.lookup(".web-view").tryQuery().isPresent());
        until("the page has opened its link", () -> link.page != null);
        return robot.lookup(".web-view").queryAs(WebView.class);
    }

    @Test
    void framesGoBothWaysAsTextAndLargeOnesInPieces(FxRobot robot) throws Exception {
        WebView web = open(robot);
        WebLink.Page page = link.current();
        page.opened();
        assertThat(page.frame("{\"n\":1}", "")).isTrue();
        assertThat(page.frame("{\"n\":2}", "x".repeat(300_000))).isTrue();

        assertThat(log(web))
                .containsExactly(
                        "start light gauge-rows", "opened", "{\"n\":1} 0 0", "{\"n\":2} 3 300000");
        assertThat(link.sent).containsExactly("{\"kind\":\"hello\"} ü🚀");
    }

    @Test
    void aPageThatIsReadyLaterThanItsDocumentIsStartedThen(FxRobot robot) {
        late = true;
        WebView web = open(robot);

        assertThat(log(web)).containsExactly("start light gauge-rows");
    }

    @Test
    void theLinkThatEndsIsToldAndTheOneThatIsBackToo(FxRobot robot) {
        WebView web = open(robot);
        link.current().closed("the service is stopping");
        link.listeners.forEach(Runnable::run);
        settle();

        assertThat(log(web))
                .containsExactly(
                        "start light gauge-rows", "closed the service is stopping", "online");
    }

    @Test
    void thePageFollowsTheThemeOfTheWindow(FxRobot robot) {
        WebView web = open(robot);
        onUi(() -> {
            bench.stage.getScene().getPreferences().setColorScheme(ColorScheme.DARK);
            return null;
        });

        assertThat(log(web)).endsWith("theme dark");
    }

    @Test
    void aPageThatWantsElsewhereIsStopped(FxRobot robot) {
        WebView web = open(robot);
        String elsewhere = "http://localhost:" + site.getAddress().getPort() + "/elsewhere";
        onUi(() -> web.getEngine().executeScript("location.href = '" + elsewhere + "'"));
        until("it is said", () -> robot.lookup("#web-problem").tryQuery().isPresent());

        assertThat(robot.lookup("#web-problem").queryLabeled().getText())
                .isEqualTo("It wanted to leave its page for " + elsewhere + " and was stopped.");
        assertThat(link.closes).hasValue(1);
        assertThat(queue.listeners).isEmpty();
        assertThat(browsed).isEmpty();
    }

    @Test
    void aPlaceWithinThePageIsThePagesOwn(FxRobot robot) {
        WebView web = open(robot);
        onUi(() -> web.getEngine().executeScript("location.hash = '#/row/7'"));
        settle();

        assertThat(robot.lookup("#web-problem").tryQuery()).isEmpty();
        assertThat(link.closes).hasValue(0);
    }

    @Test
    void webAddressesOpenInTheBrowserOfTheUserAndNothingElse(FxRobot robot) {
        WebView web = open(robot);
        for (String address :
                List.of("file:///etc/passwd", "not an address", "https://example.com/manual")) {
            onUi(() -> web.getEngine().executeScript("peekBridge.browse('" + address + "')"));
        }
        assertThat(browsed).containsExactly(URI.create("https://example.com/manual"));
    }

    @Test
    void actionsOfThePageGoToTheQueueAndItHearsWhatBecomesOfThem(FxRobot robot) {
        WebView web = open(robot);
        onUi(() ->
                web.getEngine()
                        .executeScript(
                                "peekBridge.enqueue('1', 'gauge.Reset', '{\"n\":1}');"
                                        + "peekBridge.enqueue('2', 'gauge.Full', '{}');"
                                        + "peekBridge.discard('3', '7')"));
        queue.outcome.accept(new WebQueue.Outcome("rejected", "LATE", "Too late.", ""));
        queue.listeners.forEach(Runnable::run);
        settle();

        assertThat(queue.calls)
                .containsExactly(
                        "enqueue gauge.Reset {\"n\":1}", "enqueue gauge.Full {}", "discard 7");
        assertThat(log(web, "peekQueueLog"))
                .contains(
                        "answered 1 7 ",
                        "answered 2  The queue is full.",
                        "answered 3  ",
                        "settled 1 rejected LATE Too late. ",
                        "entry 7 gauge.Reset Reset 1700000000000 waiting  ",
                        "listed");
    }

    @Test
    void aPageThatCouldNotBeHadIsLoadedWhenTheLinkIsThere(FxRobot robot) {
        served = false;
        var part = bench.plugin("gauge", "Gauge");
        part.ui.addView("web", "Rows (web)", () -> pane(part.ui.uiThread()));
        settle();
        robot.clickOn("#tile-gauge");
        until("it is said", () -> robot.lookup("#web-problem").tryQuery().isPresent());
        served = true;
        link.listeners.forEach(Runnable::run);

        until("the page has opened its link", () -> link.page != null);
    }

    @Test
    void aFrameOfThePageThatIsTooLargeEndsItsLink(FxRobot robot) {
        WebView web = open(robot);
        onUi(() ->
                web.getEngine()
                        .executeScript("peekBridge.send('{}', 'x'.repeat(2 * 1024 * 1024))"));

        assertThat(link.sent).isEmpty();
        assertThat(link.closes).hasValue(1);
        assertThat(log(web)).endsWith("closed A frame of the page was too large.");
    }

    @Test
    void whoWaitsForAPageThatIsClosedIsReleasedAndNothingOfItStays(FxRobot robot) {
        open(robot);
        assertThat(get(closedWhileAFrameIsOnItsWay())).isFalse();
        assertThat(link.closes).hasValue(1);
        assertThat(link.listeners).isEmpty();
        assertThat(queue.listeners).isEmpty();
        link.page = null;
        robot.push(KeyCode.TAB);
        assertThat(stays()).isFalse();
    }

    private CompletableFuture<Boolean> closedWhileAFrameIsOnItsWay() {
        WebLink.Page page = link.current();
        CompletableFuture<Boolean> waiting = new CompletableFuture<>();
        onUi(() -> {
            // While the JavaFX thread is here, no piece can be handed over.
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            waiting.complete(page.frame("{}", "x".repeat(2_000_000)));
                        } catch (InterruptedException e) {
                            waiting.completeExceptionally(e);
                        }
                    });
            bench.model.close(bench.model.current());
            return null;
        });
        return waiting;
    }

    private boolean stays() {
        for (int i = 0; i < 20; i++) {
            System.gc();
            settle();
            if (made.stream().allMatch(one -> one.refersTo(null))) {
                return false;
            }
        }
        return true;
    }

    private List<String> log(WebView web) {
        return log(web, "peekLog");
    }

    private List<String> log(WebView web, String name) {
        String all = onUi(() -> (String) web.getEngine().executeScript(name + ".join('\\n')"));
        return List.of(all.split("\n"));
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + site.getAddress().getPort());
    }

    private static final class RecordingLink implements WebLink {
        final List<String> sent = new CopyOnWriteArrayList<>();
        final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        volatile @Nullable Page page;
        final AtomicInteger closes = new AtomicInteger();

        Page current() {
            Page now = page;
            if (now == null) {
                throw new AssertionError("the page has no link");
            }
            return now;
        }

        @Override
        public Session open(Page opened) {
            page = opened;
            return new Session() {
                @Override
                public void send(String header, String payload) {
                    sent.add(header + " " + payload);
                }

                @Override
                public void close() {
                    closes.incrementAndGet();
                }
            };
        }

        @Override
        public Registration onOnline(Runnable listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }

    private static final class RecordingQueue implements WebQueue {
        final List<String> calls = new CopyOnWriteArrayList<>();
        final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        volatile Consumer<Outcome> outcome = none -> {};

        @Override
        public Put enqueue(String type, String fields, Consumer<Outcome> told) {
            calls.add("enqueue " + type + " " + fields);
            if (type.equals("gauge.Full")) {
                return new Put(
                        CompletableFuture.failedFuture(
                                new PeekException(ErrorCode.CONFLICT, "The queue is full.")),
                        () -> {});
            }
            outcome = told;
            return new Put(CompletableFuture.completedFuture("7"), () -> {});
        }

        @Override
        public CompletableFuture<@Nullable Void> sendAgain(String id) {
            calls.add("sendAgain " + id);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<@Nullable Void> discard(String id) {
            calls.add("discard " + id);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public List<Entry> first(int most) {
            return List.of(
                    new Entry(
                            "7",
                            "gauge.Reset",
                            "Reset",
                            Instant.ofEpochSecond(1_700_000_000),
                            "waiting",
                            null,
                            null));
        }

        @Override
        public Registration onChange(Runnable listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }
}
