package org.peekplatform.vortex;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;

/// Where remote procedure calls are carried out: by what this service serves, or by another one.
public interface CallGate {
    /// The most that the arguments of a call, or its result, may take.
    int MAX_BYTES = 8 << 20;

    /// Carries out one call; does not block. Cancelling the future calls it off.
    ///
    /// @return completes normally unless cancelled; what goes wrong is told by a code
    CompletableFuture<Answer> call(Request request);

    /// A call, its arguments still encoded.
    ///
    /// @param to text form of the target
    /// @param method plugin, interface and method, such as `tutorial.Weather.read`
    /// @param left how long the caller still waits
    /// @param from who calls, as proven by its link
    record Request(String to, String method, Duration left, Caller.Service from, byte[] arguments) {
        /// The plugin whose method it is.
        String plugin() {
            return method.substring(0, Math.max(0, method.indexOf('.')));
        }
    }

    /// How it ended, still encoded.
    ///
    /// @param code `null` when the call returned
    /// @param message `null` when the call returned
    /// @param value empty when there is none
    record Answer(@Nullable String code, @Nullable String message, byte[] value) {
        private static final byte[] NOTHING = {};

        static Answer returned(byte[] value) {
            return new Answer(null, null, value);
        }

        static Answer failed(ErrorCode code, String message) {
            return new Answer(code.name(), message, NOTHING);
        }
    }

    /// Where nothing is served.
    static CallGate none() {
        return request ->
                CompletableFuture.completedFuture(
                        Answer.failed(
                                ErrorCode.NOT_OFFERED,
                                "Nothing can be called here, so not " + request.method() + "."));
    }
}
