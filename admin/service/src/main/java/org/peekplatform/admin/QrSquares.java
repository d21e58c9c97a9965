package org.peekplatform.admin;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.util.ArrayList;
import java.util.List;

/// A text as a QR code, for whoever draws it.
final class QrSquares {
    private QrSquares() {}

    /// @return a text for each line of squares, with `#` for the dark ones, without a border
    static List<String> of(String text) {
        ByteMatrix matrix;
        try {
            matrix = Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix();
        } catch (WriterException e) {
            throw new IllegalArgumentException("a text of " + text.length() + " characters", e);
        }
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < matrix.getHeight(); y++) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < matrix.getWidth(); x++) {
                line.append(matrix.get(x, y) == 1 ? '#' : '.');
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
