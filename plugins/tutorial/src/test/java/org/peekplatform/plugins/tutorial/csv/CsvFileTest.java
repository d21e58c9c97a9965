package org.peekplatform.plugins.tutorial.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.PeekException;
import org.peekplatform.plugins.tutorial.csv.CsvFile.Shape;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress.Column;

class CsvFileTest {
    private static final Path PLANTS = Path.of("src/test/resources/eia860/plants-excerpt.csv");

    @TempDir Path folder;

    @Test
    void realPlantsHaveTheirColumnsFound() throws IOException {
        Shape shape = CsvFile.inspect(PLANTS, "plants.csv");

        assertThat(shape.rows()).isEqualTo(50);
        assertThat(shape.columns()).hasSize(42);
        assertThat(shape.columns().get(2))
                .isEqualTo(new Column("Plant Code", List.of("1", "2", "3"), true));
        assertThat(shape.columns().get(1).sample().getFirst())
                .isEqualTo("TDX Sand Point Generating, LLC");
        assertThat(shape.columns())
                .filteredOn(Column::whole)
                .extracting(Column::name)
                .contains("Utility ID", "Plant Code", "Sector")
                .doesNotContain("Plant Name", "Latitude", "Zip");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void theSeparatorIsFoundFromTheHeader(String separator) throws IOException {
        Shape shape = inspect("\"a, b; c\"" + separator + "n\nx" + separator + "1\n");

        assertThat(shape)
                .isEqualTo(
                        new Shape(
                                List.of(
                                        new Column("a, b; c", List.of("x"), false),
                                        new Column("n", List.of("1"), true)),
                                1));
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstName() throws IOException {
        assertThat(inspect("\uFEFFname,n\nx,1\n").columns().getFirst().name()).isEqualTo("name");
    }

    @Test
    void quotedValuesMayHaveSeparatorsQuotesAndLines() throws IOException {
        Shape shape = inspect("text,n\r\n\"a \"\"b\"\", c\r\nd\",1\r\n");

        assertThat(shape.columns().getFirst().sample()).containsExactly("a \"b\", c\r\nd");
        assertThat(shape.rows()).isEqualTo(1);
    }

    @Test
    void linesWithoutAnyValueAreNoRows() throws IOException {
        assertThat(inspect("\n\ntext,n\n\nx,1\n,\n \n\n").rows()).isEqualTo(1);
    }

    @Test
    void columnsWithoutANameOrWithTheSameGetNamesOfTheirOwn() throws IOException {
        assertThat(inspect("a,,a,a\n1,2,3,4\n").columns())
                .extracting(Column::name)
                .containsExactly("a", "Column 2", "a (2)", "a (3)");
    }

    @Test
    void aColumnWithANumberMissingIsNotWhole() throws IOException {
        assertThat(inspect("a,b,c,d,e\n1,1,-1,1.0,9007199254740991\n2,,+2,2,9007199254740992\n"))
                .extracting(shape -> shape.columns().stream().map(Column::whole).toList())
                .isEqualTo(List.of(true, false, true, false, false));
    }

    @Test
    void aColumnOfOnlyBlanksHasNoSampleAndIsNotWhole() throws IOException {
        assertThat(inspect("a,b\n1,\n2,  \n").columns().get(1))
                .isEqualTo(new Column("b", List.of(), false));
    }

    @Test
    void longSamplesAreShortened() throws IOException {
        assertThat(inspect("a,b\n" + "x".repeat(5_000_000) + ",1\n").columns().getFirst().sample())
                .containsExactly("x".repeat(60) + "…");
    }

    @Test
    void aFileWithoutRowsIsRefused() {
        assertRefused("a,b\n\n", "TUTORIAL_FILE_NO_ROWS", "'f.csv' has no rows below its header");
    }

    @Test
    void aFileOfBlankLinesHasNoHeader() {
        assertRefused(
                "\n  \n",
                "TUTORIAL_FILE_NO_HEADER",
                "'f.csv' has no header; its first line must name the columns");
    }

    @Test
    void aQuoteThatDoesNotEndIsRefusedWithItsPlace() {
        assertRefused(
                "a,b\n1,2\n3,\"open\n5,6\n",
                "TUTORIAL_FILE_DAMAGED",
                "'f.csv' is damaged near line 4: a value in quotes does not end where it should");
        assertRefused(
                "a,b\n1,2\n\"3\"x,4\n",
                "TUTORIAL_FILE_DAMAGED",
                "'f.csv' is damaged near line 3: a value in quotes does not end where it should");
    }

    @Test
    void aRowWithMoreValuesThanColumnsIsRefused() {
        assertRefused(
                "a,b\n1,2\n\n1,234,5\n",
                "TUTORIAL_ROW_TOO_WIDE",
                "Row 4 of 'f.csv' has 3 values, but the header names 2 columns; a value with the"
                        + " separator in it may lack its quotes");
    }

    @Test
    void aSeparatorAtTheEndOfARowIsNotAValue() throws IOException {
        assertThat(inspect("a,b\n1,2,\n").rows()).isEqualTo(1);
    }

    @Test
    void aFileInAnotherEncodingIsRefused() throws IOException {
        String sentence = "'f.csv' is not text in UTF-8; save it as CSV UTF-8 and try again";
        for (Charset other : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16)) {
            Path file = Files.write(folder.resolve("f.csv"), "ä,n\nü,1\n".getBytes(other));
            assertThatExceptionOfType(PeekException.class)
                    .isThrownBy(() -> CsvFile.inspect(file, "f.csv"))
                    .withMessage(sentence);
        }
        // Far behind what is read ahead for the header.
        byte[] late =
                ("a,n\n" + "x,1\n".repeat(100_000) + "ü,1\n").getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("f.csv"), late);
        assertThatExceptionOfType(PeekException.class)
                .isThrownBy(() -> CsvFile.inspect(file, "f.csv"))
                .withMessage(sentence);
    }

    @Test
    void aFileWithTooManyColumnsIsRefused() {
        assertRefused(
                "a,".repeat(1000) + "a\n",
                "TUTORIAL_FILE_TOO_WIDE",
                "'f.csv' has more than 1,000 columns");
    }

    private Shape inspect(String content) throws IOException {
        return CsvFile.inspect(Files.writeString(folder.resolve("f.csv"), content), "f.csv");
    }

    private void assertRefused(String content, String code, String message) {
        assertThatExceptionOfType(PeekException.class)
                .isThrownBy(() -> inspect(content))
                .withMessage(message)
                .satisfies(e -> assertThat(e.code().name()).isEqualTo(code));
    }
}
