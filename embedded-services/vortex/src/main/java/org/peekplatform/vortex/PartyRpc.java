package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.rpc.RpcPeer;
import org.peekplatform.api.rpc.RpcTarget;

/// The calls of a service, as one plugin sees them.
public final class PartyRpc implements Rpc {
    /// How many calls of one plugin may wait for an answer on one service.
    static final int MAX_WAITING = 512;

    private final RpcHub hub;
    private final CallGate gate;
    private final Party party;
    private final PlatformThreads threads;
    private final RpcPeers peers;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private volatile boolean stopped;

    /// @param gate where calls go: the router of the server, or the link to it
    public PartyRpc(RpcHub hub, CallGate gate, Party party, PlatformThreads threads) {
        this.hub = hub;
        this.gate = gate;
        this.party = party;
        this.threads = threads;
        peers = gate instanceof RpcRouter router ? router : remotePeers();
        party.owner().register(this::stop);
    }

    @Override
    public <T> Registration serve(Class<T> type, Set<ServiceKind> callers, T implementation) {
        requireNonNull(implementation, "implementation");
        return party.owner()
                .register(
                        hub.serve(
                                party,
                                requireNonNull(type, "type"),
                                requireNonNull(callers, "callers"),
                                implementation));
    }

    @Override
    public <T> T client(Class<T> type, RpcTarget target) {
        return proxy(party, type, target, null);
    }

