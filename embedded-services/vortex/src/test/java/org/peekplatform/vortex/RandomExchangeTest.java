package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.api.tuple.TupleUpdate;

/// Everything at once and at random: edits, observers that come and go, links that are cut, slow
/// receivers, providers that fail, plugins that are replaced. In the end everyone has the table,
/// and on the way nobody was led astray.
class RandomExchangeTest {
    private static final int LISTS = 3;
    private static final int DEVICES = 6;
    private static final Duration RUN = Duration.ofSeconds(5);
    // A row of this id stands in every list and counts its edits.
    private static final long STAMP = -1;

    private final PlatformThreads threads = new PlatformThreads();
    private final ObservableHub hub =
            new ObservableHub(
                    threads,
                    Transactions.none(),
                    Authorisation.asDeclared(),
                    Duration.ofMillis(3),
                    Duration.ofSeconds(5));
    private final ActionHub actions =
            new ActionHub(Transactions.none(), hub, Authorisation.asDeclared());
    private final AtomicReferenceArray<List<Row>> table = new AtomicReferenceArray<>(LISTS);
    // Every state of every list, by list and stamp.
    private final Map<List<Long>, List<Row>> history = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private volatile boolean failing;

    // The list of which changes are told by their keys.
    private static final int BY_KEYS = LISTS - 1;

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, long value, String text) implements Tuple {}

    @Test
    void inTheEndEveryoneHasTheTableAndOnTheWayNobodyIsLedAstray() throws Exception {
        long seed = Long.getLong("peek.seed", System.nanoTime());
        System.out.println("RandomExchangeTest: -Dpeek.seed=" + seed);
        Random random = new Random(seed);
        for (int list = 0; list < LISTS; list++) {
            become(list, 0, List.of(new Row(STAMP, 0, "")));
        }
        LinkService server = new LinkService(ServiceKind.SERVER, "server", "1", hub, actions);
        Cuttable up = new Cuttable(server, new Caller.Service(ServiceKind.CLIENT, "c"), 0);
        LinkClient upstream = client(up, true);
        LinkService clientService =
                new LinkService(ServiceKind.CLIENT, "client", "1", upstream, upstream);
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            Cuttable link =
                    new Cuttable(clientService, new Caller.Device("d" + i), i % 3 == 2 ? 1_500 : 0);
            devices.add(new Device(link, client(link, false)));
        }
        Registration[] provided = {provide()};
        List<Watcher> watchers = new ArrayList<>();

        long end = System.nanoTime() + RUN.toNanos();
        while (System.nanoTime() < end && violations.isEmpty()) {
            Device device = devices.get(random.nextInt(DEVICES));
            int dice = random.nextInt(100);
            if (dice < 60) {
                edit(random);
            } else if (dice < 72) {
                watchers.add(device.watch(random.nextInt(LISTS)));
            } else if (dice < 86 && !watchers.isEmpty()) {
                watchers.remove(random.nextInt(watchers.size())).registration.close();
            } else if (dice < 91) {
                device.link.cut();
            } else if (dice < 92) {
                up.cut();
            } else if (dice < 97) {
                failing = random.nextInt(3) == 0;
            } else {
                provided[0].close();
                provided[0] = provide();
            }
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(2_000_000));
            }
        }
        failing = false;
        hub.changed("test.Row");
        for (Device device : devices) {
            for (int list = 0; list < LISTS; list++) {
                watchers.add(device.watch(list));
            }
        }

        for (Watcher watcher : watchers) {
            watcher.awaitTable();
        }
        assertThat(violations).isEmpty();
        for (Device device : devices) {
            device.client.close();
        }
        upstream.close();
        clientService.close();
        server.close();
        hub.close();
        actions.close();
        threads.close();
    }

    private void edit(Random random) {
        int list = random.nextInt(LISTS);
        List<Row> before = table.get(list);
        List<Row> rows = new ArrayList<>(before);
        Row stamp = rows.stream().filter(row -> row.id() == STAMP).findFirst().orElseThrow();
        rows.set(rows.indexOf(stamp), new Row(STAMP, stamp.value() + 1, ""));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(rows.size());
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    Row old = rows.get(at);
                    if (old.id() != STAMP) {
                        rows.set(at, new Row(old.id(), random.nextInt(), text(random)));
                    }
                }
                case 4, 5, 6 -> {
                    long id = random.nextInt(200);
                    if (rows.stream().noneMatch(row -> row.id() == id)) {
                        rows.add(at, new Row(id, random.nextInt(), text(random)));
                    }
                }
                case 7, 8 -> {
                    if (rows.get(at).id() != STAMP) {
                        rows.remove(at);
                    }
                }
                default -> {
                    // A change told by its keys must leave the order as it was.
                    if (list == BY_KEYS) {
                        break;
                    }
                    if (random.nextInt(20) == 0) {
                        Collections.shuffle(rows, random);
                    } else if (random.nextInt(20) == 0) {
                        rows.removeIf(row -> row.id() != STAMP);
                    }
                }
            }
        }
        become(list, stamp.value() + 1, List.copyOf(rows));
        Selector selector = Selector.of("test.Row", Map.of("list", "" + list));
        if (list == BY_KEYS && random.nextInt(5) > 0) {
            hub.changed(selector, keysOfChanges(before, rows));
        } else if (random.nextInt(5) == 0) {
            hub.changed("test.Row");
        } else {
            hub.changed(selector);
        }
    }

    private static Set<String> keysOfChanges(List<Row> before, List<Row> after) {
        Set<Row> changed = new HashSet<>(before);
        after.forEach(row -> {
            if (!changed.remove(row)) {
                changed.add(row);
            }
        });
        return changed.stream().map(row -> "" + row.id()).collect(Collectors.toSet());
    }

    private void become(int list, long stamp, List<Row> rows) {
        history.put(List.of((long) list, stamp), rows);
        table.set(list, rows);
    }

    /// Now and then so long that the log of deltas overflows.
    private static String text(Random random) {
        return Integer.toHexString(random.nextInt()).repeat(random.nextInt(50) == 0 ? 4_000 : 1);
    }

    private Registration provide() {
        return new PartyTuples(hub, Party.platform("test"))
                .provide(
                        Row.class,
                        Audience.DEVICES,
                        new TupleProvider<>() {
                            @Override
                            public List<Row> load(TupleSelector<Row> selector) {
                                if (failing) {
                                    throw new IllegalStateException("provoked by a test");
                                }
                                return table.get(Integer.parseInt(selector.require("list")));
                            }

                            @Override
                            public Optional<List<Row>> loadRows(
                                    TupleSelector<Row> selector, Set<String> keys) {
                                return Optional.of(
                                        load(selector).stream()
                                                .filter(row -> keys.contains("" + row.id()))
                                                .toList());
                            }
                        });
    }

    private LinkClient client(LinkDialer dialer, boolean onBehalfOfDevices) {
        LinkClient client =
                new LinkClient(
                        "test",
                        onBehalfOfDevices,
                        dialer,
                        threads,
                        new LinkClient.Timing(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(1),
                                Duration.ofMillis(20),
                                Duration.ofMillis(3)));
        client.start();
        return client;
    }

    private final class Device {
        private final Cuttable link;
        private final LinkClient client;
        private final RowsObserver observer;

        Device(Cuttable link, LinkClient client) {
            this.link = link;
            this.client = client;
            observer =
                    new RowsObserver(client, Party.platform("test"), new Caller.Device("ignored"));
        }

        Watcher watch(int list) {
            Watcher watcher = new Watcher(list);
            watcher.registration =
                    observer.observe(TupleSelector.of(Row.class).with("list", "" + list), watcher);
            return watcher;
        }
    }

    /// A listener that checks each step it is led.
    private final class Watcher implements TupleListener<Row> {
        private final int list;
        private Registration registration = () -> {};
        private Map<Long, Row> held = Map.of();
        private @Nullable List<Row> rows;
        private @Nullable String problem;

        Watcher(int list) {
            this.list = list;
        }

        @Override
        public synchronized void rows(TupleUpdate<Row> update) {
            Map<Long, Row> led = new HashMap<>(held);
            update.removed()
                    .forEach(row -> check(row.equals(led.remove(row.id())), "a removed row"));
            update.added().forEach(row -> check(led.put(row.id(), row) == null, "an added row"));
            update.changed()
                    .forEach(row -> {
                        Row was = led.put(row.id(), row);
                        check(was != null && !was.equals(row), "a changed row");
                    });
            Map<Long, Row> now =
                    update.rows().stream().collect(Collectors.toMap(Row::id, Function.identity()));
            check(led.equals(now), "the sum of the changes");
            Row before = held.get(STAMP);
            Row after = now.get(STAMP);
            check(
                    after != null && (before == null || before.value() <= after.value()),
                    "the direction");
            check(
                    // Rows that are loaded one by one are not of one moment, except in the end.
                    list == BY_KEYS
                            || (after != null
                                    && update.rows()
                                            .equals(
                                                    history.get(
                                                            List.of((long) list, after.value())))),
                    "the state");
            held = now;
            rows = update.rows();
            problem = null;
            notifyAll();
        }

        @Override
        public synchronized void problem(ErrorCode code, String message) {
            problem = message;
        }

        private void check(boolean fits, String what) {
            if (!fits) {
                violations.add("%s of list %s is wrong".formatted(what, list));
            }
        }

        synchronized void awaitTable() throws InterruptedException {
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!table.get(list).equals(rows)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                assertThat(left)
                        .as("list %s, problem %s, rows %s", list, problem, rows)
                        .isPositive();
                wait(left);
            }
        }
    }

    /// A memory link that can be cut, and takes its time for each frame.
    private static final class Cuttable implements LinkDialer {
        private final LinkDialer dialer;
        private final int micros;
        private volatile @Nullable Link current;

        Cuttable(Link.Acceptor acceptor, Caller caller, int micros) {
            dialer = MemoryLink.dialer(acceptor, caller);
            this.micros = micros;
        }

        @Override
        public CompletableFuture<Link> dial(Link.Listener listener) {
            return dialer.dial(
                            new Link.Listener() {
                                @Override
                                public void frame(Frame frame) {
                                    if (micros > 0) {
                                        LockSupport.parkNanos(micros * 1_000L);
                                    }
                                    listener.frame(frame);
                                }

                                @Override
                                public void closed(String reason) {
                                    listener.closed(reason);
                                }
                            })
                    .thenApply(link -> {
                        current = link;
                        return link;
                    });
        }

        void cut() {
            Link link = current;
            if (link != null) {
                link.close(new Link.CloseReason(1001, "cut"));
            }
        }
    }
}
