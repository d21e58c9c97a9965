package org.peekplatform.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's end of a WebSocket.
final class WebSocketLink implements Link {
    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);

    // The close reason of a WebSocket holds 123 bytes.
    private static final int MAX_REASON = 123;

    private final Session session;

    WebSocketLink(Session session) {
        this.session = session;
    }

    @Override
    public void send(Frame frame, Runnable written) {
        session.sendBinary(
                ByteBuffer.wrap(frame.bytes()),
                Callback.from(
                        written,
                        problem ->
                                log.debug(
                                        "A frame could not be sent; the link is ending", problem)));
    }

    @Override
    public void close(CloseReason reason) {
        session.close(reason.code(), brief(reason.text()), Callback.NOOP);
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
