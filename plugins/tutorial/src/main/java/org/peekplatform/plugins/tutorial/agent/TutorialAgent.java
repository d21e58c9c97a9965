package org.peekplatform.plugins.tutorial.agent;

import java.time.Duration;
import java.util.Set;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.plugins.tutorial.calls.Gauge;
import org.peekplatform.plugins.tutorial.calls.Readings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs on agents, which are the services that reach other systems; here the system is the disk of
/// the agent's machine. The server calls the [Gauge], and the gauge is reported to the server.
public final class TutorialAgent implements PeekPlugin {
    private static final Logger log = LoggerFactory.getLogger(TutorialAgent.class);
    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(2);

    @Override
    public void start(PluginContext context) {
        Gauge gauge = new DiskGauge(context.dataDirectory());
        context.rpc().serve(Gauge.class, Set.of(ServiceKind.SERVER), gauge);

        Readings readings = context.rpc().client(Readings.class, RpcTarget.any(ServiceKind.SERVER));
        context.tasks().run("tutorial-report", () -> reportForever(gauge, readings));
    }

    /// Until the plugin stops, which interrupts the task.
    private static void reportForever(Gauge gauge, Readings readings) throws Exception {
        while (true) {
            Thread.sleep(report(gauge, readings) ? REPORT_EVERY : TRY_AGAIN_AFTER);
        }
    }

    /// @return whether the server knows
    static boolean report(Gauge gauge, Readings readings) throws Exception {
        try {
            readings.report(gauge.read());
            return true;
        } catch (PeekException e) {
            // The server is away or starts the plugin just now.
            log.debug("The reading was not reported: {}", e.getMessage());
            return false;
        }
    }
}
