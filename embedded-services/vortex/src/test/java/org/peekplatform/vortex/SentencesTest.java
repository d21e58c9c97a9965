package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plugin 'a' is not installed | Plugin 'a' is not installed.",
                "The port is taken. | The port is taken.",
                "client.port cannot be 'x' | client.port cannot be 'x'.",
                "tutorial.zip: it is not a zip archive | tutorial.zip: it is not a zip archive.",
                "/tmp/home cannot be written | /tmp/home cannot be written.",
                "really? | Really?"
            })
    void aMessageBecomesASentenceAndNamesStayAsTheyAre(String message, String sentence) {
        assertThat(Sentences.of(message)).isEqualTo(sentence);
    }

    @Test
    void nothingToSayIsSaid() {
        assertThat(Sentences.of(" ")).isEqualTo("Something went wrong; the log says what.");
        assertThat(Sentences.of(new IllegalStateException())).isEqualTo("IllegalStateException.");
    }
}
