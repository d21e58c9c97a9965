package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.action.DeviceActions;
import org.peekplatform.api.tuple.Tuple;

/// Sends a plugin's actions to devices.
public final class PartyDevices implements DeviceActions {
    private final DeviceGate gate;
    private final Party party;
    private final PlatformThreads threads;

    public PartyDevices(DeviceGate gate, Party party, PlatformThreads threads) {
        this.gate = gate;
        this.party = party;
        this.threads = threads;
    }

    @Override
    public CompletableFuture<ActionOutcome> send(Caller.Device device, ActionTuple action) {
        return perform(device, action, null);
    }

    @Override
    public CompletableFuture<ActionOutcome> send(
            Caller.Device device, ActionTuple action, Class<? extends Tuple> valueType) {
        return perform(device, action, requireNonNull(valueType, "valueType"));
    }

    private CompletableFuture<ActionOutcome> perform(
            Caller.Device device, ActionTuple action, @Nullable Class<? extends Tuple> valueType) {
        requireNonNull(device, "device");
        String type = party.codec().nameOf(requireNonNull(action, "action").getClass());
        ObservableHub.checkPrefix(party, type);
        byte[] payload = party.codec().encode(action);
        if (payload.length > LinkClient.MAX_ACTION_BYTES) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the action "
                            + type
                            + " is larger than "
                            + (LinkClient.MAX_ACTION_BYTES >> 10)
                            + " KiB; send less at once");
        }
        // The plugin goes on by a thread of its own and not by that of the link.
        return gate.perform(device, type, payload)
                .thenApplyAsync(
                        done -> PartySender.outcome(party, done, valueType), threads.work());
    }
}
