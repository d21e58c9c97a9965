package org.peekplatform.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peekplatform.queue.Claim;

/// A claim as bytes, for a process of the same version.
final class ClaimBytes {
    private ClaimBytes() {}

    static byte[] of(Claim claim) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeLong(claim.id());
            out.writeLong(claim.fence());
            out.writeUTF(claim.plugin());
            out.writeUTF(claim.type());
            write(out, claim.payload());
            write(out, claim.previous());
            out.writeInt(claim.attempt());
            out.writeInt(claim.attempts());
            out.writeLong(claim.backOff().toMillis());
            out.writeLong(claim.deadline().toMillis());
            out.writeLong(claim.keep().toMillis());
            out.writeBoolean(claim.followed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Claim parse(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        long id = in.readLong();
        long fence = in.readLong();
        String plugin = in.readUTF();
        String type = in.readUTF();
        byte[] payload = read(in);
        if (payload == null) {
            throw new IOException("task " + id + " has no payload");
        }
        return new Claim(
                id,
                fence,
                plugin,
                type,
                payload,
                read(in),
                in.readInt(),
                in.readInt(),
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                in.readBoolean());
    }

    private static void write(DataOutputStream out, byte @Nullable [] part) throws IOException {
        out.writeInt(part == null ? -1 : part.length);
        if (part != null) {
            out.write(part);
        }
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }
}
