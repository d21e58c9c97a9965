package org.peekplatform.plugins.tutorial.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionOutcome.Applied;
import org.peekplatform.api.action.ActionOutcome.Rejected;
import org.peekplatform.api.task.TaskHandle;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.FilePiece;
import org.peekplatform.plugins.tutorial.calls.ImportFiles;
import org.peekplatform.plugins.tutorial.csv.CsvFile;
import org.peekplatform.plugins.tutorial.csv.CsvRefusals;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.CancelImport;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress;
import org.peekplatform.plugins.tutorial.tuples.ImportRows;
import org.peekplatform.plugins.tutorial.tuples.Imported;
import org.peekplatform.plugins.tutorial.tuples.RunImport;
import org.peekplatform.plugins.tutorial.tuples.StartImport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Imports of files: collects the pieces on disk, reads the complete file once to tell its columns,
/// and has a worker turn it into rows. The worker reads the file from here, and asks here before it
/// commits.
///
/// What is going on is kept in memory, as the files do not outlive a restart either; a worker that
/// asks for an import of before is refused.
final class Imports implements ImportFiles {
    static final int MOST_AT_ONCE = 4;
    static final Duration STALE_AFTER = Duration.ofMinutes(15);

    private static final Logger log = LoggerFactory.getLogger(Imports.class);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final int LONGEST_FILE_NAME = 255;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration WAITS_TOO_LONG = Duration.ofSeconds(3);
    private static final TaskOptions OPTIONS =
            TaskOptions.USUAL.withAttempts(3).withDeadline(Duration.ofMinutes(30));
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    private final PluginContext context;
    private final Tasks tasks;
    private final InstantSource clock;
    private final Path folder;
    private final AtomicLong fileNumber = new AtomicLong();
    private final Map<String, FileImport> imports = new ConcurrentHashMap<>();

    Imports(PluginContext context, InstantSource clock) {
        this.context = context;
        this.tasks = context.capability(Tasks.class);
        this.clock = clock;
        this.folder = context.dataDirectory().resolve("imports");
    }

