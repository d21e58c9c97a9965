package org.peekplatform.vortex;

import org.peekplatform.api.Caller;

/// One connection that carries frames both ways, in order. Implemented for memory, and for
/// WebSockets at either end.
public interface Link {
    /// Sends a frame; does not block.
    ///
    /// @param written called once when the frame has left, on any thread, possibly before `send`
    ///   returns; never when the link is lost first
    void send(Frame frame, Runnable written);

    /// Whether a frame passes in one step, however large, so that nothing could overtake it anyway.
    default boolean passesWhole() {
        return false;
    }

    /// What carries it.
    default Transport transport() {
        return Transport.WEBSOCKET;
    }

    /// Ends the link; the other side sees `reason`. Ending an ended link does nothing.
    void close(CloseReason reason);

    /// What can carry frames.
    enum Transport {
        MEMORY,
        WEBSOCKET,
        HTTP
    }

    /// What happens on a link. Calls come one at a time, in order.
    interface Listener {
        /// A frame has arrived. Throwing [org.peekplatform.api.PeekException] closes the link with
        /// its message.
        void frame(Frame frame);

        /// The link has ended; the last call. Also called after one's own `close`.
        void closed(String reason);
    }

    /// Accepts links on a service. Implemented by what serves them.
    @FunctionalInterface
    interface Acceptor {
        /// @param caller who is at the other end, as proven by the transport
        Listener accept(Link link, Caller caller);
    }

    /// Why a link was closed; the codes are those of WebSocket closes.
    record CloseReason(int code, String text) {
        public static final CloseReason GOING_AWAY =
                new CloseReason(1001, "the service is stopping");

        /// The other side broke the rules of the wire format.
        public static CloseReason refused(String text) {
            return new CloseReason(1008, text);
        }

        /// A fault of this side.
        public static final CloseReason FAULT =
                new CloseReason(1011, "a fault occurred; the log of this side says why");

        /// The administrator's log-in is over.
        public static final CloseReason LOGGED_OUT = new CloseReason(4401, "the log-in has ended");
    }
}
