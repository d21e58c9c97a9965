package org.peekplatform.benchmarks.codec;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleUpdate;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.Link;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;
import org.peekplatform.vortex.Selector;
import org.peekplatform.vortex.Transactions;

/// The data exchange: from the moment a service asks for a list until the bytes of the answer are
/// there, and from the moment that they have arrived until an observer has the rows. So the hands
/// they pass through on the way are counted as well.
final class VortexCodec implements Codec, AutoCloseable {
    private static final Caller.Service CALLER = new Caller.Service(ServiceKind.CLIENT, "reader");
    private static final String SELECTOR = Selector.of("bench.Reading", Map.of()).text();
    private static final int PATIENCE_SECONDS = 30;

    private final PlatformThreads threads = new PlatformThreads();
    // Each has one, as each plugin has.
    private final Party writer = Party.platform("bench");
    private final Party reader = Party.platform("bench");

    @Override
    public Timed<byte[]> write(List<Reading> rows) throws Exception {
        try (ObservableHub hub =
                        new ObservableHub(
                                threads, Transactions.none(), Authorisation.asDeclared());
                LinkService service =
                        new LinkService(
                                ServiceKind.SERVER,
                                "writer",
                                "1.0.0",
                                hub,
                                new ActionHub(
                                        Transactions.none(), hub, Authorisation.asDeclared()))) {
            new PartyTuples(hub, writer).provide(Reading.class, Audience.SERVICES, all -> rows);
            Recorder link = new Recorder();
            Link.Listener other = service.accept(link, CALLER);
            other.frame(Frame.of(new Header.Hello(LinkService.PROTOCOL, "reader", false)));
            long begun = System.nanoTime();
            other.frame(Frame.of(new Header.Observe(SELECTOR, null, 0)));
            byte[] bytes = link.snapshot.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new Timed<>(bytes, (System.nanoTime() - begun) / 1e6);
        }
    }

    @Override
    public Timed<List<Reading>> read(byte[] bytes) throws Exception {
        Replay replay = new Replay(bytes);
        try (LinkClient client =
                new LinkClient("reader", false, replay::dial, threads, LinkClient.Timing.USUAL)) {
            client.start();
            CompletableFuture<List<Reading>> read = new CompletableFuture<>();
            Registration observing =
                    new RowsObserver(client, reader, CALLER)
                            .observe(TupleSelector.of(Reading.class), new Rows(read));
            List<Reading> rows = read.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            double millis = (System.nanoTime() - replay.begun) / 1e6;
            observing.close();
            return new Timed<>(rows, millis);
        }
    }

    @Override
    public void close() {
        threads.close();
    }

    private record Rows(CompletableFuture<List<Reading>> read) implements TupleListener<Reading> {
        @Override
        public void rows(TupleUpdate<Reading> update) {
            read.complete(update.rows());
        }

        @Override
        public void problem(ErrorCode code, String message) {
            read.completeExceptionally(new PeekException(code, message));
        }
    }

    /// The other end of a link of the service.
    private static final class Recorder implements Link {
        private final CompletableFuture<byte[]> snapshot = new CompletableFuture<>();

        @Override
        public void send(Frame frame, Runnable written) {
            switch (frame.header()) {
                case Header.Snapshot _ -> snapshot.complete(frame.bytes());
                case Header.Problem(var _, var _, String message) ->
                        snapshot.completeExceptionally(new IllegalStateException(message));
                default -> {}
            }
            written.run();
        }

        @Override
        public boolean passesWhole() {
            return true;
        }

        @Override
        public void close(CloseReason reason) {}
    }

    /// A service that answers an observer by bytes it has.
    private static final class Replay implements Link {
        private final byte[] bytes;
        private final CompletableFuture<Link.Listener> client = new CompletableFuture<>();
        private volatile long begun;

        Replay(byte[] bytes) {
            this.bytes = bytes;
        }

        CompletableFuture<Link> dial(Link.Listener listener) {
            client.complete(listener);
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public void send(Frame frame, Runnable written) {
            written.run();
            switch (frame.header()) {
                case Header.Hello _ ->
                        client.join()
                                .frame(
                                        Frame.of(
                                                new Header.Welcome(
                                                        LinkService.PROTOCOL,
                                                        "server",
                                                        "writer",
                                                        "1.0.0",
                                                        "service:client:reader")));
                case Header.Observe _ -> {
                    begun = System.nanoTime();
                    client.join().frame(Frame.parse(bytes));
                }
                default -> {}
            }
        }

        @Override
        public void close(CloseReason reason) {}
    }
}
