package org.peekplatform.vortex;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Large frames cut in pieces, so that answers and news of the platform overtake the rest of them
/// on a slow link, and put together again.
final class Pieces {
    /// A link of 128 kbit/s carries one in a second.
    static final int BYTES = 16 << 10;

    /// Smaller frames stay whole: on a usual link a piece costs as much as a frame.
    static final int FROM_BYTES = 64 << 10;

    private static final AtomicLong NEXT = new AtomicLong(1);

    private Pieces() {}

    /// The pieces of one frame, made one after the other.
    static final class Cut {
        private final long number = NEXT.getAndIncrement();
        private final byte[] bytes;
        private int at;

        Cut(Frame frame) {
            bytes = frame.bytes();
        }

        boolean isDone() {
            return at == bytes.length;
        }

        Frame next() {
            int end = Math.min(bytes.length, at + BYTES);
            byte[] piece = Arrays.copyOfRange(bytes, at, end);
            at = end;
            return Frame.of(new Header.Part(number, isDone()), piece);
        }
    }

    /// Frames that arrive in pieces on one link. Confined to the thread that receives.
    static final class Joined {
        private final Map<Long, ByteArrayOutputStream> frames = new HashMap<>();
        private long held;

        /// @return the frame, with its last piece
        /// @throws PeekException with `BAD_REQUEST` when the pieces are more than the largest frame
        @Nullable Frame take(Header.Part part, byte[] piece) {
            held += piece.length;
            if (held > Frame.MAX_BYTES) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "frames in pieces have more than " + Frame.MAX_BYTES + " bytes together");
            }
            ByteArrayOutputStream whole =
                    frames.computeIfAbsent(part.frame(), number -> new ByteArrayOutputStream());
            whole.writeBytes(piece);
            if (!part.last()) {
                return null;
            }
            frames.remove(part.frame());
            held -= whole.size();
            return Frame.parse(whole.toByteArray());
        }
    }
}
