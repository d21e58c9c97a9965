package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendQueueTest {
    private final SendQueue queue = new SendQueue();
    private final List<String> seen = new ArrayList<>();

    private void submit(String name, CompletableFuture<?> sending) {
        queue.submit(
                () -> {
                    seen.add("start " + name);
                    return sending;
                },
                () -> seen.add("done " + name),
                () -> seen.add("failed " + name));
    }

    @Test
    void aSendStartsWhenTheOneBeforeHasEnded() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        submit("1", first);
        submit("2", CompletableFuture.completedFuture(null));
        assertThat(seen).containsExactly("start 1");

        first.complete(null);

        assertThat(seen).containsExactly("start 1", "done 1", "start 2", "done 2");
    }

    @Test
    void afterAFailedSendNothingIsStartedAnyMore() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        submit("1", first);
        submit("2", CompletableFuture.completedFuture(null));
        first.completeExceptionally(new IllegalStateException("provoked by a test"));
        submit("3", CompletableFuture.completedFuture(null));

        assertThat(seen).containsExactly("start 1", "failed 1", "failed 2", "failed 3");
    }

    @Test
    void aSendThatThrowsHasFailed() {
        queue.submit(
                () -> {
                    throw new IllegalStateException("provoked by a test");
                },
                () -> seen.add("done"),
                () -> seen.add("failed"));

        assertThat(seen).containsExactly("failed");
    }

    @Test
    void manyThatWaitDoNotDeepenTheStack() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        submit("first", first);
        for (int i = 0; i < 100_000; i++) {
            submit("" + i, CompletableFuture.completedFuture(null));
        }
        first.complete(null);

        assertThat(seen).hasSize(200_002).endsWith("done 99999");
    }
}
