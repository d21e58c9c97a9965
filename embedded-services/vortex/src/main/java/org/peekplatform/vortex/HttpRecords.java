package org.peekplatform.vortex;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// How frames follow each other in the bodies of HTTP: each with its length before it.
final class HttpRecords {
    /// Instead of a length: the link ends, and one more record says why.
    private static final int END = -1;

    private static final int MAX_REASON = 1_024;

    private HttpRecords() {}

    sealed interface Item {
        /// @param bytes of a frame, or of what its place makes it
        record Content(byte[] bytes) implements Item {}

        /// Asks the other side whether it is there.
        record Question() implements Item {}

        record End(Link.CloseReason reason) implements Item {}
    }

    static void content(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static void question(DataOutputStream out) throws IOException {
        out.writeInt(0);
    }

    /// Written as in the close frame of a WebSocket: the code in two bytes, then the text.
    static void end(DataOutputStream out, Link.CloseReason reason) throws IOException {
        byte[] text = reason.text().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_REASON - 2);
        out.writeInt(END);
        out.writeInt(2 + length);
        out.writeShort(reason.code());
        out.write(text, 0, length);
    }

    /// Waits for the next one.
    ///
    /// @return `null` when nothing follows
    /// @throws PeekException with `BAD_REQUEST` when one is larger than `max` bytes or no record
    /// @throws EOFException when it breaks off in the middle
    static @Nullable Item next(DataInputStream in, int max) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length == 0) {
            return new Item.Question();
        }
        return length == END
                ? new Item.End(reason(bytes(in, in.readInt(), MAX_REASON)))
                : new Item.Content(bytes(in, length, max));
    }

    private static byte[] bytes(DataInputStream in, int length, int max) throws IOException {
        if (length < 0 || length > max) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "a record claims %d bytes, more than the %d of the largest frame"
                            .formatted(Integer.toUnsignedLong(length), max));
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a record broke off");
        }
        return bytes;
    }

    private static Link.CloseReason reason(byte[] bytes) {
        if (bytes.length < 2) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "the end of a link has no code");
        }
        return new Link.CloseReason(
                Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort()),
                new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8));
    }
}
