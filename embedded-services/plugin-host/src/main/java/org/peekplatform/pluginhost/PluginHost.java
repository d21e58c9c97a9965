package org.peekplatform.pluginhost;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.PluginStatus.State;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the plugins of one process, whichever services it has.
///
/// [#start], [#install], [#remove], [#enable], [#disable] and [#close] come one at a time and wait
/// for each other; [#statuses], [#check] and [#calls] never wait. What goes wrong in a plugin ends
/// up in its status and is no exception here.
public final class PluginHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginHost.class);

    /// Parts start in this order and stop in the opposite one: data first, views last.
    private static final List<ServiceKind> ORDER =
            List.of(
                    ServiceKind.STORAGE,
                    ServiceKind.SERVER,
                    ServiceKind.CLIENT,
                    ServiceKind.AGENT,
                    ServiceKind.WORKER,
                    ServiceKind.ADMIN,
                    ServiceKind.MOBILE,
                    ServiceKind.DESKTOP);

    /// How long plugins may take.
    ///
    /// @param hook for each entry hook and each registration withdrawn
    /// @param tasks for all tasks of a part together, after they have been interrupted
    public record Deadlines(Duration hook, Duration tasks) {
        /// What plugins are promised.
        public static final Deadlines STANDARD =
                new Deadlines(Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    /// A plugin known to this process. Fields other than the status belong to the operation under
    /// way; `installed` is also read by [#check].
    private static final class Slot {
        volatile PluginStatus status;
        volatile @Nullable InstalledPackage installed;
        volatile boolean enabled;
        volatile @Nullable RunningPlugin running;

        Slot(PluginStatus status, @Nullable InstalledPackage installed, boolean enabled) {
            this.status = status;
            this.installed = installed;
            this.enabled = enabled;
        }
    }

    /// One registration; the same runnable may be registered twice.
    private static final class Listener {
        final Runnable run;

        Listener(Runnable run) {
            this.run = run;
        }
    }

    private final PluginStore store;
    private final Path dataDir;
    private final PlatformThreads threads;
    private final Requirements requirements;
    private final Deadlines deadlines;
    private final Clock clock;

    private final ReentrantLock operation = new ReentrantLock(true);
    private final List<ServiceOffer> offers = new ArrayList<>();
    private final ConcurrentSkipListMap<String, Slot> slots = new ConcurrentSkipListMap<>();
    private final Set<String> startOrder = new LinkedHashSet<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private boolean started;
    private boolean closed;

    /// @param dataDir where plugins have their own folders, HOME/data/plugins
    /// @param platformVersion version of Peek, against which plugins state their range
    public PluginHost(
            PluginStore store, Path dataDir, String platformVersion, PlatformThreads threads) {
        this(store, dataDir, platformVersion, threads, Deadlines.STANDARD, Clock.systemUTC());
    }

    public PluginHost(
            PluginStore store,
            Path dataDir,
            String platformVersion,
            PlatformThreads threads,
            Deadlines deadlines,
            Clock clock) {
        this.store = store;
        this.dataDir = dataDir;
        this.threads = threads;
        this.deadlines = deadlines;
        this.clock = clock;
        requirements = new Requirements(platformVersion);
    }

    /// Adds a service of this process.
    ///
    /// @throws IllegalStateException after [#start], or when there is one of that kind
    public void addService(ServiceOffer offer) {
        operate(() -> {
            if (started) {
                throw new IllegalStateException("services are added before the plugins start");
            }
            for (ServiceOffer other : offers) {
                if (other.service() == offer.service()) {
                    throw new IllegalStateException(
                            "there is a service of kind " + offer.service().id());
                }
            }
            offers.add(offer);
            offers.sort(Comparator.comparingInt(one -> ORDER.indexOf(one.service())));
            return offer;
        });
    }

    /// Starts the plugins of the catalogue, each after those it requires. Returns when each runs or
    /// has failed.
    public void start(List<CatalogueEntry> entries) {
        operate(() -> {
            if (started) {
                throw new IllegalStateException("the plugins have been started");
            }
            started = true;
            entries.forEach(this::introduce);
            bringUp(slots.keySet());
            return entries;
        });
    }

    /// Refuses a package that does not go with this platform or with what is installed. Does not
    /// wait for an operation under way; [#install] checks again.
    ///
    /// @throws PeekException with `CONFLICT`; the message holds a sentence for each reason
    public void check(PluginPackage candidate) {
        check(candidate.manifest(), candidate.sha256());
    }

    /// Starts a plugin that is new here, or puts this version in the place of the running one: its
    /// dependants stop, it stops, the new version starts, the dependants start again. Enables it.
    ///
    /// When it returns, this package is the installed one, running or failed as the status says.
    /// When it throws, nothing has changed. An upgrade that fails to start without bringing
    /// migrations of its own is undone, and throws.
    ///
    /// @throws PeekException with `CONFLICT` as [#check], `INTERNAL` when an upgrade was undone,
    ///   `STOPPED` after [#close]
    public PluginStatus install(InstalledPackage candidate) {
        return operate(() -> {
            checkOpen();
            check(candidate.manifest(), candidate.sha256());
            return replace(candidate);
        });
    }

    /// Stops a plugin and forgets it. Its package and its data stay where they are.
    ///
    /// @return its last status
    /// @throws PeekException with `NOT_OFFERED` when there is none of that name, `CONFLICT` while
    ///   others require it
    public PluginStatus remove(String name) {
        return operate(() -> {
            checkOpen();
            Slot slot = slot(name);
            refuseWhileRequired(name, slots.keySet(), "removed", "remove");
            takeDown(name, slot);
            slots.remove(name);
            changed();
            return slot.status;
        });
    }

    /// Starts a plugin that had been disabled or had failed, and the ones that wait for it.
    ///
    /// @throws PeekException with `NOT_OFFERED` when there is none of that name
    public PluginStatus enable(String name) {
        return operate(() -> {
            checkOpen();
            Slot slot = slot(name);
            slot.enabled = true;
            if (slot.running == null) {
                Set<String> affected = dependants(name);
                affected.add(name);
                bringUp(affected);
            }
            return slot.status;
        });
    }

    /// Stops a plugin, which stays installed.
    ///
    /// @throws PeekException with `NOT_OFFERED` when there is none of that name, `CONFLICT` while
    ///   others that are enabled require it
    public PluginStatus disable(String name) {
        return operate(() -> {
            checkOpen();
            Slot slot = slot(name);
            List<String> enabled =
                    slots.entrySet().stream()
                            .filter(entry -> entry.getValue().enabled)
                            .map(Map.Entry::getKey)
                            .toList();
            refuseWhileRequired(name, enabled, "disabled", "disable");
            slot.enabled = false;
            takeDown(name, slot);
            return slot.status;
        });
    }

    /// All plugins known here, sorted by name, as they are at this moment.
    public List<PluginStatus> statuses() {
        return slots.values().stream().map(slot -> slot.status).toList();
    }

    /// The packages that are installed here, also of plugins that have failed or are disabled.
    public List<InstalledPackage> installed() {
        return List.copyOf(packages().values());
    }

    /// How often the plugin has been called since it was loaded; empty when it does not run.
    public Optional<PluginCalls> calls(String name) {
        Slot slot = slots.get(name);
        RunningPlugin running = slot == null ? null : slot.running;
        return Optional.ofNullable(running).map(RunningPlugin::calls);
    }

    /// Calls `listener` after each change of a status, on the thread that makes the change. It must
    /// not block, and must not start an operation of this host.
    public Registration onChange(Runnable listener) {
        Listener own = new Listener(listener);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /// Stops all plugins, the last started first.
    @Override
    public void close() {
        operate(() -> {
            closed = true;
            for (String name : List.copyOf(startOrder).reversed()) {
                takeDown(name, slot(name));
            }
            return closed;
        });
    }

    private interface Operation<R> {
        R run();
    }

    private <R> R operate(Operation<R> work) {
        if (operation.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "an operation of the plugin host was started from within another");
        }
        operation.lock();
        try {
            return work.run();
        } finally {
            operation.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new PeekException(
                    ErrorCode.STOPPED, "this service is stopping; ask again when it has started");
        }
        if (!started) {
            throw new IllegalStateException("the plugins have not been started");
        }
    }

    private Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "there is no plugin %s here; the list of plugins has those there are"
                            .formatted(Refusal.quote(name)));
        }
        return slot;
    }

    private SortedMap<String, InstalledPackage> packages() {
        SortedMap<String, InstalledPackage> packages = new TreeMap<>();
        slots.forEach((name, slot) -> {
            InstalledPackage installed = slot.installed;
            if (installed != null) {
                packages.put(name, installed);
            }
        });
        return packages;
    }

    private void check(PluginManifest manifest, String sha256) {
        List<String> refusals = requirements.refusals(manifest, sha256, packages());
        if (!refusals.isEmpty()) {
            throw new PeekException(ErrorCode.CONFLICT, String.join("; also, ", refusals));
        }
    }

    /// Makes the slot of a catalogue entry; its package may be missing or damaged.
    private void introduce(CatalogueEntry entry) {
        PluginStatus stopped =
                new PluginStatus(
                        entry.name(),
                        entry.version(),
                        entry.name(),
                        entry.sha256(),
                        State.STOPPED,
                        null,
                        clock.instant(),
                        List.of());
        Slot slot = new Slot(stopped, null, entry.enabled());
        slots.put(entry.name(), slot);
        try {
            Optional<InstalledPackage> found =
                    store.find(entry.name(), entry.version(), entry.sha256());
            if (found.isPresent()) {
                slot.installed = found.get();
                slot.status = status(found.get(), State.STOPPED, null, List.of());
            } else {
                fail(
                        slot,
                        "the package of plugin '%s' %s is not in the store; install it again"
                                .formatted(entry.name(), entry.version()));
            }
        } catch (PeekException problem) {
            log.error("Plugin '{}' cannot be read from the store", entry.name(), problem);
            fail(slot, RunningPlugin.reasonOf(problem));
        }
        changed();
    }

    private PluginStatus replace(InstalledPackage candidate) {
        String name = candidate.name();
        Slot former = slots.get(name);
        if (former != null
                && former.running != null
                && candidate.sha256().equals(former.status.sha256())) {
            return former.status;
        }
        Set<String> affected = dependants(name);
        InstalledPackage before = former == null ? null : former.installed;
        boolean wasRunning = former != null && former.running != null;
        for (String one : List.copyOf(startOrder).reversed()) {
            if (affected.contains(one) || one.equals(name)) {
                takeDown(one, slot(one));
            }
        }
        Slot slot =
                former != null
                        ? former
                        : new Slot(
                                status(candidate, State.STOPPED, null, List.of()), candidate, true);
        slot.installed = candidate;
        slot.enabled = true;
        slot.status = status(candidate, State.STOPPED, null, List.of());
        slots.put(name, slot);
        affected.add(name);
        bringUp(Set.of(name));
        String problem = slot.status.problem();
        if (slot.running == null
                && wasRunning
                && before != null
                && Migrations.same(before, candidate)) {
            slot.installed = before;
            slot.status = status(before, State.STOPPED, null, List.of());
            bringUp(affected);
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "version %s of plugin '%s' did not start, so %s %s: %s"
                            .formatted(
                                    candidate.version(),
                                    name,
                                    before.version(),
                                    slot.running == null
                                            ? "is in its place again, which did not start either"
                                            : "runs again in its place",
                                    problem));
        }
        affected.remove(name);
        bringUp(affected);
        return slot.status;
    }

    /// Starts those of `names` that are enabled and do not run, in order.
    private void bringUp(Collection<String> names) {
        Map<String, Set<String>> all = new HashMap<>();
        packages()
                .forEach(
                        (name, one) -> all.put(name, one.manifest().requires().plugins().keySet()));
        StartOrder order = StartOrder.of(all);
        for (String name : order.names()) {
            Slot slot = slots.get(name);
            if (names.contains(name) && slot != null && slot.enabled && slot.running == null) {
                InstalledPackage installed = slot.installed;
                if (installed != null) {
                    bringUp(slot, installed, order);
                }
            }
        }
    }

    private void bringUp(Slot slot, InstalledPackage installed, StartOrder order) {
        PluginManifest manifest = installed.manifest();
        List<String> round = order.circles().get(manifest.name());
        Optional<String> obstacle =
                round != null
                        ? Optional.of(Requirements.circle(round))
                        : requirements.platform(manifest).or(() -> unmet(manifest));
        if (obstacle.isPresent()) {
            log.error("Plugin '{}' is not started: {}", manifest.name(), obstacle.get());
            fail(slot, obstacle.get());
            return;
        }
        set(slot, status(installed, State.STARTING, null, List.of()));
        RunningPlugin running = null;
        try {
            running = new RunningPlugin(installed, offers, dataDir, threads, deadlines);
            running.start();
        } catch (PeekException problem) {
            log.error("Plugin '{}' is not started", manifest.name(), problem);
            if (running != null) {
                running.stop();
            }
            fail(slot, RunningPlugin.reasonOf(problem));
            return;
        }
        slot.running = running;
        startOrder.add(manifest.name());
        log.info(
                "Plugin '{}' {} runs on {}",
                manifest.name(),
                manifest.version(),
                running.services());
        set(slot, status(installed, State.RUNNING, null, running.services()));
    }

    private void takeDown(String name, Slot slot) {
        RunningPlugin running = slot.running;
        PluginStatus status = slot.status;
        if (running == null) {
            if (status.state() != State.STOPPED && !slot.enabled) {
                set(slot, next(status, State.STOPPED, null));
            }
            return;
        }
        set(slot, next(status, State.STOPPING, null));
        Optional<String> problem = running.stop();
        slot.running = null;
        startOrder.remove(name);
        log.info("Plugin '{}' {} has stopped", name, status.version());
        set(
                slot,
                next(
                        status,
                        problem.isPresent() ? State.FAILED : State.STOPPED,
                        problem.orElse(null)));
    }

    /// Why a plugin cannot start among those that run.
    private Optional<String> unmet(PluginManifest manifest) {
        for (String required : manifest.requires().plugins().keySet()) {
            Slot slot = slots.get(required);
            Optional<String> problem =
                    Requirements.plugin(
                            manifest,
                            required,
                            Optional.ofNullable(slot).map(one -> one.status.version()));
            if (problem.isPresent()) {
                return problem;
            }
            if (slot != null && slot.running == null) {
                return Optional.of(
                        slot.enabled
                                ? "plugin '%s' %s requires plugin '%s', which has failed; put that right first"
                                        .formatted(manifest.name(), manifest.version(), required)
                                : "plugin '%s' %s requires plugin '%s', which is disabled; enable it first"
                                        .formatted(manifest.name(), manifest.version(), required));
            }
        }
        return Optional.empty();
    }

    /// Names of all plugins that require `name`, directly or through others.
    private Set<String> dependants(String name) {
        Set<String> found = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(List.of(name));
        SortedMap<String, InstalledPackage> packages = packages();
        while (!open.isEmpty()) {
            String required = open.removeLast();
            packages.forEach((other, one) -> {
                if (one.manifest().requires().plugins().containsKey(required)
                        && !other.equals(name)
                        && found.add(other)) {
                    open.add(other);
                }
            });
        }
        return found;
    }

    private void refuseWhileRequired(
            String name, Collection<String> among, String done, String doThat) {
        List<String> requiring = new ArrayList<>();
        packages()
                .forEach((other, one) -> {
                    if (among.contains(other)
                            && one.manifest().requires().plugins().containsKey(name)) {
                        requiring.add("'" + other + "'");
                    }
                });
        Collections.sort(requiring);
        if (!requiring.isEmpty()) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "plugin '%s' cannot be %s while it is required by %s; %s %s first"
                            .formatted(
                                    name,
                                    done,
                                    String.join(" and ", requiring),
                                    doThat,
                                    requiring.size() == 1 ? "that one" : "these"));
        }
    }

    private void fail(Slot slot, String problem) {
        set(slot, next(slot.status, State.FAILED, problem));
    }

    private void set(Slot slot, PluginStatus status) {
        slot.status = status;
        changed();
    }

    private PluginStatus status(
            InstalledPackage installed,
            State state,
            @Nullable String problem,
            List<ServiceKind> services) {
        return new PluginStatus(
                installed.name(),
                installed.version(),
                installed.manifest().plugin().title(),
                installed.sha256(),
                state,
                problem,
                clock.instant(),
                services);
    }

    private PluginStatus next(PluginStatus status, State state, @Nullable String problem) {
        return new PluginStatus(
                status.name(),
                status.version(),
                status.title(),
                status.sha256(),
                state,
                problem,
                clock.instant(),
                List.of());
    }

    private void changed() {
        for (Listener listener : listeners) {
            try {
                listener.run.run();
            } catch (RuntimeException problem) {
                log.error("A listener for changes of plugins failed", problem);
            }
        }
    }
}
