package org.peekplatform.api;

import java.util.Locale;

/// The services a plugin can run on.
public enum ServiceKind {
    SERVER,
    STORAGE,
    CLIENT,
    AGENT,
    WORKER,
    ADMIN,
    MOBILE,
    DESKTOP;

    /// The name used in manifests, on the command line and in messages, such as `server`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
