package org.peekplatform.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.vortex.PartySender;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.web.DeviceRegistrar;
import org.peekplatform.web.identity.DeviceMessages;
import org.peekplatform.web.identity.Proof;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the server about devices, over this service's own link. However many strangers knock, only
/// so many questions are under way.
final class UpstreamRegistrar implements DeviceRegistrar {
    private static final Logger log = LoggerFactory.getLogger(UpstreamRegistrar.class);
    private static final int MAX_QUESTIONS = 64;
    private static final int MAX_REPORTS = 8;
    private static final int MAX_SEEN = 20_000;
    private static final Duration SEEN_PAUSE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PartySender server;
    private final PlatformThreads threads;
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);
    private final Semaphore reports = new Semaphore(MAX_REPORTS);
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean telling = new AtomicBoolean();

    UpstreamRegistrar(PartySender server, PlatformThreads threads) {
        this.server = server;
        this.threads = threads;
    }

    @Override
    public DeviceMessages.Challenge challenge() {
        return ask(new DeviceMessages.ChallengeDevice(), DeviceMessages.Challenge.class);
    }

    @Override
    public DeviceMessages.Proven join(
            String secret, String name, String publicKey, String address) {
        return ask(
                new DeviceMessages.JoinDevice(secret, name, publicKey, address),
                DeviceMessages.Proven.class);
    }

    @Override
    public DeviceMessages.Proven prove(Proof proof, String address) {
        return ask(
                new DeviceMessages.ProveDevice(
                        proof.id(), proof.nonce(), proof.signature(), address),
                DeviceMessages.Proven.class);
    }

    @Override
    public void refused(String who, String address, String why) {
        if (reports.tryAcquire()) {
            tell(new DeviceMessages.Refused(who, address, why))
                    .whenComplete((outcome, problem) -> reports.release());
        }
    }

    @Override
    public void seen(String id) {
        if (seen.size() < MAX_SEEN) {
            seen.add(id);
        }
        if (telling.compareAndSet(false, true)) {
            threads.later(SEEN_PAUSE, this::tellSeen);
        }
    }

    private void tellSeen() {
        telling.set(false);
        List<String> ids = new ArrayList<>(seen);
        ids.forEach(seen::remove);
        tell(new DeviceMessages.Seen(ids));
    }

    private CompletableFuture<ActionOutcome> tell(ActionTuple action) {
        return server.send(action)
                .whenComplete((outcome, problem) -> {
                    if (problem != null) {
                        log.debug("The server could not be told of {}", action, problem);
                    }
                });
    }

    private void takeTurn() {
        try {
            if (questions.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new PeekException(
                ErrorCode.STOPPED, "too many devices ask at once; try again in a moment");
    }

    private <T extends Tuple> T ask(ActionTuple question, Class<T> answer) {
        takeTurn();
        try {
            return switch (server.send(question, answer).join()) {
                case ActionOutcome.Applied applied -> answer.cast(applied.values().getFirst());
                case ActionOutcome.Rejected rejected ->
                        throw new PeekException(rejected.code(), rejected.message());
            };
        } catch (CompletionException e) {
            if (e.getCause() instanceof PeekException known) {
                throw known;
            }
            throw e;
        } finally {
            questions.release();
        }
    }
}
