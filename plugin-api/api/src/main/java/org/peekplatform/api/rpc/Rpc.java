package org.peekplatform.api.rpc;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;

/// Calls between the parts of one plugin on different services. Implemented by the host; usable
/// from any thread.
///
/// Arguments and results go by value, also within a process. A call is carried out at most once and
/// never repeated by the host. It has a deadline, 30 seconds unless the method or the client says
/// otherwise; when it passes, when the calling thread is interrupted or the future it got is
/// cancelled, the thread that carries the call out is interrupted.
///
/// Calls fail with [org.peekplatform.api.PeekException]:
///
/// - what the implementation threw as `PeekException`, with its code and message;
/// - `INTERNAL` for everything else it threw; the log of its service says why;
/// - `OFFLINE`: it was not sent, because the service, or the server on the way, is not connected;
/// - `TIMED_OUT`: no answer came in time, or the link was lost while waiting; whether the call was
///   carried out is not known;
/// - `NOT_OFFERED`: the service serves no such method, or does not run the plugin;
/// - `NOT_ALLOWED`: the implementation does not take calls from services of this kind;
/// - `BAD_REQUEST`: the arguments cannot be read, or have more than 8 MiB;
/// - `CONFLICT`: the plugin has too many calls under way here or there; nothing was done;
/// - `STOPPED`: the plugin stops here, or the calling thread was interrupted.
public interface Rpc {
    /// Serves the methods of `type` until the registration is closed or the plugin stops.
    ///
    /// The host calls `implementation` on virtual threads, several at once; it may block. Up to 256
    /// calls of a plugin run at once on one service, further ones are refused.
    ///
    /// @param callers the kinds of services that may call; others, and all devices, are refused
    /// @throws org.peekplatform.api.PeekException with `CONFLICT` when the interface is served here
    ///   already, `BAD_REQUEST` when it is none that can be called or `callers` is empty
    <T> Registration serve(Class<T> type, Set<ServiceKind> callers, T implementation);

    /// A stand-in for the implementation on another service; cheap, does not need to be closed. Its
    /// methods wait for the answer, but for those that return `CompletableFuture`.
    ///
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when the interface is none
    ///   that can be called
    <T> T client(Class<T> type, RpcTarget target);

    /// The same, with one deadline for all methods.
    <T> T client(Class<T> type, RpcTarget target, Duration deadline);

    /// The services of a kind that are connected now, sorted by name, so that each can be called.
    /// Asks the server, so it may block and throws as a call does.
    List<RpcPeer> peers(ServiceKind kind);
}
