package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.plugins.probe.tuples.SetList;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.LinkClient;

/// Whatever comes in at a port is refused by the right code and disturbs nobody else.
class HostileIT {
    private static final int RULES_BROKEN = 1008;
    private static final int TOO_LARGE = 1009;
    private static final int NOT_BINARY = 1003;
    private static final int PROTOCOL_BROKEN = 1002;

    @TempDir private static Path home;
    private static ProbeSystem peek;

    @BeforeAll
    static void start() throws Exception {
        peek = new ProbeSystem(home, 1);
    }

    @AfterAll
    static void stop() {
        peek.close();
    }

    /// What is sent on a link that has been upgraded, and how the link must end.
    private record Attack(String name, boolean greets, int code, Sending sending) {}

    @FunctionalInterface
    private interface Sending {
        void on(RawLink link) throws IOException;
    }

    private static List<Attack> attacks() {
        byte[] garbage = new byte[300];
        new Random(7).nextBytes(garbage);
        return List.of(
                attack("text", false, NOT_BINARY, RawLink.TEXT, bytes("hello")),
                attack("garbage", true, RULES_BROKEN, RawLink.BINARY, garbage),
                attack("three bytes", true, RULES_BROKEN, RawLink.BINARY, new byte[] {0, 0, 0}),
                attack("nothing", true, RULES_BROKEN, RawLink.BINARY, new byte[0]),
                attack(
                        "a header cut short",
                        true,
                        RULES_BROKEN,
                        RawLink.BINARY,
                        frame(100, "{\"kind\":\"ping\"}")),
                attack("no JSON", true, RULES_BROKEN, RawLink.BINARY, frame(4, "ping")),
                attack("no object", true, RULES_BROKEN, RawLink.BINARY, frame(6, "[\"a\"]")),
                attack(
                        "deep JSON",
                        true,
                        RULES_BROKEN,
                        RawLink.BINARY,
                        frame(60_000, "{\"kind\":" + "[".repeat(59_992))),
                attack(
                        "an observe without a selector",
                        true,
                        RULES_BROKEN,
                        RawLink.BINARY,
                        frame(18, "{\"kind\":\"observe\"}")),
                attack(
                        "a selector that is none",
                        true,
                        RULES_BROKEN,
                        RawLink.BINARY,
                        Frame.of(new Header.Observe("probe.Line", null, 0)).bytes()),
                attack(
                        "no hello first",
                        false,
                        RULES_BROKEN,
                        RawLink.BINARY,
                        Frame.of(new Header.Ping()).bytes()),
                attack(
                        "another protocol",
                        false,
                        RULES_BROKEN,
                        RawLink.BINARY,
                        Frame.of(new Header.Hello(99, "Raw", false)).bytes()),
                attack("two megabytes", true, TOO_LARGE, RawLink.BINARY, new byte[2 << 20]),
                attack("a reserved opcode", true, PROTOCOL_BROKEN, 3, bytes("x")),
                new Attack(
                        "an unmasked frame",
                        true,
                        PROTOCOL_BROKEN,
                        link -> link.write(new byte[] {(byte) 0x82, 1, 0})));
    }

    private static Attack attack(String name, boolean greets, int code, int opcode, byte[] bytes) {
        return new Attack(name, greets, code, link -> link.send(opcode, bytes));
    }

    @Test
    void badFramesEndTheirOwnLinkByTheRightCodeAndNothingElse() throws Exception {
        Map<String, String> admin =
                RunningAdmin.find(new Home(home.toAbsolutePath())).orElseThrow().proof();
        Ledger ledger = new Ledger();
        try (DeviceSimulator devices =
                new DeviceSimulator(peek.direct(), 3, ledger, LinkClient.Timing.USUAL)) {
            devices.awaitOnline();
            devices.observe("hostile");
            devices.awaitShown(0);
            long complaints = complaints();
            for (Attack attack : attacks()) {
                assertThat(strike(peek.clientPort(), Map.of(), attack))
                        .as(attack.name() + " to the client service")
                        .isEqualTo(attack.code());
                assertThat(strike(peek.adminPort(), admin, attack))
                        .as(attack.name() + " to the server")
                        .isEqualTo(attack.code());
            }
            devices.send(0, new SetList("hostile", 1, 1, 10)).get(30, TimeUnit.SECONDS);
            devices.awaitShown(1);
            assertThat(ledger.lines()).noneMatch(line -> line instanceof Ledger.Line.Offline);
            assertThat(complaints() - complaints)
                    .as("lines of warning in the logs")
                    .isLessThanOrEqualTo(2L * attacks().size());
        }
    }

    private static int strike(int port, Map<String, String> proof, Attack attack)
            throws IOException {
        try (RawLink link = RawLink.upgraded(port, proof)) {
            if (attack.greets()) {
                link.hello();
                assertThat(link.receive().header()).isInstanceOf(Header.Welcome.class);
            }
            attack.sending().on(link);
            return link.awaitEnd().code();
        }
    }

    @Test
    void anUnknownKindIsAnsweredAndTheLinkGoesOn() throws Exception {
        try (RawLink link = RawLink.upgraded(peek.clientPort(), Map.of())) {
            link.hello();
            assertThat(link.receive().header()).isInstanceOf(Header.Welcome.class);
            link.send(RawLink.BINARY, frame(19, "{\"kind\":\"teleport\"}"));
            assertThat(link.receive().header()).isInstanceOf(Header.Refused.class);
            link.send(Frame.of(new Header.Ping()));
            assertThat(link.receive().header()).isInstanceOf(Header.Pong.class);
        }
    }

    @Test
    void whatIsNoHttpIsAnsweredByAnErrorOrAnEnd() throws Exception {
        byte[] garbage = new byte[2_000];
        new Random(8).nextBytes(garbage);
        for (int port : new int[] {peek.clientPort(), peek.adminPort(), peek.exchangePort()}) {
            for (byte[] opening :
                    List.of(
                            garbage,
                            bytes("hello\r\n\r\n"),
                            bytes(
                                    "GET /vortex HTTP/1.1\r\nHost: a\r\nX: "
                                            + "y".repeat(100_000)))) {
                try (RawLink link = new RawLink(port, 0)) {
                    link.write(opening);
                    assertThat(link.head()).doesNotContain(" 200 ").doesNotContain(" 101 ");
                } catch (java.net.SocketException e) {
                    // Ended while still being written to: refused as well.
                    assertThat(e).isNotNull();
                }
            }
        }
        assertThat(peek.server().health("server")).isPresent();
        assertThat(peek.client().health("client")).isPresent();
    }

    @Test
    void theDataExchangeRefusesWhoProvesNothing() throws Exception {
        for (Map<String, String> proof :
                List.<Map<String, String>>of(
                        Map.of(),
                        Map.of("Authorization", "Bearer guessed", "X-Peek-Service", "client"))) {
            try (RawLink link = new RawLink(peek.exchangePort(), 0)) {
                assertThat(link.upgrade(proof)).matches("HTTP/1.1 40[13] .*");
            }
        }
    }

    private static long complaints() {
        return (peek.client().log() + peek.server().log())
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .count();
    }

    private static byte[] frame(int headerLength, String header) {
        byte[] text = bytes(header);
        return ByteBuffer.allocate(4 + text.length).putInt(headerLength).put(text).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
