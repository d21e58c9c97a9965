package org.peekplatform.plugins.tutorial.desktop;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.plugins.tutorial.tuples.Negation;

/// The task that workers were last given, in words. Confined to the UI thread; knows no controls.
public final class NegationModel implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofLocalizedTime(FormatStyle.MEDIUM);

    private final Registration observation;
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper(this, "text", "");

    public NegationModel(TupleObserver observer, Executor ui) {
        observation =
                observer.observe(
                        TupleSelector.of(Negation.class),
                        new TupleListener<>() {
                            @Override
                            public void rows(TupleUpdate<Negation> update) {
                                ui.execute(() -> text.set(words(update.rows())));
                            }

                            @Override
                            public void problem(ErrorCode code, String message) {
                                // What was known last stays; the rows say what is wrong.
                            }
                        });
    }

    /// How the task stands; empty until that is known.
    public ReadOnlyStringProperty textProperty() {
        return text.getReadOnlyProperty();
    }

    @Override
    public void close() {
        observation.close();
    }

    private static String words(List<Negation> rows) {
        return rows.isEmpty() ? "No task has been submitted yet." : words(rows.getFirst());
    }

    private static String words(Negation task) {
        return switch (task.state()) {
            case QUEUED -> "The task to negate %d waits for a worker.".formatted(task.number());
            case RUNNING -> "A worker negates %d.".formatted(task.number());
            case DONE ->
                    "A worker negated %d: %d, at %s."
                            .formatted(
                                    task.number(),
                                    task.result(),
                                    TIME.format(task.changedAt().atZone(ZoneId.systemDefault())));
            case FAILED ->
                    "Negating %d failed and is tried again: %s"
                            .formatted(task.number(), task.problem());
            case DEAD -> "Negating %d was given up: %s".formatted(task.number(), task.problem());
        };
    }
}
