package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a queue relies on, whatever keeps it.
abstract class QueueStoreContract {
    /// Opens what was there when the last one was closed.
    abstract QueueStore open();

    static QueueStore.Entry entry(long id, String text) {
        return new QueueStore.Entry(
                id,
                "test",
                "test.Add",
                text.getBytes(StandardCharsets.UTF_8),
                Instant.ofEpochMilli(1_764_000_000_000L + id),
                "q",
                id);
    }

    static List<QueueStore.Change> everyKind() {
        return List.of(
                new QueueStore.Change.Numbered("test", "q", 1),
                new QueueStore.Change.Added(entry(1, "{\"text\":\"ÄÖ 🦜\"}")),
                new QueueStore.Change.Added(entry(2, "")),
                new QueueStore.Change.Ended(1, Header.Result.APPLIED, null, null),
                new QueueStore.Change.Ended(2, Header.Result.REJECTED, "TEST_NO", "No, because."),
                new QueueStore.Change.Ended(2, Header.Result.FAILED, "INTERNAL", ""),
                new QueueStore.Change.Removed(2));
    }

    /// Payloads are arrays, which are not equal by their content.
    static List<String> texts(List<QueueStore.Change> changes) {
        return changes.stream()
                .map(change ->
                        change instanceof QueueStore.Change.Added(QueueStore.Entry entry)
                                ? entry.numbered(entry.queue(), entry.sequence()).id()
                                        + " "
                                        + entry.plugin()
                                        + " "
                                        + entry.type()
                                        + " "
                                        + new String(entry.payload(), StandardCharsets.UTF_8)
                                        + " "
                                        + entry.at()
                                        + " "
                                        + entry.queue()
                                        + " "
                                        + entry.sequence()
                                : change.toString())
                .toList();
    }

    @Test
    void aNewStoreIsEmpty() {
        try (QueueStore store = open()) {
            assertThat(store.load()).isEmpty();
        }
        try (QueueStore store = open()) {
            assertThat(store.load()).isEmpty();
        }
    }

    @Test
    void whatWasAppendedIsThereInOrderAfterEachOpening() {
        List<QueueStore.Change> changes = everyKind();
        try (QueueStore store = open()) {
            store.load();
            store.append(changes.subList(0, 3));
        }
        try (QueueStore store = open()) {
            assertThat(texts(store.load())).isEqualTo(texts(changes.subList(0, 3)));
            store.append(changes.subList(3, 4));
            store.append(changes.subList(4, changes.size()));
        }
        try (QueueStore store = open()) {
            assertThat(texts(store.load())).isEqualTo(texts(changes));
        }
    }

    @Test
    void whatReplacesStandsInsteadOfAllBeforeAndIsAppendedTo() {
        try (QueueStore store = open()) {
            store.load();
            store.append(everyKind());
            store.replace(List.of(new QueueStore.Change.Added(entry(7, "x"))));
            store.append(List.of(new QueueStore.Change.Removed(7)));
        }
        try (QueueStore store = open()) {
            assertThat(texts(store.load()))
                    .isEqualTo(
                            texts(
                                    List.of(
                                            new QueueStore.Change.Added(entry(7, "x")),
                                            new QueueStore.Change.Removed(7))));
        }
    }

    @Test
    void itWantsReplacingWhenMostOfItIsOutOfDate() {
        try (QueueStore store = open()) {
            store.load();
            String text = "x".repeat(10_000);
            for (int i = 1; i <= 60; i++) {
                store.append(List.of(new QueueStore.Change.Added(entry(i, text))));
            }
            assertThat(store.wantsReplacing()).isTrue();
            store.replace(List.of());
            assertThat(store.wantsReplacing()).isFalse();
        }
    }
}
