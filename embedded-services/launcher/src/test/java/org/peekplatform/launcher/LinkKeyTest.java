package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;

class LinkKeyTest {
    private Home home;

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        home = new Home(folder.resolve("home")).prepare();
    }

    @Test
    void theKeyIsMadeOnceAndIsForTheOwnerOnly() throws IOException {
        String key = LinkKey.of(home);

        assertThat(key).matches("[A-Za-z0-9_-]{43}");
        assertThat(LinkKey.of(home)).isEqualTo(key);
        assertThat(LinkKey.of(new Home(folder.resolve("other")).prepare())).isNotEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(LinkKey.file(home))))
                .isEqualTo("rw-------");
    }

    /// Symptom: a service that started together with the first one could be without a key for as
    /// long as it ran. Cause: the file was made empty and written afterwards. Fix: it appears
    /// whole.
    @Test
    void servicesThatStartAtOnceHaveTheSameKey() {
        int services = 16;
        CyclicBarrier together = new CyclicBarrier(services);
        List<CompletableFuture<String>> keys = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(services)) {
            for (int i = 0; i < services; i++) {
                keys.add(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        together.await();
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                    return LinkKey.of(home);
                                },
                                threads));
            }
            assertThat(keys).extracting(CompletableFuture::join).containsOnly(LinkKey.of(home));
        }
        assertThat(home.data()).isDirectoryNotContaining("glob:**/.link*");
    }

    @Test
    void anEmptyKeyIsNoKey() throws IOException {
        Files.writeString(LinkKey.file(home), "\n");

        assertThatThrownBy(() -> LinkKey.of(home))
                .isInstanceOf(PeekException.class)
                .hasMessage(
                        "the link key "
                                + LinkKey.file(home)
                                + " is empty; delete it and start Peek again to have a new one made");
    }
}
