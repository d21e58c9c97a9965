package org.peekplatform.plugins.tutorial.client;

import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.peekplatform.api.Audience;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.Readings;
import org.peekplatform.plugins.tutorial.tuples.AddReading;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.tuples.Summary;

/// Runs on the client service: observes the rows once and offers their [Summary] to every device.
/// The rows themselves need no code here, as the platform passes them on and keeps them for
/// everyone. It also carries out [AddReading], which has to wait for others: here no transaction is
/// open meanwhile.
public final class TutorialClient implements PeekPlugin {
    @Override
    public void start(PluginContext context) {
        // Empty until the rows have arrived: no summary is better than a wrong one.
        AtomicReference<List<Summary>> summary = new AtomicReference<>(List.of());
        context.tuples().provide(Summary.class, Audience.DEVICES, selector -> summary.get());
        context.observer()
                .observe(
                        TupleSelector.of(StringInt.class),
                        update -> {
                            summary.set(List.of(summarise(update.rows())));
                            context.tuples().changed(TupleSelector.of(Summary.class));
                        });

        Readings readings = context.rpc().client(Readings.class, RpcTarget.any(ServiceKind.SERVER));
        context.actions()
                .handle(AddReading.class, Audience.DEVICES, (action, call) -> addReading(readings));
    }

    private static ActionOutcome addReading(Readings readings) throws Exception {
        try {
            readings.addRow();
            return new ActionOutcome.Applied();
        } catch (PeekException e) {
            return new ActionOutcome.Rejected(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static Summary summarise(List<StringInt> rows) {
        BigInteger total =
                rows.stream()
                        .map(row -> BigInteger.valueOf(row.int1()))
                        .reduce(BigInteger.ZERO, BigInteger::add);
        return new Summary(rows.size(), total.toString());
    }
}
