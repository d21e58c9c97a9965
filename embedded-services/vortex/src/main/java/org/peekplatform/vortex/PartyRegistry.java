package org.peekplatform.vortex;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PartyStatus;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who belongs to the system, at its server: services by their links, devices by what client
/// services report of them. Offered to services and administrators as [PartyStatus].
public final class PartyRegistry implements LinkService.Watcher, TupleProvider<PartyStatus> {
    static final int MAX_GONE = 1_000;
    static final int MAX_DEVICES = 50_000;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String KIND = "kind";
    private static final List<String> KINDS =
            List.of(
                    ServiceKind.SERVER.id(),
                    ServiceKind.CLIENT.id(),
                    ServiceKind.AGENT.id(),
                    ServiceKind.WORKER.id(),
                    PartyStatus.DEVICE);
    private static final Comparator<PartyStatus> ORDER =
            Comparator.<PartyStatus>comparingInt(row -> KINDS.indexOf(row.kind()))
                    .thenComparing(PartyStatus::name)
                    .thenComparing(PartyStatus::id);
    private static final Logger log = LoggerFactory.getLogger(PartyRegistry.class);

    private final PartyTuples tuples;
    private final PlatformThreads threads;
    private final InstantSource clock;
    private final Object lock = new Object();
    private final Map<String, PartyStatus> rows = new HashMap<>();
    private final SequencedSet<String> gone = new LinkedHashSet<>();
    private final Map<String, ServiceLinks> services = new HashMap<>();
    // By kind, what observers have not been told yet.
    private final Map<String, Changes> dirty = new HashMap<>();
    private boolean telling;
    private boolean full;

    private static final class Changes {
        final Set<String> keys = new HashSet<>();
        // Rows have come, or have another place.
        boolean order;
    }

    /// The links of one service; a service that dials again may still have its former one.
    private static final class ServiceLinks {
        final List<LinkService.Peer> links = new ArrayList<>();
        // Named since the first report of all devices; null when none is under way.
        @Nullable Set<String> named;
    }

    /// @param self the server
    /// @param version of its platform
    public PartyRegistry(
            Caller.Service self,
            String version,
            PartyTuples tuples,
            PartyActions actions,
            PlatformThreads threads,
            InstantSource clock) {
        this.tuples = tuples;
        this.threads = threads;
        this.clock = clock;
        String id = Callers.format(self);
        rows.put(
                id,
                new PartyStatus(
                        id,
                        self.kind().id(),
                        self.name(),
                        true,
                        clock.instant(),
                        null,
                        version,
                        null));
        tuples.provide(PartyStatus.class, Audience.SERVICES, this);
        actions.handle(DeviceReport.class, Audience.SERVICES, this::report);
    }

    @Override
    public void joined(LinkService.Peer peer) {
        if (!(peer.caller() instanceof Caller.Service service)) {
            return;
        }
        synchronized (lock) {
            ServiceLinks known =
                    services.computeIfAbsent(Callers.format(service), none -> new ServiceLinks());
            boolean wasThere = !known.links.isEmpty();
            known.links.add(peer);
            put(row(service, peer, wasThere));
        }
    }

    @Override
    public void left(LinkService.Peer peer) {
        if (!(peer.caller() instanceof Caller.Service service)) {
            return;
        }
        String id = Callers.format(service);
        synchronized (lock) {
            ServiceLinks known = services.get(id);
            if (known == null || !known.links.remove(peer)) {
                return;
            }
            if (!known.links.isEmpty()) {
                put(row(service, known.links.getLast(), true));
                return;
            }
            services.remove(id);
            leave(id);
            for (PartyStatus device : devicesOf(id)) {
                leave(device.id());
            }
        }
    }

    @Override
    public @Nullable String via(Caller.Device device) {
        synchronized (lock) {
            PartyStatus row = rows.get(Callers.format(device));
            return row == null || !row.online() ? null : row.via();
        }
    }

    @Override
    public List<PartyStatus> load(TupleSelector<PartyStatus> selector) {
        String kind = kind(selector);
        synchronized (lock) {
            return rows.values().stream()
                    .filter(row -> kind == null || kind.equals(row.kind()))
                    .sorted(ORDER)
                    .toList();
        }
    }

    @Override
    public Optional<List<PartyStatus>> loadRows(
            TupleSelector<PartyStatus> selector, Set<String> keys) {
        String kind = kind(selector);
        synchronized (lock) {
            return Optional.of(
                    keys.stream()
                            .map(rows::get)
                            .filter(Objects::nonNull)
                            .filter(row -> kind == null || kind.equals(row.kind()))
                            .toList());
        }
    }

