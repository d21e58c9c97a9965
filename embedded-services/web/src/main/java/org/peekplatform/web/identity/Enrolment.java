package org.peekplatform.web.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who has joined the system, and the ways in: tokens that an administrator makes, the secret of
/// the server's own home, and proofs by those who have joined.
///
/// Everything is refused that was not let in. Whoever is refused is remembered for the
/// administrator.
///
/// Who joins, is revoked or forgotten does so one at a time, and is written down before the next:
/// two must not get one name. Connecting does not wait for that.
public final class Enrolment {
    /// Nobody who has joined has this id.
    public static final ErrorCode NOT_JOINED = new ErrorCode("NOT_JOINED", ErrorCode.Kind.CALLER);

    /// An administrator has shut it out.
    public static final ErrorCode REVOKED = new ErrorCode("REVOKED", ErrorCode.Kind.CALLER);

    public static final Duration TOKEN_LIFE = Duration.ofMinutes(15);

    /// For so long a device that has proven itself is known by a cookie.
    public static final Duration COOKIE_LIFE = Duration.ofHours(12);

    private static final Duration SEEN_GRAIN = Duration.ofMinutes(5);
    private static final Duration SEEN_PAUSE = Duration.ofSeconds(30);
    private static final int MAX_TOKENS = 1_000;
    private static final int SECRET_BYTES = 24;
    private static final int ID_BYTES = 12;
    private static final String SERVICE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,59}";
    private static final int MAX_DEVICE_NAME = 60;

    private static final Logger log = LoggerFactory.getLogger(Enrolment.class);

    private final PartyStore store;
    private final Fingerprint fingerprint;
    private final String homeSecret;
    private final Set<String> taken;
    private final InstantSource clock;
    private final Refusals refusals;
    private final Challenges challenges;
    private final Map<String, EnrolledParty> parties = new ConcurrentHashMap<>();
    private volatile boolean loaded;
    private final Map<String, Instant> saved = new ConcurrentHashMap<>();
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> refusalListeners = new CopyOnWriteArrayList<>();

    private record Token(
            PartyKind kind, @Nullable String name, Instant expires, @Nullable String usedBy) {}

    /// A token's part that only the server can make.
    public record Issued(String secret, Instant expires) {}

    /// Who wants to join, and as what.
    ///
    /// @param secret of a token, or of the server's home
    /// @param name wished for, or `null` when the token has one
    /// @param here whether it asks on this machine; the secret of the home is taken only then
    public record Application(
            String secret, PartyKind kind, @Nullable String name, String publicKey, boolean here) {}

    /// @param fingerprint of the server, which proofs must name
    /// @param homeSecret lets processes of the server's home join
    /// @param taken names of services that need not join, as they run in the server's process
    public Enrolment(
            PartyStore store,
            Fingerprint fingerprint,
            String homeSecret,
            Set<String> taken,
            InstantSource clock) {
        this.store = store;
        this.fingerprint = fingerprint;
        this.homeSecret = homeSecret;
        this.taken = Set.copyOf(taken);
        this.clock = clock;
        refusals = new Refusals(clock);
        challenges = new Challenges(clock);
        try {
            load();
        } catch (PeekException e) {
            if (e.code().kind() != ErrorCode.Kind.UNAVAILABLE) {
                throw e;
            }
            log.info("Who has joined is read when the store can be: {}", e.getMessage());
        }
    }

    /// Reads who has joined, unless that has been done. Until then nobody can be let in.
    ///
    /// @throws PeekException when the store cannot be read
    public void load() {
        synchronized (this) {
            if (loaded) {
                return;
            }
            for (EnrolledParty party : store.load()) {
                parties.put(party.id(), party);
                saved.put(party.id(), party.lastSeenAt());
            }
            loaded = true;
        }
        changed();
    }

    private Map<String, EnrolledParty> joined() {
        if (!loaded) {
            throw new PeekException(
                    ErrorCode.OFFLINE,
                    "the server does not know yet who has joined, because it cannot use its"
                            + " database; try again");
        }
        return parties;
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /// Lets one party join within [#TOKEN_LIFE].
    ///
    /// @param name what it will be called, or `null` to let it say so
    /// @throws PeekException when the name cannot be given
    public synchronized Issued issue(PartyKind kind, @Nullable String name) {
        if (name != null) {
            checkName(kind, name);
        }
        Instant now = clock.instant();
        tokens.values().removeIf(token -> now.isAfter(token.expires().plus(Duration.ofDays(1))));
        trim(tokens, MAX_TOKENS);
        String secret = Secrets.random(SECRET_BYTES);
        Instant expires = now.plus(TOKEN_LIFE);
        tokens.put(Secrets.sha256(secret), new Token(kind, name, expires, null));
        return new Issued(secret, expires);
    }

    /// Takes a new party in.
    ///
    /// @param address where it is
    /// @throws PeekException with `NOT_ALLOWED` when the secret does not let it in, `CONFLICT` when
    ///   the name is taken, `BAD_REQUEST`
    public EnrolledParty join(Application wanted, String address) {
        String who = describe(wanted.kind(), wanted.name());
        EnrolledParty joined;
        try {
            PartyKey.checked(wanted.publicKey());
            boolean fromHome = wanted.here() && Secrets.same(wanted.secret(), homeSecret);
            joined =
                    store.together(() ->
                            fromHome
                                    ? joinFromHome(wanted, address)
                                    : joinByToken(wanted, address));
        } catch (PeekException e) {
            refused(who, address, String.valueOf(e.getMessage()));
            throw e;
        }
        log.info("{} joined from {}", describe(joined.kind(), joined.name()), address);
        changed();
        return joined;
    }

    private synchronized EnrolledParty joinByToken(Application wanted, String address) {
        String hash = Secrets.sha256(wanted.secret());
        Token token = tokens.get(hash);
        if (token == null) {
            throw notAllowed(
                    "the token is not known here; have a new one made in the admin of this server");
        }
        if (token.usedBy() != null) {
            throw notAllowed(
                    "the token has been used, by '%s'; have a new one made for each that joins"
                            .formatted(token.usedBy()));
        }
        if (clock.instant().isAfter(token.expires())) {
            throw notAllowed(
                    "the token has expired; have a new one made and use it within %d minutes"
                            .formatted(TOKEN_LIFE.toMinutes()));
        }
        if (token.kind() != wanted.kind()) {
            throw notAllowed(
                    "the token is for a %s, not for a %s; have one made for a %s"
                            .formatted(token.kind().id(), wanted.kind().id(), wanted.kind().id()));
        }
        String name = token.name() == null ? wanted.name() : token.name();
        if (name == null) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "say what it is to be called");
        }
        checkName(wanted.kind(), name);
        EnrolledParty joined = add(wanted, name, address, false);
        tokens.put(hash, new Token(token.kind(), token.name(), token.expires(), name));
        return joined;
    }

    /// A process that lost its key takes the place of what it was before.
    private synchronized EnrolledParty joinFromHome(Application wanted, String address) {
        String name = wanted.name();
        if (name == null || wanted.kind() == PartyKind.DEVICE) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "a service of the home says its name");
        }
        Optional<EnrolledParty> before =
                joined().values().stream()
                        .filter(party ->
                                party.ofHome()
                                        && party.kind() == wanted.kind()
                                        && party.name().equals(name))
                        .findFirst();
        if (before.isPresent()) {
            EnrolledParty known = before.get();
            if (known.isRevoked()) {
                throw revoked(known);
            }
            return put(known.withKey(wanted.publicKey(), clock.instant(), Refusals.clean(address)));
        }
        checkName(wanted.kind(), name);
        return add(wanted, name, address, true);
    }

    private EnrolledParty add(Application wanted, String name, String address, boolean ofHome) {
        Instant now = clock.instant();
        return put(
                new EnrolledParty(
                        Secrets.random(ID_BYTES),
                        wanted.kind(),
                        name,
                        wanted.publicKey(),
                        ofHome,
                        now,
                        Refusals.clean(address),
                        now,
                        null));
    }

    /// Whether a service can be called so.
    public static boolean isServiceName(String text) {
        return text.matches(SERVICE_NAME);
    }

    /// A nonce for one proof, good for half a minute.
    public String challenge() {
        return challenges.make();
    }

    /// Checks the proof of a service.
    ///
    /// @param address where it came from
    /// @throws PeekException `NOT_JOINED`, `REVOKED`, or `NOT_ALLOWED` when the proof is wrong
    public EnrolledParty proveService(Proof proof, String address) {
        return prove(proof, false, address);
    }

    /// Checks the proof of a device; otherwise as [#proveService].
    public EnrolledParty proveDevice(Proof proof, String address) {
        return prove(proof, true, address);
    }

    private EnrolledParty prove(Proof proof, boolean device, String address) {
        EnrolledParty party = joined().get(proof.id());
        try {
            if (party == null || (party.kind() == PartyKind.DEVICE) != device) {
                throw new PeekException(
                        NOT_JOINED,
                        "no %s with the id '%s' has joined this server; join with a token of its admin"
                                .formatted(
                                        device ? "device" : "service",
                                        proof.id().length() > 40 ? "…" : proof.id()));
            }
            if (!challenges.isOurs(proof.nonce())) {
                throw stale();
            }
            if (!PartyKey.verify(
                    party.publicKey(),
                    Proof.text(proof.nonce(), fingerprint, party.id()),
                    proof.signature())) {
                throw notAllowed(
                        "the proof of '%s' is wrong; it was made with another key or for another server"
                                .formatted(party.name()));
            }
            if (party.isRevoked()) {
                throw revoked(party);
            }
            // Last, so that only who has the key can use anything up.
            if (!challenges.useUp(proof.nonce())) {
                throw stale();
            }
        } catch (PeekException e) {
            refused(
                    party == null ? "an unknown party" : describe(party.kind(), party.name()),
                    address,
                    String.valueOf(e.getMessage()));
            throw e;
        }
        seen(party.id());
        return party;
    }

    /// Whether a party may connect now; does not block.
    public boolean mayConnect(String id) {
        EnrolledParty party = joined().get(id);
        return party != null && !party.isRevoked();
    }

    /// A party that may connect now.
    ///
    /// @throws PeekException `NOT_JOINED` or `REVOKED`
    public EnrolledParty require(String id) {
        EnrolledParty party = joined().get(id);
        if (party == null) {
            throw new PeekException(NOT_JOINED, "'" + id + "' has not joined this server");
        }
        if (party.isRevoked()) {
            throw revoked(party);
        }
        return party;
    }

    /// Remembers that a party is there; cheap, and does not block.
    public void seen(String id) {
        Instant now = clock.instant();
        EnrolledParty known = parties.get(id);
        if (known != null && now.isAfter(known.lastSeenAt().plus(SEEN_PAUSE))) {
            parties.computeIfPresent(id, (key, party) -> party.seen(now));
        }
    }

    /// Writes down who was seen since the last time; may block.
    public void keepSeen() {
        boolean any = false;
        for (EnrolledParty party : parties.values()) {
            Instant before = saved.getOrDefault(party.id(), Instant.EPOCH);
            if (party.lastSeenAt().isAfter(before.plus(SEEN_GRAIN))) {
                any |= store.together(() -> saveIfPresent(party.id()));
            }
        }
        if (any) {
            changed();
        }
    }

    private synchronized boolean saveIfPresent(String id) {
        EnrolledParty party = joined().get(id);
        if (party == null) {
            return false;
        }
        store.save(party);
        saved.put(id, party.lastSeenAt());
        return true;
    }

    /// Shuts a party out. Its links are to be cut by who hears of the change.
    ///
    /// @return the party
    /// @throws PeekException when there is none
    public EnrolledParty revoke(String id) {
        EnrolledParty party = store.together(() -> markRevoked(id));
        changed();
        return party;
    }

    private synchronized EnrolledParty markRevoked(String id) {
        EnrolledParty party = known(id);
        return party.isRevoked() ? party : put(party.revoked(clock.instant()));
    }

    /// Takes a revoked party off the list, so that its name is free and, if it is of the server's
    /// home, it may join again. A device stays on it as long as it may still hold a cookie, because
    /// client services know by the list whose cookies not to take.
    ///
    /// @throws PeekException when there is none, it is not revoked, or a device not long enough
    public EnrolledParty forget(String id) {
        EnrolledParty party = store.together(() -> remove(id));
        changed();
        return party;
    }

    private synchronized EnrolledParty remove(String id) {
        EnrolledParty party = known(id);
        Instant revoked = party.revokedAt();
        if (revoked == null) {
            throw new PeekException(
                    ErrorCode.CONFLICT, "'" + party.name() + "' may connect; revoke it first");
        }
        if (party.kind() == PartyKind.DEVICE
                && clock.instant().isBefore(revoked.plus(COOKIE_LIFE))) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "'%s' must stay on the list until %d hours after it was revoked, so that no client service lets it in"
                            .formatted(party.name(), COOKIE_LIFE.toHours()));
        }
        store.remove(id);
        joined().remove(id);
        saved.remove(id);
        return party;
    }

    private EnrolledParty known(String id) {
        EnrolledParty party = joined().get(id);
        if (party == null) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED, "there is no party with the id '" + id + "' any more");
        }
        return party;
    }

    /// Those that have joined, revoked ones too, by name.
    public List<EnrolledParty> parties() {
        return joined().values().stream()
                .sorted(
                        Comparator.comparing(EnrolledParty::kind)
                                .thenComparing(EnrolledParty::name)
                                .thenComparing(EnrolledParty::id))
                .toList();
    }

    /// The last ones that were not let in, the newest first.
    public List<Refusal> refusals() {
        return refusals.list();
    }

    /// Remembers somebody who was not let in.
    ///
    /// @param who what it said it was
    public void refused(String who, String address, String why) {
        refusals.add(who, address, why);
        refusalListeners.forEach(Runnable::run);
    }

    /// Calls `listener` after somebody has joined, was revoked or forgotten; it must not block.
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Calls `listener` after somebody was refused; it must not block.
    public Registration onRefusal(Runnable listener) {
        refusalListeners.add(listener);
        return () -> refusalListeners.remove(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    private EnrolledParty put(EnrolledParty party) {
        store.save(party);
        joined().put(party.id(), party);
        saved.put(party.id(), party.lastSeenAt());
        return party;
    }

    private void checkName(PartyKind kind, String name) {
        if (kind == PartyKind.DEVICE) {
            if (name.isBlank()
                    || name.length() > MAX_DEVICE_NAME
                    || name.chars().anyMatch(Character::isISOControl)) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "the name of a device has 1 to %d characters".formatted(MAX_DEVICE_NAME));
            }
            return;
        }
        if (!isServiceName(name)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "'%s' cannot be the name of a service; use letters, digits, '.', '_' and '-', at most 60"
                            .formatted(name.length() > 80 ? "…" : name));
        }
        boolean used =
                taken.contains(name)
                        || joined().values().stream()
                                .anyMatch(party ->
                                        party.kind() != PartyKind.DEVICE
                                                && !party.isRevoked()
                                                && party.name().equals(name));
        if (used) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "there is a service named '" + name + "' already; choose another name");
        }
    }

    private static PeekException revoked(EnrolledParty party) {
        return new PeekException(
                REVOKED,
                party.kind() == PartyKind.DEVICE
                        ? "an administrator has revoked this device; ask for a new token"
                        : "an administrator has revoked the %s '%s'; %s"
                                .formatted(
                                        party.kind().id(),
                                        party.name(),
                                        party.ofHome()
                                                ? "remove it from the list in the admin, and it joins again"
                                                : "ask for a new token and use 'peek join'"));
    }

    private static PeekException stale() {
        return notAllowed(
                "the challenge is not known, used or older than half a minute; ask for a new one");
    }

    private static PeekException notAllowed(String why) {
        return new PeekException(ErrorCode.NOT_ALLOWED, why);
    }

    private static String describe(PartyKind kind, @Nullable String name) {
        return kind.id() + (name == null ? "" : " '" + name + "'");
    }

    private static void trim(Map<String, ?> map, int most) {
        if (map.size() >= most) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
