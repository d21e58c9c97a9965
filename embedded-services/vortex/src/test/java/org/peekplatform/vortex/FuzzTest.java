package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Valid bytes, spoilt at random: what is not understood is refused, and nothing else happens.
class FuzzTest {
    private static final long NANOS = 1_500_000_000L;
    private static final String[] SPICE = {
        "null",
        "[",
        "]",
        "{",
        "}",
        "\"",
        ",",
        ":",
        "-1",
        "1e999",
        "99999999999999999999",
        "\\ud83d",
        "[[",
        "true",
        "\\",
        "\"keys\":",
        "\"rows\":",
        "\"put\":",
        "\"remove\":",
        "[0,\"a\",",
        "\u0000"
    };

    private final long seed = Long.getLong("peek.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final TupleCodec codec = new TupleCodec(getClass().getClassLoader());

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, @Nullable String text, @Nullable List<Map<String, Double>> deep)
            implements Tuple {
        Row {
            if (id == 13) {
                throw new IllegalArgumentException("13 is not taken");
            }
        }
    }

    @FunctionalInterface
    private interface Reader {
        void read(byte[] spoilt);
    }

    private void fuzz(List<byte[]> valid, Reader reader) {
        System.out.println("FuzzTest: -Dpeek.seed=" + seed);
        long end = System.nanoTime() + NANOS;
        int refused = 0;
        int rounds = 0;
        for (; System.nanoTime() < end; rounds++) {
            byte[] spoilt = spoil(valid.get(random.nextInt(valid.size())));
            try {
                reader.read(spoilt);
            } catch (PeekException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + seed + ": " + Base64.getEncoder().encodeToString(spoilt), e);
            }
        }
        assertThat(refused).as("refused of %s", rounds).isBetween(1, rounds);
    }

    private byte[] spoil(byte[] valid) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length + 1);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (at < bytes.length) {
                        bytes[at] = (byte) random.nextInt();
                    }
                }
                case 2 -> bytes = joined(bytes, at, new byte[0], at);
                case 3 -> bytes = joined(bytes, at, spice(), at);
                case 4 -> bytes = joined(bytes, at, spice(), Math.min(bytes.length, at + 3));
                default -> {
                    int from = random.nextInt(bytes.length + 1);
                    bytes = joined(bytes, Math.min(at, from), new byte[0], Math.max(at, from));
                }
            }
            if (bytes.length == 0) {
                return bytes;
            }
        }
        return bytes;
    }

    private byte[] spice() {
        return SPICE[random.nextInt(SPICE.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] bytes, int head, byte[] middle, int tail) {
        byte[] all = new byte[head + middle.length + bytes.length - tail];
        System.arraycopy(bytes, 0, all, 0, head);
        System.arraycopy(middle, 0, all, head, middle.length);
        System.arraycopy(bytes, tail, all, head + middle.length, bytes.length - tail);
        return all;
    }

    @Test
    void spoiltFramesAreRefused() throws IOException {
        List<byte[]> valid = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/wire"))) {
            for (Path file : files.filter(one -> one.toString().contains("frame-")).toList()) {
                JsonNode fixture = JsonMapper.builder().build().readTree(Files.readAllBytes(file));
                valid.add(Base64.getDecoder().decode(fixture.get("frameBase64").asString()));
            }
        }
        assertThat(valid).isNotEmpty();
        fuzz(
                valid,
                spoilt -> {
                    Frame read = Frame.parse(spoilt);
                    // What has been read can be sent on.
                    Frame.parse(Frame.of(read.header(), read.payload()).bytes());
                });
    }

    @Test
    void spoiltSelectorsAreRefused() {
        List<byte[]> valid =
                Stream.of(
                                Selector.of("a.B", Map.of()),
                                Selector.of("a.B", Map.of("x", "1", "y", "Ä \" \\ 🦜 \u0001")))
                        .map(selector -> selector.text().getBytes(StandardCharsets.UTF_8))
                        .toList();
        fuzz(
                valid,
                spoilt -> {
                    String text = new String(spoilt, StandardCharsets.UTF_8);
                    assertThat(Selector.parse(text).text()).isEqualTo(text);
                });
    }

    @Test
    void spoiltRowsAreRefused() {
        String row = "{\"id\":7,\"text\":\"x\",\"deep\":[{\"a\":1.5},{}]}";
        DecodedRows<Row> before =
                rows(
                        DecodedRows.empty(),
                        false,
                        false,
                        "{\"keys\":[\"1\",\"2\"],\"rows\":[{\"id\":1},{\"id\":2}]}"
                                .getBytes(StandardCharsets.UTF_8));
        List<byte[]> valid =
                Stream.of(
                                "{\"keys\":[\"1\",\"7\"],\"rows\":[{\"id\":1},%s]}",
                                "{\"rows\":[{\"id\":1},%s]}",
                                "{\"remove\":[\"1\"],\"put\":[[0,\"7\",%s],[1,\"2\",{\"id\":2}]]}",
                                "{\"put\":[[0,\"a\",%s],[0,\"b\",%s],[0,\"1\",{\"id\":1}]],\"remove\":[]}")
                        .map(text -> text.replace("%s", row).getBytes(StandardCharsets.UTF_8))
                        .toList();
        fuzz(
                valid,
                spoilt -> {
                    boolean delta = random.nextBoolean();
                    boolean gzip = random.nextInt(4) == 0;
                    byte[] payload = gzip && random.nextBoolean() ? Frame.compress(spoilt) : spoilt;
                    if (gzip && payload.length > 0 && random.nextInt(3) == 0) {
                        payload[random.nextInt(payload.length)] ^= 1;
                    }
                    DecodedRows<Row> after = rows(before, delta, gzip, payload);
                    after.since(before);
                    before.since(after);
                });
    }

    @Test
    void spoiltTuplesAreRefused() {
        byte[] valid =
                codec.encode(new Row(7, "text", List.of(Map.of("a", 1.5), Map.of("b", 2e300))));
        fuzz(List.of(valid), spoilt -> codec.decode(spoilt, Row.class));
    }

    private DecodedRows<Row> rows(
            DecodedRows<Row> before, boolean delta, boolean gzip, byte[] payload) {
        Header header =
                delta
                        ? new Header.Delta("s", "e", 1, 2, gzip)
                        : new Header.Snapshot("s", "e", 1, gzip);
        return before.apply(Frame.of(header, payload), codec, Row.class);
    }
}