    private static @Nullable String kind(TupleSelector<PartyStatus> selector) {
        for (Map.Entry<String, String> one : selector.key().entrySet()) {
            if (!one.getKey().equals(KIND) || !KINDS.contains(one.getValue())) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "parties are not listed by "
                                + one.getKey()
                                + " '"
                                + one.getValue()
                                + "'; they are by the kinds "
                                + String.join(", ", KINDS));
            }
        }
        return selector.key().get(KIND);
    }

    private ActionOutcome report(DeviceReport report, ActionContext context) {
        if (!(context.caller() instanceof Caller.Service(ServiceKind kind, String name))
                || kind != ServiceKind.CLIENT) {
            return new ActionOutcome.Rejected(
                    ErrorCode.NOT_ALLOWED, "Devices are reported by client services only.");
        }
        String via = Callers.format(context.caller());
        synchronized (lock) {
            ServiceLinks client = services.get(via);
            if (client == null) {
                return new ActionOutcome.Rejected(
                        ErrorCode.OFFLINE, "The client '" + name + "' is not connected any more.");
            }
            if (report.first()) {
                client.named = new HashSet<>();
            }
            for (DeviceReport.Device device : report.online()) {
                take(device, via, client);
            }
            for (String id : report.gone()) {
                PartyStatus row = rows.get(id);
                if (row != null && via.equals(row.via())) {
                    leave(id);
                }
            }
            Set<String> named = client.named;
            if (report.last() && named != null) {
                client.named = null;
                for (PartyStatus row : devicesOf(via)) {
                    if (!named.contains(row.id())) {
                        leave(row.id());
                    }
                }
            }
        }
        return new ActionOutcome.Applied();
    }

    /// With the lock.
    private void take(DeviceReport.Device device, String via, ServiceLinks client) {
        Callers.device(device.id());
        if (client.named != null) {
            client.named.add(device.id());
        }
        if (!rows.containsKey(device.id()) && rows.size() - gone.size() >= MAX_DEVICES) {
            if (!full) {
                full = true;
                log.warn(
                        "There are more than {} devices; further ones are not listed", MAX_DEVICES);
            }
            return;
        }
        put(
                new PartyStatus(
                        device.id(),
                        PartyStatus.DEVICE,
                        device.name(),
                        true,
                        device.since(),
                        device.link().name().toLowerCase(Locale.ROOT),
                        device.version(),
                        via));
    }

    /// With the lock.
    private PartyStatus row(Caller.Service service, LinkService.Peer peer, boolean wasThere) {
        String id = Callers.format(service);
        PartyStatus former = rows.get(id);
        Instant since = wasThere && former != null ? former.since() : clock.instant();
        return new PartyStatus(
                id,
                service.kind().id(),
                service.name(),
                true,
                since,
                peer.transport().name().toLowerCase(Locale.ROOT),
                peer.version(),
                null);
    }

    /// With the lock.
    private List<PartyStatus> devicesOf(String via) {
        return rows.values().stream().filter(row -> row.online() && via.equals(row.via())).toList();
    }

    /// With the lock.
    private void leave(String id) {
        PartyStatus row = rows.get(id);
        if (row != null && row.online()) {
            put(
                    new PartyStatus(
                            id,
                            row.kind(),
                            row.name(),
                            false,
                            clock.instant(),
                            row.link(),
                            row.version(),
                            row.via()));
        }
    }

    /// With the lock.
    private void put(PartyStatus row) {
        PartyStatus former = rows.put(row.id(), row);
        if (row.equals(former)) {
            return;
        }
        tell(row, former == null || !former.name().equals(row.name()));
        gone.remove(row.id());
        if (!row.online()) {
            gone.add(row.id());
            if (gone.size() > MAX_GONE) {
                PartyStatus oldest = rows.remove(gone.removeFirst());
                if (oldest != null) {
                    tell(oldest, false);
                }
            }
        }
    }

    /// With the lock.
    private void tell(PartyStatus row, boolean order) {
        Changes changes = dirty.computeIfAbsent(row.kind(), none -> new Changes());
        changes.keys.add(row.id());
        changes.order |= order;
        if (!telling) {
            telling = true;
            threads.later(PAUSE, this::tellNow);
        }
    }

    private void tellNow() {
        Map<String, Changes> changes;
        synchronized (lock) {
            telling = false;
            changes = Map.copyOf(dirty);
            dirty.clear();
        }
        TupleSelector<PartyStatus> all = TupleSelector.of(PartyStatus.class);
        changes.forEach((kind, of) -> {
            tell(all, of);
            tell(all.with(KIND, kind), of);
        });
    }

    private void tell(TupleSelector<PartyStatus> selector, Changes changes) {
        if (changes.order) {
            tuples.changed(selector);
        } else {
            tuples.changed(selector, changes.keys);
        }
    }
}
