package org.peekplatform.api.tuple;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Says which tuples are meant: a tuple type and a few named values. Two selectors with equal type
/// and key are the same observable, however many observe it.
///
/// @param type the tuple type asked for
/// @param key names and values, sorted by name; names do not begin with `@`; unmodifiable; empty
///   when the type has one list only
public record TupleSelector<T extends Tuple>(Class<T> type, Map<String, String> key) {
    public TupleSelector {
        requireNonNull(type, "type");
        key = Collections.unmodifiableMap(new TreeMap<>(key));
        for (String name : key.keySet()) {
            if (name.startsWith("@")) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "'"
                                + name
                                + "' names no value of a selector: what begins with @ is Peek's");
            }
        }
    }

    /// All tuples of a type.
    public static <T extends Tuple> TupleSelector<T> of(Class<T> type) {
        return new TupleSelector<>(type, Map.of());
    }

    /// The same selector with one more value.
    public TupleSelector<T> with(String name, String value) {
        Map<String, String> more = new TreeMap<>(key);
        more.put(name, value);
        return new TupleSelector<>(type, more);
    }

    /// The value of `name`.
    ///
    /// @throws PeekException with [ErrorCode#BAD_REQUEST] when the selector has none
    public String require(String name) {
        String value = key.get(name);
        if (value == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "selector of " + type.getSimpleName() + " has no value for '" + name + "'");
        }
        return value;
    }
}
