package org.peekplatform.plugins.tutorial.server;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome.Rejected;
import org.peekplatform.plugins.tutorial.csv.CsvRefusals;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StartImport;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Everything the plugin refuses, with its code and its sentence.
///
/// What is found while a file is read is refused by [CsvRefusals].
final class Refusals {
    private static final String PREFIX = "TUTORIAL_";

    private Refusals() {}

    static Rejected rowGone(long id) {
        return conflict("ROW_GONE", "Row %d has been deleted meanwhile; nothing was changed.", id);
    }

    static Rejected noLetters(String text) {
        return caller(
                "NO_LETTERS",
                "'%s' has no letters that could be written in capitals; nothing was changed.",
                CsvRefusals.quote(text));
    }

    static Rejected textTooLong(int length) {
        return caller(
                "TEXT_TOO_LONG",
                "The text has %,d characters, but a row holds at most %d; shorten it and save again.",
                length,
                StringInt.LONGEST_TEXT);
    }

    static Rejected textUnstorable() {
        return caller(
                "TEXT_UNSTORABLE",
                "The text has a character with the code 0, which databases do not store; remove it"
                        + " and save again.");
    }

    static Rejected numberOutOfRange() {
        return caller(
                "NUMBER_OUT_OF_RANGE",
                "Numbers go from -%1$,d to %1$,d, as browsers show larger ones wrongly; nothing was"
                        + " changed.",
                StringInt.LARGEST_NUMBER);
    }

    static Rejected titleEmpty() {
        return caller("TITLE_EMPTY", "The title must not be empty; enter one and save again.");
    }

    static Rejected titleTooLong(int length) {
        return caller(
                "TITLE_TOO_LONG",
                "The title has %,d characters, but at most %d fit; shorten it and save again.",
                length,
                Settings.LONGEST_TITLE);
    }

    static Rejected stepOutOfRange(int step) {
        return caller(
                "STEP_OUT_OF_RANGE",
                "The step must be from 1 to %,d, not %d; the settings were not changed.",
                Settings.LARGEST_STEP,
                step);
    }

    static Rejected importIdInvalid() {
        return caller(
                "IMPORT_ID_INVALID",
                "The id of an import must be 1 to 64 letters, digits and hyphens.");
    }

    static Rejected importKnown(String importId) {
        return conflict(
                "IMPORT_KNOWN",
                "There is an import '%s' already; start again with another id.",
                importId);
    }

    static Rejected importUnknown(String importId) {
        return conflict(
                "IMPORT_UNKNOWN",
                "There is no import '%s' any more: it was cancelled, or was left alone too long."
                        + " Choose the file again.",
                CsvRefusals.quote(importId));
    }

    static Rejected tooManyImports(int most) {
        return conflict(
                "TOO_MANY_IMPORTS",
                "%d files are being imported already; wait for one to end or cancel it.",
                most);
    }

    static Rejected fileEmpty(String fileName) {
        return caller("FILE_EMPTY", "'%s' is empty; choose a CSV file with a header.", fileName);
    }

    static Rejected fileTooLarge(String fileName, long size) {
        return caller(
                "FILE_TOO_LARGE",
                "'%s' has %,d bytes, but at most %,d (64 MiB) can be imported at once; split it into"
                        + " smaller files.",
                fileName,
                size,
                StartImport.LARGEST_FILE);
    }

    static Rejected pieceInvalid(int length) {
        return caller(
                "PIECE_INVALID",
                "A piece of a file must have 1 to %,d bytes, not %,d.",
                AppendImport.LARGEST_PIECE,
                length);
    }

    static Rejected wrongOffset(String fileName, long offset, long expected) {
        return conflict(
                "WRONG_OFFSET",
                "The next piece of '%s' starts at byte %d, not at %d; choose the file again.",
                fileName,
                expected,
                offset);
    }

    static Rejected pieceTooEarly(String fileName) {
        return conflict(
                "PIECE_TOO_EARLY",
                "The piece of '%s' before is still being written; send one after the other.",
                fileName);
    }

    static Rejected tooLateToCancel(String fileName) {
        return conflict(
                "TOO_LATE_TO_CANCEL",
                "All rows of '%s' have been written; the import can no longer be cancelled.",
                fileName);
    }

    static Rejected pieceTooFar(String fileName, long size) {
        return caller(
                "PIECE_TOO_FAR",
                "'%s' was announced with %,d bytes, and this piece goes beyond them; it may have"
                        + " changed meanwhile. Choose the file again.",
                fileName,
                size);
    }

    static Rejected notReady(String fileName) {
        return conflict(
                "IMPORT_NOT_READY",
                "'%s' cannot be imported now: it is not complete, is running, or has ended.",
                fileName);
    }

    static Rejected noSuchColumn(String fileName, String column) {
        return caller(
                "NO_SUCH_COLUMN",
                "'%s' has no column '%s'; choose one of its columns.",
                fileName,
                CsvRefusals.quote(column));
    }

    /// Said to the worker that asks for it.
    static PeekException importEnded(String importId) {
        return new PeekException(
                code("IMPORT_ENDED", ErrorCode.Kind.CALLER),
                format(
                        "The import '%s' is not running any more; it was cancelled, or the server was"
                                + " restarted",
                        CsvRefusals.quote(importId)));
    }

    static String noWorker(String fileName) {
        return format(
                "No worker has begun to import '%s' yet: all are busy, or none runs. Wait, or start"
                        + " one (peek --service worker).",
                fileName);
    }

    static String triedAgain(String fileName, int attempt, @Nullable String reason) {
        return format(
                "Attempt %d to import '%s' failed, and it is tried again. %s",
                attempt, fileName, reason == null ? "" : reason);
    }

    static String givenUp(String fileName, @Nullable String reason) {
        return format(
                "The import of '%s' was given up; no row was imported. %s",
                fileName, reason == null ? "" : reason);
    }

    static String notQueued(String fileName) {
        return format(
                "'%s' could not be queued for a worker, for a reason that the log of the server says;"
                        + " no row was imported. Try again.",
                fileName);
    }

    static PeekException noAgent(PeekException cause) {
        return unavailable(
                "NO_AGENT",
                cause,
                "No agent with this plugin is connected to the server, so nothing was read; start one"
                        + " (peek --service agent) and try again.");
    }

    static PeekException agentSilent(PeekException cause) {
        return unavailable(
                "AGENT_SILENT",
                cause,
                "The agent did not answer in time, so no row was added; try again.");
    }

    static PeekException tooManyMachines(int most) {
        return new PeekException(
                code("TOO_MANY_MACHINES", ErrorCode.Kind.CONFLICT),
                format("%d machines are known already; no further one is listed.", most));
    }

    private static Rejected caller(String code, String sentence, Object... values) {
        return new Rejected(code(code, ErrorCode.Kind.CALLER), format(sentence, values));
    }

    private static Rejected conflict(String code, String sentence, Object... values) {
        return new Rejected(code(code, ErrorCode.Kind.CONFLICT), format(sentence, values));
    }

    private static PeekException unavailable(String code, PeekException cause, String sentence) {
        return new PeekException(code(code, ErrorCode.Kind.UNAVAILABLE), sentence, cause);
    }

    private static ErrorCode code(String name, ErrorCode.Kind kind) {
        return new ErrorCode(PREFIX + name, kind);
    }

    // The annotation asked for is in a library of its own; a test makes every sentence instead.
    @SuppressWarnings("AnnotateFormatMethod")
    private static String format(String sentence, Object... values) {
        return String.format(Locale.ENGLISH, sentence, values);
    }
}
