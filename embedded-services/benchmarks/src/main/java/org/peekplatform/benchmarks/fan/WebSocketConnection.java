package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;

/// A WebSocket of the generator.
abstract class WebSocketConnection extends Connection {
    private final String path;
    private final String headers;
    private final MessageReader messages = new MessageReader();
    private final StringBuilder head = new StringBuilder();
    private boolean upgraded;

    WebSocketConnection(Selector selector, int port, String path) throws IOException {
        this(selector, port, path, "");
    }

    /// @param headers of the request, each with its end of line
    WebSocketConnection(Selector selector, int port, String path, String headers)
            throws IOException {
        super(selector, port);
        this.path = path;
        this.headers = headers;
    }

    /// The WebSocket is open.
    abstract void upgraded() throws IOException;

    /// A message has arrived.
    abstract void message(FrameHead frame, long wireBytes) throws IOException;

    @Override
    final void opened() throws IOException {
        sendUpgrade(path, headers);
    }

    @Override
    final void received(ByteBuffer in) throws IOException {
        if (!upgraded) {
            if (!takeHead(head, in)) {
                return;
            }
            if (!head.toString().startsWith("HTTP/1.1 101")) {
                throw new IOException("no WebSocket at " + path + ": " + head);
            }
            upgraded = true;
            upgraded();
        }
        messages.read(in, (bytes, length, wire) -> message(new FrameHead(bytes, length), wire));
    }
}
