package org.peekplatform.vortex;

import java.util.List;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.RpcInterface;
import org.peekplatform.api.rpc.RpcPeer;

/// Which services are connected. Served by the server to all others.
@RpcInterface(name = "peek.Peers")
public interface RpcPeers {
    List<RpcPeer> connected(ServiceKind kind);
}
