package org.peekplatform.storage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jooq.Converter;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.types.UByte;
import org.jooq.types.UInteger;
import org.jooq.types.ULong;
import org.jooq.types.UShort;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Turns values of one jOOQ field into those that every database driver takes, and says which type
/// they have.
///
/// @param type what [#of] returns: one of few classes
/// @param json whether the text of a value is to be read as JSON
record PlainValues(Field<?> field, Class<?> type, boolean json) {
    /// @throws PeekException with `BAD_REQUEST` when the type cannot be bulk-loaded
    static PlainValues of(String table, Field<?> field) {
        Class<?> from = field.getConverter().fromType();
        boolean json = from == JSON.class || from == JSONB.class;
        Class<?> type = plainType(from);
        if (type == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "column '"
                            + field.getName()
                            + "' of table '"
                            + table
                            + "' has the type "
                            + from.getName()
                            + ", which a bulk load does not know; insert such rows with dsl()");
        }
        return new PlainValues(field, type, json);
    }

    private static @Nullable Class<?> plainType(Class<?> from) {
        if (from == String.class || from == JSON.class || from == JSONB.class) {
            return String.class;
        }
        if (from == Instant.class || from == OffsetDateTime.class) {
            return OffsetDateTime.class;
        }
        if (from == BigDecimal.class || from == BigInteger.class || from == ULong.class) {
            return BigDecimal.class;
        }
        if (from == Long.class || from == UInteger.class) {
            return Long.class;
        }
        if (from == Integer.class || from == UShort.class) {
            return Integer.class;
        }
        if (from == Short.class || from == Byte.class || from == UByte.class) {
            return Short.class;
        }
        if (from == Boolean.class
                || from == Double.class
                || from == Float.class
                || from == byte[].class
                || from == UUID.class
                || from == LocalDate.class
                || from == LocalTime.class
                || from == LocalDateTime.class) {
            return from;
        }
        return null;
    }

    /// The value as the database takes it.
    ///
    /// @throws IllegalArgumentException with what is wrong with it
    @Nullable Object of(@Nullable Object value) {
        // The description of the load has it from a function that gives what the field takes.
        @SuppressWarnings("unchecked")
        Converter<Object, Object> converter = (Converter<Object, Object>) field.getConverter();
        Object given = value == null ? null : plain(converter.to(value));
        if (given == null) {
            if (!field.getDataType().nullable()) {
                throw new IllegalArgumentException("a value is missing");
            }
            return null;
        }
        if (given instanceof String text) {
            check(text);
        }
        return given;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case JSON json -> json.data();
            case JSONB json -> json.data();
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case ULong number -> new BigDecimal(number.toBigInteger());
            case BigInteger number -> new BigDecimal(number);
            case UInteger number -> number.longValue();
            case UShort number -> number.intValue();
            case UByte number -> number.shortValue();
            case Byte number -> number.shortValue();
            case null, default -> value;
        };
    }

    private void check(String text) {
        int longest = field.getDataType().length();
        if (longest > 0
                && text.length() > longest
                && text.codePointCount(0, text.length()) > longest) {
            throw new IllegalArgumentException(
                    "a text of "
                            + text.codePointCount(0, text.length())
                            + " characters is too long; it takes "
                            + longest);
        }
        if (text.indexOf(0) >= 0) {
            throw new IllegalArgumentException(
                    "a text contains the character U+0000, which databases do not keep");
        }
    }

    /// About how many bytes a value takes in memory.
    static int weight(@Nullable Object value) {
        return switch (value) {
            case null -> 4;
            case String text -> 40 + text.length();
            case byte[] bytes -> 16 + bytes.length;
            default -> 24;
        };
    }
}