    /// Removes what an earlier run of the service left behind, and from now on what is left alone;
    /// answers workers.
    void open() throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
        context.rpc().serve(ImportFiles.class, Set.of(ServiceKind.WORKER), this);
        context.tasks().every("tutorial-tidy-imports", TIDY_EVERY, this::forgetStale);
    }

    List<ImportProgress> progress(TupleSelector<ImportProgress> selector) {
        FileImport found = imports.get(selector.require("importId"));
        return found == null ? List.of() : List.of(found.progress());
    }

    ActionOutcome start(StartImport action, ActionContext call) throws IOException {
        String fileName = displayName(action.fileName());
        if (!ID.matcher(action.importId()).matches()) {
            return Refusals.importIdInvalid();
        }
        if (action.size() <= 0) {
            return Refusals.fileEmpty(fileName);
        }
        if (action.size() > StartImport.LARGEST_FILE) {
            return Refusals.fileTooLarge(fileName, action.size());
        }
        Path file = folder.resolve(fileNumber.incrementAndGet() + ".csv");
        FileImport added = new FileImport(action, fileName, file, clock);
        Rejected refusal = add(action.importId(), added);
        if (refusal != null) {
            return refusal;
        }
        call.changed(added.selector());
        return new Applied();
    }

    ActionOutcome append(AppendImport action, ActionContext call) throws IOException {
        FileImport found = imports.get(action.importId());
        if (found == null) {
            return Refusals.importUnknown(action.importId());
        }
        int length = action.bytes().length;
        if (length == 0 || length > AppendImport.LARGEST_PIECE) {
            return Refusals.pieceInvalid(length);
        }
        Rejected refusal = found.beginAppend(action.offset(), length);
        if (refusal != null) {
            return refusal;
        }
        boolean complete = false;
        try {
            write(found.file(), action.offset(), action.bytes());
            complete = found.appended(length);
        } finally {
            if (!complete) {
                release(found);
            }
        }
        if (complete) {
            context.tasks().run("tutorial-read-import", () -> inspect(found));
        }
        call.changed(found.selector());
        return new Applied();
    }

    ActionOutcome run(RunImport action, ActionContext call) {
        FileImport found = imports.get(action.importId());
        if (found == null) {
            return Refusals.importUnknown(action.importId());
        }
        return switch (found.beginRun(action)) {
            case FileImport.RunStart.Refused(Rejected answer) -> answer;
            case FileImport.RunStart.Taken(ImportRows task) -> {
                // Not in this transaction: its end would have to be waited for.
                context.tasks().run("tutorial-run-import", () -> submit(found, task));
                call.changed(found.selector());
                yield new Applied();
            }
        };
    }

    ActionOutcome cancel(CancelImport action, ActionContext call) {
        FileImport found = imports.get(action.importId());
        if (found == null) {
            return Refusals.importUnknown(action.importId());
        }
        Rejected refusal = found.cancel();
        if (refusal != null) {
            return refusal;
        }
        found.task().ifPresent(TaskHandle::cancel);
        forget(found, action.importId());
        call.changed(found.selector());
        return new Applied();
    }

    @Override
    public FilePiece read(String importId, long offset) throws IOException {
        FileImport found = imports.get(importId);
        if (found == null || !found.isWanted()) {
            throw Refusals.importEnded(importId);
        }
        try (FileChannel in = FileChannel.open(found.file(), StandardOpenOption.READ)) {
            ByteBuffer piece = ByteBuffer.allocate(LARGEST_PIECE);
            int length = 0;
            while (length >= 0 && piece.hasRemaining()) {
                length = in.read(piece, offset + piece.position());
            }
            return new FilePiece(Arrays.copyOf(piece.array(), piece.position()));
        }
    }

    @Override
    public void beginCommit(String importId, int attempt) {
        FileImport found = imports.get(importId);
        if (found == null || !found.beginCommit(attempt)) {
            throw Refusals.importEnded(importId);
        }
    }

    /// Forgets imports that nobody has touched for [#STALE_AFTER], and their files.
    void forgetStale() {
        imports.forEach((id, one) -> {
            if (one.isStale(STALE_AFTER) && one.cancel() == null) {
                forget(one, id);
                context.tuples().changed(one.selector());
            }
        });
    }

    private @Nullable Rejected add(String id, FileImport added) {
        // One at a time, so that no two starts both find the last free place.
        synchronized (imports) {
            if (imports.values().stream().filter(FileImport::holdsFile).count() >= MOST_AT_ONCE) {
                return Refusals.tooManyImports(MOST_AT_ONCE);
            }
            return imports.putIfAbsent(id, added) == null ? null : Refusals.importKnown(id);
        }
    }

    /// Reads the complete file once; whoever calls has the file.
    private void inspect(FileImport found) throws IOException {
        try {
            found.inspected(CsvFile.inspect(found.file(), found.fileName()));
        } catch (PeekException e) {
            found.failed(e.getMessage() + ".");
        } catch (IOException e) {
            found.failed(fault(found.fileName()));
            throw e;
        } finally {
            release(found);
            context.tuples().changed(found.selector());
        }
    }

    /// Has a worker turn the file into rows; whoever calls has the file.
    private void submit(FileImport found, ImportRows work) {
        TaskHandle task;
        try {
            task = tasks.submit(work, OPTIONS);
        } catch (RuntimeException e) {
            found.failed(Refusals.notQueued(found.fileName()));
            end(found);
            throw e;
        }
        Registration looking =
                context.tasks().every("tutorial-watch-import", LOOK_EVERY, () -> look(found, task));
        if (!found.submitted(task)) {
            task.cancel();
        }
        task.result(Imported.class)
                .whenComplete((result, failure) -> {
                    looking.close();
                    ended(found, result, failure);
                });
    }

    private void look(FileImport found, TaskHandle task) {
        if (found.show(task.status(), WAITS_TOO_LONG)) {
            context.tuples().changed(found.selector());
        }
    }

    private void ended(FileImport found, @Nullable Imported result, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
        if (result != null) {
            found.done(result.rows());
            context.tuples().changed(RowActions.ROWS);
        } else if (found.isCancelled()) {
            log.info("Import of '{}' was cancelled, no row was imported", found.fileName());
        } else if (cause instanceof PeekException refused && CsvRefusals.isOurs(refused)) {
            found.failed(String.valueOf(refused.getMessage()));
        } else {
            found.failed(
                    Refusals.givenUp(found.fileName(), cause == null ? null : cause.getMessage()));
        }
        end(found);
    }

    private void end(FileImport found) {
        release(found);
        context.tuples().changed(found.selector());
    }

    private void release(FileImport found) {
        if (found.release()) {
            delete(found.file());
        }
    }

    private void forget(FileImport found, String id) {
        imports.remove(id, found);
        // Otherwise whoever has the file deletes it on giving it back.
        if (!found.isBusy()) {
            delete(found.file());
        }
    }

    private static void write(Path file, long offset, byte[] bytes) throws IOException {
        // At its place, so that a piece that was half written before is written over.
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                out.write(left, offset + left.position());
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("Could not delete '{}'; it goes at the next start of the plugin", file, e);
        }
    }

    private static String displayName(String fileName) {
        String line = fileName.replaceAll("\\p{Cntrl}", " ").strip();
        String name = line.isEmpty() ? "the file" : line;
        return name.length() <= LONGEST_FILE_NAME ? name : name.substring(0, LONGEST_FILE_NAME);
    }

    private static String fault(String fileName) {
        return "The import of '"
                + fileName
                + "' ended by a fault of the server, whose log says more; no row was imported.";
    }
}
