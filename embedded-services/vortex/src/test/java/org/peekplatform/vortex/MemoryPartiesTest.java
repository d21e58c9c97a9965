package org.peekplatform.vortex;

import org.peekplatform.api.Caller;

/// Services in one process.
class MemoryPartiesTest extends PartiesContract {
    @Override
    LinkDialer dialer(Link.Acceptor service, Caller caller) {
        return MemoryLink.dialer(service, caller);
    }

    @Override
    Link.Transport transport() {
        return Link.Transport.MEMORY;
    }
}
