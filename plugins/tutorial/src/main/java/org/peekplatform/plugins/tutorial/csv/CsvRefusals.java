package org.peekplatform.plugins.tutorial.csv;

import java.util.Locale;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Why the content of a file is refused, with codes and sentences. All are of kind `CALLER`:
/// reading the file again would not help.
public final class CsvRefusals {
    private static final String PREFIX = "TUTORIAL_";
    private static final int LONGEST_QUOTE = 40;

    private CsvRefusals() {}

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

    public static PeekException valueEmpty(String fileName, long row, String column) {
        return file(
                "VALUE_EMPTY",
                "Row %d of '%s' has nothing in column '%s'; no row was imported",
                row,
                fileName,
                column);
    }

    public static PeekException valueTooLong(String fileName, long row, String column, int length) {
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

    public static PeekException valueUnstorable(String fileName, long row, String column) {
        return file(
                "VALUE_UNSTORABLE",
                "Row %d of '%s' has a character with the code 0 in column '%s', which databases do"
                        + " not store; no row was imported",
                row,
                fileName,
                column);
    }

    public static PeekException valueNotWhole(
            String fileName, long row, String column, String value) {
        return file(
                "VALUE_NOT_WHOLE",
                "Row %d of '%s' has '%s' in column '%s', which is not a whole number; no row was"
                        + " imported",
                row,
                fileName,
                quote(value),
                column);
    }

    public static PeekException valueOutOfRange(
            String fileName, long row, String column, String value) {
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

    /// Whether an import was refused by the plugin, not ended by a fault.
    public static boolean isOurs(PeekException problem) {
        return problem.code().name().startsWith(PREFIX);
    }

    /// A value as it may stand in a sentence: short, on one line.
    public static String quote(String value) {
        String line = value.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
    }

    // The annotation asked for is in a library of its own; a test makes every sentence instead.
    @SuppressWarnings("AnnotateFormatMethod")
    private static PeekException file(String code, String sentence, Object... values) {
        return new PeekException(
                new ErrorCode(PREFIX + code, ErrorCode.Kind.CALLER),
                String.format(Locale.ENGLISH, sentence, values));
    }
}
