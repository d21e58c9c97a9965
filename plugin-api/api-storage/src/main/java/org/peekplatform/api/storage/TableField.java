package org.peekplatform.api.storage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.exception.DataTypeException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.FieldText;
import org.peekplatform.api.tuple.Tuple;

/// One component of the row and its column.
record TableField(
        String name, Class<?> type, Method accessor, Field<Object> column, Access access) {
    enum Access {
        /// The database gives it.
        GENERATED_KEY,
        /// Entered when a row is added.
        ENTERED_KEY,
        WRITABLE,
        READ_ONLY,
        /// Counted up by each update.
        VERSION
    }

    static TableField of(RecordComponent component, Field<?> column, Access access) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        // Values of all columns are handled as objects; what a column takes its data type says.
        @SuppressWarnings("unchecked")
        Field<Object> untyped = (Field<Object>) column;
        return new TableField(component.getName(), component.getType(), accessor, untyped, access);
    }

    boolean isWritten(boolean create) {
        return access == Access.WRITABLE || (create && access == Access.ENTERED_KEY);
    }

    @Nullable Object valueIn(Tuple row) {
        try {
            return accessor.invoke(row);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "field '"
                            + name
                            + "' of a "
                            + row.getClass().getSimpleName()
                            + " cannot be read",
                    e);
        }
    }

    /// Whether it holds what a row has that says nothing about this field.
    boolean isBlankIn(Tuple row) {
        Object value = valueIn(row);
        return switch (value) {
            case null -> true;
            case Number number -> number.doubleValue() == 0;
            case Boolean truth -> !truth;
            default -> "".equals(value);
        };
    }

    /// @throws IllegalArgumentException with a sentence when the column cannot hold the value
    @Nullable Object toColumn(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        Class<?> wanted = column.getType();
        if (wanted.isInstance(value)) {
            return value;
        }
        return switch (value) {
            case Instant instant when wanted == OffsetDateTime.class ->
                    instant.atOffset(ZoneOffset.UTC);
            case Instant instant when wanted == LocalDateTime.class ->
                    LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            case Enum<?> constant when wanted == String.class -> constant.name();
            default -> converted(value);
        };
    }

    private Object converted(Object value) {
        @Nullable Object converted;
        try {
            converted = DSL.val(value, column).getValue();
        } catch (DataTypeException e) {
            throw new IllegalArgumentException("This value does not fit; enter another one.", e);
        }
        if (converted == null
                // A number that is too large for the column would lose its upper digits.
                || (FieldText.isWhole(value.getClass())
                        && converted instanceof Number number
                        && number.longValue() != ((Number) value).longValue())) {
            throw new IllegalArgumentException("This value does not fit; enter another one.");
        }
        return converted;
    }

    /// The value of the component; for a primitive one that has none in the database, zero.
    @Nullable Object valueIn(Record found) {
        return switch (found.get(column)) {
            case OffsetDateTime time when type == Instant.class -> time.toInstant();
            case LocalDateTime time when type == Instant.class -> time.toInstant(ZoneOffset.UTC);
            case null, default -> found.get(column, type);
        };
    }
}
