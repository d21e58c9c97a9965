package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantsTest {
    @TempDir Path folder;

    @Test
    void madeUpRowsHaveTheShapeOfTheRealOnes() throws Exception {
        Path file = folder.resolve("plants.csv");
        Plants.write(file);
        int rows = 0;
        Set<Long> numbers = new HashSet<>();
        try (CsvRows csv = CsvRows.open(file)) {
            for (CsvRows.Row row : csv) {
                rows++;
                numbers.add(row.number());
                assertThat(row.text()).isNotBlank().hasSizeLessThanOrEqualTo(200);
            }
        }
        assertThat(rows).isEqualTo(Plants.ROWS);
        assertThat(numbers).hasSize(Plants.ROWS);
        // The real file has 3.2 million bytes.
        assertThat(Files.size(file)).isBetween(2_800_000L, 3_600_000L);
    }
}
