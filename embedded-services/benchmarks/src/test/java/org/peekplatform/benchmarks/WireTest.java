package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class WireTest {
    private static Wire.Received frame(String kind, boolean gzip, String payload)
            throws IOException {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        if (gzip) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(bytes);
            }
            bytes = packed.toByteArray();
        }
        return Wire.parse(Wire.frame(Map.of("kind", kind, "gzip", gzip), bytes), 0);
    }

    @Test
    void aFrameIsReadAsItWasWritten() {
        byte[] bytes =
                Wire.frame(Map.of("kind", "ping"), "payload".getBytes(StandardCharsets.UTF_8));
        Wire.Received frame = Wire.parse(bytes, 42);
        assertThat(frame.kind()).isEqualTo("ping");
        assertThat(new String(frame.payload(), StandardCharsets.UTF_8)).isEqualTo("payload");
        assertThat(frame.at()).isEqualTo(42);
    }

    @Test
    void rowsFollowSnapshotsAndDeltas() throws IOException {
        DeviceRows rows = new DeviceRows();
        rows.apply(
                frame("snapshot", true, "{\"keys\":[\"1\",\"2\"],\"rows\":[{\"n\":1},{\"n\":2}]}"));
        assertThat(rows.all()).containsOnlyKeys("1", "2");
        rows.apply(
                frame(
                        "delta",
                        false,
                        "{\"remove\":[\"1\"],\"put\":[[0,\"2\",{\"n\":20}],[1,\"3\",{\"n\":3}]]}"));
        assertThat(rows.all()).containsOnlyKeys("2", "3");
        assertThat(rows.all()).extractingByKey("2").hasToString("{\"n\":20}");
        rows.apply(frame("snapshot", false, "{\"keys\":[],\"rows\":[]}"));
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void theStateOfTheServiceCountsAndNotThatOfItsParts() {
        assertThat(PeekProcess.isRunning("{\"service\":\"server\",\"state\":\"running\"}"))
                .isTrue();
        assertThat(
                        PeekProcess.isRunning(
                                "{\"state\":\"starting\",\"plugins\":[{\"state\":\"running\"}]}"))
                .isFalse();
        assertThat(PeekProcess.isRunning("")).isFalse();
    }
}
