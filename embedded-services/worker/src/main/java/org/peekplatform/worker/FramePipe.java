package org.peekplatform.worker;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.vortex.Frame;

/// Frames between a worker and one of its processes, each behind its length.
final class FramePipe {
    private final DataInputStream in;
    private final OutputStream out;

    FramePipe(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /// The next frame, or `null` when the other side is gone. One thread reads.
    @Nullable Frame read() throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException e) {
            return null;
        }
        if (length < 0 || length > Frame.MAX_BYTES) {
            throw new IOException("a frame cannot have " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        return bytes.length < length ? null : Frame.parse(bytes);
    }

    /// Usable from any thread; blocks while the other side does not read.
    void write(Frame frame) throws IOException {
        byte[] bytes = frame.bytes();
        byte[] all = ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
        synchronized (out) {
            out.write(all);
            out.flush();
        }
    }
}
