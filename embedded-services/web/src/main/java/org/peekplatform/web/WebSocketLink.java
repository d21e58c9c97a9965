package org.peekplatform.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's end of a WebSocket.
final class WebSocketLink implements Link {
    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);

    // The close reason of a WebSocket holds 123 bytes.
    private static final int MAX_REASON = 123;

    private final Session session;
    private final Tenure tenure;

    WebSocketLink(Session session, Tenure tenure) {
        this.session = session;
        this.tenure = tenure;
    }

    @Override
    public void send(Frame frame, Runnable written) {
        if (!endIfOver(false)) {
            session.sendBinary(
                    ByteBuffer.wrap(frame.bytes()),
                    Callback.from(
                            written,
                            problem ->
                                    log.debug(
                                            "A frame could not be sent; the link is ending",
                                            problem)));
        }
    }

    @Override
    public void close(CloseReason reason) {
        session.close(reason.code(), brief(reason.text()), Callback.NOOP);
    }

    /// Hands a message to `listener`, or ends the link when it is no frame or the time is over.
    void receive(byte[] message, Listener listener) {
        try {
            Frame frame = Frame.parse(message);
            if (!endIfOver(!(frame.header() instanceof Header.Ping))) {
                listener.frame(frame);
            }
        } catch (PeekException e) {
            close(CloseReason.refused(String.valueOf(e.getMessage())));
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

    static String brief(String text) {
        int length = Math.min(text.length(), MAX_REASON);
        while (text.substring(0, length).getBytes(StandardCharsets.UTF_8).length > MAX_REASON) {
            length--;
        }
        boolean halved = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, halved ? length - 1 : length);
    }
}
