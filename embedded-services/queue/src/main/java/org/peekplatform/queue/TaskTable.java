package org.peekplatform.queue;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.BatchBindStep;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.InsertSetStep;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.TaskState;

/// Where every task stands: the table `task` in the platform's own schema, and the statements that
/// lead from one state to the next. Each of them says in its condition from which state it leads
/// away, so whoever comes too late changes nothing.
///
/// A task that may be claimed is `ready`. One that waits for its time has `due_at` instead, one
/// that waits for another has `after_id`. `lease_until` is there while a worker has it, `live_key`
/// until it is over.
final class TaskTable {
    /// Dead ones are kept at least so long, for an administrator to see.
    static final Duration DEAD_KEPT = Duration.ofDays(30);

    private static final Duration LONGEST_BACK_OFF = Duration.ofHours(1);
    private static final int ROWS_AT_ONCE = 200;
    private static final int MAX_REASON = 4_000;

    private static final Table<Record> QUEUE = table(name("task_queue"));
    private static final Field<String> SYSTEM = field(name("system"), String.class);

    private static final Table<Record> TASK = table(name("task"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> PLUGIN = field(name("plugin"), String.class);
    private static final Field<String> TYPE = field(name("type"), String.class);
    private static final Field<byte[]> PAYLOAD = field(name("payload"), byte[].class);
    private static final Field<String> STATE = field(name("state"), String.class);
    private static final Field<Integer> PRIORITY = field(name("priority"), Integer.class);
    private static final Field<OffsetDateTime> SUBMITTED_AT =
            field(name("submitted_at"), OffsetDateTime.class);
    private static final Field<Boolean> READY = field(name("ready"), Boolean.class);
    private static final Field<OffsetDateTime> DUE_AT = field(name("due_at"), OffsetDateTime.class);
    private static final Field<Long> AFTER_ID = field(name("after_id"), Long.class);
    private static final Field<Boolean> FOLLOWED = field(name("followed"), Boolean.class);
    private static final Field<Long> DELAY_MS = field(name("delay_ms"), Long.class);
    private static final Field<Long> DEADLINE_MS = field(name("deadline_ms"), Long.class);
    private static final Field<Integer> ATTEMPTS = field(name("attempts"), Integer.class);
    private static final Field<Integer> MAX_ATTEMPTS = field(name("max_attempts"), Integer.class);
    private static final Field<Long> BACKOFF_MS = field(name("backoff_ms"), Long.class);
    private static final Field<String> UNIQUE_KEY = field(name("unique_key"), String.class);
    private static final Field<String> LIVE_KEY = field(name("live_key"), String.class);
    private static final Field<Long> KEEP_MS = field(name("keep_ms"), Long.class);
    private static final Field<Long> FENCE = field(name("fence"), Long.class);
    private static final Field<String> WORKER = field(name("worker"), String.class);
    private static final Field<OffsetDateTime> LEASE_UNTIL =
            field(name("lease_until"), OffsetDateTime.class);
    private static final Field<Boolean> CANCEL_REQUESTED =
            field(name("cancel_requested"), Boolean.class);
    private static final Field<Double> PROGRESS = field(name("progress"), Double.class);
    private static final Field<String> STEP = field(name("step"), String.class);
    private static final Field<String> CODE = field(name("code"), String.class);
    private static final Field<String> CODE_KIND = field(name("code_kind"), String.class);
    private static final Field<String> REASON = field(name("reason"), String.class);
    private static final Field<byte[]> PREVIOUS = field(name("previous"), byte[].class);
    private static final Field<byte[]> RESULT = field(name("result"), byte[].class);
    private static final Field<OffsetDateTime> CHANGED_AT =
            field(name("changed_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> FORGET_AT =
            field(name("forget_at"), OffsetDateTime.class);

    private static final List<SelectField<?>> SHOWN =
            List.of(
                    ID,
                    PLUGIN,
                    TYPE,
                    STATE,
                    PRIORITY,
                    ATTEMPTS,
                    MAX_ATTEMPTS,
                    PROGRESS,
                    STEP,
                    CODE,
                    CODE_KIND,
                    REASON,
                    WORKER,
                    SUBMITTED_AT,
                    CHANGED_AT,
                    DUE_AT,
                    AFTER_ID,
                    CANCEL_REQUESTED);

    private static final List<SelectField<?>> CLAIMED =
            List.of(
                    ID,
                    FENCE,
                    PLUGIN,
                    TYPE,
                    PAYLOAD,
                    PREVIOUS,
                    ATTEMPTS,
                    MAX_ATTEMPTS,
                    BACKOFF_MS,
                    DEADLINE_MS,
                    KEEP_MS,
                    FOLLOWED);

    private final PluginStorage storage;
    private final InstantSource clock;
    private final Duration lease;

    /// @param storage of the platform
    /// @param lease after which a worker that has not been heard of loses its tasks
    TaskTable(PluginStorage storage, InstantSource clock, Duration lease) {
        this.storage = storage;
        this.clock = clock;
        this.lease = lease;
    }

    /// A task that may be claimed.
    record Due(long id, String type) {}

    /// @param id of the task
    /// @param fresh whether it was queued by this call
    record Submitted(long id, boolean fresh) {}

    Submitted submit(NewTask task) {
        String key = task.options().uniqueKey();
        if (key == null) {
            return new Submitted(storage.transaction(dsl -> insertChain(dsl, task)), true);
        }
        while (true) {
            Long known =
                    storage.dsl()
                            .select(ID)
                            .from(TASK)
                            .where(PLUGIN.eq(task.plugin()), LIVE_KEY.eq(key))
                            .fetchOne(ID);
            if (known != null) {
                return new Submitted(known, false);
            }
            try {
                return new Submitted(storage.transaction(dsl -> insertChain(dsl, task)), true);
            } catch (IntegrityConstraintViolationException e) {
                // Somebody else has just queued it; and may have ended it by now.
            }
        }
    }

    /// Queues all of these, or none.
    List<Submitted> submitAll(List<NewTask> tasks) {
        return storage.transaction(dsl -> {
            List<Submitted> all = new ArrayList<>();
            for (int from = 0; from < tasks.size(); ) {
                int to = from;
                while (to < tasks.size() && to - from < ROWS_AT_ONCE && isPlain(tasks.get(to))) {
                    to++;
                }
                if (to == from) {
                    all.add(submit(tasks.get(from)));
                    from++;
                } else {
                    insertPlain(dsl, tasks.subList(from, to))
                            .forEach(id -> all.add(new Submitted(id, true)));
                    from = to;
                }
            }
            return all;
        });
    }

    private static boolean isPlain(NewTask task) {
        return task.then() == null && task.options().uniqueKey() == null;
    }

    /// @return the ids, which rise in the order of the tasks
    private List<Long> insertPlain(DSLContext dsl, List<NewTask> tasks) {
        InsertSetStep<Record> insert = dsl.insertInto(TASK);
        InsertSetMoreStep<Record> rows = null;
        for (NewTask task : tasks) {
            rows = rows == null ? row(insert, task, null) : row(rows.newRecord(), task, null);
        }
        if (rows == null) {
            return List.of();
        }
        return rows.returningResult(ID).fetch(ID).stream().sorted().toList();
    }

    private long insertChain(DSLContext dsl, NewTask first) {
        long firstId = 0;
        Long before = null;
        for (NewTask task = first; task != null; task = task.then()) {
            long id = insert(dsl, task, before);
            firstId = before == null ? id : firstId;
            before = id;
        }
        return firstId;
    }

    private long insert(DSLContext dsl, NewTask task, @Nullable Long after) {
        return row(dsl.insertInto(TASK), task, after).returningResult(ID).fetchSingle().get(ID);
    }

    private InsertSetMoreStep<Record> row(
            InsertSetStep<Record> insert, NewTask task, @Nullable Long after) {
        TaskOptions options = task.options();
        OffsetDateTime now = now();
        boolean delayed = options.delay().isPositive();
        return insert.set(PLUGIN, task.plugin())
                .set(TYPE, task.type())
                .set(PAYLOAD, task.payload())
                .set(STATE, TaskState.QUEUED.name())
                .set(PRIORITY, options.priority())
                .set(SUBMITTED_AT, now)
                .set(READY, after == null && !delayed)
                .set(DUE_AT, after == null && delayed ? now.plus(options.delay()) : null)
                .set(AFTER_ID, after)
                .set(FOLLOWED, task.then() != null)
                .set(DELAY_MS, options.delay().toMillis())
                .set(DEADLINE_MS, options.deadline().toMillis())
                .set(ATTEMPTS, 0)
                .set(MAX_ATTEMPTS, options.attempts())
                .set(BACKOFF_MS, options.backOff().toMillis())
                .set(UNIQUE_KEY, options.uniqueKey())
                .set(LIVE_KEY, options.uniqueKey())
                .set(KEEP_MS, options.keep().toMillis())
                .set(FENCE, 0L)
                .set(CANCEL_REQUESTED, false)
                .set(PROGRESS, 0.0)
                .set(CHANGED_AT, now);
    }

    Optional<Task> find(long id) {
        List<SelectField<?>> all = new ArrayList<>(SHOWN);
        all.add(RESULT);
        return storage.dsl()
                .select(all)
                .from(TASK)
                .where(ID.eq(id))
                .fetchOptional(row -> task(row, row.get(RESULT)));
    }

    /// Those of `ids` that are over, with their results, and those that are known at all.
    Map<Long, Optional<Task>> over(Collection<Long> ids) {
        List<SelectField<?>> all = new ArrayList<>(SHOWN);
        all.add(RESULT);
        Map<Long, Optional<Task>> found = new HashMap<>();
        storage.dsl()
                .select(all)
                .from(TASK)
                .where(ID.in(ids))
                .forEach(row -> {
                    Task task = task(row, row.get(RESULT));
                    found.put(
                            task.id(),
                            task.state().isOver() ? Optional.of(task) : Optional.empty());
                });
        return found;
    }

    List<Task> list(TaskEngine.Query query) {
        Condition wanted = noCondition();
        if (query.state() != null) {
            wanted = wanted.and(STATE.eq(query.state().name()));
        }
        if (query.plugin() != null) {
            wanted = wanted.and(PLUGIN.eq(query.plugin()));
        }
        return storage.dsl()
                .select(SHOWN)
                .from(TASK)
                .where(wanted)
                .orderBy(CHANGED_AT.desc(), ID.desc())
                .limit(query.most())
                .fetch(row -> task(row, null));
    }

    Map<TaskState, Long> counts() {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        for (TaskState state : TaskState.values()) {
            counts.put(state, 0L);
        }
        Field<Integer> count = count();
        storage.dsl()
                .select(STATE, count)
                .from(TASK)
                .groupBy(STATE)
                .forEach(row ->
                        counts.put(TaskState.valueOf(row.get(STATE)), row.get(count).longValue()));
        return counts;
    }

    /// What has waited long enough may be claimed.
    ///
    /// @return what it is
    List<Due> makeDue() {
        return storage.dsl()
                .update(TASK)
                .set(READY, true)
                .setNull(DUE_AT)
                .where(DUE_AT.le(now()))
                .returningResult(ID, TYPE)
                .fetch(TaskTable::due);
    }

    /// Those of `ids` that may be claimed.
    List<Due> due(Collection<Long> ids) {
        return storage.dsl()
                .select(ID, TYPE)
                .from(TASK)
                .where(ID.in(ids), READY.isTrue())
                .fetch(TaskTable::due);
    }

    /// How many tasks of each type may be claimed since `since` or longer.
    Map<String, Integer> dueByType(Instant since) {
        Field<Integer> count = count();
        return storage.dsl()
                .select(TYPE, count)
                .from(TASK)
                .where(READY.isTrue(), CHANGED_AT.le(since.atOffset(ZoneOffset.UTC)))
                .groupBy(TYPE)
                .fetchMap(TYPE, count);
    }

    private static Due due(Record row) {
        return new Due(row.get(ID), row.get(TYPE));
    }

    List<Claim> claim(String worker, Set<String> types, int most) {
        return storage.transaction(dsl -> {
            List<Long> ids = lockReady(dsl, types, most);
            if (ids.isEmpty()) {
                return List.of();
            }
            OffsetDateTime now = now();
            dsl.update(TASK)
                    .set(STATE, TaskState.RUNNING.name())
                    .set(READY, false)
                    .set(FENCE, FENCE.plus(1))
                    .set(ATTEMPTS, ATTEMPTS.plus(1))
                    .set(WORKER, worker)
                    .set(LEASE_UNTIL, now.plus(lease))
                    .set(PROGRESS, 0.0)
                    .setNull(STEP)
                    .set(CHANGED_AT, now)
                    .where(ID.in(ids))
                    .execute();
            return dsl.select(CLAIMED)
                    .from(TASK)
                    .where(ID.in(ids))
                    .orderBy(PRIORITY.desc(), ID)
                    .fetch(TaskTable::claimed);
        });
    }

    /// Locks the most urgent tasks that nobody else is just taking.
    ///
    /// Asked for in order and with a lock in one statement, H2 would lock every task that is ready.
    /// So it is told first which are the most urgent, and then which of these are free.
    private static List<Long> lockReady(DSLContext dsl, Set<String> types, int most) {
        List<Long> locked = new ArrayList<>();
        for (int window = most; ; window *= 4) {
            List<Long> urgent =
                    dsl.select(ID)
                            .from(TASK)
                            .where(READY.isTrue(), TYPE.in(types))
                            .orderBy(PRIORITY.desc(), ID)
                            .limit(window)
                            .fetch(ID);
            urgent.removeAll(locked);
            for (int from = 0; from < urgent.size() && locked.size() < most; ) {
                int to = Math.min(from + most - locked.size(), urgent.size());
                locked.addAll(
                        dsl.select(ID)
                                .from(TASK)
                                .where(ID.in(urgent.subList(from, to)), READY.isTrue())
                                .forUpdate()
                                .skipLocked()
                                .fetch(ID));
                from = to;
            }
            if (locked.size() == most || urgent.size() + locked.size() < window) {
                return locked;
            }
        }
    }

    TaskEngine.Pulse keep(Collection<TaskEngine.Progress> running) {
        List<TaskEngine.Progress> sorted =
                running.stream().sorted(Comparator.comparingLong(one -> one.claim().id())).toList();
        if (sorted.isEmpty()) {
            return new TaskEngine.Pulse(Set.of(), Set.of());
        }
        DSLContext dsl = storage.dsl();
        OffsetDateTime until = now().plus(lease);
        List<Query> updates = new ArrayList<>();
        for (TaskEngine.Progress one : sorted) {
            updates.add(
                    dsl.update(TASK)
                            .set(LEASE_UNTIL, until)
                            .set(PROGRESS, one.done())
                            .set(STEP, Wording.cut(one.step(), 300))
                            .where(held(one.claim())));
        }
        int[] counts = dsl.batch(updates).execute();
        Set<Long> lost = new HashSet<>();
        List<Long> kept = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            long id = sorted.get(i).claim().id();
            if (counts[i] == 0) {
                lost.add(id);
            } else {
                kept.add(id);
            }
        }
        Set<Long> cancelled =
                dsl.select(ID)
                        .from(TASK)
                        .where(ID.in(kept), CANCEL_REQUESTED.isTrue())
                        .fetchSet(ID);
        return new TaskEngine.Pulse(Set.copyOf(lost), Set.copyOf(cancelled));
    }

    /// @return ids of the tasks that waited for this one
    List<Long> complete(Claim claim, byte @Nullable [] result) {
        DSLContext dsl = storage.dsl();
        OffsetDateTime now = now();
        int ended =
                dsl.update(TASK)
                        .set(STATE, TaskState.DONE.name())
                        .setNull(LIVE_KEY)
                        .setNull(LEASE_UNTIL)
                        .set(PROGRESS, 1.0)
                        .setNull(CODE)
                        .setNull(CODE_KIND)
                        .setNull(REASON)
                        .set(RESULT, result)
                        .set(CHANGED_AT, now)
                        .set(FORGET_AT, now.plus(claim.keep()))
                        .where(held(claim))
                        .execute();
        if (ended == 0) {
            throw takenOver(claim);
        }
        return goOn(dsl, claim, result, now);
    }

    static PeekException takenOver(Claim claim) {
        return new PeekException(
                ErrorCode.CONFLICT,
                "task " + claim.id() + " of plugin '" + claim.plugin() + "' was taken over");
    }

    /// Ends tasks in one transaction, each with its result.
    ///
    /// @return for each the ids of the tasks that waited for it, `null` where the claim was lost
    List<@Nullable List<Long>> completeAll(List<GroupedCompletions.Completion> group) {
        return storage.transaction(dsl -> {
            OffsetDateTime now = now();
            BatchBindStep batch =
                    dsl.batch(
                            dsl.update(TASK)
                                    .set(STATE, inline(TaskState.DONE.name()))
                                    .set(LIVE_KEY, none(LIVE_KEY))
                                    .set(LEASE_UNTIL, none(LEASE_UNTIL))
                                    .set(PROGRESS, inline(1.0))
                                    .set(CODE, none(CODE))
                                    .set(CODE_KIND, none(CODE_KIND))
                                    .set(REASON, none(REASON))
                                    .set(RESULT, (byte[]) null)
                                    .set(CHANGED_AT, now)
                                    .set(FORGET_AT, now)
                                    .where(
                                            ID.eq(0L),
                                            FENCE.eq(0L),
                                            STATE.eq(inline(TaskState.RUNNING.name()))));
            for (GroupedCompletions.Completion one : group) {
                Claim claim = one.claim();
                batch =
                        batch.bind(
                                one.result(),
                                now,
                                now.plus(claim.keep()),
                                claim.id(),
                                claim.fence());
            }
            int[] counts = batch.execute();
            List<@Nullable List<Long>> followers = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                GroupedCompletions.Completion one = group.get(i);
                followers.add(counts[i] == 0 ? null : goOn(dsl, one.claim(), one.result(), now));
            }
            return followers;
        });
    }

    /// In the statement itself, as nothing is bound to it.
    private static <T> Field<T> none(Field<T> field) {
        return inline((T) null, field.getDataType());
    }

    /// Has the tasks begin that waited for this one.
    private static List<Long> goOn(
            DSLContext dsl, Claim claim, byte @Nullable [] result, OffsetDateTime now) {
        if (!claim.followed()) {
            return List.of();
        }
        List<Long> followers = new ArrayList<>();
        dsl.select(ID, DELAY_MS)
                .from(TASK)
                .where(AFTER_ID.eq(claim.id()))
                .fetch()
                .forEach(row -> {
                    Duration delay = Duration.ofMillis(row.get(DELAY_MS));
                    followers.add(row.get(ID));
                    dsl.update(TASK)
                            .setNull(AFTER_ID)
                            .set(PREVIOUS, result)
                            .set(READY, !delay.isPositive())
                            .set(DUE_AT, delay.isPositive() ? now.plus(delay) : null)
                            .where(ID.eq(row.get(ID)), STATE.eq(TaskState.QUEUED.name()))
                            .execute();
                });
        return followers;
    }

    Optional<TaskState> fail(Claim claim, TaskEngine.Failure failure) {
        return storage.transaction(dsl -> {
            Boolean cancelled =
                    dsl.select(CANCEL_REQUESTED)
                            .from(TASK)
                            .where(held(claim))
                            .forUpdate()
                            .fetchOne(CANCEL_REQUESTED);
            if (cancelled == null) {
                return Optional.<TaskState>empty();
            }
            if (cancelled) {
                die(dsl, claim.id(), claim.keep(), CANCELLED);
                return Optional.of(TaskState.DEAD);
            }
            if (!failure.again() || claim.attempt() >= claim.attempts()) {
                die(dsl, claim.id(), claim.keep(), failure);
                return Optional.of(TaskState.DEAD);
            }
            OffsetDateTime now = now();
            Duration wait = wait(claim);
            dsl.update(TASK)
                    .set(STATE, TaskState.FAILED.name())
                    .set(READY, wait.isZero())
                    .set(DUE_AT, wait.isZero() ? null : now.plus(wait))
                    .setNull(LEASE_UNTIL)
                    .set(CODE, failure.code().name())
                    .set(CODE_KIND, failure.code().kind().name())
                    .set(REASON, Wording.cut(failure.reason(), MAX_REASON))
                    .set(CHANGED_AT, now)
                    .where(ID.eq(claim.id()))
                    .execute();
            return Optional.of(TaskState.FAILED);
        });
    }

    private static final TaskEngine.Failure CANCELLED =
            new TaskEngine.Failure(ErrorCode.CANCELLED, "The task was called off.", false);

    /// Doubled with each attempt.
    private static Duration wait(Claim claim) {
        Duration most =
                claim.backOff().compareTo(LONGEST_BACK_OFF) > 0
                        ? claim.backOff()
                        : LONGEST_BACK_OFF;
        Duration wait = claim.backOff();
        for (int i = 1; i < claim.attempt() && wait.compareTo(most) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(most) > 0 ? most : wait;
    }

    /// Gives up a task whose row this transaction has locked, and those that wait for it.
    private void die(DSLContext dsl, long id, Duration keep, TaskEngine.Failure why) {
        OffsetDateTime now = now();
        Duration kept = keep.compareTo(DEAD_KEPT) > 0 ? keep : DEAD_KEPT;
        dsl.update(TASK)
                .set(STATE, TaskState.DEAD.name())
                .set(READY, false)
                .setNull(DUE_AT)
                .setNull(LIVE_KEY)
                .setNull(LEASE_UNTIL)
                .set(CODE, why.code().name())
                .set(CODE_KIND, why.code().kind().name())
                .set(REASON, Wording.cut(why.reason(), MAX_REASON))
                .set(CHANGED_AT, now)
                .set(FORGET_AT, now.plus(kept))
                .where(ID.eq(id))
                .execute();
        dsl.select(ID, KEEP_MS)
                .from(TASK)
                .where(AFTER_ID.eq(id), STATE.eq(TaskState.QUEUED.name()))
                .fetch()
                .forEach(row ->
                        die(
                                dsl,
                                row.get(ID),
                                Duration.ofMillis(row.get(KEEP_MS)),
                                new TaskEngine.Failure(
                                        why.code(),
                                        "Task " + id + ", which comes before, was given up.",
                                        false)));
    }

    void giveBack(Collection<Claim> claims) {
        for (Claim claim : claims) {
            storage.dsl()
                    .update(TASK)
                    .set(STATE, (claim.attempt() == 1 ? TaskState.QUEUED : TaskState.FAILED).name())
                    .set(READY, true)
                    .set(ATTEMPTS, ATTEMPTS.minus(1))
                    .setNull(LEASE_UNTIL)
                    .set(CHANGED_AT, now())
                    .where(held(claim), CANCEL_REQUESTED.isFalse())
                    .execute();
        }
    }

    /// @return whether it was not over yet
    boolean cancel(long id) {
        return storage.transaction(dsl -> {
            Record row =
                    dsl.select(STATE, KEEP_MS).from(TASK).where(ID.eq(id)).forUpdate().fetchOne();
            if (row == null) {
                return false;
            }
            return switch (TaskState.valueOf(row.get(STATE))) {
                case DONE, DEAD -> false;
                case RUNNING -> {
                    dsl.update(TASK).set(CANCEL_REQUESTED, true).where(ID.eq(id)).execute();
                    yield true;
                }
                case QUEUED, FAILED -> {
                    die(dsl, id, Duration.ofMillis(row.get(KEEP_MS)), CANCELLED);
                    yield true;
                }
            };
        });
    }

    /// @return whether it was dead
    boolean retry(long id) {
        try {
            return storage.transaction(dsl -> {
                Record dead =
                        dsl.select(ID, AFTER_ID)
                                .from(TASK)
                                .where(ID.eq(id), STATE.eq(TaskState.DEAD.name()))
                                .forUpdate()
                                .fetchOne();
                if (dead == null) {
                    return false;
                }
                Long before = dead.get(AFTER_ID);
                if (before != null) {
                    goOnAfter(dsl, id, before);
                }
                revive(dsl, dead);
                return true;
            });
        } catch (IntegrityConstraintViolationException e) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "task "
                            + id
                            + " cannot be queued again, because another task with its unique key, or"
                            + " that of a task after it, is queued already",
                    e);
        }
    }

    /// Sees to it that a task which is revived does not wait for one that does not end.
    private static void goOnAfter(DSLContext dsl, long id, long before) {
        Record known =
                dsl.select(STATE, RESULT).from(TASK).where(ID.eq(before)).forUpdate().fetchOne();
        TaskState state = known == null ? TaskState.DONE : TaskState.valueOf(known.get(STATE));
        if (state == TaskState.DEAD) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "task "
                            + id
                            + " comes after task "
                            + before
                            + ", which was given up; try that one again, and this one follows");
        }
        if (state == TaskState.DONE) {
            dsl.update(TASK)
                    .setNull(AFTER_ID)
                    .set(PREVIOUS, known == null ? null : known.get(RESULT))
                    .where(ID.eq(id))
                    .execute();
        }
    }

    private void revive(DSLContext dsl, Record dead) {
        long id = dead.get(ID);
        dsl.update(TASK)
                .set(STATE, TaskState.QUEUED.name())
                .set(READY, field(AFTER_ID.isNull()))
                .set(LIVE_KEY, UNIQUE_KEY)
                .set(ATTEMPTS, 0)
                .set(CANCEL_REQUESTED, false)
                .set(PROGRESS, 0.0)
                .setNull(STEP)
                .setNull(CODE)
                .setNull(CODE_KIND)
                .setNull(REASON)
                .setNull(FORGET_AT)
                .set(CHANGED_AT, now())
                .where(ID.eq(id))
                .execute();
        dsl.select(ID)
                .from(TASK)
                .where(AFTER_ID.eq(id), STATE.eq(TaskState.DEAD.name()))
                .forUpdate()
                .fetch()
                .forEach(next -> revive(dsl, next));
    }

    /// Takes tasks from workers that have not been heard of for the time of a lease.
    ///
    /// @return who had them
    List<Claim> expire() {
        List<Record> late =
                new ArrayList<>(
                        storage.dsl()
                                .select(CLAIMED)
                                .select(WORKER)
                                .from(TASK)
                                .where(LEASE_UNTIL.lt(now()))
                                .limit(1000)
                                .fetch());
        List<Claim> taken = new ArrayList<>();
        for (Record row : late) {
            Claim claim = claimed(row);
            // By now somebody else may have seen the same; the fence lets one of them through. A
            // worker that has just come back has a later lease.
            boolean still =
                    storage.transaction(dsl -> {
                        boolean held =
                                dsl.select(ID)
                                                .from(TASK)
                                                .where(held(claim), LEASE_UNTIL.lt(now()))
                                                .forUpdate()
                                                .skipLocked()
                                                .fetchOne()
                                        != null;
                        return held
                                && fail(
                                                claim,
                                                new TaskEngine.Failure(
                                                        ErrorCode.STOPPED,
                                                        "Worker '"
                                                                + row.get(WORKER)
                                                                + "' was not heard of for "
                                                                + lease.toSeconds()
                                                                + " s while it was at the task.",
                                                        true))
                                        .isPresent();
                    });
            if (still) {
                taken.add(claim);
            }
        }
        return taken;
    }

    /// What tells this system's queue from that of another one.
    String system() {
        String known = storage.dsl().select(SYSTEM).from(QUEUE).fetchOne(SYSTEM);
        if (known != null) {
            return known;
        }
        try {
            storage.dsl()
                    .insertInto(QUEUE)
                    .set(field(name("one"), Integer.class), 1)
                    .set(SYSTEM, UUID.randomUUID().toString())
                    .execute();
        } catch (IntegrityConstraintViolationException e) {
            // Of several that begin at once, one succeeds.
        }
        return storage.dsl().select(SYSTEM).from(QUEUE).fetchSingle().get(SYSTEM);
    }

    int forget() {
        return storage.dsl().deleteFrom(TASK).where(FORGET_AT.lt(now())).execute();
    }

    private static Condition held(Claim claim) {
        return ID.eq(claim.id())
                .and(FENCE.eq(claim.fence()))
                .and(STATE.eq(TaskState.RUNNING.name()));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Claim claimed(Record row) {
        return new Claim(
                row.get(ID),
                row.get(FENCE),
                row.get(PLUGIN),
                row.get(TYPE),
                row.get(PAYLOAD),
                row.get(PREVIOUS),
                row.get(ATTEMPTS),
                row.get(MAX_ATTEMPTS),
                Duration.ofMillis(row.get(BACKOFF_MS)),
                Duration.ofMillis(row.get(DEADLINE_MS)),
                Duration.ofMillis(row.get(KEEP_MS)),
                row.get(FOLLOWED));
    }

    private static Task task(Record row, byte @Nullable [] result) {
        String code = row.get(CODE);
        String kind = row.get(CODE_KIND);
        return new Task(
                row.get(ID),
                row.get(PLUGIN),
                row.get(TYPE),
                TaskState.valueOf(row.get(STATE)),
                row.get(PRIORITY),
                row.get(ATTEMPTS),
                row.get(MAX_ATTEMPTS),
                row.get(PROGRESS),
                row.get(STEP),
                code == null || kind == null
                        ? null
                        : new ErrorCode(code, ErrorCode.Kind.valueOf(kind)),
                row.get(REASON),
                row.get(WORKER),
                row.get(SUBMITTED_AT).toInstant(),
                row.get(CHANGED_AT).toInstant(),
                instant(row.get(DUE_AT)),
                row.get(AFTER_ID),
                row.get(CANCEL_REQUESTED),
                result);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
