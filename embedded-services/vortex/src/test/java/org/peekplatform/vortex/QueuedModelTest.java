package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Devices that queue actions while everything around them fails at random, and a ledger that says
/// what must have come of it: each action once, those of a device and plugin in order.
class QueuedModelTest {
    private static final int DEVICES = 6;
    private static final int ROUNDS = 300;

    private final long seed = Long.getLong("peek.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final PlatformThreads threads = new PlatformThreads();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final InMemoryActionLog actionLog = new InMemoryActionLog();
    private final ObservableHub hub =
            new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
    // Replaced when the server ends in the middle of everything and is started again.
    private volatile ActionHub actions = newActions();
    private volatile LinkService server = newServer();
    // By device and plugin, what was carried out.
    private final Map<String, List<Integer>> effects = new ConcurrentHashMap<>();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger discarded = new AtomicInteger();
    private final AtomicInteger refusedDiscards = new AtomicInteger();
    private volatile int faultPercent = 20;

    @TupleType(name = "one.Do")
    record One(int n) implements ActionTuple {}

    @TupleType(name = "two.Do")
    record Two(int n) implements ActionTuple {}

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
        server.close();
        actions.close();
        hub.close();
        threads.close();
    }

    private ActionHub newActions() {
        return new ActionHub(
                Transactions.none(),
                hub,
                Authorisation.asDeclared(),
                actionLog,
                Duration.ofMillis(200));
    }

    private LinkService newServer() {
        return new LinkService(ServiceKind.SERVER, "server", "1", hub, actions);
    }

    /// What was committed stays; answers that have not left never will.
    private void restartServer() {
        server.close();
        actions.close();
        actions = newActions();
        server = newServer();
    }

    /// Cuts what it has dialed at random: before a frame arrives, or instead of an answer. Sends
    /// actions twice, or after those that follow.
    private final class Faulty implements LinkDialer {
        private final LinkDialer real;

        Faulty(LinkDialer real) {
            this.real = real;
        }

        @Override
        public CompletableFuture<Link> dial(Link.Listener listener) {
            return real.dial(
                            new Link.Listener() {
                                @Override
                                public void frame(Frame frame) {
                                    if (frame.header() instanceof Header.Outcome && strikes(8)) {
                                        throw new PeekException(
                                                ErrorCode.BAD_REQUEST, "an answer is lost");
                                    }
                                    listener.frame(frame);
                                }

                                @Override
                                public void closed(String reason) {
                                    listener.closed(reason);
                                }
                            })
                    .thenApply(link ->
                            new Link() {
                                @Override
                                public void send(Frame frame, Runnable written) {
                                    boolean action = frame.header() instanceof Header.Action;
                                    if (action && strikes(8)) {
                                        link.close(new CloseReason(1001, "cut"));
                                    }
                                    if (action && strikes(8)) {
                                        link.send(frame, () -> {});
                                    }
                                    if (action && strikes(8)) {
                                        threads.later(
                                                Duration.ofMillis(1),
                                                () -> link.send(frame, written));
                                    } else {
                                        link.send(frame, written);
                                    }
                                }

                                @Override
                                public void close(CloseReason reason) {
                                    link.close(reason);
                                }
                            });
        }
    }

    private boolean strikes(int share) {
        synchronized (random) {
            boolean strikes = random.nextInt(100) < faultPercent && random.nextInt(share) == 0;
            if (strikes) {
                faults.incrementAndGet();
            }
            return strikes;
        }
    }

    private final class Device {
        private final String id;
        private final InMemoryQueueStore.Disk disk = new InMemoryQueueStore.Disk();
        // In which order they were put in.
        private final List<Taken> ledger = new ArrayList<>();
        // The newest of that id: a journal that has been shortened gives ids again.
        private final Map<Long, Taken> byId = new HashMap<>();
        private LinkClient link;
        private ActionQueue queue;

        Device(String id, LinkService service) {
            this.id = id;
            start(service);
        }

        void start(LinkService service) {
            link =
                    new LinkClient(
                            id,
                            false,
                            new Faulty(MemoryLink.dialer(service, new Caller.Device(id))),
                            threads,
                            quick());
            queue =
                    ActionQueue.open(
                            new InMemoryQueueStore(disk),
                            link,
                            new Caller.Device(id),
                            threads,
                            InstantSource.system(),
                            new ActionQueue.Retries(Duration.ofMillis(1), Duration.ofMillis(10)));
            link.start();
        }

        void stop() {
            queue.close();
            link.close();
        }

        void put(Party plugin, ActionTuple action, int n) {
            try {
                long number =
                        queue.enqueue(
                                        plugin.name(),
                                        plugin.codec().nameOf(action.getClass()),
                                        plugin.codec().encode(action),
                                        done -> {})
                                .stored()
                                .join();
                Taken taken = new Taken(id + " " + plugin.name(), n);
                ledger.add(taken);
                byId.put(number, taken);
            } catch (CompletionException e) {
                // Not taken: then it must not be carried out either.
                faults.incrementAndGet();
            }
        }

