package org.peekplatform.benchmarks.fan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads the messages of a WebSocket as they come in, in whatever pieces. Keeps the beginning of
/// each and counts the rest, which is all that is needed to know what has arrived.
final class MessageReader {
    // The header, the keys of a hundred rows and the beginning of the first row.
    private static final int KEPT = 1_024;
    private static final int LONGEST_HEAD = 10;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int FIRST_CONTROL = 0x8;
    private static final int CLOSE = 0x8;

    private final byte[] head = new byte[LONGEST_HEAD];
    private int headBytes;
    private long left;
    private boolean inFrame;
    private boolean fin;
    private boolean control;
    private boolean closing;
    private final byte[] kept = new byte[KEPT];
    private int keptBytes;
    private long messageBytes;
    private long wireBytes;

    /// What is told of each message.
    @FunctionalInterface
    interface Messages {
        /// @param beginning the first bytes; only valid during the call
        /// @param length of `beginning`
        /// @param wireBytes what the message took on the connection
        void message(byte[] beginning, int length, long wireBytes) throws IOException;
    }

    void read(ByteBuffer in, Messages messages) throws IOException {
        while (in.hasRemaining() || (inFrame && left == 0)) {
            if (!inFrame && !readHead(in)) {
                return;
            }
            int now = (int) Math.min(left, in.remaining());
            int keep = control && !closing ? 0 : Math.min(now, KEPT - keptBytes);
            in.get(kept, keptBytes, keep);
            keptBytes += keep;
            in.position(in.position() + now - keep);
            left -= now;
            if (left == 0) {
                inFrame = false;
                if (closing) {
                    throw new IOException("the service closed a connection: " + closeReason());
                }
                if (!control && fin) {
                    int length = keptBytes;
                    long bytes = wireBytes;
                    keptBytes = 0;
                    messageBytes = 0;
                    wireBytes = 0;
                    messages.message(kept, length, bytes);
                }
            }
        }
    }

    private boolean readHead(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            head[headBytes++] = in.get();
            int length = headBytes < 2 ? 0 : head[1] & 0x7F;
            int needed = headBytes < 2 ? 2 : length == 126 ? 4 : length == 127 ? 10 : 2;
            if (headBytes < needed) {
                continue;
            }
            if ((head[1] & MASKED) != 0) {
                throw new IOException("the service sent a masked frame");
            }
            ByteBuffer number = ByteBuffer.wrap(head, 2, LONGEST_HEAD - 2);
            left =
                    length == 126
                            ? number.getShort() & 0xFFFF
                            : length == 127 ? number.getLong() : length;
            int opcode = head[0] & OPCODE;
            fin = (head[0] & FIN) != 0;
            control = opcode >= FIRST_CONTROL;
            if (opcode == CLOSE) {
                closing = true;
                keptBytes = 0;
            }
            if (!control) {
                messageBytes += left;
                wireBytes += left + needed;
            }
            headBytes = 0;
            inFrame = true;
            return true;
        }
        return false;
    }

    private String closeReason() {
        ByteBuffer reason = ByteBuffer.wrap(kept, 0, keptBytes);
        return reason.remaining() < 2
                ? "no reason"
                : reason.getShort() + " " + StandardCharsets.UTF_8.decode(reason);
    }

    /// Whether a message is under way.
    boolean isPartial() {
        return inFrame || headBytes > 0 || messageBytes > 0;
    }
}
