package org.peekplatform.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.task.TaskState;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Tasks that are done, in Redis, where those who wait in other processes find them. They stay for
/// a bounded time, and nothing depends on them: who does not find one here asks the database. So do
/// those whose task was given up, as that may be taken back.
final class EndedTasks implements EndNews, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EndedTasks.class);

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    private static final int MILLIS_TO_ANSWER = 2_000;
    private static final int MOST_WAITING = 20_000;
    private static final int AT_ONCE = 500;

    private final TaskTable table;
    private final RedisClient redis;
    private final BrokerLocation location;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.builder().build();
    private final BlockingQueue<Long> toTell = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread teller;
    private volatile @Nullable String prefix;
    private volatile boolean closed;
    private volatile @Nullable Long troubledNanos;

    EndedTasks(TaskTable table, BrokerLocation location, InstantSource clock) {
        this.table = table;
        this.location = location;
        this.clock = clock;
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(8);
        pool.setMaxWait(Duration.ofMillis(MILLIS_TO_ANSWER));
        pool.setJmxEnabled(false);
        URI uri = location.redis();
        redis =
                RedisClient.builder()
                        .hostAndPort(uri.getHost(), uri.getPort() < 0 ? 6379 : uri.getPort())
                        .clientConfig(config(location))
                        .poolConfig(pool)
                        .build();
        teller =
                PlatformThreads.virtual("peek-ended-tasks", EndedTasks.class.getClassLoader())
                        .newThread(this::tell);
        teller.start();
    }

    private static DefaultJedisClientConfig config(BrokerLocation location) {
        URI uri = location.redis();
        String path = Optional.ofNullable(uri.getPath()).orElse("").replace("/", "");
        return DefaultJedisClientConfig.builder()
                .password(location.redisPassword().isEmpty() ? null : location.redisPassword())
                .database(path.isEmpty() ? 0 : Integer.parseInt(path))
                .sslOptions(
                        "rediss".equalsIgnoreCase(uri.getScheme()) ? SslOptions.defaults() : null)
                .clientName("peek")
                .connectionTimeoutMillis(MILLIS_TO_ANSWER)
                .socketTimeoutMillis(MILLIS_TO_ANSWER)
                .build();
    }

    /// From now on the tasks of `system` are told and known.
    void serve(String system) {
        prefix = "peek:" + system + ":ended:";
    }

    /// A sentence about what keeps Redis from being used.
    Optional<String> trouble() {
        return troubledNanos == null
                ? Optional.empty()
                : Optional.of(
                        "Redis at %s cannot be reached; ends of tasks are found in the database, which is slower"
                                .formatted(location.redis()));
    }

    @Override
    public boolean isThere() {
        Long since = troubledNanos;
        return prefix != null
                && (since == null || System.nanoTime() - since > AFTER_TROUBLE.toNanos());
    }

    @Override
    public Map<Long, Task> ended(Collection<Long> ids) {
        String namespace = prefix;
        if (namespace == null || ids.isEmpty()) {
            return Map.of();
        }
        List<Long> asked = List.copyOf(ids);
        List<byte[]> found;
        try {
            found = redis.mget(asked.stream().map(id -> key(namespace, id)).toArray(byte[][]::new));
            troubled(null);
        } catch (JedisException e) {
            troubled(e);
            return Map.of();
        }
        Map<Long, Task> ended = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            byte[] text = found.get(i);
            if (text != null) {
                read(text).ifPresent(task -> ended.put(task.id(), task));
            }
        }
        return ended;
    }

    private Optional<Task> read(byte[] text) {
        try {
            return Optional.of(json.readValue(text, Task.class));
        } catch (JacksonException e) {
            log.debug("What another version wrote is left to the database", e);
            return Optional.empty();
        }
    }

    /// This task may be over. Does not block; where too many wait to be told, it is left to the
    /// database.
    void tell(long id) {
        toTell.offer(id);
    }

    private void tell() {
        List<Long> ids = new ArrayList<>();
        try {
            while (!closed) {
                Long first = toTell.poll(1, TimeUnit.SECONDS);
                String namespace = prefix;
                if (first == null || namespace == null) {
                    continue;
                }
                ids.add(first);
                toTell.drainTo(ids, AT_ONCE - 1);
                tell(namespace, ids);
                ids.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String namespace, List<Long> ids) {
        if (!isThere()) {
            return;
        }
        try {
            Map<Long, Optional<Task>> found = table.over(ids);
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (Optional<Task> task : found.values()) {
                    if (task.isPresent() && task.get().state() == TaskState.DONE) {
                        pipeline.set(
                                key(namespace, task.get().id()),
                                json.writeValueAsBytes(task.get()),
                                SetParams.setParams().px(lifetime(task.get())));
                    }
                }
                pipeline.sync();
            }
            troubled(null);
        } catch (JedisException e) {
            troubled(e);
        } catch (RuntimeException e) {
            log.debug("Ends of tasks could not be read; they are found in the database", e);
        }
    }

    /// No longer than the database has it.
    private long lifetime(Task task) {
        Duration age = Duration.between(task.changedAt(), clock.instant());
        return Math.max(LONGEST.minus(age).toMillis(), 1_000);
    }

    private static byte[] key(String namespace, long id) {
        return (namespace + id).getBytes(UTF_8);
    }

    /// Said once.
    private void troubled(@Nullable JedisException problem) {
        boolean was = troubledNanos != null;
        troubledNanos = problem == null ? null : (Long) System.nanoTime();
        if (closed) {
            return;
        }
        if (problem != null && !was) {
            log.warn("{}", trouble().orElse(""), problem);
        } else if (problem == null && was) {
            log.info("Redis at {} is reached again", location.redis());
        }
    }

    @Override
    public void close() {
        closed = true;
        // Not interrupted, as that would cut the connection to the database. Wakes it.
        toTell.offer(0L);
        try {
            teller.join(Duration.ofMillis(2 * MILLIS_TO_ANSWER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        redis.close();
    }
}
