package org.peekplatform.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Frames of the wire format, written and read independently of the product.
public final class Wire {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LENGTH_BYTES = 4;

    private Wire() {}

    /// A frame that has arrived.
    ///
    /// @param at on the clock of `System.nanoTime`
    record Received(JsonNode header, byte[] payload, long at) {
        String kind() {
            return header.path("kind").asString("");
        }

        String text(String member) {
            return header.path(member).asString("");
        }

        /// The payload, unpacked and parsed.
        JsonNode json() {
            if (!header.path("gzip").asBoolean(false)) {
                return JSON.readTree(payload);
            }
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(payload))) {
                return JSON.readTree(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static byte[] frame(Map<String, ?> header, byte[] payload) {
        byte[] text = JSON.writeValueAsBytes(header);
        return ByteBuffer.allocate(LENGTH_BYTES + text.length + payload.length)
                .putInt(text.length)
                .put(text)
                .put(payload)
                .array();
    }

    public static byte[] frame(Map<String, ?> header) {
        return frame(header, new byte[0]);
    }

    public static byte[] json(Object value) {
        return JSON.writeValueAsBytes(value);
    }

    static Received parse(byte[] bytes, long at) {
        int header = ByteBuffer.wrap(bytes).getInt();
        String text = new String(bytes, LENGTH_BYTES, header, StandardCharsets.UTF_8);
        return new Received(
                JSON.readTree(text),
                Arrays.copyOfRange(bytes, LENGTH_BYTES + header, bytes.length),
                at);
    }
}
