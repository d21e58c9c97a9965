package org.peekplatform.vortex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleUpdate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectReader;

/// The rows of one selector at one version, at a reader. Immutable; rows that stay the same are the
/// same objects.
final class DecodedRows<T extends Tuple> {
    private static final DecodedRows<?> EMPTY = new DecodedRows<>(true, List.of(), List.of());

    private final boolean keyed;
    private final List<String> keys;
    private final List<T> rows;

    private DecodedRows(boolean keyed, List<String> keys, List<T> rows) {
        this.keyed = keyed;
        this.keys = keys;
        // Immutable once, so that no listener's update copies them again.
        this.rows = List.copyOf(rows);
    }

    @SuppressWarnings("unchecked") // holds no rows
    static <T extends Tuple> DecodedRows<T> empty() {
        return (DecodedRows<T>) EMPTY;
    }

    List<String> keys() {
        return keys;
    }

    List<T> rows() {
        return rows;
    }

    /// The rows after a snapshot or delta frame.
    ///
    /// @throws PeekException with `BAD_REQUEST` when the payload is not what the wire format says,
    ///   or a row does not fit the type
    DecodedRows<T> apply(Frame frame, TupleCodec codec, Class<T> type) {
        boolean gzip;
        boolean delta;
        switch (frame.header()) {
            case Header.Snapshot snapshot -> {
                gzip = snapshot.gzip();
                delta = false;
            }
            case Header.Delta change -> {
                gzip = change.gzip();
                delta = true;
            }
            default -> throw new IllegalArgumentException("no rows in " + frame);
        }
        byte[] json = gzip ? Frame.decompress(frame.payload()) : frame.payload();
        ObjectReader reader = codec.rowReader(type);
        try (JsonParser parser = reader.createParser(json)) {
            return delta ? change(parser, reader) : snapshot(parser, reader);
        } catch (JacksonException e) {
            throw codec.unreadable(type, e);
        }
    }

    /// What is new since `before`.
    TupleUpdate<T> since(DecodedRows<T> before) {
        if (!keyed || !before.keyed) {
            return new TupleUpdate<>(rows, rows, List.of(), before.rows);
        }
        Map<String, T> then = HashMap.newHashMap(before.keys.size());
        for (int i = 0; i < before.keys.size(); i++) {
            then.put(before.keys.get(i), before.rows.get(i));
        }
        List<T> added = new ArrayList<>();
        List<T> changed = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            T now = rows.get(i);
            T was = then.remove(keys.get(i));
            if (was == null) {
                added.add(now);
            } else if (!was.equals(now)) {
                changed.add(now);
            }
        }
        return new TupleUpdate<>(rows, added, changed, new ArrayList<>(then.values()));
    }

    private DecodedRows<T> snapshot(JsonParser parser, ObjectReader reader) {
        List<String> newKeys = null;
        List<T> newRows = new ArrayList<>();
        expect(parser.nextToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "keys" -> newKeys = strings(parser);
                case "rows" -> {
                    expect(parser.currentToken() == JsonToken.START_ARRAY);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        expect(parser.currentToken() == JsonToken.START_OBJECT);
                        newRows.add(reader.readValue(parser));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT);
        if (newKeys == null) {
            return new DecodedRows<>(false, List.of(), newRows);
        }
        expect(newKeys.size() == newRows.size());
        keepWhatIsEqual(newKeys, newRows);
        return new DecodedRows<>(true, newKeys, newRows);
    }

    /// Puts the objects held so far in the place of equal ones, as a delta would have left them.
    private void keepWhatIsEqual(List<String> newKeys, List<T> newRows) {
        if (!keyed || rows.isEmpty()) {
            return;
        }
        Map<String, T> held = HashMap.newHashMap(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            held.put(keys.get(i), rows.get(i));
        }
        for (int i = 0; i < newKeys.size(); i++) {
            T was = held.get(newKeys.get(i));
            if (was != null && was.equals(newRows.get(i))) {
                newRows.set(i, was);
            }
        }
    }

    private DecodedRows<T> change(JsonParser parser, ObjectReader reader) {
        List<String> newKeys = new ArrayList<>(keys);
        List<T> newRows = new ArrayList<>(rows);
        expect(keyed && parser.nextToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "remove" -> remove(new HashSet<>(strings(parser)), newKeys, newRows);
                case "put" -> put(parser, reader, newKeys, newRows);
                default -> parser.skipChildren();
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT);
        return new DecodedRows<>(true, newKeys, newRows);
    }

    private static <T> void remove(Set<String> gone, List<String> keys, List<T> rows) {
        if (gone.isEmpty()) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < keys.size(); i++) {
            if (!gone.contains(keys.get(i))) {
                keys.set(kept, keys.get(i));
                rows.set(kept, rows.get(i));
                kept++;
            }
        }
        keys.subList(kept, keys.size()).clear();
        rows.subList(kept, rows.size()).clear();
    }

    private static <T> void put(
            JsonParser parser, ObjectReader reader, List<String> keys, List<T> rows) {
        expect(parser.currentToken() == JsonToken.START_ARRAY);
        Map<String, Integer> positions = HashMap.newHashMap(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            positions.put(keys.get(i), i);
        }
        int inserted = 0;
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            expect(parser.nextToken() == JsonToken.VALUE_NUMBER_INT);
            int index = parser.getIntValue();
            expect(parser.nextToken() == JsonToken.VALUE_STRING);
            String key = parser.getString();
            expect(parser.nextToken() == JsonToken.START_OBJECT);
            T row = reader.readValue(parser);
            expect(parser.nextToken() == JsonToken.END_ARRAY);
            if (positions.containsKey(key)) {
                // Rows inserted before it have moved it on from where it was found.
                rows.set(find(keys, key, positions.get(key), inserted), row);
            } else {
                expect(index >= 0 && index <= keys.size());
                keys.add(index, key);
                rows.add(index, row);
                inserted++;
            }
        }
        expect(parser.currentToken() == JsonToken.END_ARRAY);
    }

    private static int find(List<String> keys, String key, int from, int inserted) {
        int found = keys.subList(from, Math.min(keys.size(), from + inserted + 1)).indexOf(key);
        expect(found >= 0);
        return from + found;
    }

    private static List<String> strings(JsonParser parser) {
        expect(parser.currentToken() == JsonToken.START_ARRAY);
        List<String> strings = new ArrayList<>();
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            strings.add(parser.getString());
        }
        expect(parser.currentToken() == JsonToken.END_ARRAY);
        return strings;
    }

    private static void expect(boolean fits) {
        if (!fits) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "a payload of rows is not as the wire format says");
        }
    }
}
