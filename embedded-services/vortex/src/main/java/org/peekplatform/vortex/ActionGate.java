package org.peekplatform.vortex;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;

/// Where actions are carried out: by the handlers of this service, or by another service upstream.
public interface ActionGate {
    /// Whether this gate knows the type; a gate that leads upstream says yes to everything.
    boolean handles(String type);

    /// Carries out one action; does not block.
    ///
    /// @param payload the action as JSON
    /// @return always completes normally; what goes wrong is told as [Header.Result#FAILED]
    CompletableFuture<Done> act(String type, byte[] payload, Caller caller);

    /// Carries out one action of a queue, once however often it is sent; does not block. Actions of
    /// one queue and plugin are carried out in the order in which they are given.
    ///
    /// @return always completes normally; whether the number is used up says [Done#isFinal]. With
    ///   `NOT_OFFERED`, `STOPPED` and `OUT_OF_ORDER` no attempt has carried it out
    CompletableFuture<Done> actQueued(
            String type, byte[] payload, Caller caller, Header.Queued place);

    /// How it ended, still encoded.
    ///
    /// @param code `null` when applied
    /// @param message `null` when applied
    /// @param values JSON array when applied, else empty
    record Done(
            Header.Result result, @Nullable String code, @Nullable String message, byte[] values) {
        private static final byte[] NO_VALUES = {};
        private static final Set<String> PASSING =
                Set.of(
                        ErrorCode.NOT_OFFERED.name(),
                        ErrorCode.STOPPED.name(),
                        ErrorCode.TIMED_OUT.name(),
                        ErrorCode.OFFLINE.name(),
                        ErrorCode.OUT_OF_ORDER.name());

        public static Done applied(byte[] values) {
            return new Done(Header.Result.APPLIED, null, null, values);
        }

        public static Done rejected(String code, String message) {
            return new Done(Header.Result.REJECTED, code, message, NO_VALUES);
        }

        public static Done failed(String code, String message) {
            return new Done(Header.Result.FAILED, code, message, NO_VALUES);
        }

        /// Whether this is the outcome of a queued action for good. If not, the same number is to
        /// be sent again later.
        public boolean isFinal() {
            return result != Header.Result.FAILED || !isPassing(code);
        }

        /// Whether a failure of that code says nothing about the action itself.
        static boolean isPassing(@Nullable String code) {
            return code != null && PASSING.contains(code);
        }
    }
}
