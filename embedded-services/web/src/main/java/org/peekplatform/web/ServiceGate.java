package org.peekplatform.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Link;
import org.peekplatform.web.identity.EnrolledParty;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.Proof;

/// Lets services in at the data exchange: `POST /join` with a token, then, for every connection,
/// `/join/challenge` and `/join/prove`, which answers with a pass for a few minutes. Requests and
/// links carry the pass as `Authorization: Bearer`.
public final class ServiceGate implements Callers {
    private static final String BEARER = "Bearer ";
    private static final Duration PASS_LIFE = Duration.ofMinutes(10);

    private final Enrolment enrolment;
    private final Sessions passes;

    public ServiceGate(Enrolment enrolment, InstantSource clock) {
        this.enrolment = enrolment;
        passes = new Sessions(clock, PASS_LIFE, PASS_LIFE);
    }

    record Join(
            @Nullable String secret,
            @Nullable String kind,
            @Nullable String name,
            @Nullable String publicKey) {}

    record Proving(@Nullable String id, @Nullable String nonce, @Nullable String signature) {}

    /// The routes by which a service gets in.
    public void addTo(RoutesConfig routes) {
        routes.post("/join", this::join);
        routes.get("/join/challenge", this::challenge);
        routes.post("/join/prove", this::takeProof);
    }

    /// @throws PeekException with `NOT_ALLOWED`, `NOT_JOINED` or `REVOKED` when nobody is proven
    @Override
    public Caller prove(Context request) {
        return party(request).caller();
    }

    /// A link lasts until its party is revoked.
    @Override
    public Tenure tenure(Context request) {
        String id = party(request).id();
        return new Tenure() {
            @Override
            public boolean lasts(boolean used) {
                enrolment.seen(id);
                return enrolment.mayConnect(id);
            }

            @Override
            public Link.CloseReason ending() {
                return REVOKED;
            }
        };
    }

    private EnrolledParty party(Context request) {
        String given = request.header("Authorization");
        String id =
                passes.user(
                                given == null || !given.startsWith(BEARER)
                                        ? null
                                        : given.substring(BEARER.length()))
                        .orElse(null);
        if (id == null) {
            String why =
                    "the data exchange takes services that have joined and prove it; this one did not";
            enrolment.refused("a service without a proof", request.ip(), why);
            throw new PeekException(ErrorCode.NOT_ALLOWED, why);
        }
        return enrolment.require(id);
    }

    private void join(Context request) {
        Join wanted = JsonBody.read(request, Join.class);
        PartyKind kind =
                PartyKind.of(JsonBody.required(wanted.kind(), "kind"))
                        .filter(known -> known != PartyKind.DEVICE)
                        .orElseThrow(() ->
                                new PeekException(
                                        ErrorCode.BAD_REQUEST,
                                        "'"
                                                + wanted.kind()
                                                + "' cannot join here; client, agent and worker can"));
        EnrolledParty party =
                enrolment.join(
                        new Enrolment.Application(
                                JsonBody.required(wanted.secret(), "secret"),
                                kind,
                                wanted.name(),
                                JsonBody.required(wanted.publicKey(), "publicKey"),
                                Site.isLocal(request)),
                        request.ip());
        JsonBody.answer(
                request,
                Map.of(
                        "id", party.id(),
                        "name", party.name(),
                        "fingerprint", enrolment.fingerprint().text()));
    }

    private void challenge(Context request) {
        JsonBody.answer(
                request,
                Map.of(
                        "nonce", enrolment.challenge(),
                        "fingerprint", enrolment.fingerprint().text()));
    }

    private void takeProof(Context request) {
        Proving given = JsonBody.read(request, Proving.class);
        EnrolledParty party =
                enrolment.proveService(
                        new Proof(
                                JsonBody.required(given.id(), "id"),
                                JsonBody.required(given.nonce(), "nonce"),
                                JsonBody.required(given.signature(), "signature")),
                        request.ip());
        JsonBody.answer(request, Map.of("pass", passes.begin(party.id()), "name", party.name()));
    }
}
