package org.peekplatform.plugins.tutorial.desktop;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.plugins.tutorial.tuples.AddReading;
import org.peekplatform.plugins.tutorial.tuples.Reading;

/// What agents report, live, and a new reading on demand. Confined to the UI thread; knows no
/// controls.
public final class ReadingsModel implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT);

    private final ActionSender sender;
    private final Executor ui;
    private final Registration observation;
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper(this, "summary", "");
    private final ReadOnlyBooleanWrapper reading = new ReadOnlyBooleanWrapper(this, "reading");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");

    public ReadingsModel(TupleObserver observer, ActionSender sender, Executor ui) {
        this.sender = sender;
        this.ui = ui;
        observation =
                observer.observe(
                        TupleSelector.of(Reading.class),
                        new TupleListener<>() {
                            @Override
                            public void rows(TupleUpdate<Reading> update) {
                                ui.execute(() -> summary.set(summarise(update.rows())));
                            }

                            @Override
                            public void problem(ErrorCode code, String message) {
                                // What was reported last stays; the rows say what is wrong.
                            }
                        });
    }

    /// What each agent has reported last, or that none has; empty until that is known.
    public ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /// While an agent is being asked.
    public ReadOnlyBooleanProperty readingProperty() {
        return reading.getReadOnlyProperty();
    }

    /// A whole sentence when the last reading was not had, else empty.
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /// Has an agent read its gauge and the result added as a row.
    public void addReading() {
        reading.set(true);
        problem.set("");
        sender.send(new AddReading())
                .whenComplete((outcome, failure) ->
                        ui.execute(() -> {
                            reading.set(false);
                            problem.set(Actions.sentence(outcome, failure));
                        }));
    }

    @Override
    public void close() {
        observation.close();
    }

    private static String summarise(List<Reading> readings) {
        return readings.isEmpty()
                ? "No agent has reported."
                : readings.stream().map(ReadingsModel::words).collect(Collectors.joining(" · "));
    }

    private static String words(Reading one) {
        return "%s: %,d MB free at %s"
                .formatted(
                        one.machine(),
                        one.freeMegabytes(),
                        TIME.format(one.takenAt().atZone(ZoneId.systemDefault())));
    }
}
