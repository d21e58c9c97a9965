package org.peekplatform.vortex;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The header of a frame; one record for each kind of the wire format.
public sealed interface Header {
    /// @param version of the platform; `null` when it is not said
    record Hello(int protocol, String name, boolean onBehalfOfDevices, @Nullable String version)
            implements Header {
        public Hello(int protocol, String name, boolean onBehalfOfDevices) {
            this(protocol, name, onBehalfOfDevices, null);
        }
    }

    /// @param epoch `null` when the receiver holds no rows
    record Observe(String selector, @Nullable String epoch, long version) implements Header {}

    record Unobserve(String selector) implements Header {}

    record SnapshotRequest(String selector) implements Header {}

    /// @param caller set by a client service for its devices, else `null`
    /// @param queued its place in a queue of the device, `null` for an action that is sent at most
    ///   once
    record Action(String id, String type, @Nullable String caller, @Nullable Queued queued)
            implements Header {
        Action(String id, String type, @Nullable String caller) {
            this(id, type, caller, null);
        }
    }

    /// The place of an action in one queue of a device.
    ///
    /// @param queue made by the device with its queue, so that a queue that begins anew is another
    ///   one
    /// @param sequence counts from 1, separately for each plugin
    /// @param acknowledged the device needs no outcome up to this sequence any more
    record Queued(String queue, long sequence, long acknowledged) {
        static final int MAX_QUEUE = 64;

        public Queued {
            if (queue.isEmpty() || queue.length() > MAX_QUEUE) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "the name of a queue has " + queue.length() + " characters");
            }
            if (sequence < 1 || acknowledged < 0 || acknowledged >= sequence) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "a queued action has the number "
                                + sequence
                                + " and acknowledges "
                                + acknowledged);
            }
        }
    }

    /// An action for a device, from a service.
    ///
    /// @param to the device, as `device:ID`, on the link a client service opened for its devices;
    ///   else `null`
    record Perform(String id, String type, @Nullable String to) implements Header {}

    /// How the action ended that a service had sent to a device.
    ///
    /// @param code `null` when applied
    /// @param message `null` when applied
    record Performed(String id, Result result, @Nullable String code, @Nullable String message)
            implements Header {}

    /// A remote procedure call; both ways between services.
    ///
    /// @param to who is called, as the text of a target
    /// @param method the plugin's interface and method, such as `tutorial.Weather.read`
    /// @param deadlineMillis how long the caller waits from now on
    /// @param from who calls, set by the server when it hands a call on; else `null`
    record Call(String id, String to, String method, long deadlineMillis, @Nullable String from)
            implements Header {}

    /// The answer to a call.
    ///
    /// @param code `null` when the call returned
    /// @param message `null` when the call returned
    record Returned(String id, @Nullable String code, @Nullable String message) implements Header {}

    /// The caller no longer waits for the answer.
    record Cancel(String id) implements Header {}

    /// A piece of a large frame, so that others can overtake the rest of it.
    ///
    /// @param frame tells the frames apart that are under way in pieces on one link
    /// @param last whether the frame is whole with this piece
    record Part(long frame, boolean last) implements Header {}

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
