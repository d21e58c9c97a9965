package org.peekplatform.vortex.bad;

import org.peekplatform.server.bad.BadServer;

final class ImportsServer {
    private final Object server = new BadServer();

    Object server() {
        return server;
    }
}
