package org.peekplatform.vortex;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one service serves to the calls of others. Every call runs on a virtual thread of its own,
/// which is interrupted when the call is called off.
public final class RpcHub implements CallGate, AutoCloseable {
    /// How many calls of one plugin run at once.
    static final int MAX_RUNNING = 256;

    private static final Logger log = LoggerFactory.getLogger(RpcHub.class);

    private final Caller.Service self;
    private final Authorisation authorisation;
    private final ExecutorService calls = PlatformThreads.perTask("rpc");
    private final Map<String, Offer> offers = new ConcurrentHashMap<>();
    // For each plugin and not for each run of it: what hangs in a former run counts.
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

    /// @param self the service this is
    public RpcHub(Caller.Service self, Authorisation authorisation) {
        this.self = self;
        this.authorisation = authorisation;
    }

    private record Offer(
            Party party,
            RpcShape shape,
            Set<ServiceKind> callers,
            Object implementation,
            AtomicInteger running) {}

    Registration serve(
            Party party, Class<?> type, Set<ServiceKind> callers, Object implementation) {
        RpcShape shape = RpcShape.of(party, type);
        if (callers.isEmpty()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "nobody may call " + shape.name() + "; name the services that may");
        }
        Offer offer =
                new Offer(
                        party,
                        shape,
                        Set.copyOf(callers),
                        implementation,
                        running.computeIfAbsent(party.name(), name -> new AtomicInteger()));
        if (offers.putIfAbsent(shape.name(), offer) != null) {
            throw new PeekException(ErrorCode.CONFLICT, shape.name() + " is served here already");
        }
        return () -> offers.remove(shape.name(), offer);
    }

    Caller.Service self() {
        return self;
    }

    @Override
    public CompletableFuture<Answer> call(Request request) {
        String method = request.method();
        int dot = method.lastIndexOf('.');
        Offer offer = dot < 0 ? null : offers.get(method.substring(0, dot));
        RpcShape.Operation operation =
                offer == null ? null : offer.shape().operations().get(method.substring(dot + 1));
        if (offer == null || operation == null) {
            return refused(
                    ErrorCode.NOT_OFFERED,
                    "The "
                            + self.kind().id()
                            + " '"
                            + self.name()
                            + "' does not serve "
                            + method
                            + "; the plugin does not run there, or has no such method.");
        }
        if (!authorisation.permits(
                request.from(),
                new Authorisation.Request(
                        Authorisation.Kind.CALL,
                        method,
                        Map.of(),
                        caller ->
                                caller instanceof Caller.Service(ServiceKind kind, String _)
                                        && offer.callers().contains(kind)))) {
            return refused(
                    ErrorCode.NOT_ALLOWED,
                    "The "
                            + request.from().kind().id()
                            + " '"
                            + request.from().name()
                            + "' may not call "
                            + method
                            + ".");
        }
        if (request.arguments().length > MAX_BYTES) {
            return refused(ErrorCode.BAD_REQUEST, Sentences.of(RpcLink.tooLarge(method)));
        }
        if (offer.running().incrementAndGet() > MAX_RUNNING) {
            offer.running().decrementAndGet();
            return refused(
                    ErrorCode.CONFLICT,
                    "The plugin '"
                            + offer.party().name()
                            + "' carries out "
                            + MAX_RUNNING
                            + " calls on the "
                            + self.kind().id()
                            + " '"
                            + self.name()
                            + "' already; nothing was done, ask again later.");
        }
        Run run = new Run(offer, operation, method, request.arguments());
        try {
            calls.execute(run);
        } catch (RejectedExecutionException e) {
            offer.running().decrementAndGet();
            return refused(
                    ErrorCode.STOPPED, "The service is stopping; call " + method + " again later.");
        }
        run.answer.whenComplete((how, problem) -> {
            if (run.answer.isCancelled()) {
                run.callOff();
            }
        });
        return run.answer;
    }

    @Override
    public void close() {
        calls.shutdownNow();
    }

    private static CompletableFuture<Answer> refused(ErrorCode code, String message) {
        return CompletableFuture.completedFuture(Answer.failed(code, message));
    }

    private final class Run implements Runnable {
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final Offer offer;
        private final RpcShape.Operation operation;
        private final String method;
        private final byte[] arguments;
        private @Nullable Thread thread;
        private boolean calledOff;

        Run(Offer offer, RpcShape.Operation operation, String method, byte[] arguments) {
            this.offer = offer;
            this.operation = operation;
            this.method = method;
            this.arguments = arguments;
        }

        synchronized void callOff() {
            calledOff = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        private synchronized boolean begins() {
            if (!calledOff) {
                thread = Thread.currentThread();
            }
            return !calledOff;
        }

        private synchronized void ends() {
            thread = null;
        }

        @Override
        public void run() {
            try {
                if (begins()) {
                    answer.complete(carryOut());
                }
            } finally {
                ends();
                offer.running().decrementAndGet();
            }
        }

        private Answer carryOut() {
            Party party = offer.party();
            try {
                byte[] value =
                        party.guard()
                                .call(
                                        "call of " + method,
                                        () -> {
                                            @Nullable Object[] decoded =
                                                    party.codec()
                                                            .decodeArguments(
                                                                    arguments,
                                                                    operation.parameters(),
                                                                    method);
                                            Object result = invoke(decoded);
                                            return operation.encode(party.codec(), result, method);
                                        });
                if (value.length > MAX_BYTES) {
                    throw new PeekException(
                            ErrorCode.CONFLICT, RpcLink.tooLarge("the answer to " + method));
                }
                return Answer.returned(value);
            } catch (PeekException e) {
                if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
                    log.error("Call of {} failed", method, e);
                }
                return WireErrors.isForPeople(e)
                        ? Answer.failed(e.code(), String.valueOf(e.getMessage()))
                        : fault();
            } catch (Throwable e) {
                // Also errors: a caller is always answered.
                if (isCalledOff()) {
                    log.debug("Call of {} was called off", method, e);
                } else {
                    log.error("Call of {} failed", method, e);
                }
                return fault();
            }
        }

        private synchronized boolean isCalledOff() {
            return calledOff;
        }

        private @Nullable Object invoke(@Nullable Object[] decoded) throws Exception {
            Method target = operation.method();
            Object result;
            try {
                result = target.invoke(offer.implementation(), decoded);
            } catch (InvocationTargetException e) {
                throw unwrapped(e.getCause(), e);
            }
            if (!operation.isAsync()) {
                return result;
            }
            if (!(result instanceof CompletableFuture<?> later)) {
                throw new PeekException(ErrorCode.INTERNAL, method + " answered null");
            }
            try {
                return later.get();
            } catch (InterruptedException e) {
                later.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                throw unwrapped(e.getCause(), e);
            }
        }

        private static Exception unwrapped(@Nullable Throwable cause, Exception wrapper) {
            return switch (cause) {
                case Exception exception -> exception;
                case Error error -> throw error;
                case null, default -> wrapper;
            };
        }

        private Answer fault() {
            return Answer.failed(
                    ErrorCode.INTERNAL,
                    "The call of "
                            + method
                            + " failed on the "
                            + self.kind().id()
                            + " '"
                            + self.name()
                            + "'; its log says why.");
        }
    }
}
