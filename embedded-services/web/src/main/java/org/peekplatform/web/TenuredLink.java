package org.peekplatform.web;

import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.Link;

/// A link that carries frames only as long as what it was opened with holds.
final class TenuredLink implements Link {
    private final Link link;
    private final Tenure tenure;

    TenuredLink(Link link, Tenure tenure) {
        this.link = link;
        this.tenure = tenure;
    }

    @Override
    public void send(Frame frame, Runnable written) {
        if (!endIfOver(false)) {
            link.send(frame, written);
        }
    }

    @Override
    public void close(CloseReason reason) {
        link.close(reason);
    }

    @Override
    public Transport transport() {
        return link.transport();
    }

    /// Hands a message to `listener`, or ends the link when it is no frame or the time is over.
    void receive(byte[] message, Listener listener) {
        try {
            receive(Frame.parse(message), listener);
        } catch (PeekException e) {
            close(CloseReason.refused(String.valueOf(e.getMessage())));
        }
    }

    /// Hands a frame to `listener`, or ends the link when the time is over.
    void receive(Frame frame, Listener listener) {
        if (!endIfOver(!(frame.header() instanceof Header.Ping))) {
            listener.frame(frame);
        }
    }

    /// @return whether the link has ended
    boolean endIfOver(boolean used) {
        if (tenure.lasts(used)) {
            return false;
        }
        close(tenure.ending());
        return true;
    }
}
