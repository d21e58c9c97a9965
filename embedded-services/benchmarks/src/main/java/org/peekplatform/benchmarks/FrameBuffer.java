package org.peekplatform.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The pixels of a virtual display, in the file that Xvfb keeps them in: an XWD image whose header
/// is big endian. Looking at it costs the programs on the display nothing.
final class FrameBuffer {
    /// A frame with text has dozens of colours, from its smooth letters; an empty window and a
    /// pointer have few.
    static final int DRAWN = 12;

    private static final int HEADER_SIZE = 0;
    private static final int WIDTH = 4;
    private static final int HEIGHT = 5;
    private static final int BITS_PER_PIXEL = 11;
    private static final int BYTES_PER_LINE = 12;
    private static final int COLORS = 19;
    private static final int COLOR_BYTES = 12;
    private static final int X_STEP = 3;
    private static final int Y_STEP = 5;

    private final ByteBuffer image;
    private final int start;
    private final int width;
    private final int height;
    private final int lineBytes;

    FrameBuffer(ByteBuffer file) {
        image = file.duplicate().order(ByteOrder.BIG_ENDIAN);
        if (word(BITS_PER_PIXEL) != 32) {
            throw new BenchException(
                    "the virtual display has " + word(BITS_PER_PIXEL) + " bits per pixel, not 32");
        }
        start = word(HEADER_SIZE) + word(COLORS) * COLOR_BYTES;
        width = word(WIDTH);
        height = word(HEIGHT);
        lineBytes = word(BYTES_PER_LINE);
    }

    /// Whether a window with something in it is there.
    boolean isDrawn() {
        return colors(DRAWN) >= DRAWN;
    }

    /// Whether no window is there.
    boolean isBlank() {
        return colors(4) < 4;
    }

    /// How many colours a grid of pixels has; stops counting at `enough`.
    private int colors(int enough) {
        int[] seen = new int[enough];
        int count = 0;
        for (int y = 0; y < height; y += Y_STEP) {
            for (int x = 0; x < width; x += X_STEP) {
                int color = image.getInt(start + y * lineBytes + x * 4);
                int known = count;
                if (Arrays.stream(seen, 0, known).noneMatch(one -> one == color)) {
                    seen[count++] = color;
                    if (count == enough) {
                        return count;
                    }
                }
            }
        }
        return count;
    }

    private int word(int index) {
        return image.getInt(index * 4);
    }
}
