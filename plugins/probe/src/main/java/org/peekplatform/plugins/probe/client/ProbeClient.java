package org.peekplatform.plugins.probe.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.peekplatform.api.Audience;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.probe.tuples.LocalLine;
import org.peekplatform.plugins.probe.tuples.SetLocalList;
import org.peekplatform.plugins.probe.tuples.Texts;

/// Runs on the client service, where its lists are kept in memory.
public final class ProbeClient implements PeekPlugin {
    private static final SetLocalList NOTHING = new SetLocalList("", 0, 1, 0);

    private final Map<String, SetLocalList> lists = new ConcurrentHashMap<>();
    private final Map<String, Long> loads = new ConcurrentHashMap<>();

    @Override
    public void start(PluginContext context) {
        context.tuples().provide(LocalLine.class, Audience.DEVICES, this::lines);
        context.actions()
                .handle(
                        SetLocalList.class,
                        Audience.DEVICES,
                        (action, call) -> {
                            lists.put(action.name(), action);
                            call.changed(
                                    TupleSelector.of(LocalLine.class).with("name", action.name()));
                            return new ActionOutcome.Applied();
                        });
    }

    private List<LocalLine> lines(TupleSelector<LocalLine> list) {
        String wanted = list.require("name");
        long load = loads.merge(wanted, 1L, Long::sum);
        SetLocalList shown = lists.getOrDefault(wanted, NOTHING);
        return LongStream.range(0, shown.rows())
                .mapToObj(id ->
                        new LocalLine(
                                id,
                                shown.number(),
                                load,
                                Texts.of(shown.number(), id, shown.textLength())))
                .toList();
    }
}
