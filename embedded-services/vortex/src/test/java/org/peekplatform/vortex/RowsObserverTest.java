package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.api.tuple.TupleUpdate;

/// Rows as the listeners of a plugin see them, straight from a hub.
class RowsObserverTest {
    private static final TupleSelector<ExchangeContract.Row> ALL =
            TupleSelector.of(ExchangeContract.Row.class);
    private static final Caller SELF = new Caller.Service(ServiceKind.SERVER, "server");

    private final PlatformThreads threads = new PlatformThreads();
    private final ObservableHub hub =
            new ObservableHub(
                    threads,
                    Transactions.none(),
                    Authorisation.asDeclared(),
                    Duration.ofMillis(1),
                    Duration.ofSeconds(5));
    private final Party plugin = Party.platform("test");
    private final PartyTuples tuples = new PartyTuples(hub, plugin);
    private final RowsObserver observer = new RowsObserver(hub, plugin, SELF);
    private final AtomicReference<List<ExchangeContract.Row>> table =
            new AtomicReference<>(List.of(row(1, "a"), row(2, "b")));

    /// The same tuple type as another plugin, or another version of it, declares it.
    @TupleType(name = "test.Row")
    record Stricter(@TupleKey long id, String text) implements Tuple {
        Stricter {
            if (text.equals("bad")) {
                throw new IllegalArgumentException("'bad' is not a text");
            }
            if (text.equals("worse")) {
                throw new NoClassDefFoundError("org/secret/Thing");
            }
        }
    }

    @AfterEach
    void close() {
        hub.close();
        threads.close();
    }

    private static ExchangeContract.Row row(long id, String text) {
        return new ExchangeContract.Row(id, text);
    }

    private Registration provide(Audience audience) {
        return tuples.provide(ExchangeContract.Row.class, audience, selector -> table.get());
    }

    // Symptom: a part of a plugin that observed before the providing part had started never got
    // rows. Cause: nobody told it that a provider had come. Fix: it is told, as links are.
    @Test
    void whoObservesBeforeTheProviderIsThereGetsItsRowsWhenItComes() throws Exception {
        var seen = new ExchangeContract.Recorder();
        observer.observe(ALL, seen);
        assertThat(seen.problem()).isEqualTo("NOT_OFFERED Nobody provides test.Row here.");

        provide(Audience.DEVICES);

        assertThat(seen.next().rows()).isEqualTo(table.get());
    }

    @Test
    void aListenerThatIsClosedHearsOfNoProviderAnyMore() throws Exception {
        var closed = new ExchangeContract.Recorder();
        observer.observe(ALL, closed).close();
        var seen = new ExchangeContract.Recorder();
        observer.observe(ALL, seen);
        provide(Audience.DEVICES);

        assertThat(seen.next().rows()).hasSize(2);
        assertThat(closed.hasNoRows()).isTrue();
    }

    @Test
    void aSecondListenerGetsTheRowsOnceAndTheFirstOneNothing() throws Exception {
        provide(Audience.DEVICES);
        var first = new ExchangeContract.Recorder();
        observer.observe(ALL, first);
        TupleUpdate<ExchangeContract.Row> before = first.next();
        var second = new ExchangeContract.Recorder();
        observer.observe(ALL, second);

        assertThat(second.next().added()).isEqualTo(before.rows());
        table.set(List.of(row(1, "a"), row(2, "changed")));
        tuples.changed(ALL);
        assertThat(first.next().changed()).containsExactly(row(2, "changed"));
        assertThat(second.next().changed()).containsExactly(row(2, "changed"));
    }

    // Symptom: after a lost link all rows were other objects, though nothing had changed. Cause: a
    // snapshot was decoded anew. Fix: equal rows stay the objects they were.
    @Test
    void rowsThatDidNotChangeStayTheSameObjectsAcrossASnapshot() throws Exception {
        provide(Audience.DEVICES);
        var seen = new ExchangeContract.Recorder();
        observer.observe(ALL, seen);
        List<ExchangeContract.Row> before = seen.next().rows();
        table.set(List.of(row(2, "b"), row(1, "changed"), row(3, "c")));
        tuples.changed(ALL);

        TupleUpdate<ExchangeContract.Row> update = seen.next();
        assertThat(update.rows()).isEqualTo(table.get());
        assertThat(update.rows().getFirst()).isSameAs(before.getLast());
        assertThat(update.changed()).containsExactly(row(1, "changed"));
    }

