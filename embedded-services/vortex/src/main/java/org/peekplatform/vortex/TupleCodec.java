package org.peekplatform.vortex;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

/// Writes tuples as JSON and reads them back.
///
/// Each plugin gets its own: a mapper remembers every class it has seen, and with it the plugin's
/// class loader. JSON never names a class; the reader says which record it expects.
public final class TupleCodec {
    /// The longest name of a type.
    static final int MAX_NAME = 250;

    private final JsonMapper mapper;
    private final Map<Class<?>, TypeFacts> facts = new ConcurrentHashMap<>();

    public TupleCodec(ClassLoader loader) {
        mapper =
                JsonMapper.builder(Json.FACTORY)
                        .typeFactory(TypeFactory.createDefaultInstance().withClassLoader(loader))
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        // 1.9 for a whole number is a mistake, not a 1.
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .build();
    }

    /// The declared name of a tuple type.
    ///
    /// @throws PeekException with `BAD_REQUEST` when the class is not a record with a [TupleType]
    public String nameOf(Class<? extends Tuple> type) {
        return factsOf(type).name();
    }

    /// Whether rows of this type have a key.
    public boolean isKeyed(Class<? extends Tuple> type) {
        return factsOf(type).keyAccessor() != null;
    }

    public Selector selector(Class<? extends Tuple> type, Map<String, String> key) {
        return Selector.of(nameOf(type), key);
    }

