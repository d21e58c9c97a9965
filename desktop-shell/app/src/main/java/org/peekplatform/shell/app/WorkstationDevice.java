package org.peekplatform.shell.app;

import java.time.InstantSource;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.launcher.Cli;
import org.peekplatform.launcher.Home;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.ActionQueue;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.FileActionStore;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.LinkDialer;
import org.peekplatform.vortex.LinkService;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workstation as a device: its link to the client service, which the pages of web views share,
/// its queue of actions, and the actions that its desktop parts and pages carry out for the server.
///
/// The queue is of this home, whether the services run in this process or in others: the
/// workstation is the same device to both.
final class WorkstationDevice implements AutoCloseable {
    private static final Caller.Service SERVER = new Caller.Service(ServiceKind.SERVER, "server");
    // The link says who this is; nobody in this process asks.
    static final Caller.Device SELF = new Caller.Device("workstation");
    private static final Logger log = LoggerFactory.getLogger(WorkstationDevice.class);

    private final LinkClient link;
    private final ObservableHub nothing;
    private final ActionHub handlers;
    private final LinkService pages;
    private final Queue queue;

    private WorkstationDevice(
            LinkClient link,
            ObservableHub nothing,
            ActionHub handlers,
            LinkService pages,
            Queue queue) {
        this.link = link;
        this.nothing = nothing;
        this.handlers = handlers;
        this.pages = pages;
        this.queue = queue;
    }

    /// The queue, or why there is none.
    sealed interface Queue {
        record Open(ActionQueue actions) implements Queue {}

        record Missing(PeekException why) implements Queue {}
    }

    /// Reads the queue. When it cannot be had, because another window has it or the disk is broken,
    /// everything else works and [#queue] says why.
    static WorkstationDevice open(Home home, LinkDialer dialer, PlatformThreads threads) {
        LinkClient link =
                new LinkClient("Workstation", false, dialer, threads, LinkClient.Timing.USUAL);
        // Handlers get one to tell changes to, but desktop parts provide nothing that changes.
        ObservableHub nothing =
                new ObservableHub(threads, Transactions.none(), Authorisation.asDeclared());
        ActionHub handlers =
                new ActionHub(Transactions.none(), nothing, Authorisation.asDeclared());
        LinkService pages =
                new LinkService(ServiceKind.DESKTOP, "Workstation", Cli.version(), link, link);
        link.perform((device, type, payload) ->
                handlers.handles(type) || pages.callers().isEmpty()
                        ? handlers.act(type, payload, SERVER)
                        : pages.perform(SELF, type, payload));
        return new WorkstationDevice(link, nothing, handlers, pages, open(home, link, threads));
    }

    private static Queue open(Home home, LinkClient link, PlatformThreads threads) {
        try {
            return new Queue.Open(
                    ActionQueue.open(
                            FileActionStore.open(home.data().resolve("workstation.queue")),
                            link,
                            SELF,
                            threads,
                            InstantSource.system(),
                            ActionQueue.Retries.USUAL));
        } catch (PeekException e) {
            if (e.code().kind() == ErrorCode.Kind.CONFLICT) {
                // A second window, which is told so.
                log.info("Actions cannot be queued in this window: {}", e.getMessage());
            } else {
                log.error("Actions cannot be queued in this window", e);
            }
            return new Queue.Missing(e);
        }
    }

    LinkClient link() {
        return link;
    }

    /// What desktop parts carry out.
    ActionHub handlers() {
        return handlers;
    }

    /// Where pages get what the link brings: one selector is observed once, however many show it.
    LinkService pages() {
        return pages;
    }

    Queue queue() {
        return queue;
    }

    @Override
    public void close() {
        if (queue instanceof Queue.Open(ActionQueue actions)) {
            actions.close();
        }
        pages.close();
        link.close();
        handlers.close();
        nothing.close();
    }
}
