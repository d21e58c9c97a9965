package org.peekplatform.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/// The two columns of the plants that are imported.
public final class CsvRows implements Iterable<CsvRows.Row>, AutoCloseable {
    private final CSVParser parser;

    private CsvRows(CSVParser parser) {
        this.parser = parser;
    }

    /// A row as it is imported.
    public record Row(String text, long number) {}

    public static CsvRows open(Path file) throws IOException {
        BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        return new CsvRows(
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get()
                        .parse(reader));
    }

    @Override
    public Iterator<Row> iterator() {
        return parser.stream()
                .map(row -> new Row(row.get(Plants.TEXT), Long.parseLong(row.get(Plants.NUMBER))))
                .iterator();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
