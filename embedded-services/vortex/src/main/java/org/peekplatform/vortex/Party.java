package org.peekplatform.vortex;

/// One plugin, or the platform itself, as the data exchange sees it on one service.
///
/// @param name the plugin's name, `peek` or `admin` for the platform; the prefix of its tuple types
/// @param codec the party's own
public record Party(String name, TupleCodec codec, CallGuard guard, Owner owner) {
    /// The platform itself.
    public static Party platform(String name) {
        return new Party(
                name,
                new TupleCodec(Party.class.getClassLoader()),
                CallGuard.none(),
                registration -> registration);
    }
}
