package org.peekplatform.vortex;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queued actions of one device: stored first, then sent in order over its link until each has
/// an outcome. The server carries out each number once, so sending again is always safe.
///
/// Each plugin is a lane of its own, so one whose actions are not taken holds up no other. A lane
/// sends in rounds: up to [#WINDOW] actions are under way; when one is not taken now, nothing more
/// is sent until all have been answered, and after a pause the lane goes on with the first that has
/// no outcome. If the server does not know the number of that first one, it has forgotten the
/// queue, and with it that anything of what is left was carried out: the rest becomes a new queue.
///
/// Numbers are given by the one thread that writes the store, so that they have no gap even when
/// writing fails.
public final class ActionQueue implements AutoCloseable {
    public static final int WINDOW = 16;
    public static final int MAX_ENTRIES = 10_000;
    public static final long MAX_BYTES = 32L << 20;

    /// With these codes the server says for certain that no attempt has carried an action out.
    private static final Set<String> NOT_CARRIED_OUT =
            Set.of(
                    ErrorCode.STOPPED.name(),
                    ErrorCode.NOT_OFFERED.name(),
                    ErrorCode.OUT_OF_ORDER.name());

    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(ActionQueue.class);

    private final QueueStore store;
    private final LinkClient link;
    private final Caller self;
    private final PlatformThreads threads;
    private final InstantSource clock;
    private final Retries retries;
    private final Registration linkWatch;
    private final Object lock = new Object();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final TreeMap<Long, Item> items = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    // What is sent and told gets its place under the lock and leaves without it.
    private final SerialExecutor sends = SerialExecutor.inline();
    private final SerialExecutor tellings = SerialExecutor.inline();
    private final SerialExecutor disk = new SerialExecutor("action-queue");
    private List<Arrival> arrivals = new ArrayList<>();
    private List<Item> endings = new ArrayList<>();
    private Set<Lane> restarts = new HashSet<>();
    private int arriving;
    private long bytes;
    private long lastId;
    private boolean closed;

    /// How long a plugin whose actions are not taken now is left alone.
    ///
    /// @param first doubles with every failure up to `last`
    public record Retries(Duration first, Duration last) {
        public static final Retries USUAL =
                new Retries(Duration.ofMillis(500), Duration.ofSeconds(30));
    }

    /// What has become of an action so far; one that was applied has left the queue.
    public enum State {
        WAITING,
        SENT,
        REJECTED,
        FAILED
    }

    /// An action as people see it.
    ///
    /// @param code `null` unless rejected or failed, or waiting since it was not taken
    /// @param message a sentence; `null` as `code` is
    public record Listed(
            long id,
            String plugin,
            String type,
            Instant at,
            State state,
            @Nullable String code,
            @Nullable String message) {}

    /// An action that was put in.
    ///
    /// @param stored completes with its id in the list when it is on the disk
    /// @param listening ends the telling of the outcome
    public record Ticket(CompletableFuture<Long> stored, Registration listening) {}

    private static final class Arrival {
        private final String plugin;
        private final String type;
        private final byte[] payload;
        private final CompletableFuture<Long> stored = new CompletableFuture<>();
        private volatile @Nullable Consumer<ActionGate.Done> listener;

        Arrival(String plugin, String type, byte[] payload, Consumer<ActionGate.Done> listener) {
            this.plugin = plugin;
            this.type = type;
            this.payload = payload;
            this.listener = listener;
        }
    }

    /// An action in the list. Guarded by `lock`.
    private static final class Item {
        private QueueStore.Entry entry;
        // Who put it in, if in this run.
        private final @Nullable Arrival arrival;
        private boolean sent;
        // Why it was not taken the last time.
        private ActionGate.@Nullable Done refusal;
        // Set when the answer has come, before it is stored.
        private ActionGate.@Nullable Done answer;
        private QueueStore.Change.@Nullable Ended ended;

        Item(QueueStore.Entry entry, @Nullable Arrival arrival) {
            this.entry = entry;
            this.arrival = arrival;
        }
    }

    /// The actions of one plugin that have no stored outcome. Guarded by `lock`.
    private static final class Lane {
        private String queue;
        private long next;
        // All that was stored before this run may have been sent in a former one.
        private long everSent;
        // What is left gets other numbers just now, so nothing is sent.
        private boolean changing;
        private final TreeMap<Long, Item> open = new TreeMap<>();
        private long sentTo;
        private int underWay;
        // One of the round was not taken: nothing more is sent before the next round.
        private boolean holding;
        private final Set<Long> outOfOrder = new HashSet<>();
        private @Nullable Future<?> pause;
        private int failures;

