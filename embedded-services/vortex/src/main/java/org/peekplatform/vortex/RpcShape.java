package org.peekplatform.vortex;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.rpc.RpcDeadline;
import org.peekplatform.api.rpc.RpcInterface;

/// An interface that can be called, as far as reflection tells; made once for each client and each
/// implementation, so that nothing remembers classes of plugins.
///
/// @param name with the plugin's as prefix
/// @param operations by name of the method; unmodifiable
record RpcShape(String name, Map<String, Operation> operations) {
    private static final Duration USUAL_DEADLINE = Duration.ofSeconds(30);
    private static final Set<Class<?>> SIMPLE =
            Set.of(
                    Boolean.class,
                    Byte.class,
                    Short.class,
                    Integer.class,
                    Long.class,
                    Float.class,
                    Double.class,
                    String.class,
                    Instant.class,
                    LocalDate.class,
                    Duration.class,
                    UUID.class,
                    byte[].class);

    /// One method.
    ///
    /// @param parameters with their type arguments; unmodifiable
    /// @param result what comes back, `void` when nothing does
    /// @param isAsync whether the method returns a future of the result
    record Operation(
            Method method, List<Type> parameters, Type result, boolean isAsync, Duration deadline) {
        byte[] encode(TupleCodec codec, @Nullable Object value, String name) {
            return isVoid() ? new byte[0] : codec.encodeValue(value, name);
        }

        @Nullable Object decode(TupleCodec codec, byte[] value, String name) {
            return isVoid() ? null : codec.decodeValue(value, result, name);
        }

        /// Whether callers may get an `InterruptedException`.
        boolean mayBeInterrupted() {
            return Arrays.stream(method.getExceptionTypes())
                    .anyMatch(declared -> declared.isAssignableFrom(InterruptedException.class));
        }

        private boolean isVoid() {
            return result == void.class || result == Void.class;
        }
    }

    static RpcShape of(Party party, Class<?> type) {
        RpcInterface declared = type.getAnnotation(RpcInterface.class);
        if (!type.isInterface() || declared == null) {
            throw refused(
                    type.getName() + " must be an interface with the annotation @RpcInterface");
        }
        String name = declared.name();
        ObservableHub.checkPrefix(party, name);
        Map<String, Operation> operations = new HashMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || method.isDefault()) {
                continue;
            }
            if (operations.put(method.getName(), operation(method, name)) != null) {
                throw refused(
                        name + " has two methods called " + method.getName() + "; rename one");
            }
            if (name.length() + 1 + method.getName().length() > TupleCodec.MAX_NAME) {
                throw refused(
                        "the name of "
                                + name
                                + "."
                                + method.getName()
                                + " is longer than "
                                + TupleCodec.MAX_NAME
                                + " characters; shorten it");
            }
        }
        return new RpcShape(name, Map.copyOf(operations));
    }

    private static Operation operation(Method method, String owner) {
        String where = owner + "." + method.getName();
        for (Type parameter : method.getGenericParameterTypes()) {
            check(parameter, "a parameter of " + where, new HashSet<>());
        }
        Type result = method.getGenericReturnType();
        boolean async = method.getReturnType() == CompletableFuture.class;
        if (async) {
            result =
                    result instanceof ParameterizedType of
                            ? of.getActualTypeArguments()[0]
                            : Object.class;
        }
        if (result != void.class && result != Void.class) {
            check(result, "the result of " + where, new HashSet<>());
        }
        method.setAccessible(true);
        return new Operation(
                method,
                List.of(method.getGenericParameterTypes()),
                result,
                async,
                deadline(method, where));
    }

    private static Duration deadline(Method method, String where) {
        RpcDeadline own = method.getAnnotation(RpcDeadline.class);
        if (own == null) {
            return USUAL_DEADLINE;
        }
        if (own.seconds() < 1) {
            throw refused("the deadline of " + where + " is less than a second; give it more");
        }
        return Duration.ofSeconds(own.seconds());
    }

    /// Refuses what would not come back as it went.
    private static void check(Type type, String what, Set<Class<?>> seen) {
        switch (type) {
            case ParameterizedType of when of.getRawType() == List.class ->
                    check(of.getActualTypeArguments()[0], what, seen);
            case ParameterizedType of
                    when of.getRawType() == Map.class
                            && of.getActualTypeArguments()[0] == String.class ->
                    check(of.getActualTypeArguments()[1], what, seen);
            case ParameterizedType of
                    when of.getRawType() instanceof Class<?> raw && raw.isRecord() -> {
                Arrays.stream(of.getActualTypeArguments()).forEach(one -> check(one, what, seen));
            }
            case Class<?> plain when isSimple(plain) -> {}
            case Class<?> plain when plain.isRecord() -> {
                if (seen.add(plain)) {
                    for (RecordComponent component : plain.getRecordComponents()) {
                        check(component.getGenericType(), what, seen);
                    }
                }
            }
            default ->
                    throw refused(
                            what
                                    + " has a "
                                    + type.getTypeName()
                                    + ", which cannot travel; use records, lists, maps by text and"
                                    + " simple values");
        }
    }

    private static boolean isSimple(Class<?> type) {
        return SIMPLE.contains(type)
                || type.isEnum()
                || (type.isPrimitive() && type != void.class && type != char.class);
    }

    private static PeekException refused(String message) {
        return new PeekException(ErrorCode.BAD_REQUEST, message);
    }
}