    @Override
    public <T> T client(Class<T> type, RpcTarget target, Duration deadline) {
        if (!deadline.isPositive()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "a deadline of " + deadline + " leaves no time");
        }
        return proxy(party, type, target, deadline);
    }

    @Override
    public List<RpcPeer> peers(ServiceKind kind) {
        return peers.connected(requireNonNull(kind, "kind"));
    }

    private RpcPeers remotePeers() {
        return proxy(
                Party.platform("peek"), RpcPeers.class, RpcTarget.any(ServiceKind.SERVER), null);
    }

    private <T> T proxy(Party as, Class<T> type, RpcTarget target, @Nullable Duration deadline) {
        RpcShape shape = RpcShape.of(as, requireNonNull(type, "type"));
        String to = RpcTargets.format(requireNonNull(target, "target"));
        InvocationHandler handler = new Client(as, shape, to, deadline);
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void stop() {
        stopped = true;
        waiting.forEach(this::stopWaiting);
    }

    private void stopWaiting(Waiting one) {
        one.complete(
                failed(
                        ErrorCode.STOPPED,
                        "The plugin '"
                                + party.name()
                                + "' stopped before the answer to "
                                + one.method
                                + " came; whether it was done is not known."));
    }

    /// Sends a call and waits for its answer until the deadline, in the form of a future that is
    /// completed by whatever comes first; unless that is the answer, the call is called off.
    private CompletableFuture<CallGate.Answer> begin(
            String to, String method, byte[] arguments, Duration left) {
        if (arguments.length > CallGate.MAX_BYTES) {
            return refused(ErrorCode.BAD_REQUEST, Sentences.of(RpcLink.tooLarge(method)));
        }
        if (waitingCount.incrementAndGet() > MAX_WAITING) {
            waitingCount.decrementAndGet();
            return refused(
                    ErrorCode.CONFLICT,
                    "The plugin '"
                            + party.name()
                            + "' waits for "
                            + MAX_WAITING
                            + " answers already; "
                            + method
                            + " was not sent.");
        }
        Waiting one = new Waiting(method);
        waiting.add(one);
        Future<?> deadline =
                threads.cancellable(
                        left,
                        () ->
                                one.complete(
                                        failed(
                                                ErrorCode.TIMED_OUT,
                                                RpcLink.overdue(method, left))));
        one.whenComplete((how, problem) -> {
            deadline.cancel(false);
            waiting.remove(one);
            waitingCount.decrementAndGet();
        });
        CompletableFuture<CallGate.Answer> sent =
                gate.call(new CallGate.Request(to, method, left, hub.self(), arguments));
        sent.thenAccept(one::complete);
        one.whenComplete((how, problem) -> {
            if (!sent.isDone()) {
                sent.cancel(true);
            }
        });
        if (stopped) {
            stopWaiting(one);
        }
        return one;
    }

    private static CallGate.Answer failed(ErrorCode code, String message) {
        return CallGate.Answer.failed(code, message);
    }

    private static CompletableFuture<CallGate.Answer> refused(ErrorCode code, String message) {
        return CompletableFuture.completedFuture(failed(code, message));
    }

    /// A call that waits for its answer.
    private static final class Waiting extends CompletableFuture<CallGate.Answer> {
        private final String method;

        Waiting(String method) {
            this.method = method;
        }
    }

    /// What a stand-in does.
    private final class Client implements InvocationHandler {
        private final Party as;
        private final RpcShape shape;
        private final String to;
        private final @Nullable Duration deadline;

        Client(Party as, RpcShape shape, String to, @Nullable Duration deadline) {
            this.as = as;
            this.shape = shape;
            this.to = to;
            this.deadline = deadline;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // a stand-in is equal to itself only
        public @Nullable Object invoke(
                Object proxy, Method method, @Nullable Object @Nullable [] given) throws Throwable {
            @Nullable Object[] arguments = given == null ? new Object[0] : given;
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> arguments[0] == proxy;
                    default -> shape.name() + " at " + to;
                };
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            String name = shape.name() + "." + method.getName();
            RpcShape.Operation operation =
                    requireNonNull(shape.operations().get(method.getName()), name);
            CompletableFuture<CallGate.Answer> answer =
                    begin(
                            to,
                            name,
                            as.codec().encodeValue(arguments, name),
                            deadline == null ? operation.deadline() : deadline);
            return operation.isAsync()
                    ? later(operation, name, answer)
                    : await(operation, name, answer);
        }

        private @Nullable Object await(
                RpcShape.Operation operation,
                String name,
                CompletableFuture<CallGate.Answer> answer)
                throws InterruptedException {
            try {
                return read(operation, name, answer.get());
            } catch (InterruptedException e) {
                answer.cancel(true);
                if (operation.mayBeInterrupted()) {
                    throw e;
                }
                Thread.currentThread().interrupt();
                throw new PeekException(
                        ErrorCode.STOPPED,
                        "the call of "
                                + name
                                + " was interrupted before its answer came; whether it was done is"
                                + " not known",
                        e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(name + " ended without an answer", e);
            }
        }

        /// The plugin goes on by a thread of its own, and not by that of the link.
        private CompletableFuture<@Nullable Object> later(
                RpcShape.Operation operation,
                String name,
                CompletableFuture<CallGate.Answer> answer) {
            CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
            answer.whenComplete((how, problem) -> {
                if (problem == null) {
                    goOn(name, result, () -> result.complete(read(operation, name, how)));
                }
            });
            result.whenComplete((value, problem) -> {
                if (result.isCancelled()) {
                    answer.cancel(true);
                }
            });
            return result;
        }

        private void goOn(
                String name, CompletableFuture<@Nullable Object> result, Callable<?> reading) {
            try {
                threads.work()
                        .execute(() -> {
                            try {
                                party.guard().call("answer of " + name, reading);
                            } catch (Exception e) {
                                result.completeExceptionally(e);
                            }
                        });
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(
                        new PeekException(ErrorCode.STOPPED, "the platform is stopping", e));
            }
        }

        private @Nullable Object read(
                RpcShape.Operation operation, String name, CallGate.Answer how) {
            String code = how.code();
            if (code != null) {
                String message = how.message();
                throw new PeekException(
                        WireErrors.codeOf(code), message == null ? "no reason was given" : message);
            }
            return operation.decode(as.codec(), how.value(), name);
        }
    }
}
