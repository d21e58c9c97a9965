package org.peekplatform.vortex;

import org.peekplatform.api.Caller;

/// The exchange within one process.
class MemoryExchangeTest extends ExchangeContract {
    @Override
    LinkDialer dialer(Link.Acceptor service, Caller caller) {
        return MemoryLink.dialer(service, caller);
    }
}
