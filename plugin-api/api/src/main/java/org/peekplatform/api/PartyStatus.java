package org.peekplatform.api;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// A service or device of the system, and whether it is connected. Provided by the platform at the
/// server; parts of plugins on server, client and agent observe it like any other tuple.
///
/// The selector without values has all of them, services first; with `kind` those of that kind:
///
/// ```java
/// context.observer()
///         .observe(
///                 TupleSelector.of(PartyStatus.class).with("kind", "agent"),
///                 update -> show(update.rows()));
/// ```
///
/// Who has gone stays among the rows, the last 1,000 of them until the server stops. What happens
/// to many within a fifth of a second is told at once.
///
/// @param id the same over reconnects, such as `service:agent:north` or `device:…`; of services
///   also what [org.peekplatform.api.rpc.RpcTarget#id] takes
/// @param kind `server`, `client`, `agent` or `device`
/// @param name of a service unique among its kind; of a device what it says of itself, for people
/// @param since when it came, or went when it is not online
/// @param link how it is or was connected: `memory`, `websocket` or `http`; `null` for the server
/// @param version of the platform it runs; `null` when it did not say
/// @param via id of the client service a device is or was connected to; `null` for services
@TupleType(name = "peek.Party")
public record PartyStatus(
        @TupleKey String id,
        String kind,
        String name,
        boolean online,
        Instant since,
        @Nullable String link,
        @Nullable String version,
        @Nullable String via)
        implements Tuple {
    /// The kind of devices; that of a service is the id of its [ServiceKind].
    public static final String DEVICE = "device";

    public PartyStatus {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(since, "since");
    }
}
