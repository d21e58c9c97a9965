package org.peekplatform.plugins.tutorial.server;

import static org.peekplatform.plugins.tutorial.db.tables.StringInt.STRING_INT;
import static org.peekplatform.plugins.tutorial.server.RowActions.ROWS;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.calls.DiskSpace;
import org.peekplatform.plugins.tutorial.calls.Gauge;
import org.peekplatform.plugins.tutorial.calls.Readings;
import org.peekplatform.plugins.tutorial.tuples.Reading;

/// What agents have reported, and the calls between them and the server.
final class AgentReadings implements Readings {
    static final Duration STALE_AFTER = Duration.ofMinutes(3);
    static final int MOST_MACHINES = 100;

    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);
    private static final TupleSelector<Reading> READINGS = TupleSelector.of(Reading.class);

    private final PluginContext context;
    private final PluginStorage storage;
    private final InstantSource clock;
    private final Gauge gauge;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    AgentReadings(PluginContext context, PluginStorage storage, InstantSource clock) {
        this.context = context;
        this.storage = storage;
        this.clock = clock;
        this.gauge = context.rpc().client(Gauge.class, RpcTarget.any(ServiceKind.AGENT));
    }

    /// Offers the readings to everybody, and the calls to agents and the client part.
    void open() {
        context.tuples()
                .provide(
                        Reading.class,
                        Audience.DEVICES,
                        selector ->
                                readings.values().stream()
                                        .sorted(Comparator.comparing(Reading::machine))
                                        .toList());
        context.rpc().serve(Readings.class, Set.of(ServiceKind.AGENT, ServiceKind.CLIENT), this);
        context.tasks().every("tutorial-tidy-readings", TIDY_EVERY, this::forgetStale);
    }

    @Override
    public void report(DiskSpace space) {
        if (readings.size() >= MOST_MACHINES && !readings.containsKey(space.machine())) {
            throw Refusals.tooManyMachines(MOST_MACHINES);
        }
        readings.put(
                space.machine(),
                new Reading(space.machine(), space.freeMegabytes(), clock.instant()));
        context.tuples().changed(READINGS);
    }

    /// Not in an action: its transaction would be open for as long as the agent takes.
    @Override
    public void addRow() throws Exception {
        DiskSpace space = read();
        report(space);
        storage.dsl()
                .insertInto(STRING_INT)
                .set(STRING_INT.STRING1, "Free MB on " + space.machine())
                .set(STRING_INT.INT1, space.freeMegabytes())
                .execute();
        context.tuples().changed(ROWS);
    }

    private DiskSpace read() throws Exception {
        try {
            return gauge.read();
        } catch (PeekException e) {
            if (e.code().equals(ErrorCode.OFFLINE) || e.code().equals(ErrorCode.NOT_OFFERED)) {
                throw Refusals.noAgent(e);
            }
            if (e.code().equals(ErrorCode.TIMED_OUT)) {
                throw Refusals.agentSilent(e);
            }
            throw e;
        }
    }

    private void forgetStale() {
        Instant before = clock.instant().minus(STALE_AFTER);
        if (readings.values().removeIf(reading -> reading.takenAt().isBefore(before))) {
            context.tuples().changed(READINGS);
        }
    }
}
