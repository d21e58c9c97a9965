package org.peekplatform.plugins.probe.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.probe.calls.CallLoop;
import org.peekplatform.plugins.probe.calls.EchoCalls;
import org.peekplatform.plugins.probe.calls.MeasureCalls;
import org.peekplatform.plugins.probe.tuples.LocalLine;
import org.peekplatform.plugins.probe.tuples.SetLocalList;
import org.peekplatform.plugins.probe.tuples.Texts;

/// Runs on the client service, where its lists are kept in memory, and calls the server when it is
/// told to.
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
        EchoCalls server = context.rpc().client(EchoCalls.class, RpcTarget.any(ServiceKind.SERVER));
        context.actions()
                .handle(
                        MeasureCalls.class,
                        Audience.DEVICES,
                        (action, call) -> measure(server, action));
    }

    private static ActionOutcome measure(EchoCalls server, MeasureCalls action) throws Exception {
        try {
            return new ActionOutcome.Applied(
                    new CallLoop(new Server(server), action.spoil())
                            .run(action.calls(), action.inFlight()));
        } catch (CallLoop.WrongAnswerException | IllegalArgumentException e) {
            return new ActionOutcome.Rejected(ErrorCode.CONFLICT, e.getMessage() + ".");
        }
    }

    private record Server(EchoCalls calls) implements CallLoop.Callee {
        @Override
        public String call(String text) {
            return calls.echo(text);
        }

        @Override
        public CompletableFuture<String> callLater(String text) {
            return calls.echoLater(text);
        }
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
