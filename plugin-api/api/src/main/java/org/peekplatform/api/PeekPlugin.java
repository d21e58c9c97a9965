package org.peekplatform.api;

/// One part of a plugin: what runs on one service.
///
/// Implemented by plugins, one class for each service named in the manifest (`server.entryHook`,
/// `client.entryHook`, `agent.entryHook`, `worker.entryHook`, `desktop.entryHook`,
/// `admin.entryHook`), with a public constructor without parameters. The constructor must not do
/// any work. The host calls the hooks in the order `load`, `start`, `stop`, `unload`, each on a
/// virtual thread of the plugin, never two at once for the same part. Each may block and has a
/// deadline of 30 seconds.
///
/// A hook that throws marks the plugin as failed with the exception's message as its reason;
/// everything else runs on. Whatever was registered through the context is withdrawn by the host in
/// reverse order when the plugin stops, so most plugins need neither `stop` nor `unload`.
public interface PeekPlugin {
    /// Prepares the part. Its migrations have run; other plugins may not have started yet.
    default void load(PluginContext context) throws Exception {}

    /// Starts the part: registers providers, handlers, views and tasks. All plugins named in
    /// `requires` have started.
    void start(PluginContext context) throws Exception;

    /// Ends what the context does not know of, before the host withdraws the registrations.
    default void stop() throws Exception {}

    /// Releases what `load` took. Nothing of the plugin is called afterwards.
    default void unload() throws Exception {}
}
