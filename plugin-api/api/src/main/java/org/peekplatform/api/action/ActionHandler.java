package org.peekplatform.api.action;

/// Carries out one type of action. Implemented by plugins, called by the host on a virtual thread.
///
/// On the server the call runs in a transaction of the host that the plugin's `PluginStorage.dsl()`
/// joins: returning [ActionOutcome.Applied] commits it, [ActionOutcome.Rejected] and throwing roll
/// it back. May block. Several actions run at once. What a handler throws reaches the sender as a
/// failure with a code and a message, never a stack trace.
@FunctionalInterface
public interface ActionHandler<A extends ActionTuple> {
    ActionOutcome handle(A action, ActionContext context) throws Exception;
}
