package org.peekplatform.benchmarks.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Jackson as it comes, compressed as fast as the data exchange compresses.
final class JacksonCodec implements Codec {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<Reading>> ROWS = new TypeReference<>() {};

    /// Without compression.
    static byte[] plain(List<Reading> rows) {
        return JSON.writerFor(ROWS).writeValueAsBytes(rows);
    }

    @Override
    public Timed<byte[]> write(List<Reading> rows) throws IOException {
        long begun = System.nanoTime();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new Fast(packed)) {
            gzip.write(plain(rows));
        }
        byte[] bytes = packed.toByteArray();
        return new Timed<>(bytes, (System.nanoTime() - begun) / 1e6);
    }

    @Override
    public Timed<List<Reading>> read(byte[] bytes) throws IOException {
        long begun = System.nanoTime();
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes), 8_192)) {
            List<Reading> rows = JSON.readerFor(ROWS).readValue(gzip.readAllBytes());
            return new Timed<>(rows, (System.nanoTime() - begun) / 1e6);
        }
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out, 8_192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
