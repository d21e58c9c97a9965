package org.peekplatform.plugins.tutorial.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javafx.collections.ListChangeListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.plugins.tutorial.server.TutorialServer;
import org.peekplatform.plugins.tutorial.testing.FakePlatform;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

class RowsModelTest {
    @TempDir Path folder;
    private FakePlatform platform;
    private RowsModel model;

    @BeforeEach
    void start() throws Exception {
        platform = new FakePlatform(folder).start(new TutorialServer());
        platform.create(new StringInt(0, "Barry", 3));
        platform.create(new StringInt(0, "Bankhead Dam", 2));
        model = new RowsModel(platform.observer(), platform.sender(), Runnable::run);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void rowsAndSettingsAreThereOnceTheyHaveArrived() {
        assertThat(model.loadingProperty().get()).isFalse();
        assertThat(model.rows())
                .containsExactly(new StringInt(1, "Barry", 3), new StringInt(2, "Bankhead Dam", 2));
        assertThat(model.settingsProperty().get()).isEqualTo(Settings.DEFAULT);
    }

    @Test
    void nothingIsTouchedOutsideTheUiThread() {
        Deque<Runnable> ui = new ArrayDeque<>();
        RowsModel later = new RowsModel(platform.observer(), platform.sender(), ui::add);
        assertThat(later.rows()).isEmpty();
        assertThat(later.loadingProperty().get()).isTrue();

        ui.forEach(Runnable::run);
        assertThat(later.rows()).hasSize(2);
    }

    @Test
    void aChangeOfOneRowReplacesOnlyThatRow() {
        List<String> changes = recordChanges();
        model.increase(model.rows().get(1));

        assertThat(model.rows().get(1)).isEqualTo(new StringInt(2, "Bankhead Dam", 3));
        assertThat(changes).containsExactly("replaced 1..2");
    }

    @Test
    void aNewRowIsAddedAndADeletedOneTakenOut() {
        List<String> changes = recordChanges();
        platform.create(new StringInt(0, "Walter Bouldin Dam", 4));
        platform.delete(1);

        assertThat(model.rows()).extracting(StringInt::id).containsExactly(2L, 3L);
        assertThat(changes).containsExactly("added 2..3", "removed 0..0");
    }

    @Test
    void updatesOfAnyShapeLeadToTheRowsOfTheServer() {
        HandFed fed = new HandFed();
        RowsModel fedModel = new RowsModel(fed, platform.sender(), Runnable::run);
        List<StringInt> before = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            before.add(new StringInt(i, "row " + i, i));
        }
        fed.send(new TupleUpdate<>(before, before, List.of(), List.of()));
        assertThat(fedModel.rows()).isEqualTo(before);

        // One added at the front, one in the middle, one changed, two removed.
        List<StringInt> now = new ArrayList<>(before);
        List<StringInt> removed = List.of(now.remove(7), now.remove(500));
        StringInt changed = new StringInt(9, "changed", 1);
        now.set(now.indexOf(before.get(9)), changed);
        StringInt first = new StringInt(2000, "first", 0);
        StringInt middle = new StringInt(2001, "middle", 0);
        now.addFirst(first);
        now.add(300, middle);
        fed.send(new TupleUpdate<>(now, List.of(first, middle), List.of(changed), removed));
        assertThat(fedModel.rows()).isEqualTo(now);

        // Another order, of which the lists of differences say nothing.
        List<StringInt> reversed = now.reversed();
        fed.send(new TupleUpdate<>(reversed, List.of(), List.of(), List.of()));
        assertThat(fedModel.rows()).isEqualTo(reversed);

        fed.send(new TupleUpdate<>(List.of(), List.of(), List.of(), reversed));
        assertThat(fedModel.rows()).isEmpty();
    }

    @Test
    void theStepOfTheSettingsIsAddedAndTakenAway() {
        platform.perform(new SaveSettings("Plants", 25));
        model.increase(model.rows().getFirst());
        model.increase(model.rows().getFirst());
        model.decrease(model.rows().getFirst());

        assertThat(model.settingsProperty().get().title()).isEqualTo("Plants");
        assertThat(model.rows().getFirst().int1()).isEqualTo(28);
    }

    @Test
    void aRefusalIsShownUntilTheNextAction() {
        StringInt gone = model.rows().getFirst();
        platform.delete(gone.id());
        model.toggleCapitals(gone);
        assertThat(model.actions().problemProperty().get())
                .isEqualTo("Row 1 has been deleted meanwhile; nothing was changed.");

        model.toggleCapitals(model.rows().getFirst());
        assertThat(model.actions().problemProperty().get()).isEmpty();
        assertThat(model.rows().getFirst().string1()).isEqualTo("bankhead dam");
    }

    @Test
    void failuresAreTurnedIntoSentences() {
        assertThat(failure(ErrorCode.OFFLINE, "not sent"))
                .isEqualTo(
                        "The server cannot be reached now, so nothing was changed; try again when the"
                                + " connection is back.");
        assertThat(failure(ErrorCode.TIMED_OUT, "30 s"))
                .isEqualTo(
                        "The server did not answer in time; the rows show whether anything was"
                                + " changed.");
        assertThat(failure(ErrorCode.INTERNAL, "handler of tutorial.AddToInt failed"))
                .isEqualTo("That failed: handler of tutorial.AddToInt failed.");
        assertThat(
                        Actions.sentence(
                                null,
                                new CompletionException(
                                        new PeekException(ErrorCode.INTERNAL, "wrapped"))))
                .isEqualTo("That failed: wrapped.");
    }

    @Test
    void rowsThatCannotBeHadAreSaidToBeSoAndStay() throws Exception {
        platform.reportProblem(StringInt.class, "The database is not there.");
        assertThat(model.problemProperty().get()).isEqualTo("The database is not there.");
        assertThat(model.rows()).hasSize(2);

        platform.delete(1);
        assertThat(model.problemProperty().get()).isEmpty();
    }

    @Test
    void closingEndsTheObservations() {
        assertThat(platform.observers()).isEqualTo(2);
        model.close();
        assertThat(platform.observers()).isZero();
    }

    private String failure(ErrorCode code, String message) {
        platform.breakSending(new PeekException(code, message));
        model.increase(model.rows().getFirst());
        platform.breakSending(null);
        return model.actions().problemProperty().get();
    }

    private List<String> recordChanges() {
        List<String> changes = new ArrayList<>();
        model.rows()
                .addListener(
                        (ListChangeListener<StringInt>)
                                change -> {
                                    while (change.next()) {
                                        String kind =
                                                change.wasReplaced()
                                                        ? "replaced "
                                                        : change.wasAdded() ? "added " : "removed ";
                                        changes.add(
                                                kind + change.getFrom() + ".." + change.getTo());
                                    }
                                });
        return changes;
    }

    /// Passes on what a test says about the rows, and nothing else.
    private static final class HandFed implements TupleObserver {
        private final List<TupleListener<StringInt>> listeners = new ArrayList<>();

        @Override
        public <T extends Tuple> CompletableFuture<List<T>> ask(TupleSelector<T> selector) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T extends Tuple> Registration observe(
                TupleSelector<T> selector, TupleListener<T> listener) {
            if (selector.type() == StringInt.class) {
                listeners.add((TupleListener<StringInt>) listener);
            }
            return () -> {};
        }

        void send(TupleUpdate<StringInt> update) {
            for (TupleListener<StringInt> listener : listeners) {
                try {
                    listener.rows(update);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
