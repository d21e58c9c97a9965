package org.peekplatform.plugins.tutorial.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PluginTasks;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.CancelImport;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;
import org.peekplatform.plugins.tutorial.tuples.RunImport;
import org.peekplatform.plugins.tutorial.tuples.StartImport;

/// The import of a file, from choosing it to the sentence at the end. Confined to the UI thread but
/// for [#send]; knows no controls.
public final class ImportModel implements AutoCloseable {
    private final TupleObserver observer;
    private final ActionSender sender;
    private final PluginTasks tasks;
    private final Executor ui;
    private final Actions actions;

    private final ReadOnlyObjectWrapper<Step> step =
            new ReadOnlyObjectWrapper<>(this, "step", Step.CHOOSE_FILE);
    private final ReadOnlyStringWrapper status = new ReadOnlyStringWrapper(this, "status", "");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private final ReadOnlyStringWrapper result = new ReadOnlyStringWrapper(this, "result", "");
    private final ReadOnlyDoubleWrapper done = new ReadOnlyDoubleWrapper(this, "done", 0);
    private final ObservableList<Column> textColumns = FXCollections.observableArrayList();
    private final ObservableList<Column> numberColumns = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable Column> textColumn = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Column> numberColumn = new SimpleObjectProperty<>();
    private final BooleanProperty replace = new SimpleBooleanProperty(this, "replace");
    private final BooleanExpression runnable;
    private @Nullable Session session;

    public ImportModel(
            TupleObserver observer, ActionSender sender, PluginTasks tasks, Executor ui) {
        this.observer = observer;
        this.sender = sender;
        this.tasks = tasks;
        this.ui = ui;
        this.actions = new Actions(sender, ui);
        this.runnable =
                Bindings.createBooleanBinding(
                        () ->
                                step.get() == Step.CHOOSE_COLUMNS
                                        && textColumn.get() != null
                                        && numberColumn.get() != null,
                        step,
                        textColumn,
                        numberColumn);
        actions.problemProperty()
                .addListener((property, before, now) -> {
                    if (!now.isEmpty()) {
                        problem.set(now);
                        if (session != null) {
                            session.cancelling = false;
                        }
                    }
                });
    }

    /// What the administrator has to do next, or wait for.
    public enum Step {
        CHOOSE_FILE,
        UPLOADING,
        CHOOSE_COLUMNS,
        RUNNING
    }

    /// One file on its way; what arrives for an earlier one is ignored.
    private static final class Session {
        private final String id = UUID.randomUUID().toString();
        private final String fileName;
        private boolean known;
        private boolean lost;
        private boolean cancelling;
        private @Nullable Registration observation;
        private @Nullable Registration upload;

        Session(String fileName) {
            this.fileName = fileName;
        }

        void end() {
            if (upload != null) {
                upload.close();
            }
            if (observation != null) {
                observation.close();
            }
        }
    }

    public ReadOnlyObjectProperty<Step> stepProperty() {
        return step.getReadOnlyProperty();
    }

    /// What is going on, such as `Uploading plants.csv: 1.0 of 3.1 MB`.
    public ReadOnlyStringProperty statusProperty() {
        return status.getReadOnlyProperty();
    }

    /// A sentence when something was refused or failed, else empty.
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /// A sentence when an import is done, else empty.
    public ReadOnlyStringProperty resultProperty() {
        return result.getReadOnlyProperty();
    }

    /// How much of the step is done, from 0 to 1.
    public ReadOnlyDoubleProperty doneProperty() {
        return done.getReadOnlyProperty();
    }

    /// The columns that can become the text.
    public ObservableList<Column> textColumns() {
        return textColumns;
    }

    /// The columns that can become the number.
    public ObservableList<Column> numberColumns() {
        return numberColumns;
    }

    public ObjectProperty<@Nullable Column> textColumnProperty() {
        return textColumn;
    }

    public ObjectProperty<@Nullable Column> numberColumnProperty() {
        return numberColumn;
    }

    /// Whether the rows that are there now go.
    public BooleanProperty replaceProperty() {
        return replace;
    }

    /// Whether the import can be run now.
    public BooleanExpression runnableProperty() {
        return runnable;
    }

    /// Uploads a file, for its columns to be chosen then.
    public void upload(Path file) {
        abandon();
        result.set("");
        problem.set("");
        replace.set(false);
        Path name = file.getFileName();
        Session started = new Session(name == null ? file.toString() : name.toString());
        session = started;
        step.set(Step.UPLOADING);
        status.set("Uploading " + started.fileName);
        done.set(0);
        started.observation =
                observer.observe(
                        ImportProgress.selector(started.id),
                        new TupleListener<ImportProgress>() {
                            @Override
                            public void rows(TupleUpdate<ImportProgress> update) {
                                ui.execute(() -> show(started, update.rows()));
                            }

                            @Override
                            public void problem(ErrorCode code, String message) {
                                ui.execute(() -> showProblem(started, message));
                            }
                        });
        started.upload = tasks.run("tutorial-upload", () -> send(started, file));
    }

    /// Imports the uploaded file with the columns chosen.
    public void run() {
        Session running = session;
        Column text = textColumn.get();
        Column number = numberColumn.get();
        if (running == null || text == null || number == null || !runnable.get()) {
            return;
        }
        problem.set("");
        actions.send(
                new RunImport(running.id, text.name(), number.name(), replace.get()), () -> {});
    }

