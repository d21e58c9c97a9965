package org.peekplatform.plugins.probe.calls;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.rpc.RpcInterface;

/// Served by the server part: what is sent comes back.
@RpcInterface(name = "probe.EchoCalls")
public interface EchoCalls {
    String echo(String text);

    /// The same, without blocking the caller.
    CompletableFuture<String> echoLater(String text);
}
