package org.peekplatform.worker;

import java.util.function.Supplier;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.PluginHost;
import org.peekplatform.queue.Schedules;
import org.peekplatform.queue.TaskEngine;
import org.peekplatform.queue.TaskRunner;
import org.peekplatform.storage.Database;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.Frame;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RpcHub;
import org.peekplatform.web.Health;
import org.peekplatform.web.PluginFiles;
import org.peekplatform.web.Site;
import org.peekplatform.web.identity.TlsIdentity;

/// The worker service. It takes tasks from the queue, which it reaches through the database, dials
/// the server for everything else, and is dialed by nobody; its site, on this machine only, says
/// how it is.
public final class WorkerService implements AutoCloseable {
    private final Setup setup;
    private final RpcHub rpc;
    private final LinkClient link;
    private final TaskRunner runner;
    private final TaskProcesses processes;

    /// What the worker is made of.
    ///
    /// @param name unique among the workers of the system
    /// @param version of the platform
    /// @param server dials the server's data exchange
    /// @param port of the site; 0 picks a free one
    /// @param tasks on the same database
    /// @param slots how many tasks it does at once
    /// @param processes how a process for tasks begins
    /// @param health what `/health` answers
    public record Setup(
            String name,
            String version,
            LinkDialer server,
            PluginHost host,
            PlatformThreads threads,
            int port,
            TlsIdentity tls,
            Database database,
            TaskEngine tasks,
            Schedules schedules,
            int slots,
            TaskProcesses.Start processes,
            Supplier<Health> health) {}

    public WorkerService(Setup setup) {
        this.setup = setup;
        rpc = new RpcHub(self(), Authorisation.asDeclared());
        link =
                new LinkClient(
                        setup.name(),
                        false,
                        setup.server(),
                        setup.threads(),
                        LinkClient.Timing.USUAL);
        link.serve(rpc);
        link.announce(setup.version());
        runner =
                new TaskRunner(
                        new TaskRunner.Setup(
                                setup.name(),
                                setup.slots(),
                                setup.tasks(),
                                setup.database().transactions(),
                                setup.threads(),
                                TaskRunner.Timing.USUAL));
        processes = new TaskProcesses(setup.processes(), setup.slots(), setup.threads());
        setup.host()
                .addService(
                        new WorkerOffer(
                                new WorkerParts(
                                        self(),
                                        link,
                                        rpc,
                                        setup.threads(),
                                        setup.database(),
                                        runner,
                                        setup.tasks(),
                                        setup.schedules(),
                                        processes)));
    }

    /// Begins to dial the server and to take tasks.
    public void start() {
        link.start();
        runner.start();
    }

    /// Opens the site.
    public Site openSite() {
        return Site.start(
                new Site.Setup(
                        "worker site",
                        "worker.port",
                        setup.port(),
                        false,
                        setup.tls(),
                        null,
                        new PluginFiles("none"),
                        setup.health(),
                        request -> {
                            throw new PeekException(
                                    ErrorCode.NOT_OFFERED,
                                    "a worker takes no links; dial the server");
                        },
                        (_, caller) -> {
                            throw new IllegalStateException("a link of " + caller);
                        },
                        Frame.MAX_BYTES_FROM_DEVICE,
                        routes -> {}));
    }

    /// The link over which this service observes, acts, calls and is called.
    public LinkClient link() {
        return link;
    }

    /// How the link to the server stands.
    public LinkState serverLink() {
        return link.state();
    }

    /// Whether the database can be reached, as far as is known.
    public boolean hasDatabase() {
        return !runner.isTroubled();
    }

    private Caller.Service self() {
        return new Caller.Service(ServiceKind.WORKER, setup.name());
    }

    @Override
    public void close() {
        runner.close();
        processes.close();
        link.close();
        rpc.close();
    }
}