        /// Whoever discards something with success must not find it carried out later, or before.
        void discard() {
            List<ActionQueue.Listed> all = queue.list();
            for (int i = 0; i < 3 && !all.isEmpty(); i++) {
                long number = all.get(pick(all.size())).id();
                try {
                    if (queue.discard(number).join()) {
                        ledger.remove(byId.get(number));
                        discarded.incrementAndGet();
                    }
                } catch (CompletionException e) {
                    refusedDiscards.incrementAndGet();
                }
            }
        }

        void hurryOne() {
            List<ActionQueue.Listed> all = queue.list();
            if (!all.isEmpty()) {
                queue.sendAgain(all.get(pick(all.size())).id());
            }
        }
    }

    private record Taken(String key, int n) {}

    private static LinkClient.Timing quick() {
        return new LinkClient.Timing(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                Duration.ofSeconds(1));
    }

    private <A extends ActionTuple> Registration handle(
            Party plugin, Class<A> type, java.util.function.ToIntFunction<A> number) {
        return new PartyActions(actions, plugin)
                .handle(
                        type,
                        Audience.DEVICES,
                        (action, context) -> {
                            if (strikes(3)) {
                                throw new PeekException(ErrorCode.TIMED_OUT, "not now");
                            }
                            effects.computeIfAbsent(
                                            Callers.format(context.caller())
                                                            .substring("device:".length())
                                                    + " "
                                                    + plugin.name(),
                                            key -> new CopyOnWriteArrayList<>())
                                    .add(number.applyAsInt(action));
                            return new ActionOutcome.Applied();
                        });
    }

    @Test
    void eachActionIsCarriedOutOnceAndInOrderWhateverFails() {
        System.out.println("QueuedModelTest with -Dpeek.test.seed=" + seed);
        Party one = Party.platform("one");
        Party two = Party.platform("two");
        LinkClient upstream =
                new LinkClient(
                        "client",
                        true,
                        new Faulty(listener ->
                                MemoryLink.dialer(
                                                server,
                                                new Caller.Service(ServiceKind.CLIENT, "client"))
                                        .dial(listener)),
                        threads,
                        quick());
        closing.add(upstream);
        LinkService client = new LinkService(ServiceKind.CLIENT, "client", "1", upstream, upstream);
        closing.add(client);
        upstream.start();
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new Device("d" + i, client));
        }
        actionLog.diskFails(() -> strikes(4));
        handle(one, One.class, One::n);
        @Nullable Registration handler = handle(two, Two.class, Two::n);
        for (int round = 0; round < ROUNDS; round++) {
            Device device = devices.get(pick(DEVICES));
            switch (pick(16)) {
                case 0 -> {
                    device.stop();
                    device.start(client);
                }
                case 1 -> {
                    if (handler == null) {
                        handler = handle(two, Two.class, Two::n);
                    } else {
                        handler.close();
                        handler = null;
                    }
                }
                case 2 -> device.disk.full(true);
                case 3, 4 -> device.disk.full(false);
                case 5, 6 -> device.discard();
                case 7 -> device.hurryOne();
                case 8 -> {
                    restartServer();
                    handle(one, One.class, One::n);
                    handler = handle(two, Two.class, Two::n);
                }
                default -> {
                    for (int i = 0; i < 5; i++) {
                        int n = round * 10 + i;
                        if (pick(2) == 0) {
                            device.put(one, new One(n), n);
                        } else {
                            device.put(two, new Two(n), n);
                        }
                    }
                    if (pick(3) == 0) {
                        device.discard();
                    }
                }
            }
        }
        faultPercent = 0;
        devices.forEach(device -> device.disk.full(false));
        if (handler == null) {
            handle(two, Two.class, Two::n);
        }
        for (Device device : devices) {
            Awaiting.until(() -> device.queue.waiting() == 0);
            for (String plugin : List.of("one", "two")) {
                String key = device.id + " " + plugin;
                assertThat(effects.getOrDefault(key, List.of()))
                        .as("%s with -Dpeek.test.seed=%d", key, seed)
                        .isEqualTo(
                                device.ledger.stream()
                                        .filter(taken -> taken.key().equals(key))
                                        .map(Taken::n)
                                        .toList());
            }
            device.stop();
        }
        System.out.println(
                faults + " faults, " + discarded + " discarded, " + refusedDiscards + " not");
        assertThat(faults.get()).as("faults that struck").isGreaterThan(20);
    }

    private int pick(int bound) {
        synchronized (random) {
            return random.nextInt(bound);
        }
    }
}
