package org.peekplatform.vortex;

import org.peekplatform.api.Caller;

/// Calls within one process.
class MemoryRpcTest extends RpcContract {
    @Override
    LinkDialer dialer(Link.Acceptor service, Caller caller) {
        return MemoryLink.dialer(service, caller);
    }
}
