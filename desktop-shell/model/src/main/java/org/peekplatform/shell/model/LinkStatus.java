package org.peekplatform.shell.model;

import java.time.Instant;

/// The workstation's link to the service it works with.
public sealed interface LinkStatus {
    /// Data flows.
    ///
    /// @param serviceName the service at the other end, as shown to people
    record Online(String serviceName) implements LinkStatus {}

    /// No link yet, or none for a moment; nothing to worry about.
    record Connecting() implements LinkStatus {}

    /// The link has been down for a while. What is shown may be old; what is sent is kept.
    ///
    /// @param why one sentence or half of one, for people
    record Offline(Instant since, String why) implements LinkStatus {}
}
