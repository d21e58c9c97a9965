package org.peekplatform.vortex;

/// How a dialing party stands with the service it dials.
public sealed interface LinkState {
    record Connecting() implements LinkState {}

    /// @param service name of the service at the other end
    /// @param version of the platform there
    record Online(String service, String version) implements LinkState {}

    /// The link is lost; it is dialed again by itself.
    ///
    /// @param why for people
    record Offline(String why) implements LinkState {}

    record Closed() implements LinkState {}
}
