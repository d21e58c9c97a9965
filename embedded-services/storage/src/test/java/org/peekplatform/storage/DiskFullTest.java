package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;

/// An H2 database on a disk that is full, or cannot be written. The disk is memory that is mounted,
/// which only root may do: for others these tests count as skipped.
class DiskFullTest {
    private static final int ROWS = 500;

    private final Random random = new Random(20261130);
    private Path disk;
    private boolean mounted;

    @TempDir Path folder;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "only root can mount the small disk that this test fills");
        disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
        mounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", disk.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(
                        "'%s' says: %s; run this test as root, where file systems may be mounted",
                        String.join(" ", command), said)
                .isZero();
    }

    private void remount(String options) throws IOException, InterruptedException {
        run("mount", "-o", "remount," + options, disk.toString());
    }

    /// In one transaction; compressing them saves nothing.
    private void insert(PluginStorage storage, int from) {
        storage.transaction(dsl -> {
            for (int i = 0; i < ROWS; i++) {
                dsl.execute(
                        "INSERT INTO entry (id, text) VALUES (?, ?)",
                        from + i,
                        Long.toHexString(random.nextLong()).repeat(10));
            }
            return from;
        });
    }

    /// Inserts until it fails; returns how many rows are committed.
    private int fill(PluginStorage storage) {
        int[] rows = {0};
        assertThatThrownBy(
                        () -> {
                            while (rows[0] < 200_000) {
                                insert(storage, rows[0]);
                                rows[0] += ROWS;
                            }
                        })
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("cannot be written; its disk is full or broken");
        return rows[0];
    }

    private static void await(Database database, boolean usable) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (database.problem().isEmpty() != usable) {
            assertThat(System.nanoTime()).as("%s", database.problem()).isLessThan(end);
            assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    @Timeout(180)
    void aFullDiskIsNamedNothingIsLostAndItGoesOnWhenThereIsRoom() throws Exception {
        int rows;
        try (var open = new OpenDatabase(disk)) {
            PluginStorage storage = open.plugin("tutorial");

            rows = fill(storage);

            await(open.database, false);
            assertThat(open.database.problem().orElseThrow())
                    .startsWith("the database file " + disk.resolve("data/peek.mv.db"))
                    .contains(" cannot be written (")
                    .endsWith("); make room on its disk, and see that the disk works");
            assertThatThrownBy(() -> insert(storage, 1_000_000))
                    .isInstanceOf(PeekException.class)
                    .hasMessageContaining("make room on its disk");

            remount("size=64m");
            await(open.database, true);
            assertThat(OpenDatabase.count(storage)).isEqualTo(rows);
            insert(storage, rows);
            assertThat(OpenDatabase.count(storage)).isEqualTo(rows + ROWS);
        }
        try (var again = new OpenDatabase(disk)) {
            assertThat(OpenDatabase.count(again.plugin("tutorial"))).isEqualTo(rows + ROWS);
        }
    }

    @Test
    void aDiskThatCannotBeWrittenIsNamedAndNothingIsLost() throws Exception {
        try (var open = new OpenDatabase(disk)) {
            insert(open.plugin("tutorial"), 0);
        }
        remount("ro");

        assertThatThrownBy(() -> new OpenDatabase(disk))
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("the data folder " + disk.resolve("data"))
                .hasMessageContaining("check that it can be written by this user");

        remount("rw");
        try (var open = new OpenDatabase(disk)) {
            assertThat(OpenDatabase.count(open.plugin("tutorial"))).isEqualTo(ROWS);
        }
    }
}
