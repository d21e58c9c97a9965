package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peekplatform.api.Caller;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.vortex.FallbackDialer;
import org.peekplatform.vortex.HttpStreamDialer;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.RowsObserver;

/// A device dials a real site through networks that let no WebSocket pass.
class BlockedNetworkTest {
    private static final LinkClient.Timing QUICK =
            new LinkClient.Timing(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(10),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(30));

    private final SiteFixture fixture = new SiteFixture(new ManualClock());

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ANSWERS_400", "ANSWERS_403_WITH_A_PAGE", "CUTS", "CUTS_AFTER_THE_UPGRADE"})
    void theLinkComesUpOverHttpByItself(StrictProxy.Manner manner) throws Exception {
        try (StrictProxy proxy = new StrictProxy(fixture.port(), manner);
                LinkClient device = device(proxy, fixture.sessions.begin("ada"))) {
            BlockingQueue<String> texts = new LinkedBlockingQueue<>();
            new RowsObserver(device, Party.platform("test"), new Caller.Administrator("ada"))
                    .observe(
                            TupleSelector.of(SiteFixture.Note.class),
                            update -> update.rows().forEach(row -> texts.add(row.text())));
            device.start();

            assertThat(texts.poll(10, TimeUnit.SECONDS)).isEqualTo("first");
            fixture.text = "second";
            fixture.tuples.changed(SiteFixture.Note.class);
            assertThat(texts.poll(10, TimeUnit.SECONDS)).isEqualTo("second");
            // The JDK itself repeats a handshake that was cut.
            assertThat(proxy.upgrades()).isBetween(1, 2);
            assertThat(proxy.posts()).isPositive();
        }
    }

    @Test
    void whereWebSocketsPassNothingElseIsDialed() throws Exception {
        try (StrictProxy proxy = new StrictProxy(fixture.port(), StrictProxy.Manner.PASSES);
                LinkClient device = device(proxy, fixture.sessions.begin("ada"))) {
            BlockingQueue<LinkState> states = states(device);
            device.start();

            assertThat(states.poll(10, TimeUnit.SECONDS)).isInstanceOf(LinkState.Online.class);
            assertThat(proxy.posts()).isZero();
        }
    }

    @Test
    void aRefusalOfTheSiteIsFinal() throws Exception {
        try (StrictProxy proxy = new StrictProxy(fixture.port(), StrictProxy.Manner.PASSES);
                LinkClient device = device(proxy, "made-up")) {
            BlockingQueue<LinkState> states = states(device);
            device.start();

            assertThat(states.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(
                            new LinkState.Offline(
                                    "127.0.0.1:"
                                            + proxy.port()
                                            + " refused the connection with status 403"));
            assertThat(proxy.posts()).isZero();
        }
    }

    private static BlockingQueue<LinkState> states(LinkClient device) {
        BlockingQueue<LinkState> states = new LinkedBlockingQueue<>();
        device.onState(states::add);
        return states;
    }

    private LinkClient device(StrictProxy proxy, String token) {
        String authority = "127.0.0.1:" + proxy.port();
        Supplier<Map<String, String>> proof =
                () -> Map.of("Cookie", SiteFixture.COOKIE + "=" + token);
        LinkDialer webSocket =
                new HttpWebSocketDialer(
                        fixture.http, URI.create("ws://" + authority + "/vortex"), proof);
        LinkDialer http =
                new HttpStreamDialer(
                        fixture.http,
                        URI.create("http://" + authority + "/vortex/stream"),
                        proof,
                        true);
        return new LinkClient(
                "test", false, new FallbackDialer(webSocket, http), fixture.threads, QUICK);
    }
}
