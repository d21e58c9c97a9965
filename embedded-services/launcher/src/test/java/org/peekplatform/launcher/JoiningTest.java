package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.admin.ForgetParty;
import org.peekplatform.admin.MakeToken;
import org.peekplatform.admin.PartyRow;
import org.peekplatform.admin.RefusalRow;
import org.peekplatform.admin.RevokeParty;
import org.peekplatform.admin.TokenMade;
import org.peekplatform.api.Caller;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.RowsObserver;
import org.peekplatform.web.identity.Fingerprint;
import org.peekplatform.web.identity.JoinToken;
import org.peekplatform.web.identity.PartyKind;

/// A service of another home joins a server over TLS, at the address that other hosts use.
class JoiningTest {
    private static final String OPEN = "server.dataExchange.network=true";
    private static final Caller OWNER = new Caller.Administrator("owner");

    @TempDir Path folder;
    private final TestSystems systems = new TestSystems();
    private Home home;
    private Home elsewhere;

    @BeforeEach
    void begin() {
        TestPlugin.events();
        home = new Home(folder.resolve("home"));
        elsewhere = new Home(folder.resolve("elsewhere"));
    }

    @AfterEach
    void stop() {
        systems.close();
    }

    @Test
    void aClientOfAnotherHomeJoinsFollowsTheCatalogueAndIsRevoked() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER, OPEN);
        TestSystems.install(
                server, new TestPlugin("pump", "1.0.0").on("server", "client").in(folder));
        try (Admin admin = new Admin(server)) {
            Run joined = join(admin.token("client", "depot").text());
            assertThat(joined.err()).isEmpty();
            assertThat(joined.out())
                    .contains("as client 'depot'.")
                    .contains("peek --service client --home " + elsewhere.root());

            PeekSystem client = systems.start(elsewhere, TestSystems.CLIENT);
            systems.until(client, "client", running("pump 1.0.0 running"));
            TestSystems.install(
                    server, new TestPlugin("pump", "1.1.0").on("server", "client").in(folder));
            systems.until(client, "client", running("pump 1.1.0 running"));
            PartyRow row = admin.parties().getFirst();
            assertThat(row.kind()).isEqualTo("client");
            assertThat(row.name()).isEqualTo("depot");
            assertThat(row.ofHome()).isFalse();

            admin.send(new RevokeParty(row.id()));

            TestSystems.Answer cut =
                    systems.until(
                            client,
                            "client",
                            answer -> problem(answer).contains("has revoked the client 'depot'"));
            assertThat(cut.state()).isEqualTo("degraded");
            RefusalRow refusal = admin.refusals().getFirst();
            assertThat(refusal.who()).isEqualTo("client 'depot'");
            assertThat(refusal.why()).contains("has revoked the client 'depot'");
            assertThat(admin.parties().getFirst().revokedAt()).isNotNull();
        }
    }

    @Test
    void whatCannotJoinIsToldWhyInASentenceAndChangesNothing() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER, OPEN);
        try (Admin admin = new Admin(server)) {
            TokenMade made = admin.token("client", "depot");
            JoinToken token = JoinToken.parse(made.text());
            JoinToken otherServer =
                    new JoinToken(
                            token.addresses(),
                            new Fingerprint("x".repeat(43)),
                            PartyKind.CLIENT,
                            null,
                            token.secret());
            JoinToken nowhere =
                    new JoinToken(
                            List.of("127.0.0.1:1"),
                            token.fingerprint(),
                            PartyKind.CLIENT,
                            null,
                            token.secret());
            JoinToken noAddress =
                    new JoinToken(
                            List.of(), token.fingerprint(), PartyKind.CLIENT, null, token.secret());

            assertThat(failed(otherServer.text()))
                    .contains("is not the server that was joined: the server's fingerprint is ");
            assertThat(failed(nowhere.text()))
                    .contains("the server cannot be reached at 127.0.0.1:1; see that it runs");
            assertThat(failed(noAddress.text())).contains("the token names no address");
            assertThat(failed("peek-rubbish")).contains("this is no whole token");
            assertThat(failed(admin.token("device", null).text()))
                    .contains("this token is for a device");
            assertThat(elsewhere.identity()).doesNotExist();
            assertThat(admin.parties()).isEmpty();

            assertThat(join(made.text()).code()).isEqualTo(Cli.DONE);
            assertThat(failed(made.text())).contains("The token has been used, by 'depot'");
        }
    }

    @Test
    void aTokenMadeWhileTheDataExchangeIsClosedSaysWhatToDo() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        try (Admin admin = new Admin(server)) {
            assertThat(admin.token("agent", null).warning())
                    .isEqualTo(
                            "The data exchange cannot be reached from other machines. Open it on the page System, then make a new token.");
        }
    }

    @Test
    void aTokenForADeviceIsALinkAndACodeWhereTheDevicesSiteIsOpen() throws Exception {
        PeekSystem both = systems.start(home, PeekSystem.ALL, "client.network=true");
        try (Admin admin = new Admin(both)) {
            TokenMade made = admin.answer(new MakeToken("device", "Ann's phone", "peek.example"));

            assertThat(made.link())
                    .matches("https://peek\\.example:[0-9]+/#/join/peek-[A-Za-z0-9_-]+");
            assertThat(made.code()).hasSizeGreaterThan(20).allMatch(line -> line.matches("[#.]+"));
            assertThat(made.warning()).isNull();
            assertThat(JoinToken.parse(made.text()).name()).isEqualTo("Ann's phone");
        }
    }

    @Test
    void aServiceOfTheHomeThatIsRevokedStaysOutUntilItIsRemovedFromTheList() throws Exception {
        PeekSystem server = systems.start(home, TestSystems.SERVER);
        PeekSystem client = systems.start(home, TestSystems.CLIENT);
        systems.until(client, "client", running());
        try (Admin admin = new Admin(server)) {
            String id = admin.parties().getFirst().id();
            assertThat(admin.parties().getFirst().ofHome()).isTrue();
            admin.send(new RevokeParty(id));
            systems.until(
                    client,
                    "client",
                    answer -> problem(answer).contains("remove it from the list in the admin"));

            admin.send(new ForgetParty(id));

            systems.until(client, "client", running());
            assertThat(admin.parties()).hasSize(1);
            assertThat(admin.parties().getFirst().id()).isNotEqualTo(id);
        }
    }

    @Test
    void aServiceOfTheHomeThatLostItsKeyJoinsAgain() throws Exception {
        systems.start(home, TestSystems.SERVER);
        try (PeekSystem first = systems.start(home, TestSystems.CLIENT)) {
            systems.until(first, "client", running());
        }
        Files.delete(ServiceIdentity.keyFile(home, PartyKind.CLIENT.id()));

        PeekSystem second = systems.start(home, TestSystems.CLIENT);

        systems.until(second, "client", running());
    }

    private record Run(int code, String out, String err) {}

    private Run join(String token) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                new Cli(
                                new HomeOperations(options -> OptionalInt.of(Cli.FAILED)),
                                Map.of(),
                                folder,
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8))
                        .execute("join", token, "--home", elsewhere.root().toString());
        return new Run(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String failed(String token) {
        Run run = join(token);
        assertThat(run.code()).isEqualTo(Cli.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        return run.err();
    }

    private static String problem(TestSystems.Answer answer) {
        return answer.json().path("links").path(0).path("problem").asString("");
    }

    private static Predicate<TestSystems.Answer> running(String... plugins) {
        return answer ->
                answer.state().equals("running") && answer.plugins().equals(List.of(plugins));
    }

    /// An administrator at the workstation of the home.
    private static final class Admin implements AutoCloseable {
        private final LinkClient link;
        private final Party party = Party.platform("admin");

        Admin(PeekSystem server) {
            link =
                    new LinkClient(
                            "test",
                            false,
                            server.administratorDialer(),
                            server.threads(),
                            LinkClient.Timing.USUAL);
            CompletableFuture<LinkState> online = new CompletableFuture<>();
            link.onState(state -> {
                if (state instanceof LinkState.Online) {
                    online.complete(state);
                }
            });
            link.start();
            online.orTimeout(10, TimeUnit.SECONDS).join();
        }

        TokenMade token(String kind, @Nullable String name) {
            return answer(new MakeToken(kind, name, null));
        }

        TokenMade answer(MakeToken action) {
            ActionOutcome outcome =
                    new PartySender(link, party, OWNER).send(action, TokenMade.class).join();
            assertThat(outcome).isInstanceOf(ActionOutcome.Applied.class);
            return (TokenMade) ((ActionOutcome.Applied) outcome).values().getFirst();
        }

        void send(ActionTuple action) {
            assertThat(new PartySender(link, party, OWNER).send(action).join())
                    .isInstanceOf(ActionOutcome.Applied.class);
        }

        List<PartyRow> parties() {
            return rows(PartyRow.class);
        }

        List<RefusalRow> refusals() {
            return rows(RefusalRow.class);
        }

        private <T extends Tuple> List<T> rows(Class<T> type) {
            return new RowsObserver(link, party, OWNER).ask(TupleSelector.of(type)).join();
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
