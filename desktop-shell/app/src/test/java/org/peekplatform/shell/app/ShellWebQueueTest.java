package org.peekplatform.shell.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.shell.ui.WebQueue;
import org.peekplatform.vortex.ActionQueue;
import org.peekplatform.vortex.FileActionStore;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.PlatformThreads;

class ShellWebQueueTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir Path folder;

    private final PlatformThreads threads = new PlatformThreads();
    // Never started: what is put in waits.
    private final LinkClient link =
            new LinkClient(
                    "Workstation",
                    false,
                    listener -> new CompletableFuture<>(),
                    threads,
                    LinkClient.Timing.USUAL);

    @SuppressWarnings("NullAway.Init") // set by open
    private ActionQueue actions;

    @SuppressWarnings("NullAway.Init") // set by open
    private WebQueue tutorial;

    @BeforeEach
    void open() {
        actions =
                ActionQueue.open(
                        FileActionStore.open(folder.resolve("queue")),
                        link,
                        WorkstationDevice.SELF,
                        threads,
                        InstantSource.system(),
                        ActionQueue.Retries.USUAL);
        tutorial = new ShellWebQueue("tutorial", new WorkstationDevice.Queue.Open(actions));
    }

    @AfterEach
    void close() {
        actions.close();
        link.close();
        threads.close();
    }

    private String put(String type) throws Exception {
        return tutorial.enqueue(type, "{\"id\":7}", outcome -> {}).stored().get();
    }

    @Test
    void anActionOfThePluginIsStoredAndListed() throws Exception {
        String id = put("tutorial.AddToInt");

        assertThat(tutorial.first(10))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.id()).isEqualTo(id);
                    assertThat(one.label()).isEqualTo("Add to int");
                    assertThat(one.state()).isEqualTo("waiting");
                });
        assertThat(actions.list()).singleElement().matches(one -> one.plugin().equals("tutorial"));
    }

    @Test
    void anActionOfAnotherPluginIsRefusedAndNotStored() {
        assertThat(tutorial.enqueue("probe.Write", "{}", outcome -> {}).stored())
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining(
                        "The action probe.Write is not of the plugin 'tutorial'; a view queues actions"
                                + " of its own plugin only.");
        assertThat(actions.list()).isEmpty();
    }

    @Test
    void whatAnotherPluginHasQueuedIsNeitherListedNorDiscarded() throws Exception {
        long other =
                actions.enqueue("probe", "probe.Write", new byte[] {'{', '}'}, done -> {})
                        .stored()
                        .get();
        assertThat(tutorial.first(10)).isEmpty();
        assertThat(tutorial.discard(String.valueOf(other))).succeedsWithin(SOON);
        assertThat(tutorial.sendAgain("no number")).succeedsWithin(SOON);

        assertThat(actions.list()).hasSize(1);
    }

    @Test
    void anActionIsDiscarded() throws Exception {
        String id = put("tutorial.AddToInt");
        assertThat(tutorial.discard(id)).succeedsWithin(SOON);

        assertThat(tutorial.first(10)).isEmpty();
    }

    @Test
    void whyThereIsNoQueueIsSaid() {
        WebQueue missing =
                new ShellWebQueue(
                        "tutorial",
                        new WorkstationDevice.Queue.Missing(
                                new PeekException(
                                        ErrorCode.CONFLICT, "another window has the queue")));

        assertThat(missing.enqueue("tutorial.AddToInt", "{}", outcome -> {}).stored())
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("Another window has the queue.");
        assertThat(missing.first(10)).isEmpty();
    }
}
