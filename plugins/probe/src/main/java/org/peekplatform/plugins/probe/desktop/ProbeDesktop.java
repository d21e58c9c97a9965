package org.peekplatform.plugins.probe.desktop;

import java.util.concurrent.ExecutionException;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.QueuedAction;
import org.peekplatform.plugins.probe.tuples.AddEntry;
import org.peekplatform.plugins.probe.tuples.AddHere;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs in the workstation, without a view.
public final class ProbeDesktop implements PeekPlugin {
    private static final Logger log = LoggerFactory.getLogger(ProbeDesktop.class);

    @Override
    public void start(PluginContext context) {
        context.actions()
                .handle(
                        AddHere.class,
                        Audience.SERVICES,
                        (action, call) -> add(context, action.device(), action.number()));
    }

    private static ActionOutcome add(PluginContext context, String device, long number) {
        QueuedAction queued = context.sender().enqueue(new AddEntry(device, number));
        // It may take a week until there is a link, so the outcome is not waited for.
        queued.outcome()
                .whenComplete((outcome, problem) -> {
                    switch (outcome) {
                        case ActionOutcome.Applied _ -> log.info("Entry {} was added", number);
                        case ActionOutcome.Rejected no ->
                                log.info("Entry {}: {}", number, no.message());
                        case null -> log.info("Entry {} was not added", number, problem);
                    }
                });
        try {
            // From here on the action is not lost, whatever happens to this process.
            queued.stored().get();
        } catch (ExecutionException e) {
            throw new PeekException(
                    ErrorCode.CONFLICT, "entry " + number + " cannot be kept on this device", e);
        } catch (InterruptedException e) {
            throw new PeekException(ErrorCode.STOPPED, "the workstation is closing", e);
        }
        return new ActionOutcome.Applied();
    }
}