    // Symptom: rows that a plugin could not read left it without rows and without a word, when its
    // constructor failed by an error. Fix: read within the guard, and told whatever it throws.
    @ParameterizedTest
    @ValueSource(strings = {"bad", "worse"})
    void rowsThatCannotBeReadAreAProblemUntilTheyCan(String text) throws Exception {
        table.set(List.of(row(1, text)));
        provide(Audience.DEVICES);
        List<String> seen = new CopyOnWriteArrayList<>();
        var problems = new ExchangeContract.Recorder();
        observer.observe(
                TupleSelector.of(Stricter.class),
                new TupleListener<>() {
                    @Override
                    public void rows(TupleUpdate<Stricter> update) {
                        seen.add(update.rows().toString());
                        problems.problem(ErrorCode.OFFLINE, "rows came");
                    }

                    @Override
                    public void problem(ErrorCode code, String message) {
                        problems.problem(code, message);
                    }
                });
        assertThat(problems.problem())
                .startsWith("INTERNAL ")
                .doesNotContain("secret")
                .contains(text.equals("bad") ? "'bad' is not a text" : "cannot be read");

        table.set(List.of(row(2, "good")));
        tuples.changed(ALL);

        assertThat(problems.problem()).isEqualTo("OFFLINE rows came");
        assertThat(seen).containsExactly("[Stricter[id=2, text=good]]");
    }

    // Symptom: a listener that had been interrupted interrupted all its later calls. Fix: the
    // interrupt ends with the call.
    @Test
    void aListenerThatFailsIsCalledAgain() throws Exception {
        provide(Audience.DEVICES);
        var seen = new ExchangeContract.Recorder();
        observer.observe(
                ALL,
                update -> {
                    seen.rows(update);
                    if (Thread.currentThread().isInterrupted()) {
                        throw new AssertionError("interrupted by a former call");
                    }
                    Thread.currentThread().interrupt();
                    throw new AssertionError("provoked by a test");
                });
        seen.next();
        for (String text : List.of("b", "c", "d")) {
            table.set(List.of(row(1, text)));
            tuples.changed(ALL);
            seen.awaitRows(table.get());
        }
    }

    // Symptom: rows were shown that the wire format does not allow, or a NullPointerException came
    // much later. Cause: a list that ends early, or holds null, was taken as it was. Fix: refused.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rows\":[null]}",
                "{\"keys\":[\"1\"],\"rows\":[null]}",
                "{\"keys\":[\"1\",7],\"rows\":[{\"id\":1}]}",
                "{\"keys\":[\"1\",\"2\"],\"rows\":[{\"id\":1}]}",
                "{\"rows\":[[]]}",
                "{\"rows\":{}}",
                "[]",
                ""
            })
    void aSnapshotThatIsNotAsTheWireFormatSaysIsRefused(String json) {
        assertThatThrownBy(() -> apply(new Header.Snapshot("s", "e", 1, false), json))
                .isInstanceOf(PeekException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"put\":[[0,\"1\",null]]}",
                "{\"put\":[[0,\"1\",{\"id\":1}],5]}",
                "{\"put\":[[3,\"1\",{\"id\":1}]]}",
                "{\"put\":[[-1,\"1\",{\"id\":1}]]}",
                "{\"put\":[[0,\"1\",{\"id\":1},1]]}",
                "{\"put\":[[0,\"1\"]]}",
                "{\"remove\":[1]}",
                "{\"remove\":\"1\"}"
            })
    void aDeltaThatIsNotAsTheWireFormatSaysIsRefused(String json) {
        assertThatThrownBy(() -> apply(new Header.Delta("s", "e", 1, 2, false), json))
                .isInstanceOf(PeekException.class);
    }

    @Test
    void aPayloadThatGrowsBeyondAllLimitsIsRefused() {
        byte[] bomb = Frame.compress(new byte[Frame.MAX_BYTES + 1]);
        assertThat(bomb).hasSizeLessThan(1 << 20);
        Frame frame = Frame.of(new Header.Snapshot("s", "e", 1, true), bomb);

        assertThatThrownBy(() ->
                        DecodedRows.<ExchangeContract.Row>empty()
                                .apply(frame, plugin.codec(), ExchangeContract.Row.class))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("larger than");
    }

    private void apply(Header header, String json) {
        DecodedRows.<ExchangeContract.Row>empty()
                .apply(
                        Frame.of(header, json.getBytes(StandardCharsets.UTF_8)),
                        plugin.codec(),
                        ExchangeContract.Row.class);
    }
}
