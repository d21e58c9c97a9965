package org.peekplatform.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine for many workers: RabbitMQ carries the news of what is due to the worker that has
/// room for it, Redis the news of what is over to who waits for it. Both can be lost at any time,
/// as the table has everything: what RabbitMQ does not know any more is told to it again, what
/// Redis does not know is found in the database, and while RabbitMQ cannot be reached, workers take
/// tasks from the table as they do without it.
public final class BrokerTaskEngine extends TableTaskEngine {
    private static final Logger log = LoggerFactory.getLogger(BrokerTaskEngine.class);

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration COMPARE = Duration.ofSeconds(2);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    // What is younger may still be on its way.
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 20_000;
    private static final int AT_ONCE = 500;

    private final BrokerLocation location;
    private final InstantSource clock;
    private final EndedTasks ends;
    private final BlockingQueue<String> outbox = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread server;
    private volatile @Nullable BrokerSession session;
    private volatile boolean unsaid;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean closing;
    private volatile @Nullable String trouble;

    /// @param storage of the platform
    /// @param transactions of the same database
    /// @param threads must outlive the engine
    public static BrokerTaskEngine open(
            PluginStorage storage,
            Transactions transactions,
            PlatformThreads threads,
            InstantSource clock,
            Timing timing,
            BrokerLocation location) {
        TaskTable table = new TaskTable(storage, clock, timing.lease());
        EndedTasks ends = new EndedTasks(table, location, clock);
        BrokerTaskEngine engine =
                new BrokerTaskEngine(table, transactions, threads, clock, timing, location, ends);
        engine.server.start();
        return engine;
    }

    private BrokerTaskEngine(
            TaskTable table,
            Transactions transactions,
            PlatformThreads threads,
            InstantSource clock,
            Timing timing,
            BrokerLocation location,
            EndedTasks ends) {
        super(table, transactions, threads, clock, timing, ends);
        this.location = location;
        this.clock = clock;
        this.ends = ends;
        server =
                PlatformThreads.virtual("peek-broker", BrokerTaskEngine.class.getClassLoader())
                        .newThread(this::serve);
    }

    @Override
    public List<Claim> claim(String worker, Set<String> types, int most) {
        BrokerSession broker = session;
        BrokerSession.Waiting waiting = null;
        if (broker != null) {
            try {
                waiting = broker.waiting(types);
            } catch (IOException | RuntimeException e) {
                log.debug("The broker was asked in vain", e);
            }
        }
        if (broker == null || waiting == null) {
            table().makeDue();
            return table().claim(worker, types, most);
        }
        int count = Math.min(most, waiting.count());
        if (count == 0) {
            return List.of();
        }
        List<Claim> claims = table().claim(worker, waiting.tags().keySet(), count);
        BrokerSession.Waiting used = claims.size() < count ? waiting : oneEach(claims, waiting);
        transactions().afterCommit(() -> broker.acknowledge(used));
        return claims;
    }

    /// A message for each task; those beyond stay for the next.
    private static BrokerSession.Waiting oneEach(
            List<Claim> claims, BrokerSession.Waiting waiting) {
        Map<String, Integer> counts = new HashMap<>();
        claims.forEach(claim -> counts.merge(claim.type(), 1, Integer::sum));
        Map<String, List<Long>> used = new HashMap<>();
        counts.forEach((type, count) -> {
            List<Long> tags = waiting.tags().getOrDefault(type, List.of());
            used.put(type, tags.subList(0, Math.min(count, tags.size())));
        });
        return new BrokerSession.Waiting(waiting.channel(), used);
    }

    @Override
    void due(List<TaskTable.Due> tasks) {
        for (TaskTable.Due task : tasks) {
            if (!outbox.offer(task.type())) {
                somethingDue();
            }
        }
        if (session == null) {
            ring();
        }
    }

    @Override
    void perhapsDue(Collection<Long> ids) {
        try {
            due(table().due(ids));
        } catch (RuntimeException e) {
            log.debug("Whether tasks are due is found out later", e);
            somethingDue();
        }
    }

    @Override
    void somethingDue() {
        unsaid = true;
    }

    @Override
    void perhapsOver(long id) {
        ends.tell(id);
        super.perhapsOver(id);
    }

    @Override
    public Optional<String> trouble() {
        return Stream.of(Optional.ofNullable(trouble), ends.trouble())
                .flatMap(Optional::stream)
                .reduce((one, other) -> one + "; " + other);
    }

    /// Whether RabbitMQ carries what is due at present.
    boolean isServing() {
        return session != null;
    }

    private void serve() {
        while (!closing) {
            try {
                String system = table().system();
                ends.serve(system);
                try (BrokerSession broker = BrokerSession.open(location, system, this::ring)) {
                    troubled(null);
                    serve(broker);
                } finally {
                    session = null;
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | TimeoutException | RuntimeException e) {
                troubled(e);
            }
            try {
                long nap = AFTER_TROUBLE.toMillis() + ThreadLocalRandom.current().nextInt(500);
                if (stop.await(nap, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(BrokerSession broker) throws IOException, InterruptedException {
        // What was due while there was no broker.
        outbox.clear();
        compare(broker, clock.instant());
        session = broker;
        ring();
        long ticked = 0;
        long compared = System.nanoTime();
        List<String> batch = new ArrayList<>(AT_ONCE);
        while (!closing) {
            String first = outbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                outbox.drainTo(batch, AT_ONCE - 1);
                broker.publish(batch);
                batch.clear();
            }
            if (!broker.isOpen()) {
                throw new IOException("the connection has ended");
            }
            long now = System.nanoTime();
            if (now - ticked > TICK.toNanos()) {
                ticked = now;
                broker.yieldWhatIsUnused();
                makeDue();
            }
            if (now - compared > COMPARE.toNanos()) {
                compared = now;
                Instant since = unsaid ? clock.instant() : clock.instant().minus(GRACE);
                unsaid = false;
                compare(broker, since);
            }
        }
    }

    private void makeDue() {
        try {
            due(table().makeDue());
        } catch (RuntimeException e) {
            log.debug("What has become due is asked for again", e);
        }
    }

    /// Where no message waits though tasks do, it has been lost.
    private void compare(BrokerSession broker, Instant since) throws IOException {
        Map<String, Integer> due;
        try {
            due = table().dueByType(since);
        } catch (RuntimeException e) {
            log.debug("What is due is asked for again", e);
            return;
        }
        for (Map.Entry<String, Integer> one : due.entrySet()) {
            if (broker.isEmpty(one.getKey())) {
                // Those beyond follow when these have been taken.
                int count = Math.min(one.getValue(), AT_ONCE);
                broker.publish(Collections.nCopies(count, one.getKey()));
            }
        }
    }

    /// Said once.
    private void troubled(@Nullable Exception problem) {
        boolean was = trouble != null;
        trouble =
                problem == null
                        ? null
                        : "RabbitMQ at %s cannot be used (%s); workers take tasks from the database meanwhile"
                                .formatted(location.rabbit(), reason(problem));
        if (closing) {
            return;
        }
        if (problem != null && !was) {
            log.warn("{}", trouble, problem);
        } else if (problem == null && was) {
            log.info("RabbitMQ at {} is reached again", location.rabbit());
        }
    }

    private static String reason(Exception problem) {
        String said = problem.getMessage();
        return said == null || said.isBlank() ? problem.getClass().getSimpleName() : said;
    }

    @Override
    public void close() {
        closing = true;
        super.close();
        // Not interrupted, as that would cut the connection to the database.
        stop.countDown();
        try {
            server.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ends.close();
    }
}
