package org.peekplatform.integration;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.probe.tuples.AddEntry;
import org.peekplatform.plugins.probe.tuples.Line;
import org.peekplatform.plugins.probe.tuples.Texts;
import org.peekplatform.vortex.ActionQueue;
import org.peekplatform.vortex.FileActionStore;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.Header;
import org.peekplatform.vortex.HttpWebSocketDialer;
import org.peekplatform.vortex.Link;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;

/// Many devices in one process, each with a link of its own over a real WebSocket and the client
/// that the product uses. Everything they see goes into a ledger.
final class DeviceSimulator implements AutoCloseable {
    /// A device that notices within two seconds that nothing is heard any more.
    static final LinkClient.Timing ALERT =
            new LinkClient.Timing(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PlatformThreads threads = new PlatformThreads();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Ledger ledger;
    private final List<Device> devices;

    /// @param client the `/vortex` of a client service, or of a proxy before it
    DeviceSimulator(URI client, int devices, Ledger ledger, LinkClient.Timing timing) {
        this.ledger = ledger;
        this.devices =
                IntStream.range(0, devices)
                        .mapToObj(number -> new Device(number, client, timing))
                        .toList();
        this.devices.forEach(device -> device.link.start());
    }

    /// What a device calls itself in its actions.
    static String name(int device) {
        return "device " + device;
    }

    int count() {
        return devices.size();
    }

    /// Every device observes a list of the probe.
    void observe(String list) {
        devices.forEach(device -> device.observe(list));
    }

    /// Gives every device a queue of actions that is kept in `folder`, or the one that is there.
    void openQueues(Path folder) {
        devices.forEach(device -> device.openQueue(folder.resolve(device.number + ".queue")));
    }

    /// Puts [AddEntry] into the queue of a device, which is in the ledger before it is sent and
    /// when it is acknowledged.
    void enqueue(int device, long number) {
        devices.get(device).enqueue(number);
    }

    /// How many queued actions have no outcome yet.
    int waiting() {
        return devices.stream().mapToInt(device -> device.running().waiting()).sum();
    }

    CompletableFuture<ActionOutcome> send(int device, ActionTuple action) {
        return devices.get(device).sender.send(action);
    }

    LinkClient link(int device) {
        return devices.get(device).link;
    }

    void awaitOnline() throws InterruptedException {
        await(
                "every device is online",
                () ->
                        devices.stream()
                                .allMatch(one -> one.link.state() instanceof LinkState.Online));
    }

    /// Waits until every device shows `number`.
    void awaitShown(long number) throws InterruptedException {
        await(
                "every device shows " + number,
                () ->
                        IntStream.range(0, devices.size())
                                .allMatch(device -> ledger.shown(device) == number));
    }

    static void await(String what, BooleanSupplier wanted) throws InterruptedException {
        await(what, PATIENCE, wanted);
    }

    static void await(String what, Duration patience, BooleanSupplier wanted)
            throws InterruptedException {
        Instant end = Instant.now().plus(patience);
        while (!wanted.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(
                        "not within " + patience.toSeconds() + " seconds: " + what);
            }
            Thread.sleep(20);
        }
    }

    /// Rows as a device gets them, once.
    <T extends Tuple> List<T> rows(int device, TupleSelector<T> selector)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<List<T>> rows = new CompletableFuture<>();
        try (var _ =
                devices.get(device)
                        .observer
                        .observe(selector, update -> rows.complete(update.rows()))) {
            return rows.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        devices.forEach(Device::closeQueue);
        devices.forEach(device -> device.link.close());
        http.shutdownNow();
        threads.close();
    }

    private final class Device {
        private final int number;
        private final LinkClient link;
        private final PartySender sender;
        private final RowsObserver observer;
        private final Party party = Party.platform("probe");
        private final Caller self;
        private @Nullable ActionQueue queue;

        Device(int number, URI client, LinkClient.Timing timing) {
            this.number = number;
            LinkDialer dialer =
                    new HttpWebSocketDialer(
                            http,
                            client,
                            () -> Map.of("Cookie", "peek_device=%032d".formatted(number)));
            link =
                    new LinkClient(
                            name(number),
                            false,
                            listener -> dialer.dial(new Recorder(listener)),
                            threads,
                            timing);
            self = new Caller.Device(String.valueOf(number));
            sender = new PartySender(link, party, self);
            observer = new RowsObserver(link, party, self);
            link.onState(this::became);
        }

        void observe(String list) {
            observer.observe(
                    TupleSelector.of(Line.class).with("name", list), update -> show(update.rows()));
        }

        void openQueue(Path file) {
            queue =
                    ActionQueue.open(
                            FileActionStore.open(file),
                            link,
                            self,
                            threads,
                            InstantSource.system(),
                            new ActionQueue.Retries(Duration.ofMillis(100), Duration.ofSeconds(2)));
        }

        void closeQueue() {
            if (queue != null) {
                queue.close();
            }
        }

        ActionQueue running() {
            return requireNonNull(queue, "the queues are not open");
        }

        void enqueue(long action) {
            ledger.add(new Ledger.Line.Sent(number, action));
            new PartySender(link, party, self, running())
                    .enqueue(new AddEntry(name(number), action))
                    .outcome()
                    .thenAccept(outcome -> {
                        if (outcome instanceof ActionOutcome.Applied) {
                            ledger.add(new Ledger.Line.Acknowledged(number, action));
                        }
                    });
        }

        private void became(LinkState state) {
            switch (state) {
                case LinkState.Online _ -> ledger.add(new Ledger.Line.Online(number));
                case LinkState.Offline(String why) ->
                        ledger.add(new Ledger.Line.Offline(number, why));
                case LinkState.Connecting _, LinkState.Closed _ -> {}
            }
        }

        private void show(List<Line> rows) {
            Line first = rows.getFirst();
            boolean whole =
                    rows.stream()
                            .allMatch(row ->
                                    row.number() == first.number()
                                            && row.text()
                                                    .equals(
                                                            Texts.of(
                                                                    row.number(),
                                                                    row.id(),
                                                                    row.text().length())));
            ledger.add(new Ledger.Line.Shown(number, first.number(), first.loads(), whole));
        }

        private final class Recorder implements Link.Listener {
            private final Link.Listener listener;

            Recorder(Link.Listener listener) {
                this.listener = listener;
            }

            @Override
            public void frame(Frame frame) {
                switch (frame.header()) {
                    case Header.Snapshot(String selector, String epoch, long version, var _) ->
                            ledger.add(new Ledger.Line.Received(number, selector, epoch, version));
                    case Header.Delta(String selector, String epoch, var _, long version, var _) ->
                            ledger.add(new Ledger.Line.Received(number, selector, epoch, version));
                    default -> {}
                }
                listener.frame(frame);
            }

            @Override
            public void closed(String reason) {
                listener.closed(reason);
            }
        }
    }
}
