package org.peekplatform.pluginhost;

import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.TupleCodec;

/// A part of a plugin as a party of the data exchange, with a codec of its own so that the plugin's
/// classes can go.
public final class HostedParty {
    private HostedParty() {}

    /// Call once for each part: what is decoded for one party is shared by all its readers.
    public static Party of(PluginScope scope) {
        return new Party(
                scope.plugin().name(),
                new TupleCodec(scope.loader()),
                scope.guard()::call,
                scope::register);
    }
}
