package org.peekplatform.api.table;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The text form of a field's value, which filters carry and forms show: numbers in digits, `true`
/// and `false`, the name of an enum's constant, and ISO-8601 for points in time, days and
/// durations.
public final class FieldText {
    private FieldText() {}

    /// Whether values of this type have a text form.
    public static boolean has(Class<?> type) {
        return (type.isPrimitive() && type != char.class)
                || type == String.class
                || isWhole(type)
                || isFloating(type)
                || type == Boolean.class
                || type.isEnum()
                || type == Instant.class
                || type == LocalDate.class
                || type == Duration.class
                || type == UUID.class;
    }

    public static boolean isWhole(Class<?> type) {
        return type == long.class
                || type == Long.class
                || type == int.class
                || type == Integer.class
                || type == short.class
                || type == Short.class
                || type == byte.class
                || type == Byte.class;
    }

    public static boolean isFloating(Class<?> type) {
        return type == double.class
                || type == Double.class
                || type == float.class
                || type == Float.class;
    }

    /// The text of a value; empty for `null`.
    public static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Enum<?> constant -> constant.name();
            default -> value.toString();
        };
    }

    /// Reads a text, which must not be empty unless `type` is `String`.
    ///
    /// @return a value of `type`, boxed when that is a primitive type
    /// @throws IllegalArgumentException with a sentence for people when it cannot be read
    public static Object parse(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        String word = text.strip();
        try {
            return parseWord(type, word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    isFloating(type)
                            ? "Enter a number, such as 12 or -3.5."
                            : "Enter a whole number, such as 12 or -3, that is not too large.",
                    e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    type == LocalDate.class
                            ? "Enter a day in the form 2031-12-24."
                            : type == Duration.class
                                    ? "Enter a duration in the form PT1H30M."
                                    : "Enter a point in time in the form 2031-12-24T18:00:00Z.",
                    e);
        }
    }

    private static Object parseWord(Class<?> type, String word) {
        if (type == long.class || type == Long.class) {
            return Long.valueOf(word);
        } else if (type == int.class || type == Integer.class) {
            return Integer.valueOf(word);
        } else if (type == short.class || type == Short.class) {
            return Short.valueOf(word);
        } else if (type == byte.class || type == Byte.class) {
            return Byte.valueOf(word);
        } else if (type == double.class || type == Double.class) {
            return finite(Double.valueOf(word));
        } else if (type == float.class || type == Float.class) {
            finite(Double.valueOf(word));
            return Float.valueOf(word);
        } else if (type == boolean.class || type == Boolean.class) {
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("Enter true or false.");
            };
        } else if (type == Instant.class) {
            return Instant.parse(word);
        } else if (type == LocalDate.class) {
            return LocalDate.parse(word);
        } else if (type == Duration.class) {
            return Duration.parse(word);
        } else if (type == UUID.class) {
            return uuid(word);
        } else if (type.isEnum()) {
            return constant(type, word);
        }
        throw new IllegalArgumentException(
                "Values of the type " + type.getSimpleName() + " cannot be entered as text.");
    }

    private static Double finite(Double value) {
        if (!Double.isFinite(value)) {
            throw new NumberFormatException("not finite");
        }
        return value;
    }

    private static UUID uuid(String word) {
        try {
            return UUID.fromString(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Enter an id in the form 123e4567-e89b-12d3-a456-426614174000.", e);
        }
    }

    private static Object constant(Class<?> type, String word) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(word)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is not one of the choices.");
    }
}
