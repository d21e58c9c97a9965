package org.peekplatform.plugins.probe.server;

import static org.peekplatform.plugins.probe.server.db.tables.Entry.ENTRY;
import static org.peekplatform.plugins.probe.server.db.tables.List.LIST;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jooq.Record3;
import org.jooq.Records;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.DeviceActions;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskOptions;
import org.peekplatform.api.task.Tasks;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.probe.calls.EchoCalls;
import org.peekplatform.plugins.probe.tuples.AddEntry;
import org.peekplatform.plugins.probe.tuples.AddHere;
import org.peekplatform.plugins.probe.tuples.CallBack;
import org.peekplatform.plugins.probe.tuples.Echo;
import org.peekplatform.plugins.probe.tuples.Echoed;
import org.peekplatform.plugins.probe.tuples.Entry;
import org.peekplatform.plugins.probe.tuples.Line;
import org.peekplatform.plugins.probe.tuples.SetList;
import org.peekplatform.plugins.probe.tuples.SubmitWork;
import org.peekplatform.plugins.probe.tuples.Texts;
import org.peekplatform.plugins.probe.tuples.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs on the server. What it is told is in the database before it is acknowledged.
public final class ProbeServer implements PeekPlugin {
    private static final Logger log = LoggerFactory.getLogger(ProbeServer.class);

    private final Map<String, Long> loads = new ConcurrentHashMap<>();

    @Override
    public void start(PluginContext context) {
        PluginStorage storage = context.capability(PluginStorage.class);
        context.tuples().provide(Line.class, Audience.DEVICES, list -> lines(storage, list));
        context.tuples().provide(Entry.class, Audience.DEVICES, all -> entries(storage));
        ActionEndpoints actions = context.actions();
        actions.handle(
                SetList.class, Audience.DEVICES, (action, call) -> set(storage, action, call));
        actions.handle(AddEntry.class, Audience.DEVICES, (action, call) -> add(storage, action));
        Tasks tasks = context.capability(Tasks.class);
        actions.handle(SubmitWork.class, Audience.DEVICES, (action, call) -> submit(tasks, action));
        DeviceActions devices = context.capability(DeviceActions.class);
        actions.handle(
                CallBack.class,
                Audience.DEVICES,
                (action, call) -> callBack(devices, action, call));
        actions.handle(
                Echo.class,
                Audience.DEVICES,
                (action, call) -> new ActionOutcome.Applied(new Echoed(action.text())));
        context.rpc()
                .serve(
                        EchoCalls.class,
                        EnumSet.of(ServiceKind.CLIENT),
                        new EchoCalls() {
                            @Override
                            public String echo(String text) {
                                return text;
                            }

                            @Override
                            public CompletableFuture<String> echoLater(String text) {
                                return CompletableFuture.completedFuture(text);
                            }
                        });
    }

    private List<Line> lines(PluginStorage storage, TupleSelector<Line> list) {
        String wanted = list.require("name");
        long load = loads.merge(wanted, 1L, Long::sum);
        Record3<Long, Integer, Integer> shown =
                storage.dsl()
                        .select(LIST.NUMBER, LIST.ROW_COUNT, LIST.TEXT_LENGTH)
                        .from(LIST)
                        .where(LIST.NAME.eq(wanted))
                        .fetchOne();
        if (shown == null) {
            return List.of(new Line(0, 0, load, ""));
        }
        long number = shown.value1();
        return LongStream.range(0, shown.value2())
                .mapToObj(id -> new Line(id, number, load, Texts.of(number, id, shown.value3())))
                .toList();
    }

    private static ActionOutcome set(PluginStorage storage, SetList action, ActionContext call) {
        if (action.rows() < 1 || action.textLength() < 0) {
            return new ActionOutcome.Rejected(
                    ErrorCode.BAD_REQUEST, "A list of the probe has at least one row.");
        }
        int known =
                storage.dsl()
                        .update(LIST)
                        .set(LIST.NUMBER, action.number())
                        .set(LIST.ROW_COUNT, action.rows())
                        .set(LIST.TEXT_LENGTH, action.textLength())
                        .where(LIST.NAME.eq(action.name()))
                        .execute();
        if (known == 0) {
            storage.dsl()
                    .insertInto(LIST, LIST.NAME, LIST.NUMBER, LIST.ROW_COUNT, LIST.TEXT_LENGTH)
                    .values(action.name(), action.number(), action.rows(), action.textLength())
                    .execute();
        }
        call.changed(TupleSelector.of(Line.class).with("name", action.name()));
        return new ActionOutcome.Applied();
    }

    private static ActionOutcome add(PluginStorage storage, AddEntry action) {
        storage.dsl()
                .insertInto(ENTRY, ENTRY.DEVICE, ENTRY.NUMBER)
                .values(action.device(), action.number())
                .execute();
        return new ActionOutcome.Applied();
    }

    private static ActionOutcome submit(Tasks tasks, SubmitWork action) {
        TaskOptions often = TaskOptions.USUAL.withAttempts(100).withBackOff(Duration.ofMillis(100));
        for (int i = 0; i < action.count(); i++) {
            long number = action.first() + i;
            tasks.submit(new Work(action.device(), number, 5 + (int) (number * 7 % 46)), often);
        }
        return new ActionOutcome.Applied();
    }

    private static ActionOutcome callBack(
            DeviceActions devices, CallBack action, ActionContext call) {
        if (!(call.caller() instanceof Caller.Device device)) {
            return new ActionOutcome.Rejected(
                    ErrorCode.BAD_REQUEST, "Only a device can be called back.");
        }
        // Not waited for: the transaction of this handler would be kept open meanwhile.
        devices.send(device, new AddHere(action.device(), action.number()))
                .whenComplete((outcome, problem) -> {
                    if (problem != null) {
                        log.info("Device {} did not add entry {}", device.id(), action, problem);
                    }
                });
        return new ActionOutcome.Applied();
    }

    private static List<Entry> entries(PluginStorage storage) {
        return storage.dsl()
                .select(ENTRY.POSITION, ENTRY.DEVICE, ENTRY.NUMBER)
                .from(ENTRY)
                .orderBy(ENTRY.POSITION)
                .fetch(Records.mapping(Entry::new));
    }
}
