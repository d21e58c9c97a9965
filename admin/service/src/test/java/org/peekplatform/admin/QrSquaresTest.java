package org.peekplatform.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.qrcode.decoder.Decoder;
import java.util.List;
import org.junit.jupiter.api.Test;

class QrSquaresTest {
    @Test
    void aCameraReadsTheLinkOutOfTheSquares() throws Exception {
        String link = "https://peek.example:8000/#/join/peek-" + "Ab0_-".repeat(50);

        List<String> lines = QrSquares.of(link);

        boolean[][] squares = new boolean[lines.size()][lines.size()];
        for (int y = 0; y < lines.size(); y++) {
            for (int x = 0; x < lines.size(); x++) {
                squares[y][x] = lines.get(y).charAt(x) == '#';
            }
        }
        assertThat(new Decoder().decode(squares).getText()).isEqualTo(link);
    }
}
