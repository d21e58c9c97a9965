package org.peekplatform.vortex;

import org.peekplatform.api.Caller;

/// What one link may take up at the service that serves it.
///
/// @param topics observed at once
/// @param selectorChars of the selectors observed, together
/// @param actions under way at once
/// @param waitingBytes of answers that the other side has not taken; one answer more may be larger
public record LinkLimits(int topics, long selectorChars, int actions, long waitingBytes) {
    /// A service carries what all its devices do.
    static final LinkLimits SERVICE = new LinkLimits(1_000_000, 64 << 20, 10_000, Frame.MAX_BYTES);

    /// A phone, a browser, a workstation, or an administrator.
    ///
    /// @param waitingBytes of answers that it has not taken
    public static LinkLimits device(long waitingBytes) {
        return new LinkLimits(10_000, 1 << 20, 256, waitingBytes);
    }

    LinkLimits of(Caller caller) {
        return caller instanceof Caller.Service ? SERVICE : this;
    }
}
