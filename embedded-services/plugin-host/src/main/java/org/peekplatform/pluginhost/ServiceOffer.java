package org.peekplatform.pluginhost;

import java.util.Optional;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleObserver;

/// What one service of this process offers to plugins. Implemented by services, called by
/// [PluginHost], any method on any thread; they may block.
///
/// What a plugin registers through the returned objects goes to [PluginScope#register], so that it
/// is withdrawn when the plugin stops, and calls of the plugin go through [PluginScope#guard].
public interface ServiceOffer {
    /// The service this is; one offer for each in a process.
    ServiceKind service();

    /// Called at most once for each scope, when the plugin first asks.
    ///
    /// @throws org.peekplatform.api.PeekException with `NOT_OFFERED` where absent
    TupleEndpoints tuples(PluginScope scope);

    /// Called at most once for each scope, when the plugin first asks.
    ///
    /// @throws org.peekplatform.api.PeekException with `NOT_OFFERED` where absent
    ActionEndpoints actions(PluginScope scope);

    /// Called at most once for each scope, when the plugin first asks.
    TupleObserver observer(PluginScope scope);

    /// Called at most once for each scope, when the plugin first asks.
    ActionSender sender(PluginScope scope);

    /// Called at most once for each scope, when the plugin first asks.
    ///
    /// @throws org.peekplatform.api.PeekException with `NOT_OFFERED` where absent
    Rpc rpc(PluginScope scope);

    /// Called at most once for each scope, when the plugin first asks.
    TableClients tables(PluginScope scope);

    /// The capability, or empty where this service does not offer it.
    <T> Optional<T> capability(PluginScope scope, Class<T> type);

    /// Called before anything of the plugin is loaded here: runs migrations, makes web files
    /// reachable. A plugin that has no code for this service, such as a view only, is prepared all
    /// the same.
    ///
    /// @throws org.peekplatform.api.PeekException when the plugin cannot run; the message becomes
    ///   its reason, and [#released] follows
    default void prepare(PluginScope scope) {}

    /// Called once for each [#prepare], after everything of the plugin here has been stopped,
    /// withdrawn and unloaded.
    default void released(PluginScope scope) {}
}
