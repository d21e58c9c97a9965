package org.peekplatform.vortex;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;

/// Where actions for devices go: the other way round than those that devices send.
@FunctionalInterface
public interface DeviceGate {
    /// Has `device` carry out one action, at most once; does not block.
    ///
    /// @param payload the action as JSON
    /// @return always completes normally; after `OFFLINE` and `NOT_OFFERED` nothing has been done
    CompletableFuture<ActionGate.Done> perform(Caller.Device device, String type, byte[] payload);

    /// Carries out nothing.
    static DeviceGate none() {
        return (device, type, payload) ->
                CompletableFuture.completedFuture(
                        ActionGate.Done.failed(
                                ErrorCode.NOT_OFFERED.name(),
                                "Nothing here carries out " + type + "."));
    }
}
