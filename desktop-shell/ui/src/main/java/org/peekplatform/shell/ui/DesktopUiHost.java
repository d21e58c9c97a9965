package org.peekplatform.shell.ui;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.shell.model.AdminRoom;
import org.peekplatform.shell.model.HomeTile;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.Problem;
import org.peekplatform.shell.model.ShellModel;
import org.peekplatform.shell.model.ViewLink;
import org.peekplatform.shell.model.ViewRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the views of plugins into the window.
///
/// Plugins register from any thread; what they register shows in the [ShellModel] through the
/// JavaFX thread, which must be running by then. Every call into a plugin happens there, inside its
/// [CallGuard]; what it throws becomes an error card in place of the view or a problem on the home
/// page, and the window runs on.
///
/// Nothing of a plugin is kept once its registrations are withdrawn: neither its nodes nor its
/// exceptions, only texts. A withdrawal from another thread waits until the view is closed, for at
/// most five seconds, because the JavaFX thread may be stuck in another plugin.
public final class DesktopUiHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DesktopUiHost.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ShellModel model;
    private final Duration patience;
    private final Map<ViewRef, Entry> entries = new ConcurrentHashMap<>();
    // Views stand in the order they were added, whoever added them.
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;
    // Read by the watchdog while the JavaFX thread is inside a plugin.
    private volatile @Nullable String running;

    public DesktopUiHost(ShellModel model) {
        this(model, PATIENCE);
    }

    DesktopUiHost(ShellModel model, Duration patience) {
        this.model = model;
        this.patience = patience;
    }

    /// The workstation as one part of one plugin sees it. When a part asks more than once, its
    /// views stand together all the same.
    ///
    /// @param kind [ServiceKind#DESKTOP] or [ServiceKind#ADMIN]
    /// @param owner takes what has to be closed when the plugin stops, as `PluginContext.own` does;
    ///   closing is possible from any thread, more than once, in any order
    public DesktopUi forPlugin(
            PluginInfo plugin,
            ServiceKind kind,
            HomeLink link,
            Consumer<? super AutoCloseable> owner,
            CallGuard guard) {
        if (kind != ServiceKind.DESKTOP && kind != ServiceKind.ADMIN) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED,
                    "the workstation has no views for the "
                            + kind.id()
                            + " part of plugin '"
                            + plugin.name()
                            + "'; desktop and admin parts have");
        }
        Part part = new Part(plugin, kind, link, owner, guard);
        owner.accept((AutoCloseable) part::close);
        return part;
    }

    /// Closes all views and stops waiting for the JavaFX thread. To be called on that thread, after
    /// the last use of the window and before the plugins are stopped: the thread may be about to
    /// end, and then nobody would answer them.
    @Override
    public void close() {
        closed = true;
        for (Page page : List.copyOf(model.pages())) {
            model.close(page);
        }
    }

    /// The pane that shows a view, with an error card in it if the view is not to be had.
    PluginPane open(ViewLink link) {
        return new PluginPane(this, link);
    }

    @Nullable Entry entry(ViewRef ref) {
        return entries.get(ref);
    }

    /// What plugin the JavaFX thread is inside of, and why; `null` when it is in none. For any
    /// thread.
    @Nullable String running() {
        return running;
    }

    private void later(Runnable work) {
        if (!closed) {
            Platform.runLater(work);
        }
    }

    private void andWait(PluginInfo plugin, Runnable work) {
        if (Platform.isFxApplicationThread()) {
            work.run();
            return;
        }
        if (closed) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        Platform.runLater(() -> {
            try {
                work.run();
            } finally {
                done.countDown();
            }
        });
        try {
            if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                String busy = running;
                log.warn(
                        "The views of plugin '{}' are still open after {} ms, because the window"
                                + " is busy{}; they are closed as soon as it is free",
                        plugin.name(),
                        patience.toMillis(),
                        busy == null ? "" : " with " + busy);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One part of one plugin.
    final class Part implements DesktopUi {
        private final PluginInfo plugin;
        private final ServiceKind kind;
        private final HomeLink link;
        private final Consumer<? super AutoCloseable> owner;
        private final CallGuard guard;
        private final List<Entry> views = new CopyOnWriteArrayList<>();
        // JavaFX thread only.
        private final Set<Problem> reported = new HashSet<>();
        private volatile boolean stopped;

        Part(
                PluginInfo plugin,
                ServiceKind kind,
                HomeLink link,
                Consumer<? super AutoCloseable> owner,
                CallGuard guard) {
            this.plugin = plugin;
            this.kind = kind;
            this.link = link;
            this.owner = owner;
            this.guard = guard;
        }

        PluginInfo plugin() {
            return plugin;
        }

        @Override
        public Registration addView(String id, String title, Supplier<DesktopView> create) {
            requireNonNull(id, "id");
            requireNonNull(title, "title");
            requireNonNull(create, "create");
            if (stopped) {
                throw new PeekException(
                        ErrorCode.STOPPED,
                        "view '"
                                + id
                                + "' cannot be added because plugin '"
                                + plugin.name()
                                + "' has stopped");
            }
            ViewRef ref = new ViewRef(kind, plugin.name(), id);
            Entry entry = new Entry(this, new ViewLink(ref, title), create);
            if (entries.putIfAbsent(ref, entry) != null) {
                throw new PeekException(
                        ErrorCode.CONFLICT,
                        "plugin '"
                                + plugin.name()
                                + "' has a view '"
                                + id
                                + "' in its "
                                + kind.id()
                                + " part already");
            }
            views.add(entry);
            owner.accept(entry);
            later(() -> announce(entry));
            return entry;
        }

        @Override
        public Executor uiThread() {
            return task -> {
                requireNonNull(task, "task");
                if (!stopped) {
                    later(() -> {
                        if (!stopped) {
                            attempt(
                                    "a task on the JavaFX thread",
                                    () -> {
                                        task.run();
                                        return null;
                                    },
                                    this::failed);
                        }
                    });
                }
            };
        }

        /// Withdraws all that is left and drops tasks not yet run.
        void close() {
            if (stopped) {
                return;
            }
            stopped = true;
            List<Entry> left = new ArrayList<>(views).reversed();
            left.forEach(Entry::forget);
            andWait(
                    plugin,
                    () -> {
                        left.forEach(Entry::leave);
                        reported.forEach(model::resolve);
                    });
        }

        /// Calls the plugin, on the JavaFX thread.
        ///
        /// @return what the call returned; `null` also when it threw, which `failure` was told
        <R> @Nullable R attempt(
                String what,
                Callable<? extends @Nullable R> call,
                java.util.function.BiConsumer<String, Throwable> failure) {
            String outer = running;
            running = "plugin '" + plugin.name() + "' (" + what + ")";
            try {
                return guard.<@Nullable R>call(what, call::call);
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                log.warn("Plugin '{}' failed: {}", plugin.name(), what, e);
                failure.accept(what, e);
                return null;
            } finally {
                running = outer;
            }
        }

        /// Tells the user of a failure that has no place in a view.
        void failed(String what, Throwable problem) {
            Problem said =
                    new Problem(
                            plugin.title(),
                            "Something went wrong in " + what + ": " + words(problem));
            // Thousands of different texts would bury everything else.
            if (reported.size() < 5 && reported.add(said)) {
                model.report(said);
            }
        }

        private void announce(Entry entry) {
            if (entry.withdrawn()) {
                return;
            }
            if (kind == ServiceKind.ADMIN) {
                model.addRoom(new AdminRoom(entry.link, plugin.title(), link.icon()));
            } else {
                tile();
            }
        }

        private void tile() {
            if (!link.shown()) {
                return;
            }
            // Of the plugin, not of this object: it may have asked for the workstation twice.
            List<ViewLink> links =
                    entries.values().stream()
                            .filter(e -> e.part.kind == kind)
                            .filter(e -> e.part.plugin.name().equals(plugin.name()))
                            .sorted(Comparator.comparingLong(e -> e.number))
                            .map(e -> e.link)
                            .toList();
            if (links.isEmpty()) {
                model.removeTile(plugin.name());
            } else {
                String text = link.text();
                model.putTile(
                        new HomeTile(
                                plugin.name(),
                                text == null ? plugin.title() : text,
                                plugin.version(),
                                link.icon(),
                                links));
            }
        }
    }

    /// What an exception says to people.
    static String words(Throwable problem) {
        String message = problem.getMessage();
        return message == null || message.isBlank()
                ? problem.getClass().getSimpleName() + " (without a message)"
                : message;
    }

    /// One registered view.
    final class Entry implements Registration {
        private final Part part;
        private final ViewLink link;
        private volatile @Nullable Supplier<DesktopView> create;
        private final long number = numbers.incrementAndGet();
        private final AtomicBoolean withdrawn = new AtomicBoolean();

        Entry(Part part, ViewLink link, Supplier<DesktopView> create) {
            this.part = part;
            this.link = link;
            this.create = create;
        }

        Part part() {
            return part;
        }

        @Nullable Supplier<DesktopView> create() {
            return create;
        }

        boolean withdrawn() {
            return withdrawn.get();
        }

        @Override
        public void close() {
            if (forget()) {
                andWait(part.plugin, this::leave);
            }
        }

        // Any thread: from now on nobody can open the view, and its name is free.
        private boolean forget() {
            if (!withdrawn.compareAndSet(false, true)) {
                return false;
            }
            part.views.remove(this);
            entries.remove(link.ref(), this);
            create = null;
            return true;
        }

        // JavaFX thread: takes it off the screen.
        private void leave() {
            model.close(link.ref());
            if (part.kind == ServiceKind.ADMIN) {
                model.removeRoom(link.ref());
            } else {
                part.tile();
            }
        }
    }
}
