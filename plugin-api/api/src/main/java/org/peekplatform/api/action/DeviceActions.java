package org.peekplatform.api.action;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.Caller;
import org.peekplatform.api.tuple.Tuple;

/// Sends actions from the server part of a plugin to one device, whose desktop part or web view
/// handles them. Implemented by the host; on the server, asked for with
/// [org.peekplatform.api.PluginContext#capability]. Usable from any thread, does not block.
///
/// A device is reached only while it is connected, and what is sent is carried out at most once;
/// tell devices of a state that they must not miss by tuples instead. Of one plugin 16 actions may
/// be under way to a device at once.
public interface DeviceActions {
    /// Sends `action`, a type of the plugin's own, to `device`, as [ActionContext#caller()] names
    /// it. Of several windows of one browser the newest that handles the type gets it.
    ///
    /// @return completes with the outcome, or exceptionally with
    ///   [org.peekplatform.api.PeekException]: `OFFLINE` when the device is not connected and
    ///   `NOT_OFFERED` when nothing of it handles the type now, both without anything being done;
    ///   `TIMED_OUT` when no answer came in 30 seconds or the link was lost, so that nobody knows
    ///   whether it was done; `CONFLICT` when too many are under way; `INTERNAL` or a code of the
    ///   handler
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when the action is larger than
    ///   one frame, or not a type of the plugin
    CompletableFuture<ActionOutcome> send(Caller.Device device, ActionTuple action);

    /// The same, reading the values of the answer as `valueType`.
    CompletableFuture<ActionOutcome> send(
            Caller.Device device, ActionTuple action, Class<? extends Tuple> valueType);
}
