package org.peekplatform.api;

import java.nio.file.Path;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;

/// What the host offers to one part of a plugin on one service.
///
/// Implemented by the host. Usable from any thread between `load` and the end of `stop`; later
/// calls throw [PeekException] with [ErrorCode#STOPPED]. Everything registered through it belongs
/// to the plugin and is withdrawn by the host, in reverse order, when the plugin stops.
public interface PluginContext {
    /// The plugin this context belongs to.
    PluginInfo plugin();

    /// The service this part runs on.
    ServiceKind service();

    /// Offers tuples to observers. On server, and on client for data that the client service itself
    /// knows.
    ///
    /// @throws PeekException with [ErrorCode#NOT_OFFERED] on admin and desktop
    TupleEndpoints tuples();

    /// Offers actions to senders. On server and client to devices and services; on desktop to the
    /// server part of the plugin, which sends them with
    /// [org.peekplatform.api.action.DeviceActions].
    ///
    /// @throws PeekException with [ErrorCode#NOT_OFFERED] on admin
    ActionEndpoints actions();

    /// Observes tuples: on the server those of the server, elsewhere those of the service this one
    /// is connected to.
    TupleObserver observer();

    /// Sends actions to the plugin's server part, or to the client part where that handles the
    /// type.
    ActionSender sender();

    /// Calls between this part and the plugin's parts on other services. On server, client, agent
    /// and worker.
    ///
    /// @throws PeekException with [ErrorCode#NOT_OFFERED] on admin and desktop
    Rpc rpc();

    /// Reads and edits the tables that the plugin's server part offers. On the server these are
    /// offered with the capability `TableEndpoints`.
    TableClients tables();

    /// Runs the plugin's own work on virtual threads that end with the plugin.
    PluginTasks tasks();

    /// A folder of the plugin's own on this service's disk; exists. Kept over restarts and
    /// upgrades.
    Path dataDirectory();

    /// Gives `resource` to the host, which closes it when the plugin stops.
    ///
    /// @return the same resource
    <T extends AutoCloseable> T own(T resource);

    /// Something only some services offer, such as storage on server and worker (`PluginStorage`),
    /// tasks there ([org.peekplatform.api.task.Tasks]), actions for devices on the server
    /// ([org.peekplatform.api.action.DeviceActions]) or the workstation's views on desktop and
    /// admin (`DesktopUi`).
    ///
    /// @throws PeekException with [ErrorCode#NOT_OFFERED] where this service does not offer it; the
    ///   message names the services that do
    <T> T capability(Class<T> type);
}
