package org.peekplatform.plugins.tutorial.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.action.ActionOutcome.Rejected;
import org.peekplatform.api.task.TaskHandle;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.api.task.TaskStatus;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.csv.CsvFile;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.State;
import org.peekplatform.plugins.tutorial.tuples.ImportRows;
import org.peekplatform.plugins.tutorial.tuples.RunImport;
import org.peekplatform.plugins.tutorial.tuples.StartImport;

/// Where the import of one file stands, and who may use its file now.
///
/// Several actions, tasks and calls come at once. Each takes the file with one of the `begin`
/// methods, works outside the lock, and gives it back; the last one out of a cancelled import is
/// told to delete the file. While a worker imports it, the file is taken.
final class FileImport {
    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final String id;
    private final String fileName;
    private final long size;
    private final Path file;

    private State state = State.uploading;
    private long received;
    private List<Column> columns = List.of();
    private long rowsDone;
    private long rowsTotal;
    private @Nullable String problem;
    private boolean busy;
    private boolean cancelled;
    private int committing;
    private @Nullable TaskHandle task;
    private @Nullable Instant submittedAt;
    private Instant touched;

    FileImport(StartImport start, String fileName, Path file, InstantSource clock) {
        this.clock = clock;
        this.id = start.importId();
        this.fileName = fileName;
        this.size = start.size();
        this.file = file;
        this.touched = clock.instant();
    }

    /// Whether a run may begin.
    sealed interface RunStart {
        record Taken(ImportRows task) implements RunStart {}

        record Refused(Rejected answer) implements RunStart {}
    }

    String fileName() {
        return fileName;
    }

    Path file() {
        return file;
    }

    TupleSelector<ImportProgress> selector() {
        return ImportProgress.selector(id);
    }

    ImportProgress progress() {
        return locked(() ->
                new ImportProgress(
                        id, fileName, state, received, size, columns, rowsDone, rowsTotal,
                        problem));
    }

    /// Whether a file is kept for it.
    boolean holdsFile() {
        return locked(() -> busy || !isOver());
    }

    /// Whether nobody has done anything with it for `idle`.
    boolean isStale(Duration idle) {
        return locked(() -> !busy && touched.plus(idle).isBefore(clock.instant()));
    }

    /// Takes the file to append `length` bytes at `offset`.
    @Nullable Rejected beginAppend(long offset, int length) {
        return locked(() -> {
            if (cancelled) {
                return Refusals.importUnknown(id);
            }
            if (state != State.uploading || received == size) {
                return Refusals.pieceTooFar(fileName, size);
            }
            if (busy) {
                return Refusals.pieceTooEarly(fileName);
            }
            if (offset != received) {
                return Refusals.wrongOffset(fileName, offset, received);
            }
            if (length > size - received) {
                return Refusals.pieceTooFar(fileName, size);
            }
            busy = true;
            return null;
        });
    }

    /// Counts what was appended. The file stays taken when it is complete, for reading it once.
    ///
    /// @return whether it is complete
    boolean appended(int length) {
        return locked(() -> {
            received += length;
            return received == size;
        });
    }

    /// What reading the complete file once has told.
    void inspected(CsvFile.Shape shape) {
        alone(() -> {
            columns = shape.columns();
            rowsTotal = shape.rows();
            state = State.ready;
        });
    }

    /// Takes the file to run the import.
    RunStart beginRun(RunImport run) {
        return locked(() -> {
            boolean ready = state == State.ready || (state == State.failed && !columns.isEmpty());
            if (cancelled) {
                return new RunStart.Refused(Refusals.importUnknown(id));
            }
            if (!ready || busy) {
                return new RunStart.Refused(Refusals.notReady(fileName));
            }
            int text = indexOf(run.stringColumn());
            if (text < 0) {
                return new RunStart.Refused(Refusals.noSuchColumn(fileName, run.stringColumn()));
            }
            int number = indexOf(run.intColumn());
            if (number < 0) {
                return new RunStart.Refused(Refusals.noSuchColumn(fileName, run.intColumn()));
            }
            busy = true;
            state = State.running;
            rowsDone = 0;
            problem = null;
            return new RunStart.Taken(
                    new ImportRows(
                            id,
                            fileName,
                            text,
                            run.stringColumn(),
                            number,
                            run.intColumn(),
                            rowsTotal,
                            run.replace()));
        });
    }

    /// The task that now imports it.
    ///
    /// @return whether it is still wanted
    boolean submitted(TaskHandle submitted) {
        return locked(() -> {
            task = submitted;
            submittedAt = clock.instant();
            return !cancelled;
        });
    }

    /// Takes over how far the task is.
    ///
    /// @param waitsTooLong how long it may wait for a worker until that is said
    /// @return whether there is news
    boolean show(TaskStatus status, Duration waitsTooLong) {
        return locked(() -> {
            if (state != State.running) {
                return false;
            }
            long rows = Math.round(status.progress() * rowsTotal);
            String hindrance =
                    switch (status.state()) {
                        case QUEUED -> isLate(waitsTooLong) ? Refusals.noWorker(fileName) : null;
                        case FAILED ->
                                Refusals.triedAgain(fileName, status.attempts(), status.reason());
                        case RUNNING, DONE, DEAD -> null;
                    };
            if (status.state() == TaskState.FAILED && committing == status.attempts()) {
                committing = 0;
            }
            boolean news = rows != rowsDone || !Objects.equals(hindrance, problem);
            rowsDone = rows;
            problem = hindrance;
            return news;
        });
    }

    private boolean isLate(Duration waitsTooLong) {
        return submittedAt != null && submittedAt.plus(waitsTooLong).isBefore(clock.instant());
    }

    /// Whether a worker may go on with it.
    boolean isWanted() {
        return locked(() -> state == State.running && !cancelled);
    }

    /// From now on it is too late to cancel, unless this attempt fails.
    ///
    /// @return whether the worker may commit
    boolean beginCommit(int attempt) {
        return locked(() -> {
            boolean wanted = state == State.running && !cancelled;
            if (wanted) {
                committing = attempt;
            }
            return wanted;
        });
    }

    void done(long rows) {
        alone(() -> {
            rowsDone = rows;
            problem = null;
            state = State.done;
        });
    }

    /// @param sentence shown to the administrator
    void failed(String sentence) {
        alone(() -> {
            problem = sentence;
            rowsDone = 0;
            state = State.failed;
        });
    }

    /// Gives the file back.
    ///
    /// @return whether nobody needs the file any more, so that it must be deleted
    boolean release() {
        return locked(() -> {
            busy = false;
            committing = 0;
            task = null;
            submittedAt = null;
            touched = clock.instant();
            return isOver();
        });
    }

    /// Refuses whoever has the file when it comes next.
    @Nullable Rejected cancel() {
        return locked(() -> {
            if (committing != 0) {
                return Refusals.tooLateToCancel(fileName);
            }
            cancelled = true;
            return null;
        });
    }

    /// The task that imports it now.
    Optional<TaskHandle> task() {
        return locked(() -> Optional.ofNullable(task));
    }

    boolean isCancelled() {
        return locked(() -> cancelled);
    }

    boolean isBusy() {
        return locked(() -> busy);
    }

    private boolean isOver() {
        return cancelled || state == State.done || (state == State.failed && columns.isEmpty());
    }

    private int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    private void alone(Runnable work) {
        locked(() -> {
            work.run();
            return null;
        });
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
