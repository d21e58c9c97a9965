package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// Every type that a tuple may have, and what is said when it does not fit.
class TupleCodecTest {
    private final TupleCodec codec = new TupleCodec(getClass().getClassLoader());

    enum Colour {
        RED,
        GREEN
    }

    record Place(double x, double y, @Nullable Place next) {}

    @TupleType(name = "test.All")
    record All(
            @TupleKey UUID id,
            boolean flag,
            int small,
            long big,
            double number,
            @Nullable String text,
            @Nullable Colour colour,
            @Nullable Instant at,
            @Nullable LocalDate on,
            @Nullable Duration took,
            @Nullable Place place,
            @Nullable List<Place> places,
            @Nullable Map<String, Colour> colours)
            implements Tuple {}

    @TupleType(name = "test.Bytes")
    record Bytes(byte[] bytes) implements Tuple {}

    @TupleType(name = "test.Checked")
    record Checked(@Nullable String name) implements Tuple {
        Checked {
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException("a name is needed");
            }
            if (name.equals("careless")) {
                throw new IllegalStateException("org.secret.Detail is broken");
            }
        }
    }

    @TupleType(name = "test.ByArray")
    record ByArray(@TupleKey byte[] id) implements Tuple {}

    private static final All FULL =
            new All(
                    UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e"),
                    true,
                    -7,
                    1L << 60,
                    -1.5e-300,
                    "Ä \"quoted\" \u0000 🦜",
                    Colour.GREEN,
                    Instant.parse("2026-01-02T03:04:05.678Z"),
                    LocalDate.of(2026, 2, 28),
                    Duration.ofSeconds(3_661),
                    new Place(1, 2, new Place(3, 4, null)),
                    List.of(new Place(0, -0.0, null)),
                    Map.of("roof", Colour.RED));

    @Test
    void everyTypeComesBackAsItWas() {
        assertThat(codec.decode(codec.encode(FULL), All.class)).isEqualTo(FULL);
        assertThat(
                        codec.decode(codec.encode(new Bytes(new byte[] {0, -1, 7})), Bytes.class)
                                .bytes())
                .containsExactly(0, -1, 7);
    }

    @Test
    void timesTravelAsTheWireFormatSays() {
        assertThat(text(codec.encode(FULL)))
                .contains("\"at\":\"2026-01-02T03:04:05.678Z\"")
                .contains("\"on\":\"2026-02-28\"")
                .contains("\"took\":\"PT1H1M1S\"")
                .contains("\"colour\":\"GREEN\"")
                .startsWith("{\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"flag\":true");
        assertThat(text(codec.encode(new Bytes(new byte[] {0, -1}))))
                .isEqualTo("{\"bytes\":\"AP8=\"}");
    }

    @Test
    void absentMembersAreNullZeroOrFalseAndUnknownOnesAreIgnored() {
        All read =
                decode(
                        "{\"future\":{\"a\":[1,{}]},\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"big\":null}",
                        All.class);

        assertThat(read)
                .isEqualTo(
                        new All(
                                FULL.id(), false, 0, 0, 0, null, null, null, null, null, null, null,
                                null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{\"small\":1.9}",
                "{\"small\":\"many\"}",
                "{\"small\":3000000000}",
                "{\"big\":1e99}",
                "{\"flag\":\"perhaps\"}",
                "{\"colour\":\"BLUE\"}",
                "{\"colour\":1}",
                "{\"at\":\"yesterday\"}",
                "{\"on\":\"2026-02-30\"}",
                "{\"took\":\"long\"}",
                "{\"id\":\"no-uuid\"}",
                "{\"text\":{}}",
                "{\"place\":[]}",
                "{\"place\":{\"x\":\"far\"}}",
                "{\"places\":[{\"x\":{}}]}",
                "{\"colours\":{\"roof\":\"BLUE\"}}",
                "{\"small\":1,\"small\":2}",
                "{\"small\":1} {}",
            })
    void whatDoesNotFitIsRefusedWithoutAWordOfJava(String json) {
        assertThatThrownBy(() -> decode(json, All.class))
                .isInstanceOf(PeekException.class)
                .hasMessageStartingWith("test.All ")
                .hasMessageNotContainingAny(
                        "java", "org.peek", "jackson", "`", "Exception", "com.", "$");
    }

    @Test
    void theRefusalSaysWhere() {
        assertThatThrownBy(() -> decode("{\"places\":[{\"x\":1},{\"x\":\"far\"}]}", All.class))
                .hasMessage(
                        "test.All cannot be read at places[1].x: the value does not fit its type");
        assertThatThrownBy(() -> decode("{\"name\":\" \"}", Checked.class))
                .hasMessage("test.Checked cannot be read: a name is needed");
        assertThatThrownBy(() -> decode("{\"name\":\"careless\"}", Checked.class))
                .hasMessage("test.Checked cannot be read: the value does not fit its type");
    }

    // Symptom: a NullPointerException at the sender of an action whose answer held null. Fix: it is
    // refused as what it is.
    @Test
    void anAnswerWithoutValuesIsRefused() {
        for (String json : List.of("null", "[null]", "", "{}", "[7]")) {
            assertThatThrownBy(
                            () -> codec.decodeAll(json.getBytes(StandardCharsets.UTF_8), All.class))
                    .isInstanceOf(PeekException.class);
        }
    }

    @Test
    void tuplesNestedTooDeepAreRefusedAtTheirSender() {
        Place place = new Place(0, 0, null);
        for (int i = 0; i < 70; i++) {
            place = new Place(i, i, place);
        }
        All deep =
                new All(FULL.id(), false, 0, 0, 0, null, null, null, null, null, place, null, null);

        assertThatThrownBy(() -> codec.encode(deep))
                .isInstanceOf(PeekException.class)
                .hasMessageStartingWith("a test.All cannot be written as JSON")
                .hasMessageNotContaining("TupleCodecTest");
    }

    @Test
    void whatIsNotATupleTypeIsRefusedWithACure() {
        record Bare(int x) implements Tuple {}
        assertThatThrownBy(() -> codec.nameOf(Bare.class))
                .hasMessageContaining("must be a record with the annotation @TupleType");
        assertThatThrownBy(() -> codec.isKeyed(ByArray.class))
                .hasMessageContaining("is an array, which has no text; use a String");
    }

    // Whatever a codec remembers of a plugin's classes must go with it.
    @Test
    void nothingStaticHoldsTheClassLoaderOfAPlugin() throws Exception {
        ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
        WeakReference<ClassLoader> loader = useAndForget(gone);

        Reference<? extends ClassLoader> collected = null;
        for (int i = 0; i < 50 && collected == null; i++) {
            System.gc();
            collected = gone.remove(100);
        }

        assertThat(collected).isSameAs(loader);
    }

    private static WeakReference<ClassLoader> useAndForget(ReferenceQueue<ClassLoader> gone)
            throws Exception {
        ClassLoader loader = new Apart(TupleCodecTest.class.getClassLoader());
        Class<? extends Tuple> type = loader.loadClass(All.class.getName()).asSubclass(Tuple.class);
        assertThat(type.getClassLoader()).isSameAs(loader);
        TupleCodec codec = new TupleCodec(loader);
        byte[] json = new TupleCodec(TupleCodecTest.class.getClassLoader()).encode(FULL);
        Tuple read = codec.decode(json, type);
        assertThat(codec.encode(read)).isEqualTo(json);
        assertThat(codec.keyOf(read)).isEqualTo(FULL.id().toString());
        assertThat(codec.decodeAll(codec.encodeAll(List.of(read)), type)).hasSize(1);
        String rows = "{\"keys\":[\"1\"],\"rows\":[" + text(json) + "]}";
        Frame frame =
                Frame.of(
                        new Header.Snapshot("[\"test.All\"]", "e", 1, false),
                        rows.getBytes(StandardCharsets.UTF_8));
        assertThat(applied(codec, type, frame)).isEqualTo(1);
        return new WeakReference<>(loader, gone);
    }

    private static <T extends Tuple> int applied(TupleCodec codec, Class<T> type, Frame frame) {
        return DecodedRows.<T>empty().apply(frame, codec, type).rows().size();
    }

    private <T extends Tuple> T decode(String json, Class<T> type) {
        return codec.decode(json.getBytes(StandardCharsets.UTF_8), type);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    /// Loads the nested classes of this test once more, as the loader of a plugin would.
    private static final class Apart extends ClassLoader {
        Apart(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(TupleCodecTest.class.getName() + "$")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in =
                    getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
