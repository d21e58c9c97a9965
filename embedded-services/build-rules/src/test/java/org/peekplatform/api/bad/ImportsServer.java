package org.peekplatform.api.bad;

import org.peekplatform.server.bad.BadServer;

interface ImportsServer {
    BadServer server();
}
