package org.peekplatform.plugins.tutorial.calls;

import org.peekplatform.api.rpc.RpcInterface;

/// Implemented on the server, called by agents and by the client part.
@RpcInterface(name = "tutorial.Readings")
public interface Readings {
    /// An agent tells what it has read, so that everybody sees it.
    void report(DiskSpace space) throws Exception;

    /// Has an agent read its gauge now and adds what it says as a row.
    void addRow() throws Exception;
}
