package org.peekplatform.plugins.tutorial.server;

import java.util.Locale;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome.Rejected;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StartImport;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Everything the plugin refuses, with its code and its sentence.
///
/// What is found while a file is read is a [PeekException], as it has to undo the transaction; the
/// rest are answers.
final class Refusals {
    private static final String PREFIX = "TUTORIAL_";
    private static final int LONGEST_QUOTE = 40;

    private Refusals() {}

    static Rejected rowGone(long id) {
        return conflict("ROW_GONE", "Row %d has been deleted meanwhile; nothing was changed.", id);
    }

    static Rejected noLetters(String text) {
        return caller(
                "NO_LETTERS",
                "'%s' has no letters that could be written in capitals; nothing was changed.",
                quote(text));
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
                quote(importId));
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
                quote(column));
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

    static PeekException notUtf8(String fileName) {
        return file(
                "FILE_NOT_UTF8",
                "'%s' is not text in UTF-8; save it as CSV UTF-8 and try again",
                fileName);
    }

    static PeekException damaged(String fileName, long line) {
        return file(
                "FILE_DAMAGED",
                "'%s' is damaged near line %d: a value in quotes does not end where it should",
                fileName,
                line);
    }

    static PeekException noHeader(String fileName) {
        return file(
                "FILE_NO_HEADER",
                "'%s' has no header; its first line must name the columns",
                fileName);
    }

    static PeekException tooManyColumns(String fileName, int most) {
        return file("FILE_TOO_WIDE", "'%s' has more than %,d columns", fileName, most);
    }

    static PeekException noRows(String fileName) {
        return file("FILE_NO_ROWS", "'%s' has no rows below its header", fileName);
    }

    static PeekException rowTooWide(String fileName, long row, int values, int columns) {
        return file(
                "ROW_TOO_WIDE",
                "Row %d of '%s' has %d values, but the header names %d columns; a value with the"
                        + " separator in it may lack its quotes",
                row,
                fileName,
                values,
                columns);
    }

    static PeekException valueEmpty(String fileName, long row, String column) {
        return file(
                "VALUE_EMPTY",
                "Row %d of '%s' has nothing in column '%s'; no row was imported",
                row,
                fileName,
                column);
    }

    static PeekException valueTooLong(String fileName, long row, String column, int length) {
        return file(
                "VALUE_TOO_LONG",
                "Row %d of '%s' has %,d characters in column '%s', but at most %d fit; no row was"
                        + " imported",
                row,
                fileName,
                length,
                column,
                StringInt.LONGEST_TEXT);
    }

    static PeekException valueUnstorable(String fileName, long row, String column) {
        return file(
                "VALUE_UNSTORABLE",
                "Row %d of '%s' has a character with the code 0 in column '%s', which databases do"
                        + " not store; no row was imported",
                row,
                fileName,
                column);
    }

    static PeekException valueNotWhole(String fileName, long row, String column, String value) {
        return file(
                "VALUE_NOT_WHOLE",
                "Row %d of '%s' has '%s' in column '%s', which is not a whole number; no row was"
                        + " imported",
                row,
                fileName,
                quote(value),
                column);
    }

    static PeekException valueOutOfRange(String fileName, long row, String column, String value) {
        return file(
                "VALUE_OUT_OF_RANGE",
                "Row %d of '%s' has %s in column '%s', but numbers go from -%5$,d to %5$,d; no row"
                        + " was imported",
                row,
                fileName,
                quote(value),
                column,
                StringInt.LARGEST_NUMBER);
    }

    /// Whether an import was refused for what is in the file, not ended by a fault.
    static boolean isOurs(PeekException problem) {
        return problem.code().name().startsWith(PREFIX);
    }

    /// A value as it may stand in a sentence: short, on one line.
    static String quote(String value) {
        String line = value.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
    }

    private static Rejected caller(String code, String sentence, Object... values) {
        return new Rejected(code(code, ErrorCode.Kind.CALLER), format(sentence, values));
    }

    private static Rejected conflict(String code, String sentence, Object... values) {
        return new Rejected(code(code, ErrorCode.Kind.CONFLICT), format(sentence, values));
    }

    private static PeekException file(String code, String sentence, Object... values) {
        return new PeekException(code(code, ErrorCode.Kind.CALLER), format(sentence, values));
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