    /// Gives the import up, whatever its step.
    public void cancel() {
        Session cancelled = session;
        if (cancelled == null) {
            return;
        }
        problem.set("");
        // That the import is gone may be seen before the answer arrives.
        cancelled.cancelling = true;
        actions.send(
                new CancelImport(cancelled.id),
                () -> {
                    if (session == cancelled) {
                        finish();
                        status.set("The import of '" + cancelled.fileName + "' was cancelled.");
                    }
                });
    }

    /// Ends the upload or lets the server forget the file; a running import goes on.
    @Override
    public void close() {
        abandon();
    }

    private void abandon() {
        if (session != null && step.get() != Step.RUNNING) {
            // Nobody waits for the answer: a file that stays is removed when it gets stale.
            sender.send(new CancelImport(session.id));
        }
        finish();
    }

    private void finish() {
        if (session != null) {
            session.end();
            session = null;
        }
        step.set(Step.CHOOSE_FILE);
        status.set("");
        done.set(0);
    }

    /// Sends the file piece by piece. Called on a thread of the plugin, as it waits for the
    /// answers.
    private void send(Session to, Path file) throws InterruptedException {
        try (InputStream in = Files.newInputStream(file)) {
            String sentence = ask(new StartImport(to.id, to.fileName, Files.size(file)));
            long offset = 0;
            while (sentence.isEmpty()) {
                byte[] piece = in.readNBytes(AppendImport.LARGEST_PIECE);
                if (piece.length == 0) {
                    return;
                }
                sentence = ask(new AppendImport(to.id, offset, piece));
                offset += piece.length;
            }
            String refusal = sentence;
            ui.execute(() -> giveUp(to, refusal));
        } catch (IOException e) {
            ui.execute(() ->
                    giveUp(
                            to,
                            "'"
                                    + to.fileName
                                    + "' could not be read; check that it is there and that"
                                    + " you may open it."));
        }
    }

    private String ask(ActionTuple action) throws InterruptedException {
        try {
            ActionOutcome outcome = sender.send(action).get();
            return Actions.sentence(outcome, null);
        } catch (ExecutionException e) {
            return Actions.sentence(null, e.getCause());
        }
    }

    private void giveUp(Session given, String sentence) {
        if (session == given) {
            abandon();
            problem.set(sentence);
        }
    }

    private void showProblem(Session of, String message) {
        if (session == of) {
            of.lost = true;
            problem.set(message);
        }
    }

    private void show(Session of, List<ImportProgress> rows) {
        if (session != of) {
            return;
        }
        if (rows.isEmpty()) {
            if (of.known && !of.cancelling) {
                finish();
                problem.set(
                        "The server no longer knows the import of '"
                                + of.fileName
                                + "', probably because it was restarted; look at the rows, and"
                                + " choose the file again if its rows are not there.");
            }
            return;
        }
        of.known = true;
        if (of.lost) {
            of.lost = false;
            problem.set("");
        }
        ImportProgress progress = rows.getFirst();
        switch (progress.state()) {
            case uploading -> showUpload(progress);
            case ready -> showColumns(progress);
            case running -> showRun(progress);
            case done -> {
                finish();
                result.set(
                        String.format(
                                Locale.ENGLISH,
                                "%,d %s of '%s' %s imported.",
                                progress.rowsTotal(),
                                progress.rowsTotal() == 1 ? "row" : "rows",
                                progress.fileName(),
                                progress.rowsTotal() == 1 ? "was" : "were"));
            }
            case failed -> {
                if (progress.columns().isEmpty()) {
                    finish();
                } else {
                    showColumns(progress);
                }
                String reason = progress.problem();
                problem.set(reason == null ? "The import failed; no row was imported." : reason);
            }
        }
    }

    private void showUpload(ImportProgress progress) {
        boolean complete = progress.receivedBytes() == progress.totalBytes();
        status.set(
                complete
                        ? "Reading " + progress.fileName()
                        : String.format(
                                Locale.ENGLISH,
                                "Uploading %s: %.1f of %.1f MB",
                                progress.fileName(),
                                progress.receivedBytes() / 1e6,
                                progress.totalBytes() / 1e6));
        done.set((double) progress.receivedBytes() / progress.totalBytes());
    }

    private void showColumns(ImportProgress progress) {
        if (!textColumns.equals(progress.columns()) || step.get() == Step.UPLOADING) {
            textColumns.setAll(progress.columns());
            numberColumns.setAll(progress.columns().stream().filter(Column::whole).toList());
            textColumn.set(
                    textColumns.stream()
                            .filter(column -> !column.whole())
                            .findFirst()
                            .orElse(textColumns.getFirst()));
            numberColumn.set(numberColumns.isEmpty() ? null : numberColumns.getFirst());
        }
        if (numberColumns.isEmpty()) {
            problem.set(
                    "No column of '"
                            + progress.fileName()
                            + "' has a whole number in every row, so there is nothing to become the"
                            + " number.");
        }
        step.set(Step.CHOOSE_COLUMNS);
        status.set(
                String.format(
                        Locale.ENGLISH,
                        "%s: %,d rows, %,d columns",
                        progress.fileName(),
                        progress.rowsTotal(),
                        progress.columns().size()));
    }

    private void showRun(ImportProgress progress) {
        step.set(Step.RUNNING);
        String hindrance = progress.problem();
        status.set(
                hindrance != null
                        ? hindrance
                        : String.format(
                                Locale.ENGLISH,
                                "Importing %s: %,d of %,d rows",
                                progress.fileName(),
                                progress.rowsDone(),
                                progress.rowsTotal()));
        done.set(
                progress.rowsTotal() == 0
                        ? 0
                        : (double) progress.rowsDone() / progress.rowsTotal());
    }
}
