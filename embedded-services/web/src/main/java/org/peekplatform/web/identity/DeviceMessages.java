package org.peekplatform.web.identity;

import java.time.Instant;
import java.util.List;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// What client services and the server tell each other of devices that join and prove themselves.
public final class DeviceMessages {
    private DeviceMessages() {}

    /// Asks for a [Challenge].
    @TupleType(name = "peek.ChallengeDevice")
    public record ChallengeDevice() implements ActionTuple {}

    /// @param nonce for one proof
    /// @param fingerprint of the server, which the proof names
    @TupleType(name = "peek.DeviceChallenge")
    public record Challenge(String nonce, String fingerprint) implements Tuple {}

    /// Takes a device in; answered with [Proven].
    ///
    /// @param secret of its token
    /// @param name wished for; the token's goes before
    /// @param address where it is
    @TupleType(name = "peek.JoinDevice")
    public record JoinDevice(String secret, String name, String publicKey, String address)
            implements ActionTuple {}

    /// Checks a device's proof; answered with [Proven].
    @TupleType(name = "peek.ProveDevice")
    public record ProveDevice(String id, String nonce, String signature, String address)
            implements ActionTuple {}

    /// A device that the server knows.
    @TupleType(name = "peek.ProvenDevice")
    public record Proven(String id, String name) implements Tuple {}

    /// Tells that somebody was not let in.
    @TupleType(name = "peek.RefusedDevice")
    public record Refused(String who, String address, String why) implements ActionTuple {}

    /// Tells which devices were there since the last time.
    @TupleType(name = "peek.SeenDevices")
    public record Seen(List<String> ids) implements ActionTuple {
        public Seen {
            ids = List.copyOf(ids);
        }
    }

    /// A device that an administrator has revoked.
    @TupleType(name = "peek.RevokedDevice")
    public record Revoked(@TupleKey String id, Instant revokedAt) implements Tuple {}
}
