package org.peekplatform.vortex;

import org.jspecify.annotations.Nullable;

/// The header of a frame; one record for each kind of the wire format.
public sealed interface Header {
    record Hello(int protocol, String name, boolean onBehalfOfDevices) implements Header {}

    /// @param epoch `null` when the receiver holds no rows
    record Observe(String selector, @Nullable String epoch, long version) implements Header {}

    record Unobserve(String selector) implements Header {}

    record SnapshotRequest(String selector) implements Header {}

    /// @param caller set by a client service for its devices, else `null`
    record Action(String id, String type, @Nullable String caller) implements Header {}

    record Ping() implements Header {}

    record Welcome(int protocol, String service, String name, String version, String caller)
            implements Header {}

    record Snapshot(String selector, String epoch, long version, boolean gzip) implements Header {}

    record Delta(String selector, String epoch, long from, long version, boolean gzip)
            implements Header {}

    record Current(String selector, String epoch, long version) implements Header {}

    record Problem(String selector, String code, String message) implements Header {}

    /// @param code `null` when applied
    /// @param message `null` when applied
    record Outcome(String id, Result result, @Nullable String code, @Nullable String message)
            implements Header {}

    record Pong() implements Header {}

    record Refused(String code, String message) implements Header {}

    /// A kind this version does not know.
    record Unknown(String kind) implements Header {}

    /// How an action ended, as told to its sender.
    enum Result {
        APPLIED,
        REJECTED,
        FAILED
    }
}
