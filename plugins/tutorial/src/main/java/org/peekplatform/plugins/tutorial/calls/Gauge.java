package org.peekplatform.plugins.tutorial.calls;

import org.peekplatform.api.rpc.RpcDeadline;
import org.peekplatform.api.rpc.RpcInterface;

/// Implemented on agents, called by the server.
@RpcInterface(name = "tutorial.Gauge")
public interface Gauge {
    /// How much room the disk of the agent's machine has now.
    @RpcDeadline(seconds = 10)
    DiskSpace read() throws Exception;
}
