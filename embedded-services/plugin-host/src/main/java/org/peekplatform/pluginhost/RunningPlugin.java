package org.peekplatform.pluginhost;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of one plugin in this process: its class loader and its parts. Used by one operation of
/// the host at a time, and for one start and one stop.
final class RunningPlugin {
    private static final Logger log = LoggerFactory.getLogger(RunningPlugin.class);

    private final InstalledPackage installed;
    private final Duration hookDeadline;
    private final PluginClassLoader loader;
    private final PluginGuard guard;
    private final List<Part> parts = new ArrayList<>();

    /// @param offers services of this process, in the order in which parts start
    RunningPlugin(
            InstalledPackage installed,
            List<ServiceOffer> offers,
            Path dataDir,
            PlatformThreads threads,
            PluginHost.Deadlines deadlines) {
        this.installed = installed;
        hookDeadline = deadlines.hook();
        boolean showsViews =
                offers.stream()
                        .map(ServiceOffer::service)
                        .anyMatch(service ->
                                service == ServiceKind.DESKTOP || service == ServiceKind.ADMIN);
        loader = new PluginClassLoader(installed, showsViews);
        guard = new PluginGuard(installed.name(), loader);
        for (ServiceOffer offer : offers) {
            if (installed.manifest().requires(offer.service())) {
                parts.add(new Part(offer, dataDir, threads, deadlines.tasks()));
            }
        }
    }

    List<ServiceKind> services() {
        return parts.stream().map(part -> part.offer.service()).toList();
    }

    PluginCalls calls() {
        return guard.calls();
    }

    /// Prepares, loads and starts all parts. When it throws, [#stop] releases what was taken.
    ///
    /// @throws PeekException whose message is the reason for people
    void start() {
        parts.forEach(Part::prepare);
        parts.forEach(Part::load);
        parts.forEach(Part::start);
    }

    /// Stops and unloads whatever has started or loaded, in reverse order, past all failures.
    ///
    /// @return the first failure, as a sentence
    Optional<String> stop() {
        List<String> problems = new ArrayList<>();
        for (Part part : parts.reversed()) {
            part.stop().ifPresent(problems::add);
        }
        for (Part part : parts.reversed()) {
            part.unload().ifPresent(problems::add);
        }
        try {
            loader.close();
        } catch (IOException problem) {
            log.warn("Jars of plugin '{}' cannot be closed", installed.name(), problem);
        }
        return problems.stream().findFirst();
    }

    private PeekException failed(String what, Exception problem) {
        if (problem instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new PeekException(
                ErrorCode.INTERNAL,
                "plugin '%s': %s failed: %s"
                        .formatted(installed.name(), what, PluginGuard.reason(problem)),
                problem);
    }

    /// The plugin on one service. Without an entry hook there it is only prepared.
    private final class Part {
        private final ServiceOffer offer;
        private final HostedScope scope;
        private final VirtualPluginTasks tasks;
        private final ScopedPluginContext context;
        private @Nullable PeekPlugin hooks;
        private boolean prepared;
        private boolean loaded;
        private boolean started;
        private boolean stuck;

        Part(ServiceOffer offer, Path dataDir, PlatformThreads threads, Duration grace) {
            this.offer = offer;
            scope = new HostedScope(installed, offer.service(), loader, guard);
            tasks = new VirtualPluginTasks(scope, threads, grace);
            context =
                    new ScopedPluginContext(
                            scope,
                            offer,
                            tasks,
                            dataDir.resolve(installed.name()).resolve(offer.service().id()));
        }

        void prepare() {
            prepared = true;
            try {
                offer.prepare(scope);
            } catch (PeekException problem) {
                throw problem;
            } catch (RuntimeException problem) {
                throw failed("preparing it on " + offer.service().id(), problem);
            }
        }

        void load() {
            Optional<String> type = installed.manifest().entryHook(offer.service());
            if (type.isEmpty()) {
                return;
            }
            PeekPlugin created = hook("making " + type.get(), () -> instantiate(type.get()));
            hooks = created;
            hook(
                    "load",
                    () -> {
                        created.load(context);
                        return created;
                    });
            loaded = true;
        }

        void start() {
            PeekPlugin present = hooks;
            if (present == null) {
                return;
            }
            hook(
                    "start",
                    () -> {
                        present.start(context);
                        return present;
                    });
            started = true;
        }

        Optional<String> stop() {
            List<String> problems = new ArrayList<>();
            PeekPlugin present = hooks;
            if (started && present != null) {
                started = false;
                attempt("stop", present::stop).ifPresent(problems::add);
            }
            scope.closeToPlugin();
            tasks.stopping();
            scope.withdraw(hookDeadline).ifPresent(problems::add);
            return problems.stream().findFirst();
        }

        Optional<String> unload() {
            Optional<String> problem = Optional.empty();
            PeekPlugin present = hooks;
            if (loaded && present != null && !stuck) {
                problem = attempt("unload", present::unload);
            }
            loaded = false;
            hooks = null;
            if (prepared) {
                prepared = false;
                try {
                    offer.released(scope);
                } catch (RuntimeException fault) {
                    log.error(
                            "Releasing plugin '{}' on {} failed",
                            installed.name(),
                            offer.service().id(),
                            fault);
                }
            }
            return problem;
        }

        private interface Hook {
            void run() throws Exception;
        }

        private Optional<String> attempt(String name, Hook hook) {
            try {
                hook(
                        name,
                        () -> {
                            hook.run();
                            return name;
                        });
                return Optional.empty();
            } catch (PeekException problem) {
                log.error("{}", problem.getMessage(), problem);
                return Optional.of(reasonOf(problem));
            }
        }

        private <R> R hook(String name, Callable<R> call) {
            String what = "'" + name + "' on " + offer.service().id();
            AtomicBoolean overran = new AtomicBoolean();
            try {
                return guard.call(what, hookDeadline, () -> overran.set(true), call);
            } catch (Exception problem) {
                if (overran.get() && problem instanceof PeekException late) {
                    // Never two hooks of a part at once: after this one no other is called.
                    stuck = true;
                    throw late;
                }
                throw failed(what, problem);
            }
        }

        private PeekPlugin instantiate(String name) throws Exception {
            Class<?> type = Class.forName(name, true, loader);
            if (!PeekPlugin.class.isAssignableFrom(type)) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "the class does not implement org.peekplatform.api.PeekPlugin; correct '%s.entryHook' or the class"
                                .formatted(offer.service().id()));
            }
            Constructor<?> constructor;
            try {
                constructor = type.getConstructor();
            } catch (NoSuchMethodException problem) {
                throw unusable(problem);
            }
            if (!Modifier.isPublic(type.getModifiers())
                    || Modifier.isAbstract(type.getModifiers())) {
                throw unusable(null);
            }
            try {
                return (PeekPlugin) constructor.newInstance();
            } catch (InvocationTargetException problem) {
                switch (problem.getCause()) {
                    case Exception exception -> throw exception;
                    case Error error -> throw error;
                    case null, default -> throw problem;
                }
            }
        }

        private PeekException unusable(@Nullable Throwable cause) {
            return new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the class must be public, not abstract, and have a public constructor without parameters",
                    cause);
        }
    }

    /// The message of an exception of ours, which always has one.
    static String reasonOf(PeekException problem) {
        String message = problem.getMessage();
        return message == null ? problem.code().name() : message;
    }
}
