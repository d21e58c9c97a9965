package org.peekplatform.plugins.tutorial.csv;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Reads a file of values with a header, row by row: UTF-8 with or without a byte order mark,
/// separated by commas, semicolons or tabs, values in double quotes where needed.
///
/// Whatever is wrong with the content is thrown as a [org.peekplatform.api.PeekException] from
/// [CsvRefusals]. Row numbers are those a spreadsheet shows: the header is row 1.
public final class CsvFile implements Closeable {
    private static final int MOST_COLUMNS = 1000;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_SAMPLE = 60;
    private static final int SAMPLES = 3;
    private static final int BYTE_ORDER_MARK = 0xEFBBBF;

    /// More than any header line; how far the separator is looked for.
    private static final int LOOK_AHEAD = 1 << 18;

    private final String fileName;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<String> header;

    /// What one reading of a whole file tells.
    public record Shape(List<Column> columns, long rows) {}

    /// A row and where it stands.
    public record Row(long number, CSVRecord values) {
        /// The value without blanks around it; empty where the row is too short.
        public String value(int column) {
            return column < values.size() ? values.get(column).strip() : "";
        }
    }

    /// @param content read and closed by this
    /// @param fileName for sentences
    public CsvFile(InputStream content, String fileName) throws IOException {
        this.fileName = fileName;
        BufferedReader reader = open(content);
        try {
            parser =
                    CSVFormat.RFC4180
                            .builder()
                            .setDelimiter(findSeparator(reader))
                            .setIgnoreEmptyLines(false)
                            .get()
                            .parse(reader);
            records = parser.iterator();
            header = readHeader();
        } catch (CharacterCodingException e) {
            reader.close();
            throw CsvRefusals.notUtf8(fileName);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /// The next row that has a value, or `null` after the last one.
    public @Nullable Row next() throws IOException {
        while (true) {
            CSVRecord values = read();
            if (values == null) {
                return null;
            }
            Row row = new Row(values.getRecordNumber(), values);
            if (isBlank(row)) {
                continue;
            }
            for (int i = header.size(); i < values.size(); i++) {
                if (!row.value(i).isEmpty()) {
                    throw CsvRefusals.rowTooWide(
                            fileName, row.number(), values.size(), header.size());
                }
            }
            return row;
        }
    }

    /// Reads the whole file and tells what can be imported from it.
    public static Shape inspect(Path file, String fileName) throws IOException {
        try (CsvFile csv = new CsvFile(Files.newInputStream(file), fileName)) {
            int columns = csv.header.size();
            boolean[] whole = new boolean[columns];
            Arrays.fill(whole, true);
            List<List<String>> samples = new ArrayList<>(columns);
            for (int i = 0; i < columns; i++) {
                samples.add(new ArrayList<>(SAMPLES));
            }
            long rows = 0;
            for (Row row = csv.next(); row != null; row = csv.next()) {
                rows++;
                for (int i = 0; i < columns; i++) {
                    String value = row.value(i);
                    whole[i] = whole[i] && isWhole(value) && parse(value).isPresent();
                    List<String> sample = samples.get(i);
                    if (sample.size() < SAMPLES && !value.isEmpty()) {
                        sample.add(shorten(value, LONGEST_SAMPLE));
                    }
                }
            }
            if (rows == 0) {
                throw CsvRefusals.noRows(fileName);
            }
            List<Column> found = new ArrayList<>(columns);
            for (int i = 0; i < columns; i++) {
                found.add(new Column(csv.header.get(i), samples.get(i), whole[i]));
            }
            return new Shape(found, rows);
        }
    }

    /// Whether `value` is written as a whole number, of whatever size.
    public static boolean isWhole(String value) {
        int start = value.startsWith("-") || value.startsWith("+") ? 1 : 0;
        for (int i = start; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return value.length() > start;
    }

    /// The number that a text of digits says, if rows may hold it.
    public static OptionalLong parse(String digits) {
        if (digits.length() > 18) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(digits);
        return Math.abs(number) <= StringInt.LARGEST_NUMBER
                ? OptionalLong.of(number)
                : OptionalLong.empty();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private @Nullable CSVRecord read() throws IOException {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw CsvRefusals.notUtf8(fileName);
            }
            if (e.getCause() instanceof CSVException) {
                throw CsvRefusals.damaged(fileName, parser.getCurrentLineNumber());
            }
            throw e.getCause();
        }
    }

    /// The names of the columns: those without a name get one from their place, and of those of the
    /// same name the later ones a number, so that each can be chosen.
    private List<String> readHeader() throws IOException {
        CSVRecord first = read();
        while (first != null && isBlank(new Row(first.getRecordNumber(), first))) {
            first = read();
        }
        if (first == null) {
            throw CsvRefusals.noHeader(fileName);
        }
        if (first.size() > MOST_COLUMNS) {
            throw CsvRefusals.tooManyColumns(fileName, MOST_COLUMNS);
        }
        Row row = new Row(first.getRecordNumber(), first);
        List<String> names = new ArrayList<>(first.size());
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < first.size(); i++) {
            String plain = shorten(row.value(i), LONGEST_NAME);
            if (plain.isEmpty()) {
                plain = "Column " + (i + 1);
            }
            String name = plain;
            for (int n = 2; !taken.add(name); n++) {
                name = plain + " (" + n + ")";
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    private static boolean isBlank(Row row) {
        for (int i = 0; i < row.values().size(); i++) {
            if (!row.value(i).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static BufferedReader open(InputStream content) throws IOException {
        InputStream in = new BufferedInputStream(content, 1 << 16);
        in.mark(3);
        int start = in.read() << 16 | in.read() << 8 | in.read();
        if (start != BYTE_ORDER_MARK) {
            in.reset();
        }
        // Strict, as a file in another encoding would otherwise be imported with wrong letters.
        return new BufferedReader(
                new InputStreamReader(
                        in,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                1 << 16);
    }

    /// The separator that the header has most of, outside quotes.
    private static char findSeparator(BufferedReader reader) throws IOException {
        reader.mark(LOOK_AHEAD);
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean quoted = false;
        boolean seen = false;
        for (int n = 0; n < LOOK_AHEAD - 1; n++) {
            int c = reader.read();
            if (c < 0 || (!quoted && seen && (c == '\n' || c == '\r'))) {
                break;
            }
            seen |= !Character.isWhitespace(c);
            switch (c) {
                case '"' -> quoted = !quoted;
                case ',' -> commas += quoted ? 0 : 1;
                case ';' -> semicolons += quoted ? 0 : 1;
                case '\t' -> tabs += quoted ? 0 : 1;
                default -> {}
            }
        }
        reader.reset();
        if (commas >= semicolons && commas >= tabs) {
            return ',';
        }
        return semicolons >= tabs ? ';' : '\t';
    }

    private static String shorten(String value, int longest) {
        return value.length() <= longest ? value : value.substring(0, longest) + "…";
    }
}