    /// Writes one tuple.
    ///
    /// @throws PeekException with `INTERNAL` when a component cannot be written
    public byte[] encode(Tuple tuple) {
        try {
            return mapper.writeValueAsBytes(tuple);
        } catch (JacksonException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "a " + nameOf(tuple.getClass()) + " cannot be written as JSON" + place(e),
                    e);
        }
    }

    byte[] encodeAll(List<? extends Tuple> tuples) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        char separator = '[';
        for (Tuple tuple : tuples) {
            out.write(separator);
            out.writeBytes(encode(tuple));
            separator = ',';
        }
        if (tuples.isEmpty()) {
            out.write('[');
        }
        out.write(']');
        return out.toByteArray();
    }

    /// Reads one tuple.
    ///
    /// @throws PeekException with `BAD_REQUEST` when the JSON does not fit the type or its
    ///   constructor refuses it
    public <T extends Tuple> T decode(byte[] json, Class<T> type) {
        try {
            T tuple = mapper.readerFor(type).readValue(json);
            if (tuple == null) {
                throw new PeekException(ErrorCode.BAD_REQUEST, nameOf(type) + " is missing");
            }
            return tuple;
        } catch (JacksonException e) {
            throw unreadable(type, e);
        }
    }

    <T extends Tuple> List<T> decodeAll(byte[] json, Class<T> type) {
        try {
            List<@Nullable T> tuples =
                    mapper.readerFor(
                                    mapper.getTypeFactory()
                                            .constructCollectionType(List.class, type))
                            .readValue(json);
            if (tuples == null || tuples.contains(null)) {
                throw new PeekException(ErrorCode.BAD_REQUEST, nameOf(type) + " is missing");
            }
            return List.copyOf(tuples);
        } catch (JacksonException e) {
            throw unreadable(type, e);
        }
    }

    /// Writes what is not a tuple itself but holds some.
    byte[] encodeOf(Object holder, String what) {
        try {
            return mapper.writeValueAsBytes(holder);
        } catch (JacksonException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL, what + " cannot be written as JSON" + place(e), e);
        }
    }

    /// Reads what is not a tuple itself but holds some.
    ///
    /// @param shape a generic class with one type parameter, for which `row` stands
    /// @param what for the message of a failure
    /// @throws PeekException with `BAD_REQUEST` when the JSON does not fit
    <R> R decodeOf(byte[] json, Class<R> shape, Class<? extends Tuple> row, String what) {
        try {
            R holder =
                    mapper.readerFor(mapper.getTypeFactory().constructParametricType(shape, row))
                            .readValue(json);
            if (holder == null) {
                throw new PeekException(ErrorCode.BAD_REQUEST, what + " is missing");
            }
            return holder;
        } catch (JacksonException e) {
            throw misfit(what, e);
        }
    }

    /// The same for the values of an outcome, of which there is at least one.
    <R> List<R> decodeAllOf(byte[] json, Class<R> shape, Class<? extends Tuple> row) {
        TypeFactory types = mapper.getTypeFactory();
        String what = "an answer about " + nameOf(row);
        try {
            List<R> holders =
                    mapper.readerFor(
                                    types.constructCollectionType(
                                            List.class, types.constructParametricType(shape, row)))
                            .readValue(json);
            if (holders == null || holders.isEmpty() || holders.getFirst() == null) {
                throw new PeekException(ErrorCode.INTERNAL, what + " is missing");
            }
            return holders;
        } catch (JacksonException e) {
            throw misfit(what, e);
        }
    }

    /// Reads tuples one after the other out of a larger document.
    <T extends Tuple> ObjectReader rowReader(Class<T> type) {
        return mapper.readerFor(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /// Says what does not fit in words for whoever sent it: nothing of Java's is of use there.
    PeekException unreadable(Class<? extends Tuple> type, JacksonException e) {
        return misfit(nameOf(type), e);
    }

    private static PeekException misfit(String what, JacksonException e) {
        Throwable cause = e.getCause();
        String why;
        if (e instanceof ValueInstantiationException
                && (cause instanceof IllegalArgumentException || cause instanceof PeekException)
                && cause.getMessage() != null) {
            why = ": " + cause.getMessage();
        } else if (e instanceof StreamReadException) {
            why = place(e) + ": it is not valid JSON within the limits";
        } else {
            why = place(e) + ": the value does not fit its type";
        }
        return new PeekException(ErrorCode.BAD_REQUEST, what + " cannot be read" + why, e);
    }

    /// Writes the arguments of a call, or its result.
    ///
    /// @param what the method, for messages
    byte[] encodeValue(@Nullable Object value, String what) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "a value of " + what + " cannot be written as JSON" + place(e),
                    e);
        }
    }

    /// Reads the result of a call.
    @Nullable Object decodeValue(byte[] json, Type type, String what) {
        try {
            return mapper.readerFor(mapper.constructType(type)).readValue(json);
        } catch (JacksonException e) {
            throw misfit("the result of " + what, e);
        }
    }

    /// Reads the arguments of a call.
    ///
    /// @throws PeekException with `BAD_REQUEST` when they do not fit the parameters
    @Nullable Object[] decodeArguments(byte[] json, List<Type> parameters, String what) {
        @Nullable Object[] arguments = new Object[parameters.size()];
        try (JsonParser parser = mapper.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST, "the arguments of " + what + " are no list");
            }
            int count = 0;
            for (JsonToken token = parser.nextToken();
                    token != JsonToken.END_ARRAY;
                    token = parser.nextToken()) {
                if (count == arguments.length || token == null) {
                    throw miscounted(what, arguments.length);
                }
                arguments[count] =
                        mapper.readerFor(mapper.constructType(parameters.get(count)))
                                .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                                .readValue(parser);
                count++;
            }
            if (count < arguments.length) {
                throw miscounted(what, arguments.length);
            }
            return arguments;
        } catch (JacksonException e) {
            throw misfit("the arguments of " + what, e);
        }
    }

    private static PeekException miscounted(String what, int expected) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                what + " takes " + expected + " arguments, and not as many as were given");
    }

    /// Where in a tuple, such as ` at crews[2].name`.
    private static String place(JacksonException e) {
        StringBuilder place = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return place.isEmpty() ? "" : " at " + place;
    }

    /// The text form of a row's key.
    String keyOf(Tuple row) {
        Method accessor = factsOf(row.getClass()).keyAccessor();
        if (accessor == null) {
            throw new IllegalStateException(row.getClass().getName() + " has no @TupleKey");
        }
        try {
            Object key = accessor.invoke(row);
            if (key == null) {
                throw new PeekException(
                        ErrorCode.INTERNAL, "a row of " + nameOf(row.getClass()) + " has no key");
            }
            return key.toString();
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the key of a " + nameOf(row.getClass()) + " cannot be read",
                    e);
        }
    }

    private TypeFacts factsOf(Class<? extends Tuple> type) {
        return facts.computeIfAbsent(type, TupleCodec::inspect);
    }

    private static TypeFacts inspect(Class<?> type) {
        TupleType declared = type.getAnnotation(TupleType.class);
        if (!type.isRecord() || declared == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    type.getName() + " must be a record with the annotation @TupleType");
        }
        if (declared.name().length() > MAX_NAME) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the name of "
                            + type.getName()
                            + " is longer than "
                            + MAX_NAME
                            + " characters; shorten it");
        }
        Method keyAccessor = null;
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(TupleKey.class)) {
                if (keyAccessor != null) {
                    throw new PeekException(
                            ErrorCode.BAD_REQUEST,
                            type.getName() + " has more than one @TupleKey; keep one");
                }
                if (component.getType().isArray()) {
                    throw new PeekException(
                            ErrorCode.BAD_REQUEST,
                            "@TupleKey "
                                    + component.getName()
                                    + " of "
                                    + type.getName()
                                    + " is an array, which has no text; use a String");
                }
                keyAccessor = component.getAccessor();
                keyAccessor.setAccessible(true);
            }
        }
        return new TypeFacts(declared.name(), keyAccessor);
    }

    private record TypeFacts(String name, @Nullable Method keyAccessor) {}
}
