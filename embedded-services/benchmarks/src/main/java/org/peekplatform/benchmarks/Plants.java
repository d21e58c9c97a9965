package org.peekplatform.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// The rows that are imported: the 11,833 power plants of Form EIA-860 (2019), or, where the file
/// is not beside the checkout, as many made-up rows of the same shape.
///
/// @param file CSV with a header line
record Plants(Path file, boolean real) {
    static final int ROWS = 11_833;
    static final String TEXT = "Plant Name";
    static final String NUMBER = "Plant Code";

    private static final int COLUMNS = 42;
    private static final int OTHER_BYTES = 230;

    static Plants find(Lab lab) throws IOException {
        Path known = lab.checkout().plants();
        if (Files.isReadable(known)) {
            return new Plants(known, true);
        }
        Path made = lab.file("plants.csv");
        write(made);
        return new Plants(made, false);
    }

    String note() {
        return real
                ? "the 11,833 plants of Form EIA-860 (2019)."
                : "the file of the EIA plants is not beside the checkout; 11,833 rows of the same"
                        + " shape were made up instead.";
    }

    /// Writes made-up rows: a name and a number as the real file has them, and other columns that
    /// make the rows as long as the real ones.
    static void write(Path file) throws IOException {
        Random random = new Random(860);
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            StringBuilder line =
                    new StringBuilder("Utility ID,Utility Name," + NUMBER + "," + TEXT);
            for (int column = 4; column < COLUMNS; column++) {
                line.append(",Column ").append(column);
            }
            out.write(line.append('\n').toString());
            for (int row = 1; row <= ROWS; row++) {
                line.setLength(0);
                line.append(random.nextInt(65_000)).append(",\"Utility ");
                line.append(random.nextInt(5_369)).append(", Inc\",").append(row);
                line.append(",Plant ").append(letters(random, 5 + random.nextInt(14)));
                int each = OTHER_BYTES / (COLUMNS - 4);
                for (int column = 4; column < COLUMNS; column++) {
                    line.append(',').append(letters(random, random.nextInt(2 * each - 1)));
                }
                out.write(line.append('\n').toString());
            }
        }
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
