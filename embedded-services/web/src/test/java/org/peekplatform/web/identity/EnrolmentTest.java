package org.peekplatform.web.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;

class EnrolmentTest {
    private static final Fingerprint SERVER = new Fingerprint("s".repeat(43));
    private static final Fingerprint OTHER = new Fingerprint("o".repeat(43));
    private static final String HOME = "the secret of the home";
    private static final String FROM = "10.0.0.7";

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final InMemoryParties store = new InMemoryParties();
    private final Enrolment enrolment = enrolment();
    private final PartyKey key = PartyKey.make();

    private Enrolment enrolment() {
        return new Enrolment(store, SERVER, HOME, Set.of("client"), clock);
    }

    @Test
    void whoJoinsWithATokenProvesItsKeyFromThenOnAlsoAfterARestartOfTheServer() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");

        assertThat(joined.caller()).isEqualTo(new Caller.Service(ServiceKind.CLIENT, "depot"));
        assertThat(enrolment.proveService(proof(enrolment, joined), FROM).id())
                .isEqualTo(joined.id());
        Enrolment restarted = enrolment();
        assertThat(restarted.proveService(proof(restarted, joined), FROM).id())
                .isEqualTo(joined.id());
    }

    @Test
    void theNameInTheTokenGoesBeforeTheOneAskedFor() {
        assertThat(join(PartyKind.AGENT, "plant", "other").name()).isEqualTo("plant");
    }

    @Test
    void aTokenIsGoodOnce() {
        String secret = enrolment.issue(PartyKind.CLIENT, null).secret();
        enrolment.join(application(secret, PartyKind.CLIENT, "depot"), FROM);

        refused(
                () -> enrolment.join(application(secret, PartyKind.CLIENT, "thief"), "10.6.6.6"),
                ErrorCode.NOT_ALLOWED,
                "the token has been used, by 'depot'; have a new one made for each that joins");
        assertThat(enrolment.refusals())
                .extracting(Refusal::who, Refusal::address, Refusal::count)
                .containsExactly(tuple("client 'thief'", "10.6.6.6", 1));
        assertThat(enrolment.parties()).hasSize(1);
    }

    @Test
    void aTokenIsGoodForAQuarterOfAnHour() {
        String secret = enrolment.issue(PartyKind.CLIENT, null).secret();
        now = now.plus(Duration.ofMinutes(15)).plusMillis(1);

        refused(
                () -> enrolment.join(application(secret, PartyKind.CLIENT, "depot"), FROM),
                ErrorCode.NOT_ALLOWED,
                "the token has expired; have a new one made and use it within 15 minutes");
    }

    @Test
    void aTokenForOneKindIsNoUseToAnotherAndStaysGood() {
        String secret = enrolment.issue(PartyKind.DEVICE, null).secret();

        refused(
                () -> enrolment.join(application(secret, PartyKind.CLIENT, "depot"), FROM),
                ErrorCode.NOT_ALLOWED,
                "the token is for a device, not for a client; have one made for a client");
        assertThat(enrolment.join(application(secret, PartyKind.DEVICE, "Ann's phone"), FROM))
                .extracting(EnrolledParty::name)
                .isEqualTo("Ann's phone");
    }

    @Test
    void aTokenThatNobodyMadeLetsNobodyIn() {
        refused(
                () -> enrolment.join(application("x".repeat(32), PartyKind.CLIENT, "depot"), FROM),
                ErrorCode.NOT_ALLOWED,
                "the token is not known here; have a new one made in the admin of this server");
    }

    @Test
    void twoServicesCannotHaveOneNameButDevicesMay() {
        join(PartyKind.CLIENT, null, "depot");
        String secret = enrolment.issue(PartyKind.AGENT, null).secret();

        refused(
                () -> enrolment.join(application(secret, PartyKind.AGENT, "depot"), FROM),
                ErrorCode.CONFLICT,
                "there is a service named 'depot' already; choose another name");
        refused(
                () -> enrolment.join(application(secret, PartyKind.AGENT, "client"), FROM),
                ErrorCode.CONFLICT,
                "there is a service named 'client' already; choose another name");
        enrolment.join(application(secret, PartyKind.AGENT, "plant"), FROM);
        join(PartyKind.DEVICE, null, "phone");
        join(PartyKind.DEVICE, null, "phone");
        assertThat(enrolment.parties())
                .extracting(EnrolledParty::name)
                .containsExactly("depot", "plant", "phone", "phone");
    }

    @Test
    void badNamesAndKeysAreRefusedAndUseUpNoToken() {
        String secret = enrolment.issue(PartyKind.CLIENT, null).secret();
        for (String name : new String[] {"", "a b", "../x", "x".repeat(61), "-x"}) {
            assertThatThrownBy(
                            () -> enrolment.join(application(secret, PartyKind.CLIENT, name), FROM))
                    .as(name)
                    .isInstanceOf(PeekException.class)
                    .hasMessageContaining("cannot be the name of a service");
        }
        refused(
                () ->
                        enrolment.join(
                                new Enrolment.Application(
                                        secret, PartyKind.CLIENT, "a", "AAAA", true),
                                FROM),
                ErrorCode.BAD_REQUEST,
                "the public key is none on P-256, in Base64 for addresses without padding");
        refused(
                () -> enrolment.join(application(secret, PartyKind.CLIENT, null), FROM),
                ErrorCode.BAD_REQUEST,
                "say what it is to be called");
        assertThat(enrolment.join(application(secret, PartyKind.CLIENT, "depot"), FROM).name())
                .isEqualTo("depot");
    }

    @Test
    void aProofIsGoodOnce() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");
        Proof proof = proof(enrolment, joined);
        enrolment.proveService(proof, FROM);

        refused(() -> enrolment.proveService(proof, FROM), ErrorCode.NOT_ALLOWED, STALE);
    }

    @Test
    void aProofIsGoodForHalfAMinute() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");
        Proof proof = proof(enrolment, joined);
        now = now.plusSeconds(30).plusMillis(1);

        refused(() -> enrolment.proveService(proof, FROM), ErrorCode.NOT_ALLOWED, STALE);
    }

    @Test
    void aProofForAnotherServerOrByAnotherKeyOrWithAnOwnChallengeIsRefused() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");
        EnrolledParty second = join(PartyKind.CLIENT, null, "yard");
        String wrong =
                "the proof of 'depot' is wrong; it was made with another key or for another server";

        refused(
                () ->
                        enrolment.proveService(
                                Proof.of(key, joined.id(), enrolment.challenge(), OTHER), FROM),
                ErrorCode.NOT_ALLOWED,
                wrong);
        refused(
                () ->
                        enrolment.proveService(
                                Proof.of(
                                        PartyKey.make(),
                                        joined.id(),
                                        enrolment.challenge(),
                                        SERVER),
                                FROM),
                ErrorCode.NOT_ALLOWED,
                wrong);
        Proof ofTheSecond = proof(enrolment, second);
        refused(
                () ->
                        enrolment.proveService(
                                new Proof(
                                        joined.id(), ofTheSecond.nonce(), ofTheSecond.signature()),
                                FROM),
                ErrorCode.NOT_ALLOWED,
                wrong);
        refused(
                () ->
                        enrolment.proveService(
                                new Proof(joined.id(), enrolment.challenge(), "garbage!"), FROM),
                ErrorCode.NOT_ALLOWED,
                wrong);
        refused(
                () -> enrolment.proveService(Proof.of(key, joined.id(), "made up", SERVER), FROM),
                ErrorCode.NOT_ALLOWED,
                STALE);
        refused(
                () ->
                        enrolment.proveService(
                                Proof.of(key, "nobody", enrolment.challenge(), SERVER), FROM),
                Enrolment.NOT_JOINED,
                "no service with the id 'nobody' has joined this server; join with a token of its admin");
    }

    @Test
    void whoIsRevokedIsRefusedAtOnceAndAfterARestart() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");
        assertThat(enrolment.mayConnect(joined.id())).isTrue();

        enrolment.revoke(joined.id());

        String why =
                "an administrator has revoked the client 'depot'; ask for a new token and use 'peek join'";
        assertThat(enrolment.mayConnect(joined.id())).isFalse();
        refused(
                () -> enrolment.proveService(proof(enrolment, joined), FROM),
                Enrolment.REVOKED,
                why);
        refused(() -> enrolment.require(joined.id()), Enrolment.REVOKED, why);
        Enrolment restarted = enrolment();
        refused(
                () -> restarted.proveService(proof(restarted, joined), FROM),
                Enrolment.REVOKED,
                why);
        assertThat(enrolment.refusals()).extracting(Refusal::who).containsExactly("client 'depot'");
    }

    @Test
    void aProcessOfTheHomeJoinsWithoutATokenAndAgainWhenItHasLostItsKey() {
        EnrolledParty first =
                enrolment.join(application(HOME, PartyKind.AGENT, "agent"), "127.0.0.1");
        PartyKey next = PartyKey.make();
        EnrolledParty again =
                enrolment.join(
                        new Enrolment.Application(
                                HOME, PartyKind.AGENT, "agent", next.publicKey(), true),
                        "127.0.0.1");

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(enrolment.parties()).hasSize(1);
        assertThat(
                        enrolment.proveService(
                                Proof.of(next, again.id(), enrolment.challenge(), SERVER), FROM))
                .isNotNull();
        assertThatThrownBy(() -> enrolment.proveService(proof(enrolment, first), FROM))
                .isInstanceOf(PeekException.class);
    }

    @Test
    void aProcessOfTheHomeThatIsRevokedDoesNotJoinAgainUntilItIsForgotten() {
        EnrolledParty first =
                enrolment.join(application(HOME, PartyKind.AGENT, "agent"), "127.0.0.1");
        refused(
                () -> enrolment.forget(first.id()),
                ErrorCode.CONFLICT,
                "'agent' may connect; revoke it first");
        enrolment.revoke(first.id());

        refused(
                () -> enrolment.join(application(HOME, PartyKind.AGENT, "agent"), "127.0.0.1"),
                Enrolment.REVOKED,
                "an administrator has revoked the agent 'agent'; remove it from the list in the admin, and it joins again");
        enrolment.forget(first.id());
        assertThat(enrolment.join(application(HOME, PartyKind.AGENT, "agent"), "127.0.0.1").id())
                .isNotEqualTo(first.id());
    }

    @Test
    void aStrangerWithAPlaceInTheHomeCannotTakeTheNameOfOneThatJoinedWithAToken() {
        join(PartyKind.AGENT, null, "plant");

        refused(
                () -> enrolment.join(application(HOME, PartyKind.AGENT, "plant"), "127.0.0.1"),
                ErrorCode.CONFLICT,
                "there is a service named 'plant' already; choose another name");
    }

    @Test
    void whoWasRefusedIsCountedAndTheListHasAnEnd() {
        for (int i = 0; i < 150; i++) {
            enrolment.refused("a device", "10.0.0." + i, "it has not joined");
        }
        now = now.plusSeconds(5);
        enrolment.refused("a \u0007device", "10.0.0.149", "it has not joined");
        enrolment.refused("a device", "10.0.0.149", "it has not joined");

        assertThat(enrolment.refusals()).hasSize(100);
        assertThat(enrolment.refusals().getFirst())
                .isEqualTo(
                        new Refusal(
                                "a device",
                                "10.0.0.149",
                                "it has not joined",
                                2,
                                now.minusSeconds(5),
                                now));
        assertThat(enrolment.refusals().get(1).who()).isEqualTo("a ?device");
    }

    @Test
    void challengesOfOthersTakeNothingAwayFromAProofAndUsedOnesHaveABound() {
        Challenges challenges = new Challenges(clock);
        String first = challenges.make();
        for (int i = 0; i < Challenges.MAX; i++) {
            assertThat(challenges.useUp(challenges.make())).isTrue();
        }

        assertThat(challenges.useUp(first)).isFalse();
        assertThat(challenges.isOurs(first)).isTrue();
        now = now.plusSeconds(31);
        assertThat(challenges.isOurs(first)).isFalse();
        assertThat(challenges.useUp(challenges.make())).isTrue();
    }

    @Test
    void aChallengeThatWasChangedOrIsOfAnotherRunIsNone() {
        Challenges challenges = new Challenges(clock);
        String nonce = challenges.make();
        String changed = (nonce.startsWith("A") ? "B" : "A") + nonce.substring(1);

        for (String bad :
                new String[] {
                    changed, nonce + "=", nonce + "A", "", "AAAA", new Challenges(clock).make()
                }) {
            assertThat(challenges.useUp(bad)).as(bad).isFalse();
        }
        assertThat(challenges.useUp(nonce)).isTrue();
        assertThat(challenges.useUp(nonce)).isFalse();
    }

    @Test
    void aWrongProofUsesUpNothing() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");
        Proof right = proof(enrolment, joined);
        assertThatThrownBy(() ->
                        enrolment.proveService(
                                new Proof(joined.id(), right.nonce(), "garbage"), FROM))
                .isInstanceOf(PeekException.class);

        assertThat(enrolment.proveService(right, FROM).id()).isEqualTo(joined.id());
    }

    @Test
    void aDeviceIsNoServiceAndAServiceNoDevice() {
        EnrolledParty phone = join(PartyKind.DEVICE, null, "phone");
        EnrolledParty depot = join(PartyKind.CLIENT, null, "depot");

        refused(
                () -> enrolment.proveService(proof(enrolment, phone), FROM),
                Enrolment.NOT_JOINED,
                "no service with the id '%s' has joined this server; join with a token of its admin"
                        .formatted(phone.id()));
        refused(
                () -> enrolment.proveDevice(proof(enrolment, depot), FROM),
                Enrolment.NOT_JOINED,
                "no device with the id '%s' has joined this server; join with a token of its admin"
                        .formatted(depot.id()));
    }

    @Test
    void theSecretOfTheHomeIsTakenOnThisMachineOnly() {
        refused(
                () ->
                        enrolment.join(
                                new Enrolment.Application(
                                        HOME, PartyKind.AGENT, "agent", key.publicKey(), false),
                                FROM),
                ErrorCode.NOT_ALLOWED,
                "the token is not known here; have a new one made in the admin of this server");
    }

    @Test
    void aRevokedDeviceStaysOnTheListAsLongAsItMayHoldACookie() {
        EnrolledParty phone = join(PartyKind.DEVICE, null, "phone");
        enrolment.revoke(phone.id());
        now = now.plus(Enrolment.COOKIE_LIFE).minusMillis(1);

        refused(
                () -> enrolment.forget(phone.id()),
                ErrorCode.CONFLICT,
                "'phone' must stay on the list until 12 hours after it was revoked, so that no client service lets it in");
        now = now.plusMillis(1);
        enrolment.forget(phone.id());
        assertThat(enrolment.parties()).isEmpty();
    }

    @Test
    void whenAPartyWasSeenIsKeptToSomeMinutes() {
        EnrolledParty joined = join(PartyKind.CLIENT, null, "depot");
        now = now.plus(Duration.ofMinutes(6));
        enrolment.seen(joined.id());
        assertThat(enrolment.parties().getFirst().lastSeenAt()).isEqualTo(now);
        assertThat(store.load().getFirst().lastSeenAt()).isBefore(now);

        enrolment.keepSeen();

        assertThat(store.load().getFirst().lastSeenAt()).isEqualTo(now);
    }

    private static final String STALE =
            "the challenge is not known, used or older than half a minute; ask for a new one";

    private EnrolledParty join(PartyKind kind, @Nullable String inToken, @Nullable String name) {
        return enrolment.join(
                application(enrolment.issue(kind, inToken).secret(), kind, name), FROM);
    }

    private Enrolment.Application application(
            String secret, PartyKind kind, @Nullable String name) {
        return new Enrolment.Application(secret, kind, name, key.publicKey(), true);
    }

    private Proof proof(Enrolment server, EnrolledParty party) {
        return Proof.of(key, party.id(), server.challenge(), SERVER);
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PeekException.class,
                        problem -> {
                            assertThat(problem).hasMessage(message);
                            assertThat(problem.code()).isEqualTo(code);
                        });
    }
}
