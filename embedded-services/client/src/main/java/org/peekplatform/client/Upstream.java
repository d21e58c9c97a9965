package org.peekplatform.client;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.vortex.LinkState;

/// How this client service stands with the server, for devices: without the server, what they see
/// may be out of date.
///
/// @param service always `server`
/// @param problem why it is not online, or `null`
@TupleType(name = "peek.Upstream")
public record Upstream(@TupleKey String service, boolean online, @Nullable String problem)
        implements Tuple {
    static Upstream of(LinkState state) {
        return switch (state) {
            case LinkState.Online _ -> new Upstream("server", true, null);
            case LinkState.Offline offline -> new Upstream("server", false, offline.why());
            case LinkState.Connecting _ -> new Upstream("server", false, "it is being dialed");
            case LinkState.Closed _ -> new Upstream("server", false, "this service is stopping");
        };
    }
}
