package org.peekplatform.integration;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableClient;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.launcher.Home;
import org.peekplatform.launcher.RunningAdmin;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.Header;
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

    private static final int PIECE = 192 << 10;

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

    /// Has an action of any plugin carried out.
    void perform(String type, String json)
            throws InterruptedException, ExecutionException, TimeoutException {
        ActionGate.Done done =
                link.act(type, json.getBytes(StandardCharsets.UTF_8), SELF)
                        .get(60, TimeUnit.SECONDS);
        if (done.result() != Header.Result.APPLIED) {
            throw new AssertionError(type + ": " + done.message());
        }
    }

    /// The rows that `party` calls so.
    <T extends Tuple> List<T> rows(String party, Class<T> type)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<List<T>> rows = new CompletableFuture<>();
        try (Registration observation =
                new RowsObserver(link, Party.platform(party), SELF)
                        .observe(TupleSelector.of(type), update -> rows.complete(update.rows()))) {
            return rows.get(60, TimeUnit.SECONDS);
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

    /// Has the tutorial add the rows of a CSV file with the columns `text` and `number`.
    void importRows(String csv) throws InterruptedException, ExecutionException, TimeoutException {
        byte[] file = csv.getBytes(StandardCharsets.UTF_8);
        applied("StartImport", "\"fileName\":\"rows.csv\",\"size\":" + file.length);
        for (int from = 0; from < file.length; from += PIECE) {
            byte[] piece = Arrays.copyOfRange(file, from, Math.min(file.length, from + PIECE));
            applied(
                    "AppendImport",
                    "\"offset\":%d,\"bytes\":\"%s\""
                            .formatted(from, Base64.getEncoder().encodeToString(piece)));
        }
        // Not before the whole file has been read once.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (act(
                                "RunImport",
                                "\"stringColumn\":\"text\",\"intColumn\":\"number\",\"replace\":false")
                        .result()
                != Header.Result.APPLIED) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the rows cannot be imported");
            }
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private void applied(String type, String fields)
            throws InterruptedException, ExecutionException, TimeoutException {
        ActionGate.Done done = act(type, fields);
        if (done.result() != Header.Result.APPLIED) {
            throw new AssertionError(type + ": " + done.message());
        }
    }

    private ActionGate.Done act(String type, String fields)
            throws InterruptedException, ExecutionException, TimeoutException {
        return link.act(
                        "tutorial." + type,
                        ("{\"importId\":\"test\"," + fields + "}").getBytes(StandardCharsets.UTF_8),
                        SELF)
                .get(30, TimeUnit.SECONDS);
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
