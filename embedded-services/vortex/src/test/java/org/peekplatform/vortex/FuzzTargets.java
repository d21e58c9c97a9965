package org.peekplatform.vortex;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// What [CoverageFuzzTest] has the fuzzer call, one class for each target. Whatever the bytes are,
/// they are read, or refused with a [PeekException].
final class FuzzTargets {
    private FuzzTargets() {}

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, @Nullable String text, @Nullable List<Map<String, Double>> deep)
            implements Tuple {}

    public static final class Frames {
        private Frames() {}

        public static void fuzzerTestOneInput(byte[] data) {
            try {
                Frame read = Frame.parse(data);
                Frame.parse(Frame.of(read.header(), read.payload()).bytes());
            } catch (PeekException e) {
                // Refused, as it should be.
            }
        }
    }

    public static final class Selectors {
        private Selectors() {}

        public static void fuzzerTestOneInput(byte[] data) {
            String text = new String(data, StandardCharsets.UTF_8);
            try {
                if (!Selector.parse(text).text().equals(text)) {
                    throw new AssertionError("two texts for one selector");
                }
            } catch (PeekException e) {
                // Refused, as it should be.
            }
        }
    }

    public static final class Rows {
        private static final TupleCodec CODEC = new TupleCodec(Rows.class.getClassLoader());
        private static final DecodedRows<Row> BEFORE =
                apply(
                        DecodedRows.empty(),
                        new Header.Snapshot("s", "e", 1, false),
                        "{\"keys\":[\"1\",\"2\"],\"rows\":[{\"id\":1},{\"id\":2}]}"
                                .getBytes(StandardCharsets.UTF_8));

        private Rows() {}

        public static void fuzzerTestOneInput(byte[] data) {
            if (data.length == 0) {
                return;
            }
            byte[] payload = Arrays.copyOfRange(data, 1, data.length);
            boolean gzip = (data[0] & 2) != 0;
            Header header =
                    (data[0] & 1) != 0
                            ? new Header.Delta("s", "e", 1, 2, gzip)
                            : new Header.Snapshot("s", "e", 2, gzip);
            try {
                apply(BEFORE, header, payload).since(BEFORE);
            } catch (PeekException e) {
                // Refused, as it should be.
            }
        }

        private static DecodedRows<Row> apply(
                DecodedRows<Row> before, Header header, byte[] payload) {
            return before.apply(Frame.of(header, payload), CODEC, Row.class);
        }
    }

    public static final class Tuples {
        private static final TupleCodec CODEC = new TupleCodec(Tuples.class.getClassLoader());

        private Tuples() {}

        public static void fuzzerTestOneInput(byte[] data) {
            try {
                CODEC.decode(data, Row.class);
            } catch (PeekException e) {
                // Refused, as it should be.
            }
        }
    }

    /// Has a defect that random bytes do not find: it shows that the fuzzer works.
    public static final class Planted {
        private Planted() {}

        public static void fuzzerTestOneInput(byte[] data) {
            if (data.length > 3
                    && data[0] == 'P'
                    && data[1] == 'e'
                    && data[2] == 'e'
                    && data[3] == 'k') {
                throw new IllegalStateException("the planted defect");
            }
        }
    }
}