        Lane(String queue, long next) {
            this.queue = queue;
            this.next = next;
        }

        @Nullable Item firstUnanswered() {
            return nextUnanswered(0);
        }

        @Nullable Item nextUnanswered(long after) {
            return open.tailMap(after, false).values().stream()
                    .filter(item -> item.answer == null)
                    .findFirst()
                    .orElse(null);
        }
    }

    private ActionQueue(
            QueueStore store,
            LinkClient link,
            Caller self,
            PlatformThreads threads,
            InstantSource clock,
            Retries retries) {
        this.store = store;
        this.link = link;
        this.self = self;
        this.threads = threads;
        this.clock = clock;
        this.retries = retries;
        QueueContents contents = new QueueContents();
        store.load().forEach(contents::apply);
        lastId = contents.lastId;
        contents.numbers
                .values()
                .forEach(one -> {
                    Lane lane = new Lane(one.queue(), one.next());
                    lane.everSent = one.next() - 1;
                    lanes.put(one.plugin(), lane);
                });
        for (QueueStore.Entry entry : contents.entries.values()) {
            Item item = new Item(entry, null);
            item.ended = contents.ended.get(entry.id());
            items.put(entry.id(), item);
            bytes += entry.payload().length;
            Lane lane = lanes.get(entry.plugin());
            if (item.ended == null && lane != null) {
                lane.open.put(entry.sequence(), item);
            }
        }
        linkWatch =
                link.onState(state -> {
                    if (state instanceof LinkState.Online) {
                        resumeAll();
                    }
                });
    }

