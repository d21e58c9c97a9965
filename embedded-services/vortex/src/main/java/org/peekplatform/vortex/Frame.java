package org.peekplatform.vortex;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// One message on a link. Its bytes are made once, however many receivers it has, and a payload
/// that is only handed on is never opened. Arrays are shared, not copied: nobody may change them.
public final class Frame {
    /// The largest frame a service sends.
    public static final int MAX_BYTES = 32 << 20;

    /// The largest frame a device may send.
    public static final int MAX_BYTES_FROM_DEVICE = 1 << 20;

    /// The largest payload a service sends, before compression.
    static final int MAX_PAYLOAD_BYTES = MAX_BYTES - (128 << 10);

    private static final byte[] NOTHING = {};
    private static final int GZIP_FROM_BYTES = 16 << 10;

    private final Header header;
    private final byte[] payload;
    private volatile byte @Nullable [] bytes;

    private Frame(Header header, byte[] payload, byte @Nullable [] bytes) {
        this.header = header;
        this.payload = payload;
        this.bytes = bytes;
    }

    public static Frame of(Header header) {
        return new Frame(header, NOTHING, null);
    }

    public static Frame of(Header header, byte[] payload) {
        return new Frame(header, payload, null);
    }

    /// Reads a frame as received.
    ///
    /// @throws PeekException with `BAD_REQUEST` when the bytes are no frame
    public static Frame parse(byte[] bytes) {
        FrameCodec.Parts parts = FrameCodec.decode(bytes);
        return new Frame(parts.header(), parts.payload(), bytes);
    }

    /// Reads a frame whose header and payload came apart, as texts.
    ///
    /// @throws PeekException with `BAD_REQUEST` when they are no frame
    public static Frame parse(String header, String payload) {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        return parse(
                ByteBuffer.allocate(4 + head.length + body.length)
                        .putInt(head.length)
                        .put(head)
                        .put(body)
                        .array());
    }

    public Header header() {
        return header;
    }

    public byte[] payload() {
        return payload;
    }

    /// The same frame with its payload unpacked, for receivers that cannot unpack it themselves.
    ///
    /// @throws PeekException with `BAD_REQUEST` when the payload is no gzip, or grows too large
    public Frame unpacked() {
        return switch (header) {
            case Header.Snapshot(String selector, String epoch, long version, boolean gzip)
                    when gzip ->
                    of(new Header.Snapshot(selector, epoch, version, false), decompress(payload));
            case Header.Delta(String selector, String epoch, long from, long version, boolean gzip)
                    when gzip ->
                    of(
                            new Header.Delta(selector, epoch, from, version, false),
                            decompress(payload));
            default -> this;
        };
    }

    /// The header as it travels, without its length.
    public String headerText() {
        byte[] all = bytes();
        return new String(all, 4, all.length - payload.length - 4, StandardCharsets.UTF_8);
    }

    /// The same frame about the same rows under another selector; the payload stays unopened.
    Frame withSelector(String selector) {
        return switch (header) {
            case Header.Snapshot(var _, String epoch, long version, boolean gzip) ->
                    of(new Header.Snapshot(selector, epoch, version, gzip), payload);
            case Header.Delta(var _, String epoch, long from, long version, boolean gzip) ->
                    of(new Header.Delta(selector, epoch, from, version, gzip), payload);
            case Header.Problem(var _, String code, String message) ->
                    of(new Header.Problem(selector, code, message));
            default -> throw new IllegalArgumentException("no selector in " + this);
        };
    }

    /// The frame as it travels; made at the first call, and once though many call at the same time.
    public byte[] bytes() {
        byte[] made = bytes;
        return made == null ? madeOnce() : made;
    }

    private synchronized byte[] madeOnce() {
        byte[] made = bytes;
        if (made == null) {
            made = FrameCodec.encode(header, payload);
            bytes = made;
        }
        return made;
    }

    /// What the frame takes on a link, roughly; does not encode it.
    int size() {
        return payload.length + 200;
    }

    /// Whether a payload of this size is worth compressing.
    static boolean worthCompressing(int size) {
        return size >= GZIP_FROM_BYTES;
    }

    /// Compresses for speed: most of the gain of JSON comes with the lowest level.
    static byte[] compress(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 4 + 64);
        try (GZIPOutputStream gzip = new FastGzip(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /// Opens a payload, refusing one that grows beyond [#MAX_BYTES].
    static byte[] decompress(byte[] packed) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed), 8_192)) {
            byte[] plain = gzip.readNBytes(MAX_BYTES + 1);
            if (plain.length > MAX_BYTES) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST, "a payload is larger than " + MAX_BYTES + " bytes");
            }
            return plain;
        } catch (IOException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "a payload is not valid gzip", e);
        }
    }

    @Override
    public String toString() {
        return header + " + " + payload.length + " bytes";
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out, 8_192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
