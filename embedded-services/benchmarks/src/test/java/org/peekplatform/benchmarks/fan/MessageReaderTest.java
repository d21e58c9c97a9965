package org.peekplatform.benchmarks.fan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.benchmarks.Wire;

class MessageReaderTest {
    private final MessageReader reader = new MessageReader();
    private final List<String> messages = new ArrayList<>();

    private void read(byte[] bytes) throws IOException {
        reader.read(
                ByteBuffer.wrap(bytes),
                (beginning, length, wire) ->
                        messages.add(
                                new String(
                                                Arrays.copyOf(beginning, Math.min(length, 4)),
                                                StandardCharsets.US_ASCII)
                                        + ":"
                                        + wire));
    }

    private static byte[] frame(int head, String begin, int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) '.');
        System.arraycopy(begin.getBytes(StandardCharsets.US_ASCII), 0, content, 0, begin.length());
        ByteBuffer frame = ByteBuffer.allocate(length + 10).put((byte) head);
        if (length < 126) {
            frame.put((byte) length);
        } else if (length < 1 << 16) {
            frame.put((byte) 126).putShort((short) length);
        } else {
            frame.put((byte) 127).putLong(length);
        }
        frame.put(content).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static byte[] stream() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(frame(0x82, "tiny", 4));
        all.writeBytes(frame(0x82, "midd", 300));
        // One message in three parts, with a ping among them.
        all.writeBytes(frame(0x02, "part", 100));
        all.writeBytes(frame(0x89, "ping", 4));
        all.writeBytes(frame(0x00, "xxxx", 70_000));
        all.writeBytes(frame(0x80, "xxxx", 10));
        all.writeBytes(frame(0x82, "last", 5));
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 4_096, 1_000_000})
    void messagesAreFoundHoweverTheStreamIsCut(int piece) throws IOException {
        byte[] stream = stream();
        for (int i = 0; i < stream.length; i += piece) {
            read(Arrays.copyOfRange(stream, i, Math.min(stream.length, i + piece)));
        }
        assertThat(messages)
                .containsExactly("tiny:6", "midd:304", "part:" + (102 + 70_010 + 12), "last:7");
        assertThat(reader.isPartial()).isFalse();
    }

    @Test
    void anEmptyMessageIsAMessage() throws IOException {
        read(frame(0x82, "", 0));
        assertThat(messages).containsExactly(":2");
    }

    @Test
    void aCloseEndsTheMeasurement() {
        // 25,209 in two bytes, then the reason.
        assertThatThrownBy(() -> read(frame(0x88, "bye", 3)))
                .isInstanceOf(IOException.class)
                .hasMessage("the service closed a connection: 25209 e");
    }

    @Test
    void theHeaderOfAFrameIsReadWithoutParsing() {
        byte[] bytes =
                Wire.frame(
                        Map.of("kind", "delta", "version", 1234, "from", 1233),
                        "{\"kind\":\"no\"}".getBytes(StandardCharsets.UTF_8));
        FrameHead head = new FrameHead(bytes, bytes.length);
        assertThat(head.kind()).isEqualTo("delta");
        assertThat(head.version()).isEqualTo(1234);
        assertThat(head.result()).isEmpty();
    }

    @Test
    void whatIsOnlyInThePayloadIsNotInTheHeader() {
        byte[] bytes =
                Wire.frame(
                        Map.of("kind", "pong"), "{\"version\":9}".getBytes(StandardCharsets.UTF_8));
        assertThat(new FrameHead(bytes, bytes.length).version()).isEqualTo(-1);
    }
}
