package org.peekplatform.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One service or device that has joined, as the administrator sees it.
///
/// @param kind `client`, `agent`, `worker` or `device`
/// @param ofHome whether it joined as a process of the server's home
/// @param joinedFrom its address then
/// @param lastSeenAt exact to some minutes
/// @param revokedAt `null` while it may connect
@TupleType(name = "admin.Party")
public record PartyRow(
        @TupleKey String id,
        String kind,
        String name,
        boolean ofHome,
        Instant joinedAt,
        String joinedFrom,
        Instant lastSeenAt,
        @Nullable Instant revokedAt)
        implements Tuple {}
