package org.peekplatform.vortex;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;

/// Where actions are carried out: by the handlers of this service, or by another service upstream.
public interface ActionGate {
    /// Whether this gate knows the type; a gate that leads upstream says yes to everything.
    boolean handles(String type);

    /// Carries out one action; does not block.
    ///
    /// @param payload the action as JSON
    /// @return always completes normally; what goes wrong is told as [Header.Result#FAILED]
    CompletableFuture<Done> act(String type, byte[] payload, Caller caller);

    /// How it ended, still encoded.
    ///
    /// @param code `null` when applied
    /// @param message `null` when applied
    /// @param values JSON array when applied, else empty
    record Done(
            Header.Result result, @Nullable String code, @Nullable String message, byte[] values) {
        private static final byte[] NO_VALUES = {};

        static Done applied(byte[] values) {
            return new Done(Header.Result.APPLIED, null, null, values);
        }

        static Done rejected(String code, String message) {
            return new Done(Header.Result.REJECTED, code, message, NO_VALUES);
        }

        static Done failed(String code, String message) {
            return new Done(Header.Result.FAILED, code, message, NO_VALUES);
        }
    }
}
