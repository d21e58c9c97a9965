package org.peekplatform.web.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;

/// A service or device that has joined.
///
/// @param id made at joining, never used again
/// @param name for people; unique among services
/// @param publicKey what its proofs are checked with
/// @param ofHome whether it joined as a process of the server's own home, without a token
/// @param joinedFrom its address then
/// @param lastSeenAt exact to some minutes
/// @param revokedAt `null` while it may connect
public record EnrolledParty(
        String id,
        PartyKind kind,
        String name,
        String publicKey,
        boolean ofHome,
        Instant joinedAt,
        String joinedFrom,
        Instant lastSeenAt,
        @Nullable Instant revokedAt) {
    public boolean isRevoked() {
        return revokedAt != null;
    }

    /// What its links are proven to be.
    public Caller caller() {
        return kind.caller(id, name);
    }

    EnrolledParty withKey(String key, Instant now, String from) {
        return new EnrolledParty(id, kind, name, key, ofHome, now, from, now, revokedAt);
    }

    EnrolledParty seen(Instant at) {
        return at.isAfter(lastSeenAt)
                ? new EnrolledParty(
                        id, kind, name, publicKey, ofHome, joinedAt, joinedFrom, at, revokedAt)
                : this;
    }

    EnrolledParty revoked(Instant at) {
        return new EnrolledParty(
                id, kind, name, publicKey, ofHome, joinedAt, joinedFrom, lastSeenAt, at);
    }
}
