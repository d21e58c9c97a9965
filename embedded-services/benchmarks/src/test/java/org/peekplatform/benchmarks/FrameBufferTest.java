package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FrameBufferTest {
    private static final int WIDTH = 60;
    private static final int HEIGHT = 50;
    private static final int HEADER = 160;
    private static final int COLORS = 2;
    private static final int PIXELS = HEADER + COLORS * 12;

    private final ByteBuffer file = ByteBuffer.allocate(PIXELS + WIDTH * HEIGHT * 4);

    private FrameBuffer screen() {
        file.putInt(0, HEADER)
                .putInt(4 * 4, WIDTH)
                .putInt(5 * 4, HEIGHT)
                .putInt(11 * 4, 32)
                .putInt(12 * 4, WIDTH * 4)
                .putInt(19 * 4, COLORS);
        return new FrameBuffer(file);
    }

    private void paint(int x, int y, int color) {
        file.putInt(PIXELS + (y * WIDTH + x) * 4, color);
    }

    @Test
    void anEmptyScreenIsBlankAndNotDrawn() {
        assertThat(screen().isBlank()).isTrue();
        assertThat(screen().isDrawn()).isFalse();
    }

    @Test
    void aWindowWithoutContentIsNeither() {
        for (int x = 0; x < WIDTH; x++) {
            paint(x, 10, 0xFFFFFF);
            paint(x, 15, 0x111111);
            paint(x, 20, 0x222222);
        }
        assertThat(screen().isBlank()).isFalse();
        assertThat(screen().isDrawn()).isFalse();
    }

    @Test
    void aFrameWithManyColoursIsDrawn() {
        for (int x = 0; x < WIDTH; x++) {
            paint(x, 25, x * 0x010203);
        }
        assertThat(screen().isDrawn()).isTrue();
    }
}
