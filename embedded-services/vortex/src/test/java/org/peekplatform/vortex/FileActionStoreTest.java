package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The queue on disk: what a crash leaves is cut off, what is damaged is told.
class FileActionStoreTest extends QueueStoreContract {
    @TempDir Path folder;

    private Path file() {
        return folder.resolve("queues/device.journal");
    }

    @Override
    QueueStore open() {
        return FileActionStore.open(file());
    }

    /// A journal of four records, the last with one action.
    private byte[] journal() throws IOException {
        try (QueueStore store = open()) {
            store.load();
            store.append(everyKind());
            for (int i = 11; i <= 13; i++) {
                store.append(List.of(new QueueStore.Change.Added(entry(i, "{\"n\":" + i + "}"))));
            }
        }
        return Files.readAllBytes(file());
    }

    private List<String> load(byte[] bytes) throws IOException {
        Files.write(file(), bytes);
        try (QueueStore store = open()) {
            return texts(store.load());
        }
    }

    @Test
    void whereverAnAppendWasCutOffTheRecordsBeforeAreThere() throws IOException {
        byte[] whole = journal();
        List<String> all = load(whole);
        int before = all.size();
        for (int length = whole.length; length >= 0; length--) {
            List<String> found = load(Arrays.copyOf(whole, length));
            assertThat(found).as("cut to %d bytes", length).isEqualTo(all.subList(0, found.size()));
            assertThat(found.size()).isLessThanOrEqualTo(before);
            before = found.size();
        }
        assertThat(before).isZero();
    }

    @Test
    void afterACutTailNewRecordsFollowTheWholeOnes() throws IOException {
        byte[] whole = journal();
        Files.write(file(), Arrays.copyOf(whole, whole.length - 1));
        try (QueueStore store = open()) {
            store.load();
            store.append(List.of(new QueueStore.Change.Removed(99)));
        }
        try (QueueStore store = open()) {
            assertThat(store.load()).endsWith(new QueueStore.Change.Removed(99));
        }
    }

    // A power cut may leave a file of its new length of which the last part was never written.
    @Test
    void zerosAtTheEndAreAnAppendThatWasNotWritten() throws IOException {
        byte[] whole = journal();
        List<String> all = load(whole);

        assertThat(load(Arrays.copyOf(whole, whole.length + 5_000))).isEqualTo(all);
        byte[] torn = whole.clone();
        Arrays.fill(torn, whole.length - 20, whole.length, (byte) 0);
        assertThat(load(torn)).isEqualTo(all.subList(0, all.size() - 1));
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        byte[] whole = journal();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> load(damaged))
                    .as("bit %d", bit)
                    .isInstanceOf(PeekException.class)
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("is damaged at byte");
            assertThat(Files.readAllBytes(file())).as("left as it is").isEqualTo(damaged);
        }
    }

    @Test
    void randomBytesNeverGiveAnActionNobodyHasPutIn() throws IOException {
        long seed = Long.getLong("peek.test.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] whole = journal();
        List<String> all = load(whole);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.clone();
            int from = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, from + 1 + random.nextInt(40));
            for (int at = from; at < to; at++) {
                bytes[at] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                List<String> found = load(cut);
                assertThat(found)
                        .as("-Dpeek.test.seed=%d, round %d", seed, i)
                        .isEqualTo(all.subList(0, found.size()));
            } catch (PeekException e) {
                assertThat(e).hasMessageContaining(file().toString());
            }
        }
    }

    @Test
    void aSecondWindowIsToldWhoHasTheQueue() {
        try (QueueStore first = open()) {
            first.load();
            assertThatThrownBy(this::open)
                    .isInstanceOfSatisfying(
                            PeekException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining("in use by another window");
        }
    }

    @Test
    void aFileOfSomethingElseIsLeftAlone() throws IOException {
        Files.createDirectories(folder.resolve("queues"));
        byte[] other = "this is somebody's text".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThatThrownBy(() -> load(other)).hasMessageContaining("is damaged at byte 0");
        assertThat(Files.readAllBytes(file())).isEqualTo(other);
    }
}
