package org.peekplatform.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.vortex.PartyActions;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.Sentences;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.EnrolledParty;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.JoinToken;
import org.peekplatform.web.identity.PartyKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets administrators see who has joined and who was refused, make tokens, and revoke.
final class PartyAdmin {
    private static final Logger log = LoggerFactory.getLogger(PartyAdmin.class);
    private static final String HOST = "[A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\]";

    private final Enrolment enrolment;
    private final Function<String, Optional<Site>> sites;
    private final Executor work;

    /// @param sites those of this process by name
    /// @param work runs what must not wait
    PartyAdmin(Enrolment enrolment, Function<String, Optional<Site>> sites, Executor work) {
        this.enrolment = enrolment;
        this.sites = sites;
        this.work = work;
    }

    /// @return by which it stops to tell of changes
    Registration offer(PartyTuples tuples, PartyActions actions) {
        tuples.provide(PartyRow.class, Audience.ADMINISTRATORS, selector -> parties());
        tuples.provide(RefusalRow.class, Audience.ADMINISTRATORS, selector -> refusals());
        tuples.provide(
                ServerIdentity.class,
                Audience.ADMINISTRATORS,
                selector -> List.of(new ServerIdentity(enrolment.fingerprint().text())));
        actions.handle(MakeToken.class, Audience.ADMINISTRATORS, this::make);
        actions.handle(RevokeParty.class, Audience.ADMINISTRATORS, this::revoke);
        actions.handle(ForgetParty.class, Audience.ADMINISTRATORS, this::forget);
        Registration parties = enrolment.onChange(() -> tuples.changed(PartyRow.class));
        AtomicBoolean telling = new AtomicBoolean();
        Registration refusals =
                enrolment.onRefusal(() -> {
                    // On a thread of its own: whoever is refused by an action takes back what the
                    // action did, which includes telling of it.
                    if (telling.compareAndSet(false, true)) {
                        work.execute(() -> {
                            telling.set(false);
                            tuples.changed(RefusalRow.class);
                        });
                    }
                });
        return () -> {
            parties.close();
            refusals.close();
        };
    }

    private List<PartyRow> parties() {
        return enrolment.parties().stream()
                .sorted(Comparator.comparing(EnrolledParty::isRevoked))
                .map(party ->
                        new PartyRow(
                                party.id(),
                                party.kind().id(),
                                party.name(),
                                party.ofHome(),
                                party.joinedAt(),
                                party.joinedFrom(),
                                party.lastSeenAt(),
                                party.revokedAt()))
                .toList();
    }

    private List<RefusalRow> refusals() {
        return enrolment.refusals().stream()
                .map(one ->
                        new RefusalRow(
                                one.who(),
                                one.address(),
                                Sentences.of(one.why()),
                                one.count(),
                                one.firstAt(),
                                one.lastAt()))
                .toList();
    }

    private ActionOutcome make(MakeToken action, ActionContext context) {
        Optional<PartyKind> kind = PartyKind.of(action.kind());
        String host = action.host();
        if (kind.isEmpty() || (host != null && !host.matches(HOST))) {
            return new ActionOutcome.Rejected(
                    ErrorCode.BAD_REQUEST,
                    "A token is made for a client, agent, worker or device, and a host that an address can have.");
        }
        String name =
                action.name() == null || action.name().isBlank() ? null : action.name().strip();
        try {
            Enrolment.Issued issued = enrolment.issue(kind.get(), name);
            log.info("{} made a token for a {}", context.caller(), kind.get().id());
            return new ActionOutcome.Applied(
                    kind.get() == PartyKind.DEVICE
                            ? forDevice(issued, name, host)
                            : forService(issued, kind.get(), name, host));
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
    }

    private TokenMade forService(
            Enrolment.Issued issued, PartyKind kind, @Nullable String name, @Nullable String host) {
        Optional<Site> exchange = open("dataExchange");
        List<String> addresses = exchange.map(site -> addresses(site, host)).orElse(List.of());
        JoinToken token =
                new JoinToken(addresses, enrolment.fingerprint(), kind, name, issued.secret());
        String warning =
                exchange.isPresent()
                        ? null
                        : "The data exchange cannot be reached from other machines. Open it on the page System, then make a new token.";
        return new TokenMade(token.text(), null, List.of(), issued.expires(), warning);
    }

    private TokenMade forDevice(
            Enrolment.Issued issued, @Nullable String name, @Nullable String host) {
        JoinToken token =
                new JoinToken(
                        List.of(),
                        enrolment.fingerprint(),
                        PartyKind.DEVICE,
                        name,
                        issued.secret());
        Optional<String> address =
                open("client").flatMap(site -> addresses(site, host).stream().findFirst());
        // Behind the # it stays in the browser: no server or log on the way sees it.
        String link = address.map(at -> "https://" + at + "/#/join/" + token.text()).orElse(null);
        String warning =
                link == null
                        ? "The devices site of this machine cannot be reached from other machines. Open it on the page System, or enter the token at another client service."
                        : null;
        return new TokenMade(
                token.text(),
                link,
                link == null ? List.of() : QrSquares.of(link),
                issued.expires(),
                warning);
    }

    private Optional<Site> open(String name) {
        return sites.apply(name).filter(Site::isOpenToNetwork);
    }

    private static List<String> addresses(Site site, @Nullable String host) {
        List<String> hosts = new ArrayList<>(HostAddresses.list());
        return Stream.concat(Stream.ofNullable(host), hosts.stream())
                .distinct()
                .map(one -> one + ":" + site.port())
                .toList();
    }

    private ActionOutcome revoke(RevokeParty action, ActionContext context) {
        try {
            EnrolledParty party = enrolment.revoke(action.id());
            log.info("{} revoked {} '{}'", context.caller(), party.kind().id(), party.name());
            return new ActionOutcome.Applied();
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
    }

    private ActionOutcome forget(ForgetParty action, ActionContext context) {
        try {
            EnrolledParty party = enrolment.forget(action.id());
            log.info(
                    "{} removed {} '{}' from the list",
                    context.caller(),
                    party.kind().id(),
                    party.name());
            return new ActionOutcome.Applied();
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), Sentences.of(e));
        }
    }
}
