package org.peekplatform.shell.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.launcher.Home;
import org.peekplatform.shell.ui.WebLink;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.Link;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.MemoryLink;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;

/// Pages over the workstation's link to a real service in this process.
class ShellWebLinkTest {
    private static final String ROWS = "{\"kind\":\"observe\",\"selector\":\"[\\\"test.Row\\\"]\"}";
    // So much that the payload travels compressed.
    private static final String LONG = "long ".repeat(10_000);

    @TempDir Path folder;

    private final PlatformThreads threads = new PlatformThreads();
    private final ObservableHub hub =
            new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
    private final ActionHub actions =
            new ActionHub(Transactions.none(), hub, Authorisation.asDeclared());
    private final LinkService service =
            new LinkService(ServiceKind.CLIENT, "client", "1.0.0", hub, actions);
    private final AtomicInteger observed = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set by open
    private WorkstationDevice device;

    @SuppressWarnings("NullAway.Init") // set by open
    private ShellWebLink links;

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, String text) implements Tuple {}

    @BeforeEach
    void open() throws Exception {
        PartyTuples tuples = new PartyTuples(hub, Party.platform("test"));
        tuples.provide(Row.class, Audience.DEVICES, selector -> List.of(new Row(7, LONG)));
        Home home = new Home(folder).prepare();
        device =
                WorkstationDevice.open(
                        home,
                        MemoryLink.dialer(
                                (link, caller) -> counting(service.accept(link, caller)),
                                WorkstationDevice.SELF),
                        threads);
        links = new ShellWebLink(device);
        CompletableFuture<LinkState> online = new CompletableFuture<>();
        device.link()
                .onState(state -> {
                    if (state instanceof LinkState.Online) {
                        online.complete(state);
                    }
                });
        device.link().start();
        online.get(5, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        links.close();
        device.close();
        service.close();
        actions.close();
        hub.close();
        threads.close();
    }

    private Link.Listener counting(Link.Listener to) {
        return new Link.Listener() {
            @Override
            public void frame(Frame frame) {
                if (frame.header() instanceof Header.Observe) {
                    observed.incrementAndGet();
                }
                to.frame(frame);
            }

            @Override
            public void closed(String reason) {
                to.closed(reason);
            }
        };
    }

    /// A page that takes what comes.
    private final class TakingPage implements WebLink.Page {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final WebLink.Session session = links.open(this);

        static void greet(TakingPage page) throws InterruptedException {
            assertThat(page.next()).isEqualTo("opened");
            page.session.send("{\"kind\":\"hello\",\"protocol\":1,\"name\":\"page\"}", "");
            assertThat(page.next()).contains("\"welcome\"").contains("device:workstation");
        }

        String next() throws InterruptedException {
            String next = heard.poll(5, TimeUnit.SECONDS);
            return next == null ? "nothing within 5 s" : next;
        }

        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public boolean frame(String header, String payload) {
            heard.add(header + " " + payload);
            return true;
        }

        @Override
        public void closed(String reason) {
            heard.add("closed " + reason);
        }
    }

    private TakingPage greeted() throws InterruptedException {
        TakingPage page = new TakingPage();
        TakingPage.greet(page);
        return page;
    }

    @Test
    void allPagesShareOneObservationAndGetTheirRowsUnpacked() throws Exception {
        for (int i = 0; i < 3; i++) {
            TakingPage page = greeted();
            page.session.send(ROWS, "");
            assertThat(page.next())
                    .contains("\"snapshot\"")
                    .doesNotContain("gzip")
                    .contains("\"text\":\"" + LONG + "\"");
        }

        assertThat(observed).hasValue(1);
    }

    @Test
    void aPageLosesItsLinkWithTheWorkstationAndGetsNoneUntilThatIsBack() throws Exception {
        TakingPage page = greeted();
        CompletableFuture<LinkState> lost = new CompletableFuture<>();
        device.link().onState(lost::complete);
        service.close();
        lost.get(5, TimeUnit.SECONDS);

        assertThat(page.next()).startsWith("closed ");
        assertThat(new TakingPage().next())
                .isEqualTo("closed The workstation has no link to the service.");
    }

    @Test
    void anActionForThisDeviceReachesThePageThatHandlesIt() throws Exception {
        TakingPage page = greeted();
        CompletableFuture<ActionGate.Done> done =
                service.perform(
                        WorkstationDevice.SELF,
                        "test.Show",
                        "{\"text\":\"hello\"}".getBytes(StandardCharsets.UTF_8));
        String wanted = page.next();
        assertThat(wanted).contains("\"perform\"").endsWith(" {\"text\":\"hello\"}");
        String id = wanted.replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        page.session.send(
                "{\"kind\":\"performed\",\"id\":\"%s\",\"result\":\"applied\"}".formatted(id),
                "[]");

        assertThat(done)
                .succeedsWithin(Duration.ofSeconds(5))
                .matches(one -> one.result() == Header.Result.APPLIED);
    }

    @Test
    void withoutAPageAnActionForThisDeviceIsNotOffered() throws Exception {
        assertThat(service.perform(WorkstationDevice.SELF, "test.Show", new byte[] {'{', '}'}))
                .succeedsWithin(Duration.ofSeconds(5))
                .matches(one -> "NOT_OFFERED".equals(one.code()));
    }

    @Test
    void aPageThatSendsNoFrameLosesItsLink() throws Exception {
        TakingPage page = greeted();
        page.session.send("no header", "");

        assertThat(page.next()).startsWith("closed ").contains("header");
    }
}