    /// Reads what is kept in `store` and goes on with it; blocks for that.
    ///
    /// @param store closed with the queue, also when this throws
    /// @param self what the device is to a service in this process
    /// @throws PeekException when `store` cannot be read
    public static ActionQueue open(
            QueueStore store,
            LinkClient link,
            Caller self,
            PlatformThreads threads,
            InstantSource clock,
            Retries retries) {
        ActionQueue queue;
        try {
            queue = new ActionQueue(store, link, self, threads, clock, retries);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        queue.pump();
        return queue;
    }

    /// Puts an action in; does not block.
    ///
    /// @param outcome told how it ended, on any thread, if that happens in this run
    /// @throws PeekException with `BAD_REQUEST` when the action is too large to be sent
    public Ticket enqueue(
            String plugin, String type, byte[] payload, Consumer<ActionGate.Done> outcome) {
        if (payload.length > LinkClient.MAX_ACTION_BYTES || type.length() > TupleCodec.MAX_NAME) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the action "
                            + type
                            + " is larger than "
                            + (LinkClient.MAX_ACTION_BYTES >> 10)
                            + " KiB; queue less at once");
        }
        Arrival arrival = new Arrival(plugin, type, payload, outcome);
        PeekException refusal = null;
        synchronized (lock) {
            if (closed) {
                refusal = new PeekException(ErrorCode.STOPPED, "the queue of actions is closed");
            } else if (items.size() + arriving >= MAX_ENTRIES
                    || bytes + payload.length > MAX_BYTES) {
                refusal =
                        new PeekException(
                                ErrorCode.CONFLICT,
                                "the queue of this device is full with "
                                        + (items.size() + arriving)
                                        + " actions of "
                                        + (bytes >> 10)
                                        + " KiB; connect the device so that they are sent, and"
                                        + " remove those that have failed");
            } else {
                arriving++;
                bytes += payload.length;
                arrivals.add(arrival);
            }
        }
        if (refusal == null) {
            disk.execute(this::write);
        } else {
            arrival.stored.completeExceptionally(refusal);
        }
        return new Ticket(arrival.stored, () -> arrival.listener = null);
    }

    /// What is in the queue, in the order of arrival: waiting, sent, and what has failed and was
    /// not removed.
    public List<Listed> list() {
        synchronized (lock) {
            return items.values().stream().map(ActionQueue::listed).toList();
        }
    }

    /// How many actions have no outcome yet.
    public int waiting() {
        synchronized (lock) {
            return arriving + lanes.values().stream().mapToInt(lane -> lane.open.size()).sum();
        }
    }

    /// Puts an action that was rejected or failed in again, at the end; one that waits is sent as
    /// soon as it can be instead of after the pause.
    ///
    /// @return completes exceptionally with [PeekException] when it cannot be stored
    public CompletableFuture<@Nullable Void> sendAgain(long id) {
        return change(() -> {
            putAgain(id);
            return null;
        });
    }

    /// Takes an action out of the queue, so that it is not carried out. Possible when it has been
    /// rejected or has failed, when it has never been sent, and when the server has said that it
    /// did not carry it out. Does nothing when there is none of that id.
    ///
    /// @return completes exceptionally with [PeekException]: `CONFLICT` when the action may have
    ///   been carried out already, or as [#sendAgain]
    public CompletableFuture<Boolean> discard(long id) {
        return change(() -> withdraw(id));
    }

    private <T extends @Nullable Object> CompletableFuture<T> change(Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        disk.execute(() -> {
            try {
                synchronized (lock) {
                    if (closed) {
                        throw new PeekException(
                                ErrorCode.STOPPED, "the queue of actions is closed");
                    }
                }
                T result = work.get();
                tell(() -> done.complete(result));
            } catch (RuntimeException e) {
                tell(() -> done.completeExceptionally(e));
            }
            pump();
        });
        return done;
    }

    /// Calls `listener` after each change of the list, on any thread; it must not block.
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Stops sending and closes the store; what has no outcome is kept.
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            lanes.values().forEach(ActionQueue::endPause);
        }
        linkWatch.close();
        CountDownLatch done = new CountDownLatch(1);
        disk.execute(() -> {
            try {
                write();
                store.close();
            } finally {
                done.countDown();
            }
        });
        try {
            if (!done.await(LONGEST_GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The queue of actions is still writing; it is left to it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Listed listed(Item item) {
        QueueStore.Change.Ended ended = item.ended;
        ActionGate.Done refusal = item.refusal;
        State state =
                ended == null
                        ? item.sent ? State.SENT : State.WAITING
                        : ended.result() == Header.Result.REJECTED ? State.REJECTED : State.FAILED;
        return new Listed(
                item.entry.id(),
                item.entry.plugin(),
                item.entry.type(),
                item.entry.at(),
                state,
                ended != null ? ended.code() : refusal == null ? null : refusal.code(),
                ended != null ? ended.message() : refusal == null ? null : refusal.message());
    }

    // ---- sending

    /// Sends what may be sent.
    private void pump() {
        synchronized (lock) {
            if (!closed && link.state() instanceof LinkState.Online) {
                lanes.values().forEach(this::addSends);
            }
        }
        sends.run();
        tellings.run();
    }

    private void addSends(Lane lane) {
        while (!lane.holding && !lane.changing && lane.pause == null && lane.underWay < WINDOW) {
            Item item = lane.nextUnanswered(lane.sentTo);
            if (item == null) {
                return;
            }
            QueueStore.Entry entry = item.entry;
            lane.sentTo = entry.sequence();
            lane.everSent = Math.max(lane.everSent, entry.sequence());
            lane.underWay++;
            item.sent = true;
            Header.Queued place =
                    new Header.Queued(entry.queue(), entry.sequence(), lane.open.firstKey() - 1);
            sends.add(() -> send(lane, item, entry, place));
            changed();
        }
    }

    private void send(Lane lane, Item item, QueueStore.Entry entry, Header.Queued place) {
        link.actQueued(entry.type(), entry.payload(), self, place)
                .whenComplete((done, problem) ->
                        answered(
                                lane,
                                item,
                                entry,
                                done != null
                                        ? done
                                        : ActionGate.Done.failed(
                                                ErrorCode.TIMED_OUT.name(),
                                                String.valueOf(problem))));
    }

    private void answered(Lane lane, Item item, QueueStore.Entry entry, ActionGate.Done done) {
        boolean write = false;
        synchronized (lock) {
            lane.underWay--;
            if (closed) {
                return;
            }
            if (done.isFinal()) {
                item.answer = done;
                item.refusal = null;
                endings.add(item);
                lane.failures = 0;
                write = true;
            } else {
                log.debug("Queued action {} is not taken now: {}", entry.type(), done.message());
                lane.holding = true;
                item.sent = false;
                item.refusal = done;
                if (ErrorCode.OUT_OF_ORDER.name().equals(done.code())) {
                    lane.outOfOrder.add(entry.sequence());
                }
                changed();
            }
            write |= endRound(lane);
        }
        if (write) {
            disk.execute(this::write);
        }
        pump();
    }

    /// With the lock: ends a round that has failed, when everything of it has been answered.
    ///
    /// @return whether there is something to write
    private boolean endRound(Lane lane) {
        if (!lane.holding || lane.underWay > 0 || lane.pause != null || closed) {
            return false;
        }
        Item first = lane.firstUnanswered();
        boolean forgotten = first != null && lane.outOfOrder.contains(first.entry.sequence());
        lane.outOfOrder.clear();
        if (forgotten) {
            restarts.add(lane);
            return true;
        }
        pause(lane);
        return false;
    }

    private void pause(Lane lane) {
        long full =
                Math.min(
                        retries.last().toMillis(),
                        retries.first().toMillis() << Math.min(lane.failures++, 16));
        Duration wait =
                Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
        lane.pause = threads.cancellable(wait, () -> resume(lane));
    }

    private void resume(Lane lane) {
        synchronized (lock) {
            nextRound(lane);
        }
        pump();
    }

    private void resumeAll() {
        synchronized (lock) {
            lanes.values().stream()
                    .filter(lane -> lane.pause != null)
                    .forEach(ActionQueue::nextRound);
        }
        pump();
    }

    private static void nextRound(Lane lane) {
        endPause(lane);
        lane.holding = false;
        lane.sentTo = 0;
    }

    private static void endPause(Lane lane) {
        Future<?> pause = lane.pause;
        lane.pause = null;
        if (pause != null) {
            pause.cancel(false);
        }
    }

    // ---- storing, by one thread at a time

    /// How a lane goes on once the changes are stored.
    private static final class Numbering {
        private String queue;
        private long next;
        private final TreeMap<Long, QueueStore.Entry> renumbered = new TreeMap<>();
        private boolean anew;

        Numbering(String queue, long next) {
            this.queue = queue;
            this.next = next;
        }
    }

    private void write() {
        List<Arrival> in;
        List<Item> out;
        Set<Lane> forgotten;
        List<QueueStore.Change> changes = new ArrayList<>();
        Map<String, Numbering> numberings = new HashMap<>();
        Map<Arrival, QueueStore.Entry> entries = new HashMap<>();
        synchronized (lock) {
            in = arrivals;
            out = endings;
            forgotten = restarts;
            arrivals = new ArrayList<>();
            endings = new ArrayList<>();
            restarts = new HashSet<>();
            for (Item item : out) {
                changes.add(ended(item));
            }
            lanes.forEach((plugin, lane) -> {
                if (forgotten.contains(lane)) {
                    numberings.put(plugin, anew(plugin, lane, changes));
                }
            });
            for (Arrival arrival : in) {
                Numbering numbering =
                        numberings.computeIfAbsent(
                                arrival.plugin,
                                plugin -> {
                                    Lane lane = lanes.get(plugin);
                                    return lane == null
                                            ? new Numbering(Epochs.next(), 1)
                                            : new Numbering(lane.queue, lane.next);
                                });
                QueueStore.Entry entry =
                        new QueueStore.Entry(
                                ++lastId,
                                arrival.plugin,
                                arrival.type,
                                arrival.payload,
                                clock.instant(),
                                numbering.queue,
                                numbering.next++);
                entries.put(arrival, entry);
                changes.add(new QueueStore.Change.Added(entry));
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        try {
            store.append(changes);
        } catch (RuntimeException e) {
            notStored(in, out, forgotten, e);
            return;
        }
        stored(in, out, numberings, entries);
        pump();
        replaceIfDue();
    }

    private static QueueStore.Change.Ended ended(Item item) {
        ActionGate.Done done = item.answer;
        if (done == null) {
            throw new IllegalStateException("an action without an answer has ended");
        }
        return new QueueStore.Change.Ended(
                item.entry.id(), done.result(), done.code(), done.message());
    }

    /// With the lock: numbers what is left of a lane from 1 in a new queue.
    private static Numbering anew(String plugin, Lane lane, List<QueueStore.Change> changes) {
        log.warn(
                "The server does not know how far the queue of plugin '{}' is; what is left begins anew",
                plugin);
        Numbering numbering = new Numbering(Epochs.next(), 1);
        numbering.anew = true;
        changes.add(new QueueStore.Change.Numbered(plugin, numbering.queue, 1));
        for (Item item : lane.open.values()) {
            if (item.answer == null) {
                QueueStore.Entry entry = item.entry.numbered(numbering.queue, numbering.next++);
                numbering.renumbered.put(item.entry.id(), entry);
                changes.add(new QueueStore.Change.Added(entry));
            }
        }
        return numbering;
    }

    private void stored(
            List<Arrival> in,
            List<Item> out,
            Map<String, Numbering> numberings,
            Map<Arrival, QueueStore.Entry> entries) {
        List<Runnable> news = new ArrayList<>();
        synchronized (lock) {
            out.forEach(item -> news.add(leave(item)));
            numberings.forEach((plugin, numbering) -> {
                Lane lane =
                        lanes.computeIfAbsent(
                                plugin, name -> new Lane(numbering.queue, numbering.next));
                if (numbering.anew) {
                    renumber(lane, numbering);
                } else {
                    lane.next = numbering.next;
                }
            });
            for (Arrival arrival : in) {
                QueueStore.Entry entry = entries.get(arrival);
                Lane lane = lanes.get(arrival.plugin);
                if (entry == null || lane == null) {
                    throw new IllegalStateException("an arrival was stored without a number");
                }
                Item item = new Item(entry, arrival);
                items.put(entry.id(), item);
                lane.open.put(entry.sequence(), item);
                arriving--;
                news.add(() -> arrival.stored.complete(entry.id()));
            }
            changed();
        }
        news.forEach(this::tell);
    }

    /// With the lock: an action whose outcome is stored.
    ///
    /// @return tells who has put it in
    private Runnable leave(Item item) {
        Lane lane = lanes.get(item.entry.plugin());
        if (lane != null) {
            lane.open.remove(item.entry.sequence(), item);
        }
        QueueStore.Change.Ended ended = ended(item);
        if (ended.result() == Header.Result.APPLIED) {
            items.remove(item.entry.id());
            bytes -= item.entry.payload().length;
        } else {
            item.ended = ended;
        }
        ActionGate.Done done = item.answer;
        Arrival arrival = item.arrival;
        return () -> {
            Consumer<ActionGate.Done> listener = arrival == null ? null : arrival.listener;
            if (listener != null && done != null) {
                listener.accept(done);
            }
        };
    }

    private static void renumber(Lane lane, Numbering numbering) {
        if (!lane.queue.equals(numbering.queue)) {
            lane.everSent = 0;
        }
        lane.queue = numbering.queue;
        lane.next = numbering.next;
        List<Item> left = List.copyOf(lane.open.values());
        lane.open.clear();
        for (Item item : left) {
            QueueStore.Entry entry = numbering.renumbered.get(item.entry.id());
            if (entry != null) {
                item.entry = entry;
                lane.open.put(entry.sequence(), item);
            }
        }
        nextRound(lane);
    }

    /// Puts a rejected or failed action in once more, with the next number.
    private void putAgain(long id) {
        Item former;
        Lane lane;
        QueueStore.Entry entry;
        synchronized (lock) {
            former = items.get(id);
            if (former == null) {
                return;
            }
            lane = lanes.get(former.entry.plugin());
            if (lane == null) {
                throw new IllegalStateException("an action has no lane");
            }
            if (former.ended == null) {
                if (lane.pause != null) {
                    nextRound(lane);
                }
                return;
            }
            QueueStore.Entry old = former.entry;
            entry =
                    new QueueStore.Entry(
                            ++lastId,
                            old.plugin(),
                            old.type(),
                            old.payload(),
                            clock.instant(),
                            lane.queue,
                            lane.next);
        }
        store.append(
                List.of(new QueueStore.Change.Removed(id), new QueueStore.Change.Added(entry)));
        synchronized (lock) {
            items.remove(id);
            Item item = new Item(entry, null);
            items.put(entry.id(), item);
            lane.open.put(entry.sequence(), item);
            lane.next++;
            changed();
        }
    }

    private boolean withdraw(long id) {
        write();
        Item item;
        Lane lane;
        Numbering numbering = null;
        List<QueueStore.Change> changes = new ArrayList<>();
        changes.add(new QueueStore.Change.Removed(id));
        synchronized (lock) {
            item = items.get(id);
            if (item == null) {
                return false;
            }
            lane = lanes.get(item.entry.plugin());
            if (lane == null) {
                throw new IllegalStateException("an action has no lane");
            }
            if (item.ended == null) {
                numbering = without(item, lane, changes);
                lane.changing = true;
            }
        }
        try {
            store.append(changes);
        } catch (RuntimeException e) {
            synchronized (lock) {
                lane.changing = false;
            }
            throw e;
        }
        synchronized (lock) {
            items.remove(id);
            bytes -= item.entry.payload().length;
            if (numbering != null) {
                lane.open.remove(item.entry.sequence(), item);
                renumber(lane, numbering);
                lane.changing = false;
            }
            changed();
        }
        Arrival arrival = item.arrival;
        Consumer<ActionGate.Done> listener = arrival == null ? null : arrival.listener;
        if (listener != null && item.ended == null) {
            tell(() ->
                    listener.accept(
                            ActionGate.Done.failed("DISCARDED", "The change was discarded.")));
        }
        return true;
    }

    /// With the lock: the numbers of a lane when `taken` is taken out of it, without a gap. Those
    /// of what was never sent move up; if some were sent, but none of them carried out, all of them
    /// become a new queue.
    private static Numbering without(Item taken, Lane lane, List<QueueStore.Change> changes) {
        Item first = lane.firstUnanswered();
        ActionGate.Done refusal = first == null ? null : first.refusal;
        boolean certain =
                refusal != null
                        && refusal.code() != null
                        && NOT_CARRIED_OUT.contains(refusal.code());
        boolean neverSent = taken.entry.sequence() > lane.everSent;
        boolean answered = lane.open.values().stream().anyMatch(item -> item.answer != null);
        if (answered || lane.underWay > 0 || !(neverSent || certain)) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "This change is on its way and may have been made already, so it cannot be"
                            + " discarded before the service has answered.");
        }
        Numbering numbering =
                neverSent
                        ? new Numbering(lane.queue, taken.entry.sequence())
                        : new Numbering(Epochs.next(), 1);
        lane.open.values().stream()
                .filter(item -> !item.equals(taken))
                .forEach(item -> {
                    QueueStore.Entry entry = item.entry;
                    if (!neverSent || entry.sequence() > taken.entry.sequence()) {
                        entry = entry.numbered(numbering.queue, numbering.next++);
                        changes.add(new QueueStore.Change.Added(entry));
                    }
                    numbering.renumbered.put(entry.id(), entry);
                });
        changes.add(
                new QueueStore.Change.Numbered(
                        taken.entry.plugin(), numbering.queue, numbering.next));
        return numbering;
    }

    private void notStored(
            List<Arrival> in, List<Item> out, Set<Lane> forgotten, RuntimeException problem) {
        log.error("The queue of actions cannot be stored", problem);
        List<Runnable> news = new ArrayList<>();
        synchronized (lock) {
            for (Arrival arrival : in) {
                arriving--;
                bytes -= arrival.payload.length;
                news.add(() -> arrival.stored.completeExceptionally(problem));
            }
            // The server still has these outcomes, as nothing has acknowledged them.
            for (Item item : out) {
                item.answer = null;
                item.sent = false;
                Lane lane = lanes.get(item.entry.plugin());
                if (lane != null) {
                    lane.holding = true;
                    forgotten.remove(lane);
                    if (endRound(lane)) {
                        restarts.remove(lane);
                        pause(lane);
                    }
                }
            }
            forgotten.stream().filter(lane -> lane.pause == null).forEach(this::pause);
            changed();
        }
        news.forEach(this::tell);
        tellings.run();
    }

    private void replaceIfDue() {
        if (!store.wantsReplacing()) {
            return;
        }
        QueueContents contents = new QueueContents();
        synchronized (lock) {
            items.forEach((id, item) -> {
                contents.entries.put(id, item.entry);
                if (item.ended != null) {
                    contents.ended.put(id, item.ended);
                }
            });
            lanes.forEach((plugin, lane) ->
                    contents.numbers.put(
                            plugin, new QueueStore.Change.Numbered(plugin, lane.queue, lane.next)));
        }
        try {
            store.replace(contents.changes());
        } catch (RuntimeException e) {
            log.warn("The journal of queued actions was not shortened; tried again later", e);
        }
    }

    // ---- telling

    /// With the lock.
    private void changed() {
        tellings.add(() -> listeners.forEach(Runnable::run));
    }

    /// Whoever is told goes on by a thread of its own.
    private void tell(Runnable news) {
        Executor work = threads.work();
        try {
            work.execute(news);
        } catch (RejectedExecutionException e) {
            // The platform is stopping.
            news.run();
        }
    }
}
