package org.peekplatform.integration;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.peekplatform.api.Caller;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;

/// A link to a running system as its administrator.
final class AdminLink implements AutoCloseable {
    private static final Caller.Administrator SELF = new Caller.Administrator("test");

    private final PlatformThreads threads = new PlatformThreads();
    private final HttpClient http = HttpClient.newHttpClient();
    private final LinkClient link;
    private final PartySender sender;
    private final RowsObserver observer;

    AdminLink(Path home) throws InterruptedException, ExecutionException, TimeoutException {
        RunningAdmin admin = RunningAdmin.find(new Home(home.toAbsolutePath())).orElseThrow();
        URI socket = URI.create("ws://" + admin.site().getAuthority() + "/vortex");
        link =
                new LinkClient(
                        "Test",
                        false,
                        new HttpWebSocketDialer(http, socket, admin::proof),
                        threads,
                        LinkClient.Timing.USUAL);
        Party party = Party.platform("tutorial");
        sender = new PartySender(link, party, SELF);
        observer = new RowsObserver(link, party, SELF);
        CompletableFuture<LinkState> online = new CompletableFuture<>();
        try (Registration watch =
                link.onState(state -> {
                    if (state instanceof LinkState.Online) {
                        online.complete(state);
                    }
                })) {
            link.start();
            online.get(30, TimeUnit.SECONDS);
        }
    }

    /// Sends an action; completes when it has been applied, exceptionally when not.
    CompletableFuture<ActionOutcome> send(ActionTuple action) {
        return sender.send(action)
                .thenApply(outcome ->
                        switch (outcome) {
                            case ActionOutcome.Applied applied -> applied;
                            case ActionOutcome.Rejected rejected ->
                                    throw new PeekException(rejected.code(), rejected.message());
                        });
    }

    /// Sends an action that has to be applied.
    void awaitHandled(ActionTuple action)
            throws InterruptedException, ExecutionException, TimeoutException {
        send(action).get(30, TimeUnit.SECONDS);
    }

    /// The rows of the tutorial's table.
    List<TutorialTuples.StringInt> rows()
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<List<TutorialTuples.StringInt>> rows = new CompletableFuture<>();
        try (Registration observation =
                observer.observe(
                        TupleSelector.of(TutorialTuples.StringInt.class),
                        update -> rows.complete(update.rows()))) {
            return rows.get(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        link.close();
        http.shutdownNow();
        threads.close();
    }
}
