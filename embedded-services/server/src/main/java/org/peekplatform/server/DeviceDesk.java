package org.peekplatform.server;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.peekplatform.api.Audience;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.Sentences;
import org.peekplatform.web.identity.DeviceMessages;
import org.peekplatform.web.identity.EnrolledParty;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.Proof;

/// Answers client services whose devices join and prove themselves, and tells them which devices
/// are revoked.
final class DeviceDesk {
    private final Enrolment enrolment;

    DeviceDesk(Enrolment enrolment) {
        this.enrolment = enrolment;
    }

    void offer(PartyTuples tuples, PartyActions actions) {
        tuples.provide(DeviceMessages.Revoked.class, Audience.SERVICES, selector -> revoked());
        enrolment.onChange(() -> tuples.changed(DeviceMessages.Revoked.class));
        actions.handle(
                DeviceMessages.ChallengeDevice.class,
                Audience.SERVICES,
                (action, context) -> answer(this::challenge));
        actions.handle(
                DeviceMessages.JoinDevice.class,
                Audience.SERVICES,
                (action, context) -> answer(() -> join(action)));
        actions.handle(
                DeviceMessages.ProveDevice.class,
                Audience.SERVICES,
                (action, context) -> answer(() -> prove(action)));
        actions.handle(
                DeviceMessages.Refused.class,
                Audience.SERVICES,
                (action, context) -> {
                    enrolment.refused(action.who(), action.address(), action.why());
                    return new ActionOutcome.Applied();
                });
        actions.handle(
                DeviceMessages.Seen.class,
                Audience.SERVICES,
                (action, context) -> {
                    action.ids().forEach(enrolment::seen);
                    return new ActionOutcome.Applied();
                });
    }

    private List<DeviceMessages.Revoked> revoked() {
        return enrolment.parties().stream()
                .filter(party -> party.kind() == PartyKind.DEVICE && party.isRevoked())
                .map(party ->
                        new DeviceMessages.Revoked(
                                party.id(), Objects.requireNonNull(party.revokedAt())))
                .toList();
    }

    private Tuple challenge() {
        return new DeviceMessages.Challenge(enrolment.challenge(), enrolment.fingerprint().text());
    }

    private Tuple join(DeviceMessages.JoinDevice wanted) {
        return proven(
                enrolment.join(
                        new Enrolment.Application(
                                wanted.secret(),
                                PartyKind.DEVICE,
                                wanted.name(),
                                wanted.publicKey(),
                                false),
                        wanted.address()));
    }

    private Tuple prove(DeviceMessages.ProveDevice given) {
        return proven(
                enrolment.proveDevice(
                        new Proof(given.id(), given.nonce(), given.signature()), given.address()));
    }

    private static Tuple proven(EnrolledParty party) {
        return new DeviceMessages.Proven(party.id(), party.name());
    }

    private static ActionOutcome answer(Supplier<Tuple> asked) {
        try {
            return new ActionOutcome.Applied(List.of(asked.get()));
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
    }
}
