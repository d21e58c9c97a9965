package org.peekplatform.pluginhost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.PluginInfo;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The scope of a plugin that this host runs.
final class HostedScope implements PluginScope {
    private static final Logger log = LoggerFactory.getLogger(HostedScope.class);

    /// A thing owned; not a record, because two registrations of equal things are two.
    private static final class Owned {
        final AutoCloseable resource;

        Owned(AutoCloseable resource) {
            this.resource = resource;
        }
    }

    private final InstalledPackage installed;
    private final ServiceKind service;
    private final ClassLoader loader;
    private final PluginGuard guard;
    private final Object lock = new Object();
    private final List<Owned> owned = new ArrayList<>();
    private boolean closed;

    HostedScope(
            InstalledPackage installed,
            ServiceKind service,
            ClassLoader loader,
            PluginGuard guard) {
        this.installed = installed;
        this.service = service;
        this.loader = loader;
        this.guard = guard;
    }

    @Override
    public PluginInfo plugin() {
        return installed.manifest().info();
    }

    @Override
    public PluginManifest manifest() {
        return installed.manifest();
    }

    @Override
    public InstalledPackage installed() {
        return installed;
    }

    @Override
    public ServiceKind service() {
        return service;
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public PluginGuard guard() {
        return guard;
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        add(new Owned(resource));
        return resource;
    }

    @Override
    public Registration register(Registration registration) {
        Owned one = new Owned(registration);
        add(one);
        return () -> {
            if (forget(one)) {
                registration.close();
            }
        };
    }

    /// @throws PeekException with `STOPPED` after [#closeToPlugin]
    void checkOpen() {
        synchronized (lock) {
            if (closed) {
                throw stopped();
            }
        }
    }

    /// From now on nothing can be registered any more.
    void closeToPlugin() {
        synchronized (lock) {
            closed = true;
        }
    }

    /// Closes everything owned, the latest first, and goes on past what fails.
    ///
    /// @param deadline for each
    /// @return the first failure, as a sentence
    Optional<String> withdraw(Duration deadline) {
        closeToPlugin();
        @Nullable String first = null;
        boolean interrupted = false;
        for (Owned one = takeLast(); one != null; one = takeLast()) {
            AutoCloseable resource = one.resource;
            String what = "withdrawing a registration on " + service.id();
            AtomicBoolean overran = new AtomicBoolean();
            try {
                guard.call(
                        what,
                        deadline,
                        () -> overran.set(true),
                        () -> {
                            resource.close();
                            return null;
                        });
            } catch (InterruptedException problem) {
                // Stopping goes on: what stays registered would leak into the next version.
                log.warn("Interrupted while stopping plugin '{}'", installed.name(), problem);
                interrupted = true;
            } catch (Exception problem) {
                log.error("Plugin '{}': {} failed", installed.name(), what, problem);
                first = first == null ? failure(what, problem, overran.get()) : first;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(first);
    }

    private String failure(String what, Exception problem, boolean overran) {
        String reason = PluginGuard.reason(problem);
        return overran
                ? reason
                : "plugin '%s': %s failed: %s".formatted(installed.name(), what, reason);
    }

    int ownedCount() {
        synchronized (lock) {
            return owned.size();
        }
    }

    private void add(Owned one) {
        synchronized (lock) {
            if (!closed) {
                owned.add(one);
                return;
            }
        }
        guard.run("withdrawing what came too late", one.resource::close);
        throw stopped();
    }

    private boolean forget(Owned one) {
        synchronized (lock) {
            return owned.remove(one);
        }
    }

    private @Nullable Owned takeLast() {
        synchronized (lock) {
            return owned.isEmpty() ? null : owned.removeLast();
        }
    }

    private PeekException stopped() {
        return new PeekException(
                ErrorCode.STOPPED,
                "plugin '%s' has stopped on %s; nothing can be asked of its context any more"
                        .formatted(installed.name(), service.id()));
    }
}
