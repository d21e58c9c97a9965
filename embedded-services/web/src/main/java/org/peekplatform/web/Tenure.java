package org.peekplatform.web;

import org.peekplatform.vortex.Link;

/// Whether what a link was opened with, such as a log-in, still holds. Asked at every frame, either
/// way, so that none passes a link whose time is over; must not block.
@FunctionalInterface
public interface Tenure {
    /// For links that end with their connection only.
    Tenure FOR_EVER = used -> true;

    /// An administrator has shut out the party whose link it is.
    Link.CloseReason REVOKED =
            new Link.CloseReason(4403, "an administrator has revoked this party");

    /// @param used whether the other side has just asked for something; a keep-alive does not count
    boolean lasts(boolean used);

    /// What the other side is told when it no longer lasts.
    default Link.CloseReason ending() {
        return Link.CloseReason.LOGGED_OUT;
    }
}
