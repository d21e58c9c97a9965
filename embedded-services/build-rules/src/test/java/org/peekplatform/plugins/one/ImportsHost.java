package org.peekplatform.plugins.one;

import org.peekplatform.server.bad.BadServer;

/// The annotation of a parameter's type is enough.
final class ImportsHost {
    void take(BadServer server) {}
}
