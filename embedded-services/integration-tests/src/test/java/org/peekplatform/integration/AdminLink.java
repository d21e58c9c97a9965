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
import org.peekplatform.api.Registration;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableClient;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;

/// A link to a running system as its administrator.
final class AdminLink implements AutoCloseable {
    private static final Caller.Administrator SELF = new Caller.Administrator("test");

    private final PlatformThreads threads = new PlatformThreads();
    private final HttpClient http = HttpClient.newHttpClient();
    private final LinkClient link;
    private final TableClient<TutorialTuples.StringInt> table;
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
        table = new PartyTables(link, party, SELF).of(TutorialTuples.StringInt.class);
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

    /// Adds a row to the tutorial's table; completes when it is saved, exceptionally when not.
    CompletableFuture<TutorialTuples.StringInt> add(String text, long number) {
        return table.edit(new TableEdit.Create<>(new TutorialTuples.StringInt(0, text, number)))
                .thenApply(answer -> {
                    if (answer instanceof TableAnswer.Saved<TutorialTuples.StringInt>(var row)) {
                        return row;
                    }
                    throw new AssertionError("not saved: " + answer);
                });
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
