package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fixtures that the TypeScript side reads as well, so that both break together.
class WireFixturesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/wire");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TupleType(name = "tutorial.StringInt")
    record StringInt(@TupleKey long id, String string1, int int1) implements Tuple {}

    static Stream<Path> frames() throws IOException {
        return files("frame-");
    }

    static Stream<Path> deltas() throws IOException {
        return files("delta-");
    }

    private static Stream<Path> files(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(FIXTURES)) {
            List<Path> found =
                    all.filter(file -> file.getFileName().toString().startsWith(prefix))
                            .sorted()
                            .toList();
            assertThat(found).as("fixtures called %s… in %s", prefix, FIXTURES).isNotEmpty();
            return found.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameIsReadAndWrittenAsTheFixtureSays(Path file) throws IOException {
        JsonNode fixture = JSON.readTree(Files.readAllBytes(file));
        byte[] bytes = Base64.getDecoder().decode(fixture.get("frameBase64").asString());

        Frame read = Frame.parse(bytes);
        Frame again = Frame.parse(FrameCodec.encode(read.header(), read.payload()));

        assertThat(again.header()).isEqualTo(read.header());
        assertThat(headerOf(again.bytes())).isEqualTo(fixture.get("header"));
        assertThat(read.header()).isNotInstanceOf(Header.Unknown.class);
        JsonNode payload = fixture.get("payload");
        if (payload.isNull()) {
            assertThat(read.payload()).isEmpty();
        } else {
            byte[] json =
                    fixture.get("header").has("gzip")
                            ? Frame.decompress(read.payload())
                            : read.payload();
            assertThat(JSON.readTree(json)).isEqualTo(payload);
        }
    }

    @ParameterizedTest
    @MethodSource("deltas")
    void aDeltaLeadsFromTheRowsBeforeToTheRowsAfter(Path file) throws IOException {
        JsonNode fixture = JSON.readTree(Files.readAllBytes(file));
        TupleCodec codec = new TupleCodec(getClass().getClassLoader());
        DecodedRows<StringInt> before = rows(fixture.get("before"), codec);

        DecodedRows<StringInt> after =
                before.apply(
                        Frame.of(
                                new Header.Delta("s", "e", 1, 2, false),
                                bytes(fixture.get("delta"))),
                        codec,
                        StringInt.class);

        DecodedRows<StringInt> expected = rows(fixture.get("after"), codec);
        assertThat(after.keys()).isEqualTo(expected.keys());
        assertThat(after.rows()).isEqualTo(expected.rows());
    }

    @ParameterizedTest
    @MethodSource("deltas")
    void theServerMakesADeltaThatLeadsToTheSameRows(Path file) throws IOException {
        JsonNode fixture = JSON.readTree(Files.readAllBytes(file));
        TupleCodec codec = new TupleCodec(getClass().getClassLoader());
        DecodedRows<StringInt> before = rows(fixture.get("before"), codec);
        DecodedRows<StringInt> after = rows(fixture.get("after"), codec);

        EncodedRows.Difference difference =
                EncodedRows.encode(after.rows(), codec, true)
                        .differenceFrom(EncodedRows.encode(before.rows(), codec, true));

        if (difference instanceof EncodedRows.Difference.Delta(byte[] payload)) {
            Frame delta = Frame.of(new Header.Delta("s", "e", 1, 2, false), payload);
            assertThat(before.apply(delta, codec, StringInt.class).rows()).isEqualTo(after.rows());
        } else {
            assertThat(difference).isInstanceOf(EncodedRows.Difference.Other.class);
        }
    }

    @Test
    void selectorsHaveTheTextOfTheFixture() throws IOException {
        JsonNode fixtures = JSON.readTree(Files.readAllBytes(FIXTURES.resolve("selectors.json")));
        assertThat(fixtures.size()).isPositive();
        for (JsonNode fixture : fixtures) {
            TreeMap<String, String> key = new TreeMap<>();
            fixture.get("key").forEachEntry((name, value) -> key.put(name, value.asString()));

            Selector selector = Selector.of(fixture.get("type").asString(), key);

            assertThat(selector.text()).isEqualTo(fixture.get("text").asString());
            assertThat(Selector.parse(selector.text())).isEqualTo(selector);
            assertThat(Selector.parse(selector.text()).key()).isEqualTo(key);
        }
    }

    @Test
    void aSelectorInAnotherThanItsCanonicalFormIsRefused() {
        assertThatThrownBy(() -> Selector.parse("[\"a.B\", \"x\", \"1\"]"))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("canonical form");
        assertThatThrownBy(() -> Selector.parse("[\"a.B\",\"z\",\"1\",\"a\",\"1\"]"))
                .hasMessageContaining("canonical form");
        assertThatThrownBy(() -> Selector.parse("{}")).hasMessageContaining("not a JSON array");
        assertThatThrownBy(() -> Selector.parse("[\"a.B\",\"x\"]")).hasMessageContaining("pairs");
    }

    @Test
    void garbageIsRefusedWithASentence() {
        assertThatThrownBy(() -> Frame.parse(new byte[] {1, 2}))
                .hasMessageContaining("has no header");
        assertThatThrownBy(() -> Frame.parse(new byte[] {127, 0, 0, 0, 1}))
                .hasMessageContaining("gives its header");
        assertThatThrownBy(() -> Frame.parse(withHeader("[1]")))
                .hasMessageContaining("not a JSON object");
        assertThatThrownBy(() -> Frame.parse(withHeader("{\"kind\":7}")))
                .hasMessageContaining("no text 'kind'");
        assertThatThrownBy(() -> Frame.parse(withHeader("{\"kind\":\"observe\"}")))
                .hasMessageContaining("no text 'selector'");
        assertThatThrownBy(() ->
                        Frame.parse(
                                withHeader("{\"kind\":" + "[".repeat(100) + "]".repeat(100) + "}")))
                .isInstanceOf(PeekException.class);
        assertThat(Frame.parse(withHeader("{\"kind\":\"dance\",\"x\":{\"y\":[1]}}")).header())
                .isEqualTo(new Header.Unknown("dance"));
    }

    private static byte[] withHeader(String json) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[4 + header.length];
        bytes[2] = (byte) (header.length >> 8);
        bytes[3] = (byte) header.length;
        System.arraycopy(header, 0, bytes, 4, header.length);
        return bytes;
    }

    private static JsonNode headerOf(byte[] frame) {
        int length = ((frame[2] & 0xff) << 8) | (frame[3] & 0xff);
        return JSON.readTree(new String(frame, 4, length, StandardCharsets.UTF_8));
    }

    private static DecodedRows<StringInt> rows(JsonNode payload, TupleCodec codec) {
        return DecodedRows.<StringInt>empty()
                .apply(
                        Frame.of(new Header.Snapshot("s", "e", 1, false), bytes(payload)),
                        codec,
                        StringInt.class);
    }

    private static byte[] bytes(JsonNode json) {
        return JSON.writeValueAsBytes(json);
    }
}
