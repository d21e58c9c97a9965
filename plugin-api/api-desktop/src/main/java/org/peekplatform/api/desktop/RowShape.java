package org.peekplatform.api.desktop;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.FieldText;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;

/// The components of a row: takes it apart into texts and puts it together again.
final class RowShape<T extends Tuple> {
    private final Constructor<T> constructor;
    private final Map<String, RecordComponent> components = new LinkedHashMap<>();
    private final RecordComponent key;

    RowShape(Class<T> type) {
        RecordComponent[] all = type.getRecordComponents();
        if (all == null) {
            throw new PeekException(ErrorCode.BAD_REQUEST, type.getName() + " must be a record");
        }
        RecordComponent found = null;
        for (RecordComponent component : all) {
            component.getAccessor().setAccessible(true);
            components.put(component.getName(), component);
            if (component.isAnnotationPresent(TupleKey.class)) {
                found = component;
            }
        }
        if (found == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    type.getName() + " has no component with @TupleKey; mark the key");
        }
        key = found;
        try {
            constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(all)
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has this constructor", e);
        }
    }

    /// @throws PeekException with `BAD_REQUEST` when there is none of this name
    Class<?> typeOf(String name) {
        return component(name).getType();
    }

    boolean mayBeNull(String name) {
        return !typeOf(name).isPrimitive()
                && (typeOf(name) != String.class
                        || component(name).getAnnotatedType().isAnnotationPresent(Nullable.class));
    }

    @Nullable Object value(T row, String name) {
        return value(row, component(name));
    }

    String text(T row, String name) {
        return FieldText.of(value(row, name));
    }

    boolean isSameRow(T one, T other) {
        return Objects.equals(value(one, key), value(other, key));
    }

    /// Puts a row together.
    ///
    /// @throws IllegalArgumentException with a sentence when the record does not take the values
    T make(Function<String, @Nullable Object> values) {
        @Nullable Object[] parts =
                components.values().stream()
                        .map(component -> {
                            Object value = values.apply(component.getName());
                            return value == null ? blank(component.getType()) : value;
                        })
                        .toArray();
        try {
            return constructor.newInstance(parts);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getTargetException();
            String message = cause.getMessage();
            throw new IllegalArgumentException(
                    message == null ? "These values do not fit together." : message, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What stands for no value; an empty text only where the form leaves the component out.
    private static @Nullable Object blank(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type.isPrimitive()) {
            return FieldText.parse(type, "0");
        }
        return null;
    }

    private static @Nullable Object value(Tuple row, RecordComponent component) {
        try {
            return component.getAccessor().invoke(row);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private RecordComponent component(String name) {
        RecordComponent component = components.get(name);
        if (component == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the rows have no field '" + name + "'; there are " + components.keySet());
        }
        return component;
    }
}
