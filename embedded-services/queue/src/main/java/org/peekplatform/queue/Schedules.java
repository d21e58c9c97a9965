package org.peekplatform.queue;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Record;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Submits tasks whenever their schedules say so. The next turn of each stands in the database, so
/// one that passes while nothing runs is made up for, and the turn moves on in the transaction that
/// queues the task.
public final class Schedules {
    private static final Logger log = LoggerFactory.getLogger(Schedules.class);

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);
    private static final Duration LONGEST_NAP = Duration.ofHours(1);
    private static final int MAX_NAME = 100;

    private final PluginStorage storage;
    private final TaskEngine engine;
    private final PlatformThreads threads;
    private final ZonedClock clock;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /// What time it is, and where.
    public record ZonedClock(InstantSource source, ZoneId zone) {}

    /// @param storage of the platform
    public Schedules(
            PluginStorage storage, TaskEngine engine, PlatformThreads threads, ZonedClock clock) {
        this.storage = storage;
        this.engine = engine;
        this.threads = threads;
        this.clock = clock;
    }

    /// Submits `task` from now on whenever `cron` says so.
    ///
    /// @throws PeekException with `BAD_REQUEST` when `cron` cannot be understood, `CONFLICT` when
    ///   the plugin has a schedule of that name
    Registration add(String plugin, String name, String cron, NewTask task) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "'"
                            + name
                            + "' cannot be the name of a schedule; it needs 1 to 100 characters");
        }
        ExecutionTime turns = parse(name, cron);
        String key = plugin + "." + name;
        if (!names.add(key)) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "plugin '" + plugin + "' has a schedule '" + name + "' already");
        }
        Schedule schedule = new Schedule(plugin, name, cron.strip(), turns, task);
        threads.later(Duration.ZERO, schedule::turn);
        return () -> {
            schedule.close();
            names.remove(key);
        };
    }

    private static ExecutionTime parse(String name, String cron) {
        CronType type = cron.strip().split("\\s+").length == 5 ? CronType.UNIX : CronType.SPRING53;
        try {
            return ExecutionTime.forCron(
                    new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type))
                            .parse(cron.strip()));
        } catch (IllegalArgumentException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "schedule '"
                            + name
                            + "' cannot be '"
                            + cron
                            + "' ("
                            + e.getMessage()
                            + "); give minute, hour, day of month, month and day of week, with"
                            + " seconds before them if needed",
                    e);
        }
    }

    private final class Schedule {
        private final String plugin;
        private final String name;
        private final String cron;
        private final ExecutionTime turns;
        private final NewTask task;
        private boolean closed;

        Schedule(String plugin, String name, String cron, ExecutionTime turns, NewTask task) {
            this.plugin = plugin;
            this.name = name;
            this.cron = cron;
            this.turns = turns;
            this.task = task;
        }

        synchronized void close() {
            closed = true;
        }

        private synchronized boolean isClosed() {
            return closed;
        }

        void turn() {
            if (isClosed()) {
                return;
            }
            Duration nap;
            try {
                Optional<Instant> next = storage.transaction(dsl -> takeTurn());
                if (next.isEmpty()) {
                    return;
                }
                Duration left = Duration.between(clock.source().instant(), next.get());
                nap = left.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : left;
            } catch (RuntimeException e) {
                log.warn("Schedule '{}' of plugin '{}' is tried again soon", name, plugin, e);
                nap = AFTER_TROUBLE;
            }
            threads.later(nap.isNegative() ? Duration.ZERO : nap, this::turn);
        }

        /// @return when the next one is; empty when there is none
        private Optional<Instant> takeTurn() {
            Instant now = clock.source().instant();
            Record row =
                    storage.dsl()
                            .fetchOne(
                                    "SELECT due_at, cron FROM task_schedule WHERE plugin = ? AND"
                                            + " name = ? FOR UPDATE",
                                    plugin,
                                    name);
            if (row != null && cron.equals(row.get(1, String.class))) {
                Instant due = row.get(0, OffsetDateTime.class).toInstant();
                if (due.isAfter(now)) {
                    return Optional.of(due);
                }
                if (!isClosed()) {
                    engine.submit(task);
                }
            }
            Optional<Instant> next =
                    turns.nextExecution(now.atZone(clock.zone())).map(ZonedDateTime::toInstant);
            storage.dsl()
                    .execute(
                            "DELETE FROM task_schedule WHERE plugin = ? AND name = ?",
                            plugin,
                            name);
            if (next.isPresent()) {
                storage.dsl()
                        .execute(
                                "INSERT INTO task_schedule (plugin, name, cron, due_at) VALUES (?,"
                                        + " ?, ?, CAST(? AS TIMESTAMP WITH TIME ZONE))",
                                plugin,
                                name,
                                cron,
                                next.get().atOffset(ZoneOffset.UTC));
            }
            return next;
        }
    }
}
