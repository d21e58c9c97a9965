package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import tools.jackson.core.io.JsonStringEncoder;

/// The rows of one selector, each encoded once, and what takes an observer from one such list to
/// the next.
final class EncodedRows {
    private final @Nullable Map<String, Integer> positions;
    private final List<String> keys;
    private final List<byte[]> rows;

    private EncodedRows(
            @Nullable Map<String, Integer> positions, List<String> keys, List<byte[]> rows) {
        this.positions = positions;
        this.keys = keys;
        this.rows = rows;
    }

    /// What has changed between two lists.
    sealed interface Difference {
        record None() implements Difference {}

        /// The payload of a delta frame.
        record Delta(byte[] payload) implements Difference {}

        /// Not to be said by a delta: rows without keys, another order, or more changes than rows.
        record Other() implements Difference {}
    }

    static EncodedRows encode(List<? extends Tuple> tuples, TupleCodec codec, boolean keyed) {
        Map<String, Integer> positions = keyed ? HashMap.newHashMap(tuples.size()) : null;
        List<String> keys = new ArrayList<>(keyed ? tuples.size() : 0);
        List<byte[]> rows = new ArrayList<>(tuples.size());
        for (Tuple tuple : tuples) {
            if (tuple == null) {
                throw new PeekException(
                        ErrorCode.INTERNAL, "row " + rows.size() + " of the answer is null");
            }
            if (positions != null) {
                String key = codec.keyOf(tuple);
                if (positions.put(key, rows.size()) != null) {
                    throw new PeekException(
                            ErrorCode.INTERNAL,
                            "two rows of "
                                    + codec.nameOf(tuple.getClass())
                                    + " have the key '"
                                    + key
                                    + "'");
                }
                keys.add(key);
            }
            rows.add(codec.encode(tuple));
        }
        return new EncodedRows(positions, keys, rows);
    }

    /// These rows with those of `asked` replaced by `some`, or gone when `some` lacks them.
    ///
    /// @return `null` when `some` has a row whose place is not known, or that was not asked for
    @Nullable EncodedRows with(Set<String> asked, EncodedRows some) {
        Map<String, Integer> places = positions;
        if (places == null
                || !places.keySet().containsAll(some.keys)
                || !asked.containsAll(some.keys)) {
            return null;
        }
        List<byte[]> newRows = new ArrayList<>(rows);
        for (int i = 0; i < some.keys.size(); i++) {
            newRows.set(requireNonNull(places.get(some.keys.get(i))), some.rows.get(i));
        }
        Set<String> gone = new HashSet<>(asked);
        some.keys.forEach(gone::remove);
        gone.retainAll(places.keySet());
        if (gone.isEmpty()) {
            return new EncodedRows(places, keys, newRows);
        }
        Map<String, Integer> left = HashMap.newHashMap(keys.size());
        List<String> leftKeys = new ArrayList<>(keys.size());
        List<byte[]> leftRows = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            if (!gone.contains(key)) {
                left.put(key, leftKeys.size());
                leftKeys.add(key);
                leftRows.add(newRows.get(i));
            }
        }
        return new EncodedRows(left, leftKeys, leftRows);
    }

    /// @throws PeekException with `CONFLICT` when the rows are more than a frame holds
    Frame snapshot(String selector, String epoch, long version) {
        byte[] payload = snapshotPayload(selector);
        boolean gzip = Frame.worthCompressing(payload.length);
        return Frame.of(
                new Header.Snapshot(selector, epoch, version, gzip),
                gzip ? Frame.compress(payload) : payload);
    }

    Difference differenceFrom(EncodedRows before) {
        Map<String, Integer> now = positions;
        Map<String, Integer> then = before.positions;
        if (now == null || then == null) {
            return now == null && then == null && sameRows(before)
                    ? new Difference.None()
                    : new Difference.Other();
        }
        List<String> removed = before.keys.stream().filter(key -> !now.containsKey(key)).toList();
        List<Integer> put = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < keys.size(); i++) {
            Integer was = then.get(keys.get(i));
            if (was == null) {
                put.add(i);
            } else if (was < last) {
                return new Difference.Other();
            } else {
                last = was;
                if (!Arrays.equals(rows.get(i), before.rows.get(was))) {
                    put.add(i);
                }
            }
        }
        if (removed.isEmpty() && put.isEmpty()) {
            return new Difference.None();
        }
        if (removed.size() + put.size() > keys.size()) {
            return new Difference.Other();
        }
        byte[] payload = deltaPayload(removed, put);
        return payload.length > Frame.MAX_PAYLOAD_BYTES
                ? new Difference.Other()
                : new Difference.Delta(payload);
    }

    private boolean sameRows(EncodedRows before) {
        if (rows.size() != before.rows.size()) {
            return false;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!Arrays.equals(rows.get(i), before.rows.get(i))) {
                return false;
            }
        }
        return true;
    }

    private byte[] snapshotPayload(String selector) {
        long bytes = rows.stream().mapToLong(row -> row.length + 1L).sum();
        bytes += keys.stream().mapToLong(key -> key.length() + 3L).sum();
        if (bytes > Frame.MAX_PAYLOAD_BYTES) {
            throw tooLarge(selector);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) bytes + 64);
        out.write('{');
        if (positions != null) {
            ascii(out, "\"keys\":[");
            for (int i = 0; i < keys.size(); i++) {
                comma(out, i);
                string(out, keys.get(i));
            }
            ascii(out, "],");
        }
        ascii(out, "\"rows\":[");
        for (int i = 0; i < rows.size(); i++) {
            comma(out, i);
            out.writeBytes(rows.get(i));
        }
        ascii(out, "]}");
        if (out.size() > Frame.MAX_PAYLOAD_BYTES) {
            throw tooLarge(selector);
        }
        return out.toByteArray();
    }

    private PeekException tooLarge(String selector) {
        return new PeekException(
                ErrorCode.CONFLICT,
                "the "
                        + rows.size()
                        + " rows of "
                        + selector
                        + " take more than "
                        + (Frame.MAX_BYTES >> 20)
                        + " MiB; the plugin must offer them in parts, by values of the selector");
    }

    private byte[] deltaPayload(List<String> removed, List<Integer> put) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ascii(out, "{\"remove\":[");
        for (int i = 0; i < removed.size(); i++) {
            comma(out, i);
            string(out, removed.get(i));
        }
        ascii(out, "],\"put\":[");
        for (int i = 0; i < put.size(); i++) {
            int index = put.get(i);
            comma(out, i);
            ascii(out, "[" + index + ",");
            string(out, keys.get(index));
            out.write(',');
            out.writeBytes(rows.get(index));
            out.write(']');
        }
        ascii(out, "]}");
        return out.toByteArray();
    }

    private static void comma(ByteArrayOutputStream out, int i) {
        if (i > 0) {
            out.write(',');
        }
    }

    private static void string(ByteArrayOutputStream out, String text) {
        out.write('"');
        out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
        out.write('"');
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
