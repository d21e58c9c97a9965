package org.peekplatform.vortex;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the server which devices are connected to this client service, over the service's own
/// link: all of them after each reconnect, and then what has changed, together and a fifth of a
/// second late. One report is under way at a time.
public final class DeviceReporter implements LinkService.Watcher, AutoCloseable {
    static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(DeviceReporter.class);

    private final LinkClient server;
    private final PartySender sender;
    private final PlatformThreads threads;
    private final InstantSource clock;
    private final Registration watch;
    private final Object lock = new Object();
    private final Map<String, Present> devices = new HashMap<>();
    private final SequencedSet<String> changed = new LinkedHashSet<>();
    // What is left of telling all; empty when only changes are to be told.
    private final Deque<String> rest = new ArrayDeque<>();
    private boolean tellsAll;
    private boolean first;
    private boolean busy;
    private boolean closed;

    /// A device and its links; there may be several for a moment, or from one browser.
    private record Present(Instant since, List<LinkService.Peer> links) {}

    /// @param server the client service's own link
    public DeviceReporter(
            LinkClient server, Caller.Service self, PlatformThreads threads, InstantSource clock) {
        this.server = server;
        this.threads = threads;
        this.clock = clock;
        sender = new PartySender(server, Party.platform("peek"), self);
        watch =
                server.onState(state -> {
                    if (state instanceof LinkState.Online) {
                        tellAll();
                    }
                });
    }

    @Override
    public void joined(LinkService.Peer peer) {
        if (!(peer.caller() instanceof Caller.Device)) {
            return;
        }
        String id = Callers.format(peer.caller());
        synchronized (lock) {
            devices.computeIfAbsent(id, none -> new Present(clock.instant(), new ArrayList<>()))
                    .links()
                    .add(peer);
            changed.add(id);
        }
        soon(PAUSE);
    }

    @Override
    public void left(LinkService.Peer peer) {
        String id = Callers.format(peer.caller());
        synchronized (lock) {
            Present device = devices.get(id);
            if (device == null) {
                return;
            }
            device.links().remove(peer);
            if (device.links().isEmpty()) {
                devices.remove(id);
            }
            changed.add(id);
        }
        soon(PAUSE);
    }

    @Override
    public void close() {
        watch.close();
        synchronized (lock) {
            closed = true;
        }
    }

    private void tellAll() {
        synchronized (lock) {
            beginAnew();
        }
        soon(Duration.ZERO);
    }

    /// With the lock.
    private void beginAnew() {
        rest.clear();
        rest.addAll(devices.keySet());
        changed.clear();
        tellsAll = true;
        first = true;
    }

    private void soon(Duration pause) {
        synchronized (lock) {
            if (busy || closed || !(tellsAll || !changed.isEmpty())) {
                return;
            }
            if (!(server.state() instanceof LinkState.Online)) {
                // All are told when the link is there again, whatever has changed until then.
                changed.clear();
                return;
            }
            busy = true;
        }
        threads.later(pause, this::report);
    }

    private void report() {
        DeviceReport report;
        synchronized (lock) {
            report = next();
        }
        sender.send(report)
                .whenComplete((outcome, problem) -> {
                    boolean taken = problem == null && outcome instanceof ActionOutcome.Applied;
                    if (!taken) {
                        log.debug(
                                "The server did not take a report of devices: {}",
                                outcome,
                                problem);
                    }
                    boolean goesOn;
                    synchronized (lock) {
                        busy = false;
                        if (!taken) {
                            beginAnew();
                        }
                        goesOn = taken && tellsAll;
                    }
                    soon(taken ? goesOn ? Duration.ZERO : PAUSE : RETRY);
                });
    }

    /// With the lock.
    private DeviceReport next() {
        List<DeviceReport.Device> online = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        boolean begins = first;
        first = false;
        if (tellsAll) {
            while (!rest.isEmpty() && online.size() < DeviceReport.MAX_DEVICES) {
                String id = rest.poll();
                Present device = devices.get(id);
                if (device != null) {
                    online.add(row(id, device));
                }
            }
            tellsAll = !rest.isEmpty();
            return new DeviceReport(begins, !tellsAll, online, gone);
        }
        for (Iterator<String> ids = changed.iterator();
                ids.hasNext() && online.size() + gone.size() < DeviceReport.MAX_DEVICES; ) {
            String id = ids.next();
            ids.remove();
            Present device = devices.get(id);
            if (device == null) {
                gone.add(id);
            } else {
                online.add(row(id, device));
            }
        }
        return new DeviceReport(false, false, online, gone);
    }

    private static DeviceReport.Device row(String id, Present device) {
        LinkService.Peer newest = device.links().getLast();
        return new DeviceReport.Device(
                id, newest.name(), device.since(), newest.transport(), newest.version());
    }
}
